//! Policies of a bundle: which function of which script changes which part of a decision.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Place, Slots};
use crate::catalog::{Fact, Hook};
use crate::schema::FieldKey;

/// A fact that policies need, and how many entries of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// Which fact.
    pub fact: Fact,
    /// The most entries that are looked at; 1 for what has no entries.
    pub count: u16,
}

/// A policy.
#[derive(Clone, Debug)]
pub(crate) struct PolicyRule {
    /// Its line.
    pub(crate) place: Place,
    pub(crate) hook: Hook,
    /// Its script, by number.
    pub(crate) script: usize,
    /// Its function in the script.
    pub(crate) function: SmolStr,
    /// The slots in which only events that reached nobody count.
    pub(crate) unreached: Slots,
    /// The slots in which only events that reached somebody count.
    pub(crate) reached: Slots,
    /// What it may look at.
    pub(crate) needs: Arc<[Need]>,
    /// Whether an event waits for a person when it fails.
    pub(crate) park: bool,
    /// The fields of the event that it looks at.
    pub(crate) reads: Reads,
}

/// The fields of an event that a policy looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// These, entries of open fields apart.
    These(Vec<FieldKey>),
    /// It cannot be told: any of them.
    All,
}

/// The facts that several policies need together, each with the most entries that one of them asks for.
pub(crate) fn together<'p>(policies: impl IntoIterator<Item = &'p PolicyRule>) -> Box<[Need]> {
    let mut all: Vec<Need> = Vec::new();
    for need in policies.into_iter().flat_map(|policy| policy.needs.iter()) {
        match all.iter_mut().find(|known| known.fact == need.fact) {
            Some(known) => known.count = known.count.max(need.count),
            None => all.push(*need),
        }
    }
    all.sort_unstable();
    all.into()
}
