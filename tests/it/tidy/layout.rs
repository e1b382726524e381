//! How files are laid out: captions, sizes, modules that only declare, tests that do not wait, paths of no machine.

use super::tree::{code, files, files_ending, none, test_code, text};

/// Above this, a file holds more than one subject.
const MAX_LINES: usize = 500;

/// Endings of files that are read as text when looking for paths of a machine.
const TEXT_ENDINGS: &[&str] = &[
    ".rs", ".toml", ".md", ".rules", ".rhai", ".pest", ".json", ".jsonl", ".csv", ".j2", ".html", ".js",
    ".css", ".snap", ".yml", ".yaml", ".txt", ".sql", "justfile",
];

#[test]
fn every_rust_file_opens_with_a_caption() {
    let bare: Vec<String> =
        files_ending("", ".rs").into_iter().filter(|path| !text(path).starts_with("//! ")).collect();
    none("a file opens with `//! ` and one sentence on what it is:", &bare);
}

#[test]
fn no_rust_file_is_too_long() {
    let long: Vec<String> = files_ending("", ".rs")
        .into_iter()
        .map(|path| (text(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    none("split by subject:", &long);
}

#[test]
fn module_roots_only_declare() {
    let busy: Vec<String> = files_ending("", ".rs")
        .into_iter()
        .filter(|path| path.contains("/src/") && (path.ends_with("/mod.rs") || path.ends_with("/lib.rs")))
        .flat_map(|path| {
            code(&path)
                .into_iter()
                .filter(|(_, line)| {
                    ["fn ", "pub fn ", "pub(crate) fn ", "impl ", "impl<", "async fn ", "pub async fn "]
                        .iter()
                        .any(|start| line.starts_with(start))
                })
                .map(move |(number, line)| format!("{path}:{number}: {}", line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    none("`mod.rs` and `lib.rs` declare and hand on, nothing else:", &busy);
}

#[test]
fn no_test_is_forgotten_in_the_one_binary() {
    let main = text("tests/it/main.rs");
    let forgotten: Vec<String> = files_ending("tests/it", ".rs")
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix("tests/it/")?.split('/').next()?.trim_end_matches(".rs").to_owned();
            (name != "main" && !main.lines().any(|line| line.trim() == format!("mod {name};")))
                .then_some(path)
        })
        .collect();
    none("each file of `tests/it` has its `mod` line in `main.rs`:", &forgotten);
}

#[test]
fn tests_do_not_wait_and_are_not_ignored() {
    let waiting = ["thread::sleep(", "time::sleep(", "#[ignore"];
    let found: Vec<String> = files_ending("", ".rs")
        .into_iter()
        .filter(|path| !path.starts_with("tests/it/tidy/"))
        .flat_map(|path| {
            let paused = runs_on_paused_time(&path);
            test_code(&path)
                .into_iter()
                .filter(|(_, line)| !(paused && line.contains("tokio::time::sleep(")))
                .filter(|(_, line)| waiting.iter().any(|word| line.contains(word)))
                .map(move |(number, line)| format!("{path}:{number}: {}", line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    none("time is a value; a test that sleeps is slow and still flaky:", &found);
}

/// Whether the tests of this file, or of its test binary, run with tokio's clock paused: then nobody waits, time jumps
/// to the end of the sleep.
fn runs_on_paused_time(path: &str) -> bool {
    let paused = |path: &str| text(path).contains("start_paused");
    let binary = path.split_once("/tests/").and_then(|(crate_folder, inside)| {
        Some(format!("{crate_folder}/tests/{}", inside.split_once('/')?.0))
    });
    paused(path) || binary.is_some_and(|folder| files_ending(&folder, ".rs").iter().any(|path| paused(path)))
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    // Put together here, so that this file does not find itself.
    let places: Vec<String> =
        ["work", "root", "farm", "home"].iter().map(|folder| format!("/{folder}/")).collect();
    let found: Vec<String> = files("")
        .into_iter()
        .filter(|path| TEXT_ENDINGS.iter().any(|ending| path.ends_with(ending)))
        .flat_map(|path| {
            text(&path)
                .lines()
                .enumerate()
                .filter(|(_, line)| places.iter().any(|place| starts_a_path(line, place)))
                .map(|(index, line)| format!("{path}:{}: {}", index + 1, line.trim()))
                .collect::<Vec<_>>()
        })
        .collect();
    none("paths are relative to the workspace:", &found);
}

#[test]
fn the_changelog_says_what_is_new_in_this_version() {
    let manifest: toml::Table = text("Cargo.toml").parse().expect("Cargo.toml is TOML");
    let version = manifest["workspace"]["package"]["version"].as_str().expect("a version").to_owned();
    let changelog = text("CHANGELOG.md");
    let heading =
        |line: &str| line.starts_with("## ") && (line.contains(&version) || line.contains("Unreleased"));
    assert!(changelog.lines().any(heading), "CHANGELOG.md has a heading for {version}, or `Unreleased`");
}

#[test]
fn every_fixture_folder_says_what_it_holds() {
    let folders: std::collections::BTreeSet<String> = files("fixtures")
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix("fixtures/")?;
            let (folder, _) = inside.split_once('/')?;
            Some(folder.to_owned())
        })
        .collect();
    assert!(!folders.is_empty(), "there are fixtures");
    let silent: Vec<String> = folders
        .into_iter()
        .map(|folder| format!("fixtures/{folder}/README.md"))
        .filter(|path| !super::tree::root().join(path).is_file())
        .collect();
    none("a folder of fixtures explains its formats in a README:", &silent);
}

/// Whether `place` stands in `line` as the beginning of a path, not as a part of a longer one or of an address.
fn starts_a_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || "_-./}{)$~*".contains(before))
    })
}

#[test]
fn a_path_is_seen_only_where_it_begins() {
    let place = format!("/{}/", "work");
    assert!(starts_a_path(&format!("see {place}main"), &place));
    assert!(starts_a_path(&format!("\"{place}main\""), &place));
    assert!(!starts_a_path(&format!("https://example.org{place}x"), &place));
    assert!(!starts_a_path(&format!("my{place}x"), &place));
}
