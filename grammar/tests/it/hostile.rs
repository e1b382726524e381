//! Input that wants to do harm: deep, long, many, not text. One or few diagnostics, little time, no crash.

use std::thread;

use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::source::{FileId, decode};
use switchboard_grammar::{format, limits, parse};

const MEBIBYTE: usize = 1 << 20;

/// Parses and formats on a small stack, so that depth shows; gives the codes found.
fn on_a_small_stack(text: String) -> Vec<&'static Code> {
    let work = move || {
        let parsed = parse(&text);
        let formatted = format(&text);
        assert!(formatted.len() <= 2 * text.len() + 1_000);
        parsed.diagnostics.iter().map(|found| found.code).collect()
    };
    thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap()
}

#[track_caller]
fn check(text: String, expected: &[&'static Code]) {
    assert_eq!(on_a_small_stack(text), expected);
}

#[test]
fn a_mebibyte_of_one_sign_is_one_diagnostic_or_two() {
    for sign in ["(", "{{", "|", "\"{{", ")", "not ", "- ", "\u{202e}"] {
        let line = sign.repeat((MEBIBYTE - 200) / sign.len());
        for head in
            ["filter for calls\n  accept when ", "table t for calls\n  ", "task for calls\n  title: \"", ""]
        {
            let codes = on_a_small_stack(format!("rules 1\n\n{head}{line}\n"));
            assert!(!codes.is_empty(), "{sign} {head}");
            let bidi = sign == "\u{202e}";
            assert!(codes.len() <= if bidi { limits::DIAGNOSTICS + 1 } else { 2 }, "{sign}: {}", codes.len());
        }
    }
}

#[test]
fn depth_up_to_the_limit_is_read_and_above_is_not() {
    let nested = |depth: usize| {
        format!("rules 1\n\nfilter for calls\n  accept when {}a{}\n", "(".repeat(depth), ")".repeat(depth))
    };
    check(nested(limits::NESTING), &[]);
    check(nested(limits::NESTING + 1), &[&codes::NESTING_TOO_DEEP]);
    check(nested(20_000), &[&codes::NESTING_TOO_DEEP]);
    let holes = |depth: usize| {
        let open = "\"{{ a else ".repeat(depth);
        let close = " }}\"".repeat(depth);
        format!("rules 1\n\ntask for calls\n  title: {open}\"b\"{close}\n")
    };
    check(holes(limits::NESTING), &[]);
    check(holes(limits::NESTING + 1), &[&codes::NESTING_TOO_DEEP]);
    let calls = |depth: usize| {
        let not = format!("not ({}", "f(a else ".repeat(depth - 1));
        format!("rules 1\n\nfilter for calls\n  accept when {not}b{}\n", ")".repeat(depth))
    };
    check(calls(limits::NESTING), &[]);
    check(calls(limits::NESTING + 1), &[&codes::NESTING_TOO_DEEP]);
}

#[test]
fn long_lines_up_to_the_limit_are_read_and_above_are_not() {
    let line = |length: usize| {
        let lead = "  accept when a in (";
        let item = "\"b\", ";
        let items = item.repeat((length - lead.len() - 4) / item.len());
        format!("rules 1\n\nfilter for calls\n{lead}{items}\"c\")\n")
    };
    check(line(limits::LINE_BYTES - 10), &[]);
    check(line(limits::LINE_BYTES + 20), &[&codes::TOO_LARGE]);
    // Many words that bind differently, many comparisons, many fallbacks: one line each.
    for piece in ["a and b or ", "a is b and not ", "a else ", "a, "] {
        let long = piece.repeat((limits::LINE_BYTES - 100) / piece.len());
        let codes =
            on_a_small_stack(format!("rules 1\n\nfilter for calls\n  accept when {long}c\n  else accept\n"));
        assert!(codes.len() <= 1, "{piece}");
    }
}

#[test]
fn files_above_the_limit_are_not_read() {
    let line = "# comment\n";
    let text = format!("rules 1\n{}", line.repeat(limits::FILE_BYTES / line.len()));
    check(text, &[&codes::TOO_LARGE]);
}

#[test]
fn tables_have_a_limit_of_columns() {
    let table = |columns: usize| {
        let cells = |cell: &str| format!("|{} || r |\n", vec![cell; columns - 1].join("|"));
        format!("rules 1\n\ntable t for calls\n  {}  {}", cells(" a "), cells(" - "))
    };
    check(table(limits::COLUMNS), &[]);
    // The head is refused, and without it the row is not read.
    check(table(limits::COLUMNS + 1), &[&codes::TOO_LARGE]);
}

#[test]
fn so_many_problems_are_not_all_listed() {
    let text = format!("rules 1\n\nfilter for calls\n{}", "  x\n".repeat(100_000));
    let codes = on_a_small_stack(text);
    assert_eq!(codes.len(), limits::DIAGNOSTICS + 1);
    assert_eq!(codes.last(), Some(&&codes::TOO_LARGE));
}

#[test]
fn bytes_that_are_not_text_are_told() {
    let (text, found) = decode(FileId(0), b"rules 1\n\nfilter for calls\n  else accept\n");
    assert!(found.is_none() && text.starts_with("rules"));
    // "правила" in Windows-1251.
    let (text, found) = decode(FileId(0), &[0xEF, 0xF0, 0xE0, 0xE2, 0xE8, 0xEB, 0xE0, b' ', b'1']);
    let found = found.unwrap();
    assert_eq!(found.code, &codes::NOT_UTF8);
    assert!(found.notes[0].ru.contains("Windows-1251"));
    assert_eq!((text.as_ref(), found.primary.span.text(&text)), ("правила 1", "п"));
    for bytes in [&[0xFF, 0xFE, 0x3F, 0x04, 0x31, 0x00][..], &[0xFE, 0xFF, 0x04, 0x3F, 0x00, 0x31, 0x00]] {
        let (text, found) = decode(FileId(0), bytes);
        let found = found.unwrap();
        assert!(found.notes[0].ru.contains("UTF-16"));
        assert_eq!((text.as_ref(), found.primary.span.text(&text)), ("п1", "п"));
    }
    let (text, found) = decode(FileId(0), &[b'a', 0x98, b'b']);
    assert_eq!(found.unwrap().primary.span.text(&text), "\u{FFFD}");
    let (text, found) = decode(FileId(0), &[0xFF, 0xFE]);
    assert_eq!((text.as_ref(), found.unwrap().primary.span.text(&text)), ("", ""));
}
