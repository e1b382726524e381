//! What rules said beside the lanes, kept so that other rules can be asked the same.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::ids::{AccountId, Json};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RulingKind {
    /// Whom a call that rings is put through to.
    Forward,
    /// What a pop-up shows before anything is decided.
    PopUp,
    /// Which deal an order is.
    Deal,
}

/// What was said, and from what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRuling {
    /// The account.
    pub account: AccountId,
    /// What was asked.
    pub kind: RulingKind,
    /// About which communication or order, when it has a name. Of several about one the last one counts.
    pub subject: Option<SmolStr>,
    /// Which rules.
    pub bundle_digest: SmolStr,
    /// The event that they were given.
    pub event: Json,
    /// The facts that they were given.
    pub facts: Json,
    /// What they said.
    pub told: Json,
    /// When.
    pub at: Timestamp,
}

/// One that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Its number.
    pub id: i64,
    /// What was kept.
    pub made: NewRuling,
}

impl RulingKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Forward, Self::PopUp, Self::Deal];

    /// Its name for machines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::PopUp => "popup",
            Self::Deal => "deal",
        }
    }
}
