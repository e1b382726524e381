//! Who saw the pop-up of a call, as it is kept.
//!
//! Format, version 1: what taking it off needs to be told, one entry for each user of the CRM who saw it, and one for
//! each whose phone rang and who did not. An entry is written before the request that shows it, so "seen" means: may
//! have been seen. What was added to the format later has defaults, so earlier rows are read as they were meant.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::communication::Left;
use crate::store::record::Json;

/// The version that is written.
const VERSION: u32 = 1;
/// The most entries of who did not see it that are kept of one call; further ones are only counted.
const MAX_NOT_SHOWN: usize = 50;

/// Who saw the pop-up of one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    v: u32,
    /// The client's number, as it was shown.
    pub(crate) phone: String,
    /// By user of the CRM.
    pub(crate) seen: BTreeMap<u64, Seen>,
    /// Whose phones rang without it, one entry each, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_shown: Vec<NotShown>,
    /// How often taking it off has failed in a row.
    #[serde(default)]
    pub(crate) failed: u32,
    /// When to try that again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) again_at: Option<Timestamp>,
}

/// What one user saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// The employees of UIS that the user is, as far as they were rung.
    pub(crate) employees: Vec<u64>,
    /// The ring it was shown for.
    pub(crate) ring: Timestamp,
    /// When the request that shows it was made; unknown of rows of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shown_at: Option<Timestamp>,
    /// Whether that request got no answer, so that nobody knows whether the user saw it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unsure: bool,
    /// How often it was shown before, for earlier rings of the same call.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) before: u32,
    /// How it was taken off; `None` while it is on the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) off: Option<Gone>,
    /// When it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) off_at: Option<Timestamp>,
}

/// Whose phone rang without the pop-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NotShown {
    /// Who.
    pub(crate) whose: Whose,
    /// The employees of UIS that a user is, as far as they were rung.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) employees: Vec<u64>,
    /// When the ring was heard of.
    pub(crate) ring: Timestamp,
    /// Why there was none.
    pub(crate) why: Why,
}

/// A user of the CRM, or an employee who is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whose {
    /// By number in the CRM.
    User(u64),
    /// By number in UIS.
    Employee(u64),
}

/// Why a ring has no pop-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// The settings want none for calls of this direction.
    Off,
    /// Both sides are employees.
    Internal,
    /// The client's number is not known.
    Hidden,
    /// It was heard of, or could be sent, too late.
    Old,
    /// The filter of the rules turns the call away.
    Rejected,
    /// The employee is no user of the CRM.
    Stranger,
    /// The CRM refused the request.
    Failed,
}

/// How a pop-up was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Gone {
    /// This user talked.
    Answered,
    /// Nobody answered here.
    NoAnswer,
    /// Busy.
    Busy,
    /// Who called gave up.
    Cancelled,
    /// It did not get through, or its end was never heard of.
    Failed,
    /// The CRM does not know the user, or would not hear of it any more: there is nothing on a screen.
    Nothing,
}

impl From<Left> for Gone {
    fn from(left: Left) -> Self {
        match left {
            Left::Answered => Self::Answered,
            Left::NoAnswer => Self::NoAnswer,
            Left::Busy => Self::Busy,
            Left::Cancelled => Self::Cancelled,
            Left::Failed => Self::Failed,
        }
    }
}

impl Card {
    /// One that nobody has seen.
    pub(crate) fn new(phone: String) -> Self {
        Self { v: VERSION, phone, seen: BTreeMap::new(), not_shown: Vec::new(), failed: 0, again_at: None }
    }

    /// Reads what is kept; `None` when another version wrote it.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        json.read().ok().filter(|card: &Self| card.v == VERSION)
    }

    /// Notes that users are about to see it, at a moment.
    pub(crate) fn show(&mut self, user: u64, employees: Vec<u64>, ring: Timestamp, now: Timestamp) {
        let before = self.seen.get(&user).map_or(0, |seen| seen.before.saturating_add(1));
        let seen = Seen { before, shown_at: Some(now), ..Seen::new(employees, ring) };
        self.seen.insert(user, seen);
        self.not_shown.retain(|other| other.whose != Whose::User(user));
    }

    /// Notes that somebody does not see it; says whether that is news. What the settings say is not kept: it is so for
    /// every call.
    pub(crate) fn miss(&mut self, missed: &NotShown) -> bool {
        if missed.why == Why::Off || self.not_shown.contains(missed) {
            return false;
        }
        self.not_shown.retain(|other| other.whose != missed.whose);
        let has_room = self.not_shown.len() < MAX_NOT_SHOWN;
        if has_room {
            self.not_shown.push(missed.clone());
        }
        has_room
    }

    /// Whether somebody may have it on the screen.
    pub(crate) fn is_open(&self) -> bool {
        self.seen.values().any(|seen| seen.off.is_none())
    }
}

impl Seen {
    /// By employees for a ring; nothing else is known.
    pub(crate) fn new(employees: Vec<u64>, ring: Timestamp) -> Self {
        Self { employees, ring, shown_at: None, unsure: false, before: 0, off: None, off_at: None }
    }

    /// Notes how it was taken off, at a moment.
    pub(crate) fn take_off(&mut self, gone: Gone, now: Timestamp) {
        (self.off, self.off_at) = (Some(gone), Some(now));
    }
}

impl Gone {
    /// Its name, as it is kept.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Nothing => "nothing",
        }
    }
}

impl Why {
    /// Its name, in figures and as it is kept.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Internal => "internal",
            Self::Hidden => "hidden",
            Self::Old => "old",
            Self::Rejected => "rejected",
            Self::Stranger => "stranger",
            Self::Failed => "failed",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn missed(employee: u64, why: Why) -> NotShown {
        NotShown { whose: Whose::Employee(employee), employees: Vec::new(), ring: at(1), why }
    }

    #[test]
    fn a_row_of_before_is_read_and_one_of_another_version_is_not() {
        let old =
            r#"{"v":1,"phone":"+79000000061","seen":{"27":{"employees":[1],"ring":"2026-03-02T09:00:00Z"}}}"#;
        let card = Card::read(&Json::from_text(old.to_owned())).unwrap();
        assert!(card.is_open() && card.seen[&27].shown_at.is_none() && card.not_shown.is_empty());
        let newer = old.replace("\"v\":1", "\"v\":2");
        assert_eq!(Card::read(&Json::from_text(newer)), None);
    }

    #[test]
    fn who_did_not_see_it_is_kept_once_and_forgotten_when_it_is_shown() {
        let mut card = Card::new(String::new());
        let user = NotShown { whose: Whose::User(27), ..missed(1, Why::Failed) };
        assert!(card.miss(&user) && card.miss(&missed(3, Why::Stranger)));
        assert!(!card.miss(&user), "known already");
        assert!(!card.miss(&missed(4, Why::Off)), "the settings say so of every call");
        let later = NotShown { ring: at(9), why: Why::Old, ..user };
        assert!(card.miss(&later));
        assert_eq!(card.not_shown, [missed(3, Why::Stranger), later]);
        card.show(27, vec![1], at(12), at(13));
        assert_eq!(card.not_shown, [missed(3, Why::Stranger)]);
        card.seen.get_mut(&27).unwrap().take_off(Gone::NoAnswer, at(14));
        card.show(27, vec![1], at(20), at(20));
        assert_eq!((card.seen[&27].before, card.seen[&27].off), (1, None));
    }

    #[test]
    fn who_did_not_see_it_is_bounded() {
        let mut card = Card::new(String::new());
        let kept = (0..1000).filter(|employee| card.miss(&missed(*employee, Why::Stranger))).count();
        assert_eq!((kept, card.not_shown.len()), (MAX_NOT_SHOWN, MAX_NOT_SHOWN));
    }
}
