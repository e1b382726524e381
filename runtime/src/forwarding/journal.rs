//! The last answers of an account, for the console. In memory: to write them down would make a caller wait.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::answer::Answer;

/// Answers that are kept.
const KEPT: usize = 100;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// When it was given.
    pub at: Timestamp,
    /// The session of the call, when UIS told it.
    pub session: Option<u64>,
    /// The caller's number in E.164, when it is shown.
    pub phone: Option<String>,
    /// What UIS was told.
    pub answer: Answer,
    /// The employee whom the rules named, by e-mail.
    pub employee: Option<String>,
    /// Where what is known of the client came from.
    pub knowledge: Knowledge,
    /// How long it took.
    pub took: Duration,
}

/// Where what is known of a client came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// Nobody was asked about: the caller hides the number, or the rules put nobody through.
    NotNeeded,
    /// From memory.
    Memory,
    /// RetailCRM said it within the budget.
    Asked,
    /// From memory, older than it should be, because RetailCRM did not say in time.
    Stale,
    /// Nothing is known.
    Nothing,
}

impl Knowledge {
    /// Its name in figures, the log and the words of the console.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::Memory => "memory",
            Self::Asked => "asked",
            Self::Stale => "stale",
            Self::Nothing => "nothing",
        }
    }
}

/// The last answers.
#[derive(Debug, Default)]
pub(super) struct Journal {
    last: Mutex<VecDeque<Answered>>,
}

impl Journal {
    pub(super) fn add(&self, answered: Answered) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= KEPT {
            last.pop_front();
        }
        last.push_back(answered);
    }

    /// The newest first.
    pub(super) fn list(&self) -> Vec<Answered> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}
