//! Files full of mistakes: each is told of, at its place, in the file's language.

use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, load};
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use super::support::{fixtures, said};

fn mistakes(name: &str) -> Loaded {
    let text = std::fs::read(fixtures().join("engine/mistakes").join(name)).unwrap();
    load(&BundleSource::single(text), &LoadOptions::default())
}

#[track_caller]
fn snapshot(name: &str, loaded: &Loaded, lang: Lang) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("mistakes-{name}"), said(loaded, lang));
    });
}

/// Ten sections with one mistake each: ten findings, in order, at different places.
#[track_caller]
fn ten(name: &str) -> Loaded {
    let loaded = mistakes(name);
    assert!(loaded.bundle.is_none());
    let grave: Vec<_> = loaded.diagnostics.iter().filter(|found| found.severity > Severity::Info).collect();
    let names: Vec<_> = grave.iter().map(|found| found.code.name).collect();
    assert_eq!(
        names,
        [
            "foreign-spelling",
            "unknown-field",
            "unknown-setting",
            "unknown-value",
            "conflicting-rows",
            "field-not-on-this-event",
            "unknown-list",
            "template-may-be-empty",
            "missing-unit",
            "unknown-function",
        ],
        "{}",
        said(&loaded, Lang::En)
    );
    for pair in grave.windows(2) {
        assert!(pair[0].primary.span.end < pair[1].primary.span.start, "each has a place of its own");
    }
    loaded
}

#[test]
fn ten_mistakes_in_ten_sections() {
    snapshot("ten", &ten("ten.rules"), Lang::En);
    snapshot("ten-ru", &ten("десять.rules"), Lang::Ru);
}

#[test]
fn a_file_with_a_mistake_in_every_line() {
    let loaded = mistakes("everywhere.rules");
    assert!(loaded.bundle.is_none());
    snapshot("everywhere", &loaded, Lang::En);
    snapshot("everywhere-ru", &loaded, Lang::Ru);
}

#[test]
fn one_mistake_makes_no_others() {
    let loaded = mistakes("отголоски.rules");
    snapshot("отголоски", &loaded, Lang::Ru);
}
