//! A call as it is kept: the set of notifications that were heard of it.
//!
//! Format, version 1: `{"version":1,"session":998700001,"heard":[{"at":…,"said":{…}}, …]}`, sorted by rank and identity,
//! so that the same set is the same bytes. A set has no order and no repetitions, which is what makes merging
//! independent of both; what the notifications say together is worked out by `merged`, so a better way to read them
//! needs no migration.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::uis::{EventCode, Notification, identity};

/// The version of the format that is written.
pub const VERSION: u32 = 1;

/// The most notifications of a call that are kept. A call that rings a hundred employees twice has about as many; of
/// more, the ends and the recordings are kept first.
pub const MAX_HEARD: usize = 250;

/// One notification and when it first arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// When it first arrived, by our clock.
    pub at: Timestamp,
    /// What it says.
    pub said: Notification,
}

/// Everything that was heard of one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Kept", try_from = "Kept")]
pub struct Call {
    session: u64,
    /// By rank and identity; at most [`MAX_HEARD`].
    heard: BTreeMap<(u8, String), Heard>,
}

/// The format of a call.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    session: u64,
    heard: Vec<Heard>,
}

/// Why a kept call cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("call has version {found}, this program knows {VERSION}")]
pub struct VersionError {
    found: u32,
}

impl Call {
    /// A call of which nothing was heard.
    pub fn new(session: u64) -> Self {
        Self { session, heard: BTreeMap::new() }
    }

    /// Takes a notification in; says whether that changed anything.
    ///
    /// A notification of another call changes nothing. Of two deliveries of one event the earlier arrival counts, and
    /// should they differ, the one with the smaller text.
    pub fn hear(&mut self, said: Notification, at: Timestamp) -> bool {
        if said.session != self.session {
            return false;
        }
        let key = (rank(said.event), identity(&said).dedup);
        let changed = match self.heard.get_mut(&key) {
            None => {
                self.heard.insert(key.clone(), Heard { at, said });
                true
            }
            Some(there) => {
                let earlier = at < there.at;
                there.at = there.at.min(at);
                let other = text(&said) < text(&there.said);
                if other {
                    there.said = said;
                }
                earlier || other
            }
        };
        let mut crowded_out = false;
        while self.heard.len() > MAX_HEARD {
            crowded_out |= self.heard.pop_last().is_some_and(|(last, _)| last == key);
        }
        changed && !crowded_out
    }

    /// Its session.
    pub fn session(&self) -> u64 {
        self.session
    }

    /// What was heard, what matters most first.
    pub fn heard(&self) -> impl DoubleEndedIterator<Item = &Heard> {
        self.heard.values()
    }

    /// Whether a report was read for it.
    pub fn is_reported(&self) -> bool {
        self.heard().any(|heard| heard.said.event == EventCode::Report)
    }

    /// Links to its recordings, as often as they were told of.
    pub fn record_links(&self) -> impl Iterator<Item = &str> {
        self.heard().flat_map(|heard| heard.said.record_links())
    }

    /// When something was last heard of it, by our clock; `None` when nothing was.
    pub fn last_heard(&self) -> Option<Timestamp> {
        self.heard().map(|heard| heard.at).max()
    }
}

/// How much a kind of notification has to say about the call as a whole; 0 is the most.
pub(super) fn rank(event: EventCode) -> u8 {
    match event {
        EventCode::CallEnd => 0,
        EventCode::CallLost => 1,
        EventCode::Record => 2,
        EventCode::Report => 3,
        EventCode::CallStart => 4,
        EventCode::CallOut => 5,
        EventCode::TalkEnd => 6,
        EventCode::TalkStart => 7,
        EventCode::Ring => 8,
    }
}

fn text(notification: &Notification) -> String {
    // Numbers, texts and lists always have a JSON form.
    serde_json::to_string(notification).unwrap_or_default()
}

impl From<Call> for Kept {
    fn from(call: Call) -> Self {
        Self { version: VERSION, session: call.session, heard: call.heard.into_values().collect() }
    }
}

impl TryFrom<Kept> for Call {
    type Error = VersionError;

    fn try_from(kept: Kept) -> Result<Self, VersionError> {
        if kept.version != VERSION {
            return Err(VersionError { found: kept.version });
        }
        let mut call = Self::new(kept.session);
        for heard in kept.heard {
            call.hear(heard.said, heard.at);
        }
        Ok(call)
    }
}
