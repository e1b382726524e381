//! One token wrong is one problem told: how many errors follow when a single token of the example files is left out,
//! written twice, or stands where nothing belongs; when two lines run into one; when a line loses its indent.
//!
//! The snapshot is a histogram for each file and the worst places, so that recovery cannot rot unseen. Sections are
//! taken one by one: none can add an error to another, which other tests hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;

use switchboard_grammar::parse;

/// More errors than this for one wrong token are a defect.
const MOST: usize = 2;

/// From this many errors on a place is named in the snapshot.
const NAMED: usize = 2;

/// What is put where nothing belongs: a word, a text, a number, and signs.
const INTRUDERS: [&str; 6] = ["is", "\"x\"", "5", "|", "(", ":"];

/// The example files, by the names that people know them by.
fn examples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut found = Vec::new();
    for folder in ["grammar/valid", "bundles/romashka-en", "bundles/romashka-ru", "demo/en", "demo/ru"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "rules") {
                let name = path.file_name().unwrap().to_string_lossy();
                found.push((format!("{folder}/{name}"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// A section as a file of its own.
struct Piece {
    /// Its text below a header.
    text: String,
    /// Where in `text` it begins.
    start: usize,
    /// Line of its head in the example file.
    line: usize,
}

fn pieces(text: &str) -> Vec<Piece> {
    let header = if text.contains("правила 1") { "правила 1\n\n" } else { "rules 1\n\n" };
    let sections = parse(text).file.sections;
    let piece = |extent: Range<usize>| Piece {
        text: format!("{header}{}\n", &text[extent.clone()]),
        start: header.len(),
        line: text[..extent.start].matches('\n').count() + 1,
    };
    sections.iter().map(|section| piece(section.extent.start as usize..section.extent.end as usize)).collect()
}

/// The tokens of a text, comments left out: texts in quotes, words with their dots, numbers, signs.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ch) = text[at..].chars().next() {
        let rest = &text[at..];
        let wordy = |ch: char| ch.is_alphanumeric() || ch == '_';
        let length = if ch.is_whitespace() {
            at += ch.len_utf8();
            continue;
        } else if ch == '#' {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if ch == '"' {
            text_length(rest)
        } else if wordy(ch) {
            let inside = |ch: char| wordy(ch) || ch == '.';
            rest.find(|ch: char| !inside(ch)).unwrap_or(rest.len())
        } else if rest.starts_with("--") {
            rest.find(|ch| ch != '-').unwrap_or(rest.len())
        } else if ["||", ">=", "<=", ".."].iter().any(|sign| rest.starts_with(sign)) {
            2
        } else {
            ch.len_utf8()
        };
        found.push(at..at + length);
        at += length;
    }
    found
}

/// The length of a text in quotes; quotes inside of holes belong to it.
fn text_length(rest: &str) -> usize {
    let mut inside = false;
    let mut at = 1;
    while let Some(ch) = rest[at..].chars().next() {
        let here = &rest[at..];
        if here.starts_with("{{") {
            inside = true;
        } else if here.starts_with("}}") {
            inside = false;
        }
        at += ch.len_utf8();
        if ch == '\\' {
            at += rest[at..].chars().next().map_or(0, char::len_utf8);
        } else if ch == '"' && !inside {
            break;
        }
    }
    at
}

/// What is done to a file, the text that comes of it, and the token.
type Wrong<'t> = (&'static str, String, &'t str);

fn wrongs<'t>(text: &'t str, token: &Range<usize>) -> Vec<Wrong<'t>> {
    let (before, word, after) = (&text[..token.start], &text[token.clone()], &text[token.end..]);
    let mut all = vec![
        ("left out", format!("{before}{after}"), word),
        ("twice", format!("{before}{word} {word}{after}"), word),
    ];
    all.extend(INTRUDERS.map(|intruder| ("intruder", format!("{before}{intruder} {word}{after}"), intruder)));
    all
}

/// Each line of a section but the first: run into the line above, and without its indent. With each the place of the
/// line, and what is named in the snapshot.
fn line_wrongs(piece: &Piece) -> Vec<(usize, Wrong<'_>)> {
    let text = &piece.text;
    let mut all = Vec::new();
    for (at, _) in text.match_indices('\n').filter(|(at, _)| *at >= piece.start) {
        let line = text[at + 1..].lines().next().unwrap_or_default();
        let shown = line.trim();
        if shown.is_empty() || shown.starts_with('#') || text[..at].lines().last().is_some_and(is_comment) {
            continue;
        }
        let rest = &text[at + 1 + (line.len() - line.trim_start().len())..];
        all.push((at + 1, ("joined", format!("{} {rest}", &text[..at]), shown)));
        all.push((at + 1, ("outdented", format!("{}\n{rest}", &text[..at]), shown)));
    }
    all
}

/// What a line is joined to is then a part of the comment, which is no mistake.
fn is_comment(line: &str) -> bool {
    line.contains('#')
}

fn errors(text: &str) -> usize {
    parse(text).diagnostics.iter().filter(|found| found.is_error()).count()
}

#[test]
fn one_wrong_token_is_few_errors() {
    let mut shown = String::new();
    let mut worst: Vec<(usize, String)> = Vec::new();
    for (name, text) in examples() {
        let mut histogram: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
        for piece in pieces(&text) {
            assert_eq!(errors(&piece.text), 0, "{name}:{}\n{}", piece.line, piece.text);
            let mut all = line_wrongs(&piece);
            for token in tokens(&piece.text).into_iter().filter(|token| token.start >= piece.start) {
                all.extend(wrongs(&piece.text, &token).into_iter().map(|wrong| (token.start, wrong)));
            }
            for (at, (what, wrong, word)) in all {
                let count = errors(&wrong);
                *histogram.entry(what).or_default().entry(count).or_default() += 1;
                if count >= NAMED {
                    let line = piece.line + piece.text[piece.start..at].matches('\n').count();
                    let broken = wrong[..at.min(wrong.len())].rfind('\n').map_or(0, |end| end + 1);
                    let broken = wrong[broken..].lines().next().unwrap_or_default().trim();
                    worst.push((count, format!("{count} {name}:{line}, `{word}` {what}: {broken}")));
                }
            }
        }
        let _ = writeln!(shown, "{name}");
        for (what, counts) in histogram {
            let counts: Vec<String> =
                counts.iter().map(|(errors, cases)| format!("{errors}: {cases}")).collect();
            let _ = writeln!(shown, "  {what:<9} {}", counts.join(", "));
        }
    }
    worst.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    let _ = writeln!(shown, "\nworst");
    for (_, place) in &worst {
        let _ = writeln!(shown, "  {place}");
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("recovery", shown);
    });
    let beyond: Vec<&String> =
        worst.iter().filter(|(count, _)| *count > MOST).map(|(_, place)| place).collect();
    assert!(beyond.is_empty(), "{beyond:#?}");
}

#[test]
fn tokens_are_what_people_take_for_one() {
    let text = "accept when x.y >= 30 s and a is \"b {{ c else \"d\" }}\" || -";
    let found: Vec<&str> = tokens(text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(
        found,
        ["accept", "when", "x.y", ">=", "30", "s", "and", "a", "is", "\"b {{ c else \"d\" }}\"", "||", "-"]
    );
}
