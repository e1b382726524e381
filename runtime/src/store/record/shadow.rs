//! What rules that are tried beside those in force would have decided otherwise: counts, and examples.

use std::ops::AddAssign;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use smol_str::SmolStr;

use super::ids::{AccountId, SessionKey};

/// Which rules were tried beside which, for whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShadowPair {
    /// The account.
    pub account: AccountId,
    /// The digest of the rules that were tried.
    pub candidate: SmolStr,
    /// The digest of the rules in force then.
    pub in_force: SmolStr,
}

/// What a group of communications has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShadowClass {
    /// One part of the decision would be another. A communication may be in several such groups.
    Differs,
    /// The candidate needs what nobody asked for.
    Unjudged,
    /// The candidate came to no decision.
    Failed,
}

/// How many communications had which outcome. Each is in one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShadowCounts {
    /// Both decided the same.
    pub same: u64,
    /// They decided differently.
    pub differ: u64,
    /// The candidate needs what nobody asked for.
    pub unjudged: u64,
    /// The candidate came to no decision.
    pub failed: u64,
    /// There was no room to wait in.
    pub dropped: u64,
}

/// A group as it is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShadowKey {
    /// What it is of.
    pub class: ShadowClass,
    /// The same for the same group, whatever the language.
    pub key: String,
}

/// What is added to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowSeen {
    /// Its name in English.
    pub en: String,
    /// Its name in Russian.
    pub ru: String,
    /// How many communications more.
    pub count: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last of them.
    pub last_at: Timestamp,
    /// Some of them; the store keeps the latest.
    pub examples: Vec<(SessionKey, Timestamp)>,
}

/// What was compared since the last one, of one pair on one day; it is added to what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowTally {
    /// Which rules.
    pub pair: ShadowPair,
    /// The day in the zone of the account.
    pub day: Date,
    /// How many communications more.
    pub counts: ShadowCounts,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last of them.
    pub last_at: Timestamp,
    /// The groups that they are in.
    pub groups: Vec<(ShadowKey, ShadowSeen)>,
}

/// How much is kept of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShadowBounds {
    /// Pairs; the one that was written longest ago goes first.
    pub pairs: usize,
    /// Groups of one pair; communications of further ones are counted under [`ShadowKey::OTHERS`].
    pub groups: usize,
    /// Examples of one group; the oldest goes first.
    pub examples: usize,
}

/// What is known of one pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowRun {
    /// Which rules.
    pub pair: ShadowPair,
    /// The first communication that was compared.
    pub first_at: Timestamp,
    /// The last one.
    pub last_at: Timestamp,
    /// All days together.
    pub counts: ShadowCounts,
    /// Each day, the latest first.
    pub days: Vec<(Date, ShadowCounts)>,
}

/// One group of one pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowGroup {
    /// Its name for machines.
    pub key: ShadowKey,
    /// Its name in English.
    pub en: String,
    /// Its name in Russian.
    pub ru: String,
    /// How many communications are in it.
    pub count: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last of them.
    pub last_at: Timestamp,
    /// Some of them, the latest first.
    pub examples: Vec<(SessionKey, Timestamp)>,
}

/// Up to when comparisons are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShadowRetention {
    /// Counts of days before this one go.
    pub days: Date,
    /// Examples from before this go: their decisions are gone, too.
    pub examples: Timestamp,
    /// How many rows one call takes away at most.
    pub limit: usize,
}

impl ShadowCounts {
    /// How many were decided by both.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.same + self.differ
    }
}

impl AddAssign for ShadowCounts {
    fn add_assign(&mut self, more: Self) {
        let Self { same, differ, unjudged, failed, dropped } = more;
        self.same += same;
        self.differ += differ;
        self.unjudged += unjudged;
        self.failed += failed;
        self.dropped += dropped;
    }
}

impl ShadowKey {
    /// The key of all groups that there was no room for.
    pub const OTHERS: &str = "*";
}

impl ShadowClass {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Differs, Self::Unjudged, Self::Failed];

    /// Its name for machines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Differs => "differ",
            Self::Unjudged => "unjudged",
            Self::Failed => "failed",
        }
    }
}
