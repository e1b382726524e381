//! Many cells about parts of a text: the rows that the pieces find against the plain reading of each row.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};

use super::support::{call, decide, plain};

/// One question of a cell as text, and whether it lets a text through, worked out plainly.
#[derive(Clone, Debug)]
enum Question {
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    /// Pieces with a run of anything between each two.
    Like(Vec<String>),
}

impl Question {
    fn text(&self) -> String {
        match self {
            Question::Contains(piece) => format!("contains \"{piece}\""),
            Question::StartsWith(piece) => format!("starts with \"{piece}\""),
            Question::EndsWith(piece) => format!("ends with \"{piece}\""),
            Question::Like(pieces) => format!("like \"{}\"", pieces.join("*")),
        }
    }

    fn lets(&self, text: &str) -> bool {
        match self {
            Question::Contains(piece) => text.contains(piece),
            Question::StartsWith(piece) => text.starts_with(piece),
            Question::EndsWith(piece) => text.ends_with(piece),
            Question::Like(pieces) => is_like(text, pieces),
        }
    }
}

/// Tries every place for every piece.
fn is_like(text: &str, pieces: &[String]) -> bool {
    let [piece, rest @ ..] = pieces else { return false };
    let Some(after) = text.strip_prefix(piece.as_str()) else { return false };
    if rest.is_empty() {
        return after.is_empty();
    }
    (0..=after.len()).filter_map(|at| after.get(at..)).any(|after| is_like(after, rest))
}

/// A bundle of which nothing is proved: a hundred cells at random overlap in more ways than matter here.
fn unproved(text: &str) -> Arc<Bundle> {
    let mut options = LoadOptions::default();
    options.proof.lint_steps = 0;
    load(&BundleSource::single(text), &options).bundle.unwrap()
}

/// Letters that make each other's pieces often, of one byte and of two.
fn piece() -> impl Strategy<Value = String> {
    "[abя]{1,4}"
}

fn question() -> impl Strategy<Value = Question> {
    let pieces = (proptest::collection::vec("[abя]{0,3}", 0..3), piece(), "[abя]{0,2}");
    prop_oneof![
        4 => piece().prop_map(Question::Contains),
        1 => piece().prop_map(Question::StartsWith),
        1 => piece().prop_map(Question::EndsWith),
        2 => pieces.prop_map(|(mut pieces, middle, last)| {
            pieces.extend([middle, last]);
            Question::Like(pieces)
        }),
    ]
}

/// Some questions, and whether the cell asks for none of them.
#[derive(Clone, Debug)]
struct Cell {
    not: bool,
    questions: Vec<Question>,
}

impl Cell {
    fn text(&self) -> String {
        let questions: Vec<String> = self.questions.iter().map(Question::text).collect();
        format!("{}{}", if self.not { "not " } else { "" }, questions.join(", "))
    }

    fn lets(&self, text: &str) -> bool {
        self.not != self.questions.iter().any(|question| question.lets(text))
    }
}

fn cell() -> impl Strategy<Value = Cell> {
    (proptest::bool::weighted(0.1), proptest::collection::vec(question(), 1..=2))
        .prop_map(|(not, questions)| Cell { not, questions })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn pieces_find_the_rows_that_reading_each_row_finds(
        table in proptest::collection::vec(cell(), 40..120),
        texts in proptest::collection::vec("[abя]{0,9}", 20),
    ) {
        let rows: String =
            table.iter().enumerate().map(|(at, cell)| format!("  | {} || {at} |\n", cell.text())).collect();
        let bundle = unproved(&format!(
            "rules 1\n\ntable t for calls, all matches\n  | campaign || n |\n{rows}\n\
             fields of client for calls\n  it from t, always\n"
        ));
        for text in texts.iter().filter(|text| !text.is_empty()) {
            let found = plain(&decide(&bundle, &call(json!({ "campaign": text }))))["fields"]["client"]["it"].clone();
            let hits: Vec<usize> = table.iter().enumerate()
                .filter(|(_, cell)| cell.lets(text))
                .map(|(at, _)| at)
                .collect();
            let expected = if hits.is_empty() { json!(null) } else { json!(hits) };
            prop_assert_eq!(found, expected, "{:?}\n{}", text, rows);
        }
    }
}
