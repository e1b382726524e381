//! The example bundles and events of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::moment::Moment;

/// The two example bundles.
pub const BUNDLES: [&str; 2] = ["romashka-en", "romashka-ru"];

/// The line of the English bundle that calls a script.
const SCRIPTED: &str = "  uis_marketing from marketing_label(utm.source, utm.medium else \"нет\")\n";

/// The files of an example bundle.
///
/// # Panics
///
/// When they cannot be read.
#[must_use]
pub fn source(name: &str) -> BundleSource {
    let folder = fixtures().join("bundles").join(name);
    let mut source = BundleSource::new();
    for entry in fs::read_dir(&folder).expect("the folder of an example") {
        let path = entry.expect("a file of an example").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
        if BundleSource::wants(name) {
            source.add(name, fs::read(&path).expect("a file of an example")).expect("a name inside a bundle");
        }
    }
    source
}

/// An example bundle, loaded.
///
/// # Panics
///
/// When it is refused.
#[must_use]
pub fn bundle(source: &BundleSource) -> Arc<Bundle> {
    let loaded = load(source, &LoadOptions::default());
    loaded.bundle.unwrap_or_else(|| panic!("an example is refused: {:?}", loaded.diagnostics))
}

/// The English bundle without the one field that a script works out.
///
/// # Panics
///
/// When the bundle has no such field any more.
#[must_use]
pub fn without_script() -> BundleSource {
    let mut source = source("romashka-en");
    let main = source.get(BundleSource::ENTRY).expect("the main file");
    let main = String::from_utf8(main.to_vec()).expect("a file in UTF-8");
    let (before, script) = main.split_once("script \"").expect("a script");
    let (_, after) = script.split_once("\n\n").expect("a section behind the script");
    let plain = format!("{before}{after}").replacen(SCRIPTED, "", 1);
    source.add(BundleSource::ENTRY, plain).expect("a name inside a bundle");
    source
}

/// The rules files of both bundles, each with its name.
#[must_use]
pub fn rules() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for bundle in BUNDLES {
        for (path, bytes) in source(bundle).iter().filter(|(path, _)| path.ends_with(".rules")) {
            files.push((format!("{bundle}/{path}"), String::from_utf8_lossy(bytes).into_owned()));
        }
    }
    files
}

/// An example event, by the beginning of its file's name, and the facts beside it.
///
/// # Panics
///
/// When there is none.
#[must_use]
pub fn event(start: &str) -> (Json, Option<Json>) {
    let found = events().into_iter().find(|(name, ..)| name.starts_with(start));
    let (_, event, facts) = found.unwrap_or_else(|| panic!("no event begins with {start}"));
    (event, facts)
}

/// All example events, with their facts, by name.
///
/// # Panics
///
/// When they cannot be read.
#[must_use]
pub fn events() -> Vec<(String, Json, Option<Json>)> {
    let folder = fixtures().join("events");
    let read = |path: &Path| -> Option<Json> {
        let bytes = fs::read(path).ok()?;
        Some(serde_json::from_slice(&bytes).expect("JSON in an example"))
    };
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder of events")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    let with_facts = names.into_iter().map(|name| {
        let event = read(&folder.join(&name)).expect("an event");
        let facts = read(&folder.join("facts").join(&name));
        (name, event, facts)
    });
    with_facts.collect()
}

/// The time of all decisions.
///
/// # Panics
///
/// Never: the text is a moment.
#[must_use]
pub fn now() -> Moment {
    "2026-03-02T12:05:00+03:00".parse().expect("a moment")
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_there() {
        assert!(rules().len() >= 5);
        assert!(events().len() >= 40);
        for name in BUNDLES {
            let _ = bundle(&source(name));
        }
        let plain = without_script();
        let main =
            String::from_utf8_lossy(plain.get(BundleSource::ENTRY).expect("the main file")).into_owned();
        assert!(!main.contains("marketing"), "{main}");
        let _ = bundle(&plain);
    }
}
