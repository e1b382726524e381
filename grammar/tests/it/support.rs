//! Where fixtures are, and what every test does with them.

use std::fs;
use std::path::{Path, PathBuf};

use switchboard_grammar::diagnostic::Diagnostic;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::render::Renderer;
use switchboard_grammar::source::{Source, SourceMap};
use switchboard_grammar::{Parsed, parse_file};

/// A fixture file.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// All files of a folder of `fixtures/grammar`, in order of their names.
pub(crate) fn fixtures(folder: &str) -> Vec<Fixture> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures in {folder}");
    paths
        .into_iter()
        .map(|path| Fixture {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            text: fs::read_to_string(&path).unwrap(),
        })
        .collect()
}

/// The folder of this crate's fixtures.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/grammar")
}

/// Parses a text as the file `name`.
pub(crate) fn parse_as(name: &str, text: &str) -> (SourceMap, Parsed) {
    let mut sources = SourceMap::new();
    let file = sources.add(Source::new(name, text));
    let parsed = parse_file(file, text);
    (sources, parsed)
}

/// Diagnostics as people see them, one after the other.
pub(crate) fn drawn(sources: &SourceMap, diagnostics: &[Diagnostic], lang: Lang) -> String {
    let renderer = Renderer::new(lang);
    let drawn: Vec<String> = diagnostics.iter().map(|found| renderer.human(sources, found)).collect();
    drawn.join("\n\n")
}

/// Asserts that a text parses without any diagnostic.
#[track_caller]
pub(crate) fn assert_clean(name: &str, text: &str) -> Parsed {
    let (sources, parsed) = parse_as(name, text);
    let lang = parsed.file.lang;
    assert!(
        parsed.diagnostics.is_empty(),
        "{name} has problems:\n{}\n{text}",
        drawn(&sources, &parsed.diagnostics, lang)
    );
    parsed
}
