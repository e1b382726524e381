//! A decision in force with all that it was made from.

use std::sync::Arc;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;

use super::needs::Surroundings;
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
    /// When.
    pub now: Moment,
    /// What was decided.
    pub decision: Decision,
    /// What nobody asked for, and why.
    pub surroundings: Surroundings,
}

impl Case {
    /// Under which its outcome is counted.
    pub fn pair(&self) -> ShadowPair {
        ShadowPair {
            account: self.account.clone(),
            candidate: self.candidate.digest().into(),
            in_force: self.in_force.digest().into(),
        }
    }
}
