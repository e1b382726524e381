//! What the store still keeps for accounts that the settings do not have any more.
//!
//! Nothing of it is lost and nothing of it is worked on: it waits for an account of the same name.

use serde::Serialize;

use crate::config::Config;
use crate::store::record::AccountOverview;

/// What is kept for one account that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Its name.
    pub account: String,
    /// Notifications and calls that were accepted and are not finished.
    pub waiting: u64,
    /// Effects that are not done.
    pub effects: u64,
    /// What was put aside for a person.
    pub put_aside: u64,
}

/// What is kept for accounts that `config` does not have; nothing of those that have nothing.
pub fn left(overview: &[AccountOverview], config: &Config) -> Vec<Left> {
    let gone = overview.iter().filter(|one| config.account(one.account.as_str()).is_none());
    let counted = gone.map(|one| {
        let (events, calls, effects) = (&one.events, &one.communications, &one.effects);
        Left {
            account: one.account.as_str().to_owned(),
            waiting: events.available + calls.open + calls.ending + calls.decided,
            effects: effects.ready + effects.in_flight + effects.unknown + effects.held,
            put_aside: events.parked + events.unparsed + effects.dead,
        }
    });
    counted.filter(|left| left.waiting + left.effects + left.put_aside > 0).collect()
}
