//! An order on its way through a turn.

use jiff::Timestamp;
use switchboard_engine::decide::Deal as Decided;

use super::desk::Desk;
use super::memory::Memory;
use super::rows::Content;
use super::stages::Place;
use crate::crm::Sale;
use crate::directory::Snapshot;
use crate::store::record::{Due, Settled};
use crate::uis::DealContact;

/// An order that becomes a deal.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) due: Due,
    pub(super) sale: Sale,
    pub(super) memory: Memory,
    /// What the rules say of it as it is now.
    pub(super) decided: Decided,
    /// Where it was and where it is.
    pub(super) places: Vec<Place>,
    pub(super) contacts: Vec<DealContact>,
    pub(super) created: Timestamp,
}

/// What came of a look at an order.
#[derive(Debug)]
pub(super) enum Seen {
    /// It goes on.
    Item(Box<Item>),
    /// It is at its end.
    Settled(Box<Settled>),
}

impl Seen {
    pub(super) fn settled(settled: Settled) -> Self {
        Self::Settled(Box::new(settled))
    }
}

impl Item {
    /// What its rows are made of.
    pub(super) fn content<'a>(
        &'a self,
        desk: &'a Desk,
        directory: &'a Snapshot,
        now: Timestamp,
    ) -> Content<'a> {
        Content {
            sale: &self.sale,
            decided: &self.decided,
            contacts: &self.contacts,
            memory: &self.memory,
            settings: &desk.parts.settings,
            directory,
            created: self.created,
            now,
        }
    }
}
