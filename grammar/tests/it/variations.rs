//! The example files with something missing: every prefix, every character left out, lines in any order. No crash,
//! and the formatter keeps what it does not understand.

use proptest::prelude::*;
use proptest::sample::select;
use switchboard_grammar::{format, parse};

use crate::support::fixtures;

/// What must hold for any text whatever.
fn check_any(text: &str) {
    let parsed = parse(text);
    for found in &parsed.diagnostics {
        let labels = std::iter::once(&found.primary).chain(&found.secondary).map(|label| label.span);
        let edits = found.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in labels.chain(edits) {
            assert!(text.get(span.range()).is_some(), "{:?} is not in the text: {text:?}", found.message.en);
        }
    }
    let formatted = format(text);
    assert_eq!(format(&formatted), formatted, "not a fixed point:\n{text}");
    let before = parsed.diagnostics.iter().filter(|found| found.is_error()).count();
    let after = parse(&formatted).diagnostics.iter().filter(|found| found.is_error()).count();
    assert_eq!(before, after, "formatting changed the verdict:\n{text}\n=>\n{formatted}");
}

/// Small pieces of the example files, one section each, so that many variations are quick.
fn short_sections() -> Vec<String> {
    sections(|name| !name.starts_with("everything"))
}

/// One section each of the files whose name is wanted.
fn sections(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    for fixture in fixtures("valid").into_iter().filter(|fixture| wanted(&fixture.name)) {
        let header = if fixture.text.contains("правила 1") { "правила 1" } else { "rules 1" };
        for section in fixture.text.split("\n\n").filter(|section| !section.contains(header)) {
            all.push(format!("{header}\n\n{}\n", section.trim_end()));
        }
    }
    all
}

#[test]
fn every_prefix_is_survived() {
    for text in short_sections() {
        for (at, _) in text.char_indices() {
            check_any(&text[..at]);
        }
    }
}

#[test]
fn every_deletion_of_one_character_is_survived() {
    for text in short_sections() {
        for (at, ch) in text.char_indices() {
            check_any(&format!("{}{}", &text[..at], &text[at + ch.len_utf8()..]));
        }
    }
}

#[test]
fn every_deletion_of_one_line_is_survived() {
    for fixture in fixtures("valid") {
        let lines: Vec<&str> = fixture.text.lines().collect();
        for gone in 0..lines.len() {
            let kept: Vec<&str> =
                lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect();
            check_any(&kept.join("\n"));
        }
    }
}

#[test]
fn broken_files_keep_to_the_rules_for_any_text() {
    for fixture in fixtures("broken") {
        check_any(&fixture.text);
    }
}

/// Words, signs and pieces of which files are made.
const PIECES: &[&str] = &[
    "rules 1\n",
    "правила 1\n",
    "\n",
    "\n  ",
    "\n\n",
    " ",
    "  ",
    "#",
    "# x\n",
    "## doc\n",
    "filter for calls",
    "фильтр для звонков",
    "table t for calls",
    "таблица т для звонков",
    "task for missed calls",
    "settings for calls",
    "list l",
    "fields of client for calls",
    "transfer orders",
    "script \"a.rhai\"",
    "schedule s in \"UTC\"",
    "include \"a\"",
    "accept when ",
    "else reject",
    "иначе принимать",
    "title: ",
    "due: ",
    "a",
    "b.c",
    "сайт",
    "is ",
    "это ",
    "not ",
    "не ",
    "in ",
    "в ",
    "and ",
    "or ",
    "и ",
    "или ",
    "else ",
    "иначе ",
    "missing",
    "(",
    ")",
    ",",
    ":",
    "|",
    "||",
    "-",
    "|---||---|",
    "\"",
    "\"x\"",
    "{{",
    "}}",
    "\"{{ a }}\"",
    "«",
    "»",
    "'",
    "\\",
    "1",
    "0.5",
    "30 s",
    "2 часа",
    "+7 495 123-45-67",
    "2026-01-01",
    "09:00-18:00",
    "mon-fri: ",
    "yes",
    "default",
    "==",
    "!=",
    "&&",
    ">=",
    "gives ",
    "function f(a: text?) gives text",
    "when ",
    "from ",
    "always",
    "\u{202e}",
    "\u{200b}",
    "\r",
    "\t",
    "é",
    "и\u{306}",
    "🙂",
    "exactly ",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,200}") {
        check_any(&text);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check_any(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_soup_of_tokens_is_survived(pieces in proptest::collection::vec(select(PIECES), 0..40)) {
        check_any(&pieces.concat());
    }

    #[test]
    fn any_soup_below_a_header_is_survived(pieces in proptest::collection::vec(select(PIECES), 0..60)) {
        check_any(&format!("rules 1\n\n{}", pieces.concat()));
    }

    #[test]
    fn any_change_of_an_example_is_survived(
        text in select(sections(|_| true)),
        at in any::<proptest::sample::Index>(),
        piece in select(PIECES),
    ) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = places[at.index(places.len())];
        check_any(&format!("{}{piece}{}", &text[..at], &text[at..]));
    }
}
