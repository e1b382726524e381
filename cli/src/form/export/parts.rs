//! What was found so far of each kind of communication.

use std::collections::BTreeMap;

use switchboard_grammar::ast::{EventKind, Events};
use switchboard_grammar::diagnostic::Text;

use super::Obstacle;
use super::place::At;
use crate::form::condition::Condition;
use crate::form::kind::Kind;
use crate::form::model::{Deals, Entities, Field, ResponsibleFilter, Task};

/// Everything found in the rules.
#[derive(Default)]
pub(super) struct Parts<'s> {
    incoming: Part<'s>,
    outgoing: Part<'s>,
    requests: Part<'s>,
    chats: Part<'s>,
    pub(super) deals: Option<Deals>,
    pub(super) obstacles: Vec<Obstacle>,
}

/// What was found of one kind of communication.
#[derive(Default, Clone)]
pub(super) struct Part<'s> {
    /// Whether any section is about it.
    pub(super) seen: bool,
    /// Whether any section beside a filter is.
    pub(super) is_used: bool,
    pub(super) filter: Option<(Passed, At<'s>)>,
    pub(super) entities: Option<Entities>,
    pub(super) settings: Chosen<'s>,
    pub(super) stores: Option<(BTreeMap<String, String>, At<'s>)>,
    pub(super) responsible: Option<ResponsibleTable>,
    pub(super) task: Option<Task>,
    pub(super) client_fields: Vec<(Field, At<'s>)>,
    pub(super) order_fields: Vec<(Field, At<'s>)>,
}

/// What a filter lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Passed {
    Everything,
    When(Condition),
    Nothing,
}

/// The settings of one kind.
#[derive(Default, Clone)]
pub(super) struct Chosen<'s> {
    pub(super) default_responsible: Option<String>,
    pub(super) default_store: Option<(String, At<'s>)>,
    pub(super) click_to_call_number: Option<(String, At<'s>)>,
    pub(super) always_show_number: Option<At<'s>>,
    pub(super) forward_to_manager: Option<At<'s>>,
    pub(super) create_at: Option<String>,
    pub(super) without_contacts: bool,
}

/// A table that says who is responsible.
#[derive(Debug, Clone)]
pub(super) struct ResponsibleTable {
    pub(super) name: String,
    pub(super) filters: Vec<ResponsibleFilter>,
    /// Whether its last row gives the default employee.
    pub(super) gives_default: bool,
}

impl<'s> Parts<'s> {
    pub(super) const fn part(&self, kind: Kind) -> &Part<'s> {
        match kind {
            Kind::Incoming => &self.incoming,
            Kind::Outgoing => &self.outgoing,
            Kind::Requests => &self.requests,
            Kind::Chats => &self.chats,
        }
    }

    pub(super) const fn part_mut(&mut self, kind: Kind) -> &mut Part<'s> {
        match kind {
            Kind::Incoming => &mut self.incoming,
            Kind::Outgoing => &mut self.outgoing,
            Kind::Requests => &mut self.requests,
            Kind::Chats => &mut self.chats,
        }
    }

    /// Notes what the form cannot say.
    pub(super) fn obstacle(&mut self, at: At<'s>, en: impl Into<String>, ru: impl Into<String>) {
        self.obstacles.push(Obstacle::new(at, Text::new(en, ru)));
    }

    /// The kinds that a section is about; those about orders have no place in the form.
    pub(super) fn kinds(&mut self, events: Option<&Events>, at: At<'s>) -> Vec<Kind> {
        let targets = events.map(|events| events.targets.as_slice()).unwrap_or_default();
        if targets.iter().any(|target| target.kind == EventKind::Orders) {
            self.obstacle(
                at,
                "of orders the form has only their transfer",
                "о заказах в форме есть только их передача",
            );
        }
        let mut kinds: Vec<Kind> = targets.iter().flat_map(|target| kinds_of(target.kind)).copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.iter().for_each(|kind| self.part_mut(*kind).seen = true);
        kinds
    }
}

/// The kinds of a word for events.
pub(super) const fn kinds_of(kind: EventKind) -> &'static [Kind] {
    match kind {
        EventKind::IncomingCalls => &[Kind::Incoming],
        EventKind::OutgoingCalls => &[Kind::Outgoing],
        EventKind::Calls => &[Kind::Incoming, Kind::Outgoing],
        EventKind::Chats => &[Kind::Chats],
        EventKind::Requests => &[Kind::Requests],
        EventKind::Orders => &[],
    }
}
