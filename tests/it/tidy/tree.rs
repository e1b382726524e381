//! The tree under test: which files exist, and their lines as code.
//!
//! Gives the files that belong to the project (no build output, no hidden folders) and a view of Rust lines without
//! comments. Leaves every judgement to the other modules.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold output or history, never sources.
const SKIPPED: &[&str] = &["target", "node_modules", "corpus", "artifacts"];

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").to_path_buf()
}

/// All files below `folder` (a path inside the workspace), sorted, as paths inside the workspace with `/`.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    found
}

/// All files below `folder` whose name ends in `suffix`.
pub(crate) fn files_ending(folder: &str, suffix: &str) -> Vec<String> {
    files(folder).into_iter().filter(|path| path.ends_with(suffix)).collect()
}

/// The text of a file; bytes that are no UTF-8 come out as replacement characters.
pub(crate) fn text(path: &str) -> String {
    let bytes = fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The lines of a Rust file with their numbers, without comments.
pub(crate) fn code(path: &str) -> Vec<(usize, String)> {
    text(path)
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line.split(" // ").next().unwrap_or(line).to_owned()))
        .collect()
}

/// As [`code`], up to the tests at the end of the file.
pub(crate) fn shipped_code(path: &str) -> Vec<(usize, String)> {
    if is_test(path) {
        return Vec::new();
    }
    code(path).into_iter().take_while(|(_, line)| !line.contains("#[cfg(test)]")).collect()
}

/// The tests of a Rust file: all of it when it is a test file, else what stands behind `#[cfg(test)]`.
pub(crate) fn test_code(path: &str) -> Vec<(usize, String)> {
    let lines = code(path);
    if is_test(path) {
        return lines;
    }
    lines.into_iter().skip_while(|(_, line)| !line.contains("#[cfg(test)]")).collect()
}

/// Whether a Rust file holds nothing but tests.
fn is_test(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}

/// Fails with every place in `found`, if there is one.
#[track_caller]
pub(crate) fn none(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}\n  {}", found.join("\n  "));
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if path.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) && !name.starts_with("target") {
                walk(&path, found);
            }
        } else if let Ok(inside) = path.strip_prefix(root()) {
            found.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}

#[test]
fn the_walk_sees_this_file_and_no_build_output() {
    let files = files("");
    assert!(files.iter().any(|path| path == "tests/it/tidy/tree.rs"));
    assert!(!files.iter().any(|path| path.split('/').any(|part| part == "target")));
}
