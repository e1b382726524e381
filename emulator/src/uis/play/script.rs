//! A call, told in a few words: what notifications and reports are made of.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which way a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The client calls.
    #[default]
    In,
    /// An employee calls.
    Out,
}

/// A call from its beginning to its end.
///
/// Employees are named by their numbers in UIS. Every member has a default, so a script says only what matters:
///
/// ```
/// use switchboard_emulator::CallScript;
///
/// let missed = CallScript {
///     client: Some("79000000011".to_owned()),
///     virtual_number: "74951234567".to_owned(),
///     rung: vec![323401, 323400],
///     wait_s: 27,
///     ..CallScript::default()
/// };
/// assert!(!missed.is_answered());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallScript {
    /// Number of the session; a fresh one when absent.
    pub session: Option<u64>,
    /// Which way.
    pub direction: Direction,
    /// The client's number, E.164 digits; `None` when it is hidden.
    pub client: Option<String>,
    /// The virtual number, E.164 digits.
    pub virtual_number: String,
    /// When it starts; now when absent.
    pub started: Option<Timestamp>,
    /// Employees whose phones ring, one after the other.
    pub rung: Vec<u64>,
    /// Who lifts the handset of an incoming call; nobody, and it is lost.
    pub answered_by: Option<u64>,
    /// Who makes an outgoing call.
    pub caller: Option<u64>,
    /// Seconds until the talk, or until somebody gives up.
    pub wait_s: u32,
    /// Seconds of talk; an outgoing call without talk has failed.
    pub talk_s: u32,
    /// Transfers during the talk.
    pub transfers: Vec<Transfer>,
    /// Whether there is a record; one for each talker.
    pub recorded: bool,
    /// Seconds from the end of the call until its record is ready.
    pub record_after_s: u32,
    /// Scenario, by name.
    pub scenario: Option<String>,
    /// Site, by domain.
    pub site: Option<String>,
    /// Campaign, by name.
    pub campaign: Option<String>,
    /// Source of traffic, by name; for reports only.
    pub source: Option<String>,
    /// `utm_…` without the prefix; for reports only.
    pub utm: BTreeMap<String, String>,
    /// Search query of the visitor.
    pub search_query: Option<String>,
    /// Visitor.
    pub visitor_id: Option<u64>,
    /// Tags, by name.
    pub tags: Vec<String>,
    /// Number and name in the address book.
    pub contact: Option<(u64, String)>,
    /// Which communication of the person this is.
    pub communication_number: Option<u64>,
    /// What the Call API was given as `external_id`.
    pub external_id: Option<String>,
    /// How the call came about; `va`, or `dynamic_call_tracking` when there is a site.
    pub call_source: Option<String>,
    /// Why it ended; a fitting one when absent.
    pub finish_reason: Option<String>,
    /// The client's mark for the talk.
    pub rating: Option<u8>,
}

/// A transfer to another employee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Seconds of talk before it.
    pub after_s: u32,
    /// Who talks on.
    pub to: u64,
}

impl CallScript {
    /// Whether two people talked.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        match self.direction {
            Direction::In => self.answered_by.is_some(),
            Direction::Out => self.talk_s > 0,
        }
    }

    /// Who talks first; for an outgoing call its caller, reached or not.
    pub(super) fn first_talker(&self) -> Option<u64> {
        match self.direction {
            Direction::In => self.answered_by,
            Direction::Out => self.caller,
        }
    }

    /// Who talks last.
    pub(super) fn last_talker(&self) -> Option<u64> {
        self.transfers.last().map(|transfer| transfer.to).or_else(|| self.first_talker())
    }

    /// Everybody who talked, in order, each with the second of talk at which he begins.
    pub(super) fn talkers(&self) -> Vec<(u64, u32)> {
        if !self.is_answered() {
            return Vec::new();
        }
        let later = self.transfers.iter().map(|transfer| (transfer.to, transfer.after_s.min(self.talk_s)));
        self.first_talker().map(|first| (first, 0)).into_iter().chain(later).collect()
    }

    /// Seconds from the beginning to the end.
    pub(super) fn total_s(&self) -> u32 {
        self.wait_s.saturating_add(if self.is_answered() { self.talk_s } else { 0 })
    }

    /// Seconds at which an employee's phone begins to ring: one after the other, evenly over the wait.
    pub(super) fn rings_at(&self, n: usize) -> u32 {
        let (n, all) = (u64::try_from(n).unwrap_or(0), u64::try_from(self.rung.len().max(1)).unwrap_or(1));
        u32::try_from(u64::from(self.wait_s) * n / all).unwrap_or(u32::MAX)
    }
}

impl Default for CallScript {
    fn default() -> Self {
        Self {
            session: None,
            direction: Direction::In,
            client: None,
            virtual_number: String::new(),
            started: None,
            rung: Vec::new(),
            answered_by: None,
            caller: None,
            wait_s: 10,
            talk_s: 0,
            transfers: Vec::new(),
            recorded: true,
            record_after_s: 15,
            scenario: None,
            site: None,
            campaign: None,
            source: None,
            utm: BTreeMap::new(),
            search_query: None,
            visitor_id: None,
            tags: Vec::new(),
            contact: None,
            communication_number: None,
            external_id: None,
            call_source: None,
            finish_reason: None,
            rating: None,
        }
    }
}
