//! The formatter on any text that reads without errors: the same tree comes back, and writing twice is writing once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchboard_grammar::ast::same_tree;
use switchboard_grammar::{format, parse};

fuzz_target!(|text: &str| {
    let before = parse(text);
    let once = format(text);
    assert_eq!(format(&once), once, "writing twice differs");
    if before.has_errors() {
        return;
    }
    let after = parse(&once);
    assert!(!after.has_errors(), "written with errors:\n{once}");
    assert!(same_tree(&before.file, &after.file), "another tree:\n{once}");
});
