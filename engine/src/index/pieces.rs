//! Questions about parts of a text, found by the parts.
//!
//! A cell `contains "summer"` or `like "*summer*sale"` can only hold for a text with `summer` in it. An Aho-Corasick
//! automaton finds all such pieces of all cells in one pass over the text, so that only those cells are asked whose piece
//! is there, instead of each of them.

use aho_corasick::AhoCorasick;

use super::RowSet;
use crate::program::{Check, Expr, Test};
use crate::value::Value;

/// Which questions of a column can hold for a text, by a piece that it must have.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    automaton: AhoCorasick,
    /// For each piece the questions that want it.
    wanted_by: Box<[Box<[u32]>]>,
    /// How many questions there are.
    questions: usize,
}

impl Pieces {
    /// Fewer questions than these are asked faster than a text is searched.
    pub(super) const LEAST: usize = 32;
    /// The beginning of a piece that is searched for; more of it finds hardly less and makes the automaton larger.
    const MAX_BYTES: usize = 48;

    /// The automaton for some questions, each given by its pieces; None where it would be too large.
    pub(super) fn new(of_questions: &[Vec<&str>]) -> Option<Pieces> {
        let mut all: Vec<(&[u8], u32)> = (0u32..)
            .zip(of_questions)
            .flat_map(|(question, pieces)| pieces.iter().map(move |piece| (start(piece), question)))
            .collect();
        all.sort_unstable();
        all.dedup();
        let runs = || all.chunk_by(|one, next| one.0 == next.0);
        let pieces = runs().filter_map(|run| run.first()).map(|(piece, _)| *piece);
        let automaton = AhoCorasick::new(pieces).ok()?;
        let wanted_by = runs().map(|run| run.iter().map(|(_, question)| *question).collect()).collect();
        Some(Pieces { automaton, wanted_by, questions: of_questions.len() })
    }

    /// The questions that a folded text may answer with yes; the others it answers with no.
    pub(super) fn in_text(&self, folded: &str) -> RowSet {
        let mut found = RowSet::empty(self.questions);
        for piece in self.automaton.find_overlapping_iter(folded) {
            let questions = self.wanted_by.get(piece.pattern().as_usize());
            questions.into_iter().flatten().for_each(|question| found.insert(*question));
        }
        found
    }
}

fn start(piece: &str) -> &[u8] {
    piece.as_bytes().get(..Pieces::MAX_BYTES).unwrap_or(piece.as_bytes())
}

/// Pieces, folded, one of which is in every text that a check lets through; None where there need be none.
pub(super) fn of(check: &Check) -> Option<Vec<&str>> {
    match check {
        Check::Test(test) => of_test(test).map(|piece| vec![piece]),
        Check::Not(_) => None,
        Check::All(parts) => {
            let shortest = |pieces: &Vec<&str>| pieces.iter().map(|piece| piece.len()).min();
            parts.iter().filter_map(of).max_by_key(shortest)
        }
        Check::Any(parts) => {
            let parts: Option<Vec<Vec<&str>>> = parts.iter().map(of).collect();
            parts.map(|parts| parts.concat()).filter(|pieces| !pieces.is_empty())
        }
    }
}

fn of_test(test: &Test) -> Option<&str> {
    let piece = match test {
        Test::Is(value) | Test::Exactly(value) => plain(value)?,
        Test::Contains(value) | Test::StartsWith(value) | Test::EndsWith(value) => plain(value)?,
        Test::Like(pattern) => pattern.longest_piece()?,
        Test::Present | Test::InSet(_) | Test::Among(_) | Test::InSchedule(_) | Test::Order(_, _) => {
            return None;
        }
    };
    (!piece.is_empty()).then_some(piece)
}

/// A constant text, folded.
fn plain(value: &Expr) -> Option<&str> {
    match value {
        Expr::Const(Value::Text(text)) => Some(text.folded()),
        _ => None,
    }
}
