//! What is wrong with a file, and what it would look like formatted: `cargo run --example explain -- FILE.rules`.

use std::process::ExitCode;

use switchboard_grammar::render::Renderer;
use switchboard_grammar::source::{Source, SourceMap};
use switchboard_grammar::{format, parse_file};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]
fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: explain FILE.rules");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let mut sources = SourceMap::new();
    let file = sources.add(Source::new(path, text.as_str()));
    let parsed = parse_file(file, &text);
    // People read about a Russian file in Russian.
    let renderer = Renderer::new(parsed.file.lang);
    for diagnostic in &parsed.diagnostics {
        println!("{}\n", renderer.human(&sources, diagnostic));
    }
    if parsed.has_errors() {
        return ExitCode::FAILURE;
    }
    print!("{}", format(&text));
    ExitCode::SUCCESS
}
