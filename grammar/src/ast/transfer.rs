//! Which orders become deals, and how.

use super::condition::Condition;
use super::file::Line;
use super::name::Word;
use super::value::Value;

/// `transfer orders` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The keyword.
    pub word: Word,
    /// How it is done.
    pub lines: Vec<Line<TransferLine>>,
}

/// One line; the first field of each is the line's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferLine {
    /// `only when …`: which orders.
    OnlyWhen(Word, Condition),
    /// `funnel: …`.
    Funnel(Word, Value),
    /// `amount: …`.
    Amount(Word, Value),
    /// `pass: a, b`: what goes along.
    Pass(Word, Vec<Value>),
    /// `won: …`: when the deal is won.
    Won(Word, Condition),
    /// `lost: …`: when it is lost.
    Lost(Word, Condition),
}
