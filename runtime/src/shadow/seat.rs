//! What the workers of one account hand decisions to.

use std::sync::Arc;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;

use super::case::Case;
use super::desk::Desk;
use crate::replay::Circumstances;
use crate::store::record::{AccountId, SessionKey};
use crate::worker::Rules;

/// Hundredths of all communications.
const ALL: u8 = 100;

/// The way of one account to the desk.
#[derive(Debug)]
pub struct Seat {
    account: AccountId,
    rules: Arc<dyn Rules>,
    sample: u8,
    desk: Arc<Desk>,
}

/// What was decided, from what.
#[derive(Debug)]
pub struct Decided {
    /// About what.
    pub session: SessionKey,
    /// What it was like.
    pub event: Event,
    /// What was known.
    pub facts: Facts,
    /// The decision.
    pub decision: Decision,
    /// Under what it was made.
    pub circumstances: Circumstances,
}

impl Seat {
    /// A seat; `rules` are those that are tried, on so many of a hundred communications.
    pub fn new(account: AccountId, rules: Arc<dyn Rules>, sample: u8, desk: Arc<Desk>) -> Self {
        Self { account, rules, sample, desk }
    }

    /// Has a decision compared that was committed. Never waits.
    pub fn offer(&self, in_force: &Arc<Bundle>, decided: Decided) {
        // There may be no candidate that can be loaded, and one that is in force differs in nothing.
        let Some(candidate) = self.rules.in_force() else { return };
        if candidate.digest() == in_force.digest() || !is_sampled(&decided.session, self.sample) {
            return;
        }
        let Decided { session, event, facts, decision, circumstances } = decided;
        self.desk.offer(Case {
            account: self.account.clone(),
            session,
            candidate,
            in_force: Arc::clone(in_force),
            event,
            facts,
            decision,
            circumstances,
        });
    }
}

/// Whether a communication is one of so many of a hundred: always the same ones, on whatever machine.
fn is_sampled(session: &SessionKey, sample: u8) -> bool {
    if sample >= ALL {
        return true;
    }
    let hash = blake3::hash(session.as_str().as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(hash.as_bytes().first_chunk::<8>().unwrap_or(&[0; 8]));
    u64::from_be_bytes(first) % u64::from(ALL) < u64::from(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_same_each_time_and_about_as_large_as_wanted() {
        let sampled =
            |sample| (0..10_000).filter(move |id| is_sampled(&SessionKey::new(format!("call:{id}")), sample));
        assert_eq!(sampled(100).count(), 10_000);
        let ten: Vec<u32> = sampled(10).collect();
        assert!((850..1_150).contains(&ten.len()), "{}", ten.len());
        // A larger sample holds the smaller one, so that turning it up loses nothing.
        let twenty: std::collections::BTreeSet<u32> = sampled(20).collect();
        assert!(ten.iter().all(|id| twenty.contains(id)));
    }
}
