//! The generated files are those that would be generated now.

use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

use crate::keywords::highlights;
use crate::rules::grammar;

/// The version of tree-sitter's interface that the parser is made for: the one with reserved words.
const ABI: usize = 15;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn hold(path: &Path, made: &str) {
    if std::env::var_os("UPDATE_EDITORS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, made).expect("can be written");
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "{} is out of date; UPDATE_EDITORS=1 cargo test", path.display());
}

#[test]
fn the_grammar_the_parser_and_the_queries_are_up_to_date() {
    let made = serde_json::to_string_pretty(&grammar()).expect("JSON") + "\n";
    hold(&root().join("src/grammar.json"), &made);
    hold(&root().join("queries/highlights.scm"), &highlights());
    let folder = std::env::temp_dir().join(format!("tree-sitter-rules-{}", std::process::id()));
    let mut said = Vec::new();
    let generated = generate_parser_in_directory(
        root(),
        Some(folder.join("src")),
        Some(root().join("src/grammar.json")),
        ABI,
        None,
        None,
        true,
        OptLevel::default(),
        &mut said,
    );
    generated.unwrap_or_else(|error| panic!("{error}"));
    assert!(said.is_empty(), "the generator has nothing to say: {said:?}");
    for name in
        ["parser.c", "node-types.json", "tree_sitter/parser.h", "tree_sitter/alloc.h", "tree_sitter/array.h"]
    {
        let made = fs::read_to_string(folder.join("src").join(name)).expect("was made");
        hold(&root().join("src").join(name), &made);
    }
    fs::remove_dir_all(&folder).expect("can be removed");
}
