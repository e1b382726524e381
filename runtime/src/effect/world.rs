//! What an effect may use while it is carried out, and what became of the effects it needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use smol_str::{SmolStr, ToSmolStr as _};

use super::request::{Assignee, Whose};
use super::verdict::Trouble;
use crate::crm::{self, Priority, Urgency};
use crate::directory::Snapshot;
use crate::outbound::SendGuard;
use crate::store::record::{AccountId, Effect, EffectKey, EffectState, Link, NaturalKey};
use crate::store::{Store, StoreError};
use crate::uis::AddressBook;

/// Kinds of links.
pub(crate) const ORDER_LINK: &str = "order";
pub(crate) const TASK_LINK: &str = "task";

/// What an effect may use.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The account.
    pub account: &'a AccountId,
    /// Its RetailCRM, for as long as the lane is ours.
    pub crm: &'a crm::Client,
    /// Where links are.
    pub store: &'a dyn Store,
    /// The account's people and fields.
    pub directory: &'a Snapshot,
    /// The present moment.
    pub now: Timestamp,
    /// Whether this repeats an earlier try.
    pub again: bool,
    /// The address book of UIS, when the account writes into it.
    pub book: Option<&'a AddressBook>,
    /// Says whether there is time for a request to the address book; [`World::crm`] has its own.
    pub guard: Option<&'a Arc<dyn SendGuard>>,
}

/// What became of the effects that one needs.
#[derive(Debug, Clone, Default)]
pub struct Needed {
    effects: BTreeMap<EffectKey, Outcome>,
}

#[derive(Debug, Clone)]
struct Outcome {
    state: EffectState,
    remote_id: Option<u64>,
    created: bool,
    site: Option<String>,
    performer_id: Option<u64>,
}

/// The record that something is about, looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// It is known.
    Id {
        /// Its number.
        id: u64,
        /// Whether the effect that gave it also made it.
        created: bool,
        /// Its shop, when that is known.
        site: Option<String>,
    },
    /// There is none, and there was to be none.
    Nobody,
    /// There was to be one, and there is none.
    Missing,
}

impl World<'_> {
    pub(super) fn urgency(&self, priority: Priority) -> Urgency {
        Urgency { priority, again: self.again }
    }

    /// A link.
    pub(super) async fn link(&self, kind: &str, key: &str) -> Result<Option<Link>, Trouble> {
        self.store.link(self.account, kind, &NaturalKey::new(key)).await.map_err(|error| store(&error))
    }

    /// The user of the CRM that somebody is: as the directory knows now, else as it knew when the plan was made.
    pub(super) fn user_of(&self, one: &Assignee) -> Option<u64> {
        self.directory.user_by_email(&one.email).or(one.user)
    }

    /// A link as it is now known to be.
    pub(super) fn linked(&self, kind: &'static str, key: &str, id: u64) -> Link {
        Link {
            kind: SmolStr::new_static(kind),
            natural_key: NaturalKey::new(key),
            remote_id: id.to_smolstr(),
            checked_at: self.now,
        }
    }
}

/// What trouble with our own store means: nothing was done, and it is nobody's fault outside.
fn store(error: &StoreError) -> Trouble {
    Trouble::Retry { error: error.to_string(), at_least: std::time::Duration::from_secs(1), counts: false }
}

impl Needed {
    /// From effects as they are kept.
    pub fn of(effects: &[Effect]) -> Self {
        let outcome = |effect: &Effect| {
            let response: Value =
                effect.response.as_ref().and_then(|response| response.read().ok()).unwrap_or_default();
            Outcome {
                state: effect.state,
                remote_id: effect.remote_id.as_ref().and_then(|id| id.parse().ok()),
                created: response.get("created").and_then(Value::as_bool).unwrap_or(false),
                site: response.get("site").and_then(Value::as_str).map(str::to_owned),
                performer_id: response.get("performer_id").and_then(Value::as_u64),
            }
        };
        Self { effects: effects.iter().map(|effect| (effect.key.clone(), outcome(effect))).collect() }
    }

    /// Where a needed effect stands; `None` when there is no such effect.
    pub fn state(&self, key: &EffectKey) -> Option<EffectState> {
        self.effects.get(key).map(|outcome| outcome.state)
    }

    /// Whose task a needed effect has made, when it is known.
    pub(super) fn performer(&self, key: &EffectKey) -> Option<u64> {
        self.effects.get(key).and_then(|outcome| outcome.performer_id)
    }

    pub(super) fn target(&self, whose: &Whose) -> Target {
        match whose {
            Whose::Nobody => Target::Nobody,
            Whose::Known(id) => Target::Id { id: *id, created: false, site: None },
            Whose::Effect(key) => match self.effects.get(key) {
                Some(Outcome { state: EffectState::Done, remote_id: Some(id), created, site, .. }) => {
                    Target::Id { id: *id, created: *created, site: site.clone() }
                }
                _ => Target::Missing,
            },
        }
    }
}
