//! The open questions, and which answer is in force.
//!
//! Where the vendors' documents are silent, both answers must be possible: one switch a question. The defaults are the
//! stricter or the worse answer of each pair. [`QUESTIONS`] is the list that the page and the docs walk.

mod board;
mod choices;
mod questions;

pub(crate) use board::SwitchBoard;
pub use board::{SwitchError, Switches};
pub use choices::{
    DuplicateAnswer, EmptyArrays, EmptyMaps, ErrorsShape, LimitScope, LimitsShape, MetadataName, PhoneSearch,
    Phones, RepeatedCall, Scope, TaskTextSearch, UnknownAccount, UnknownName,
};
pub use questions::{Choice, QUESTIONS, Question};
