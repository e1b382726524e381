//! Whole files that are right: no diagnostics, a tree, a fixed point of the formatter.

use switchboard_grammar::ast::{outline, same_tree};
use switchboard_grammar::{format, parse};

use crate::support::{assert_clean, fixtures};

fn settings(folder: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path(format!("snapshots/{folder}"));
    settings.set_omit_expression(true);
    settings
}

#[test]
fn every_valid_file_is_clean_and_has_its_tree() {
    for fixture in fixtures("valid") {
        let parsed = assert_clean(&fixture.name, &fixture.text);
        let name = fixture.name.trim_end_matches(".rules");
        settings("tree").bind(|| insta::assert_snapshot!(name, outline(&parsed.file)));
    }
}

#[test]
fn every_valid_file_formats_to_a_fixed_point() {
    for fixture in fixtures("valid") {
        let once = format(&fixture.text);
        let name = fixture.name.trim_end_matches(".rules");
        settings("format").bind(|| insta::assert_snapshot!(name, once));
        assert_eq!(format(&once), once, "{}", fixture.name);
        let (before, after) = (parse(&fixture.text), parse(&once));
        assert!(after.diagnostics.is_empty());
        assert!(same_tree(&before.file, &after.file), "{}", fixture.name);
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    for fixture in fixtures("valid") {
        let windows = format!("\u{feff}{}", fixture.text.replace('\n', "\r\n"));
        let parsed = assert_clean(&fixture.name, &windows);
        assert!(same_tree(&parsed.file, &parse(&fixture.text).file), "{}", fixture.name);
        assert_eq!(format(&windows), format(&fixture.text), "{}", fixture.name);
    }
}
