//! How far a call has come, and when to look again.
//!
//! Decided by our own clock: what was heard when. UIS promises no order, so an end is believed only when nothing more was
//! heard for the settle time; and it promises no delivery, so a call whose end never came is taken to have ended
//! after a longer silence.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::communication::call::{Call, Heard};
use crate::communication::merged::Merged;
use crate::communication::record;
use crate::config;
use crate::source::uis::EventCode;

/// How many settle times late words can put a decision off.
const MAX_SETTLES: u32 = 10;

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// After the last word about an ended call, before it is decided.
    pub settle: Duration,
    /// After the end of a call with talk, for its recording.
    pub record_wait: Duration,
    /// After the last word about a call whose end was not heard of.
    pub open_wait: Duration,
}

/// Where a call stands that has not been decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It goes on; unless more is heard it is taken to have ended then.
    Open {
        /// When to look again.
        until: Timestamp,
    },
    /// Its end was heard; more may come until then.
    Settling {
        /// When to look again.
        until: Timestamp,
    },
    /// It is over: decide.
    Over {
        /// Whether its end was only guessed from the silence.
        guessed: bool,
    },
}

/// Whether a recording is still worth waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordWait {
    /// There was no talk, so there will be none.
    NoTalk,
    /// It is there.
    There,
    /// It may still come until then.
    Until(Timestamp),
    /// It did not come in time.
    GivenUp,
}

impl From<&config::Account> for Timing {
    fn from(account: &config::Account) -> Self {
        Self { settle: account.settle, record_wait: account.record_wait, open_wait: account.open_wait }
    }
}

impl Call {
    /// Where the call stands at `now`.
    pub fn stage(&self, now: Timestamp, timing: &Timing) -> Stage {
        let Some(last) = self.last_heard() else {
            return Stage::Open { until: later(now, timing.open_wait) };
        };
        let Some(end) = self.end_heard() else {
            let until = later(last, timing.open_wait);
            return if now < until { Stage::Open { until } } else { Stage::Over { guessed: true } };
        };
        // Recordings and tags come minutes later and change no decision, and a report is the last word itself, so
        // neither puts anything off.
        let told = |heard: &&Heard| !matches!(heard.said.event, EventCode::Record | EventCode::Report);
        let last = self.heard().filter(told).map(|heard| heard.at).max();
        let latest = later(end, timing.settle.saturating_mul(MAX_SETTLES));
        let until = later(last.unwrap_or(end), timing.settle).min(latest);
        if now < until { Stage::Settling { until } } else { Stage::Over { guessed: false } }
    }

    /// When its end was first heard of, by our clock.
    pub fn end_heard(&self) -> Option<Timestamp> {
        self.heard().filter(|heard| heard.said.event.is_end()).map(|heard| heard.at).min()
    }

    /// Whether to wait at `now` for a recording; the waiting counts from when the end was heard of.
    pub fn record_wait(&self, merged: &Merged, now: Timestamp, timing: &Timing) -> RecordWait {
        let has_whole = merged.recordings.iter().any(|recording| recording.whole);
        let wanted = record::expected(self).max(merged.people.talked.len()).max(1);
        if has_whole || merged.recordings.len() >= wanted {
            return RecordWait::There;
        }
        if !merged.talked {
            return RecordWait::NoTalk;
        }
        let from = self.end_heard().or_else(|| self.last_heard()).unwrap_or(now);
        let until = later(from, timing.record_wait);
        if now < until { RecordWait::Until(until) } else { RecordWait::GivenUp }
    }
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}
