//! A decision in force with all that it was made from.

use std::sync::Arc;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;

use crate::replay::Circumstances;
use crate::store::record::{AccountId, SessionKey, ShadowPair};

/// A decision in force and the rules that are to be tried on the same.
#[derive(Debug)]
pub struct Case {
    /// Whose.
    pub account: AccountId,
    /// About what.
    pub session: SessionKey,
    /// The rules that are tried.
    pub candidate: Arc<Bundle>,
    /// The rules that decided.
    pub in_force: Arc<Bundle>,
    /// What they decided about.
    pub event: Event,
    /// What was known.
    pub facts: Facts,
    /// What was decided.
    pub decision: Decision,
    /// Under what.
    pub circumstances: Circumstances,
}

impl Case {
    /// The header of a task as the file has it, of whichever rules have such a task.
    pub fn head(&self, task: &str) -> Option<String> {
        head(&self.candidate, task).or_else(|| head(&self.in_force, task))
    }

    /// Under which its outcome is counted.
    pub fn pair(&self) -> ShadowPair {
        ShadowPair {
            account: self.account.clone(),
            candidate: self.candidate.digest().into(),
            in_force: self.in_force.digest().into(),
        }
    }
}

/// The header of a task of a bundle as the file has it.
pub fn head(bundle: &Bundle, task: &str) -> Option<String> {
    bundle.tasks().into_iter().find(|one| one.name == task).map(|one| one.head)
}
