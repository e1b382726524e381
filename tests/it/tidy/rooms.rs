//! Who may name whom: arrows between crates, vendors in their rooms, an engine without I/O.

use super::tree::{code, files_ending, none, shipped_code, text};

/// Which of our crates each one may depend on. Arrows run down only; the emulator knows none of them, so that a
/// misreading of a protocol cannot be made on both sides at once.
const ARROWS: &[(&str, &[&str])] = &[
    ("grammar", &[]),
    ("engine", &["grammar"]),
    ("guard", &["grammar", "engine"]),
    ("runtime", &["grammar", "engine", "guard"]),
    ("emulator", &[]),
    ("lsp", &["grammar", "engine", "guard"]),
    ("cli", &["grammar", "engine", "guard", "runtime", "emulator", "lsp"]),
];

/// Where a vendor's name may stand: the crate's name in code, and the beginnings of the paths.
const ROOMS: &[(&str, &[&str])] = &[
    ("pest", &["grammar/src/pairs.rs", "grammar/src/symbols.rs", "grammar/src/from_pairs/"]),
    ("pest_derive", &["grammar/src/pairs.rs", "grammar/src/symbols.rs"]),
    ("annotate_snippets", &["grammar/src/render.rs", "grammar/src/render/"]),
    ("rhai", &["engine/src/script/"]),
    ("minijinja", &["engine/src/note.rs", "engine/src/note/", "runtime/src/http/", "emulator/src/"]),
    ("rlibphonenumber", &["engine/src/phone.rs", "engine/src/phone/"]),
    ("reqwest", &["runtime/src/outbound/http.rs"]),
    ("ring", &["runtime/src/marketplace/proof.rs", "emulator/src/retailcrm/marketplace.rs"]),
    ("rusqlite", &["runtime/src/store/sqlite.rs", "runtime/src/store/sqlite/"]),
    ("notify", &["runtime/src/rulebook.rs", "runtime/src/rulebook/"]),
    ("multer", &["emulator/src/"]),
    ("lsp_types", &["lsp/src/"]),
    (
        "lsp_server",
        &[
            "lsp/src/server.rs",
            "lsp/src/dispatch.rs",
            "lsp/src/waiting.rs",
            "lsp/src/capabilities.rs",
            "lsp/src/lib.rs",
        ],
    ),
    ("clap", &["cli/src/"]),
    ("anstream", &["cli/src/"]),
    ("indicatif", &["cli/src/"]),
];

/// What the floors without I/O never name.
const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio",
    "axum",
    "reqwest",
    "rusqlite",
];

/// The one place below `runtime` that reads a clock: a script's deadline, which no caller can count for it.
const DEADLINE: (&str, &str) = ("engine/src/script/", "Instant::now");

#[test]
fn arrows_between_crates_run_down_only() {
    let mut wrong = Vec::new();
    for (floor, allowed) in ARROWS {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for name in names(&manifest(floor), section) {
                let Some(ours) = name.strip_prefix("switchboard-") else { continue };
                // A test may talk to the stand-ins; what ships may not.
                let stand_in = section == "dev-dependencies" && ours == "emulator";
                if !allowed.contains(&ours) && !stand_in {
                    wrong.push(format!("{floor}: {section}: {name}"));
                }
            }
        }
    }
    none("a crate depends only on floors below it:", &wrong);
}

#[test]
fn every_version_stands_once() {
    let mut wrong = Vec::new();
    for floor in ["grammar", "engine", "guard", "runtime", "emulator", "lsp", "cli", "tests", "benches"] {
        let manifest = manifest(floor);
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for name in names(&manifest, section) {
                let shared = manifest[section][&name].get("workspace").and_then(toml::Value::as_bool);
                if shared != Some(true) {
                    wrong.push(format!("{floor}/Cargo.toml: {name}"));
                }
            }
        }
    }
    none("versions stand in the table of the workspace:", &wrong);
}

#[test]
fn the_program_without_the_server_needs_no_server() {
    let manifest = manifest("cli");
    for name in ["switchboard-runtime", "switchboard-emulator", "tokio"] {
        let optional = manifest["dependencies"][name].get("optional").and_then(toml::Value::as_bool);
        assert_eq!(optional, Some(true), "`{name}` comes with the feature `serve` only");
    }
}

#[test]
fn vendors_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for path in shipped_files() {
        for (number, line) in code(&path) {
            for (vendor, rooms) in ROOMS {
                if names_crate(&line, vendor) && !rooms.iter().any(|room| path.starts_with(room)) {
                    wrong.push(format!("{path}:{number}: {vendor}: {}", line.trim()));
                }
            }
        }
    }
    none("one vendor, one room:", &wrong);
}

#[test]
fn the_floors_below_the_runtime_do_no_input_and_output() {
    let mut wrong = Vec::new();
    for path in files_ending("grammar/src", ".rs").into_iter().chain(files_ending("engine/src", ".rs")) {
        for (number, line) in shipped_code(&path) {
            for word in WORLD {
                let deadline = path.starts_with(DEADLINE.0) && *word == DEADLINE.1;
                if names_word(&line, word) && !deadline {
                    wrong.push(format!("{path}:{number}: {word}"));
                }
            }
        }
    }
    none("the caller hands everything in, the present time too:", &wrong);
}

#[test]
fn the_server_is_named_only_by_the_commands_that_need_it() {
    let rooms = ["account", "serve", "emulate", "demo", "backtest", "shadow"];
    let wrong: Vec<String> = files_ending("cli/src", ".rs")
        .into_iter()
        .filter(|path| !rooms.iter().any(|room| path.contains(&format!("/{room}"))))
        .flat_map(|path| {
            code(&path)
                .into_iter()
                .filter(|(_, line)| {
                    ["switchboard_runtime", "switchboard_emulator", "tokio"]
                        .iter()
                        .any(|name| names_crate(line, name))
                })
                .map(move |(number, _)| format!("{path}:{number}"))
                .collect::<Vec<_>>()
        })
        .collect();
    none("`rules check` builds without a web server:", &wrong);
}

fn shipped_files() -> Vec<String> {
    ARROWS.iter().flat_map(|(floor, _)| files_ending(&format!("{floor}/src"), ".rs")).collect()
}

fn manifest(floor: &str) -> toml::Table {
    text(&format!("{floor}/Cargo.toml")).parse().unwrap_or_else(|error| panic!("{floor}/Cargo.toml: {error}"))
}

fn names(manifest: &toml::Table, section: &str) -> Vec<String> {
    let Some(table) = manifest.get(section).and_then(toml::Value::as_table) else { return Vec::new() };
    table.keys().cloned().collect()
}

/// Whether `line` names the crate: its name as a word before `::`, or alone after `use`.
fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let after = &line[at + name.len()..];
        let starts =
            !line[..at].ends_with(|before: char| before.is_alphanumeric() || "_.:\"".contains(before));
        let used = line[..at].trim_end().ends_with("use") && after.starts_with(';');
        starts && (after.starts_with("::") || used)
    })
}

/// Whether `word` stands in `line` and is not a part of a longer word.
fn names_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let inner = |char: char| char.is_alphanumeric() || char == '_';
        !line[..at].ends_with(inner) && !line[at + word.len()..].starts_with(inner)
    })
}

#[test]
fn a_crate_is_named_by_its_path_and_not_by_its_letters() {
    assert!(names_crate("use rhai::Engine;", "rhai"));
    assert!(names_crate("let engine = rhai::Engine::new_raw();", "rhai"));
    assert!(!names_crate("path.ends_with(\".rhai\")", "rhai"));
    assert!(!names_crate("crate::notify::wake()", "notify"));
    assert!(!names_crate("self.notify.notified()", "notify"));
}
