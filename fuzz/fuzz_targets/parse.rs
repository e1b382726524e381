//! The parser on any bytes: it never panics, and what it says points into the text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::parse_file;
use switchboard_grammar::render::Renderer;
use switchboard_grammar::source::{Source, SourceMap, decode};

/// Diagnostics that are drawn: drawing looks through the whole file, and a file of rubbish has hundreds.
const DRAWN: usize = 3;

fuzz_target!(|bytes: &[u8]| {
    let mut sources = SourceMap::new();
    let file = sources.add(Source::new("fuzz.rules", String::from_utf8_lossy(bytes)));
    let (text, _) = decode(file, bytes);
    let parsed = parse_file(file, &text);
    for diagnostic in &parsed.diagnostics {
        for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary) {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(text.get(start..end).is_some(), "{label:?} is no place in the text");
        }
    }
    for diagnostic in parsed.diagnostics.iter().take(DRAWN) {
        for lang in Lang::ALL {
            assert!(!Renderer::new(lang).human(&sources, diagnostic).is_empty());
        }
    }
});
