//! What a mutant is, and what may become of it.

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use crate::prove::Change;

/// How a bundle was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// `>=` became `>`, and the like.
    Comparison,
    /// A bound was moved by one.
    Bound,
    /// A condition, test or cell asks the opposite.
    Negation,
    /// A part of an `and` or `or`, or one of several values, is gone.
    Part,
    /// A cell allows anything.
    AnyCell,
    /// A row gives what a row beside it gives.
    Result,
    /// A row, or something of what it gives, gives nothing.
    Nothing,
    /// One of the values of `a else b` is gone.
    Fallback,
    /// A row is gone.
    Row,
    /// A line is gone.
    Line,
    /// A whole task is gone.
    Task,
    /// Two rows or lines changed places.
    Order,
    /// A line of a filter says the opposite.
    Verdict,
    /// A yes is a no, a written field is written always or no longer so.
    Flag,
}

/// A bundle with one thing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// How.
    pub operator: Operator,
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The section's header as written.
    pub section: String,
    /// The row of a table or the line of a filter, from 1.
    pub row: Option<u32>,
    /// The column of a cell, as its header is written.
    pub column: Option<String>,
    /// What stood there.
    pub before: String,
    /// What stands there instead; empty when it is gone.
    pub after: String,
    /// What to write where in the file, in order.
    pub(super) edits: Vec<(Span, String)>,
}

/// What became of a mutant.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It is no bundle: the checker refuses it.
    Refused,
    /// A test notices: the first that does, by its number.
    Noticed(usize),
    /// No event is decided otherwise; proved.
    Same,
    /// No test notices, and there is an event that would.
    Survived(Box<Survivor>),
    /// No test notices, and it could not be found out whether any could.
    Undecided(Text),
}

/// A change that no test notices.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// What the mutant decides otherwise, with an event that both bundles were asked about.
    pub change: Change,
}

impl Operator {
    /// One stable word, for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Operator::Comparison => "comparison",
            Operator::Bound => "bound",
            Operator::Negation => "negation",
            Operator::Part => "part",
            Operator::AnyCell => "any-cell",
            Operator::Result => "result",
            Operator::Nothing => "nothing",
            Operator::Fallback => "fallback",
            Operator::Row => "row",
            Operator::Line => "line",
            Operator::Task => "task",
            Operator::Order => "order",
            Operator::Verdict => "verdict",
            Operator::Flag => "flag",
        }
    }

    /// What was done, for people.
    pub fn words(self) -> Text {
        let (en, ru) = match self {
            Operator::Comparison => ("another comparison", "другое сравнение"),
            Operator::Bound => ("the bound moved by one", "граница сдвинута на единицу"),
            Operator::Negation => ("the opposite asked", "условие наоборот"),
            Operator::Part => ("a part left out", "часть убрана"),
            Operator::AnyCell => ("anything allowed", "клетка пропускает всё"),
            Operator::Result => ("the result of the row beside it", "результат соседней строки"),
            Operator::Nothing => ("nothing given", "результата нет"),
            Operator::Fallback => ("one of the choices left out", "один из вариантов убран"),
            Operator::Row => ("the row left out", "строка убрана"),
            Operator::Line => ("the line left out", "строка убрана"),
            Operator::Task => ("the task left out", "задача убрана"),
            Operator::Order => ("another order", "порядок другой"),
            Operator::Verdict => {
                ("accept and reject swapped", "вместо «принимать» – «отклонять» или наоборот")
            }
            Operator::Flag => ("switched over", "переключено наоборот"),
        };
        Text::new(en, ru)
    }
}

impl Mutant {
    /// The file's text with the change in it.
    pub fn write(&self, text: &str) -> String {
        rewritten(text, Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX)), &self.edits)
    }
}

/// A part of a text with edits in it; edits are in order and do not overlap, others are left out.
pub(super) fn rewritten(text: &str, part: Span, edits: &[(Span, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = part.start;
    for (span, with) in edits.iter().filter(|(span, _)| part.contains(*span)) {
        if span.start < at {
            continue;
        }
        out.push_str(Span::new(at, span.start).text(text));
        out.push_str(with);
        at = span.end;
    }
    out.push_str(Span::new(at, part.end).text(text));
    out
}
