//! The five routes that an event can take through a bundle.
//!
//! Sections are written for kinds of event, calls also by direction. Each combination is a *slot*: a plan is made
//! for each, so that deciding touches nothing that concerns other events.

use std::fmt;

use crate::schema::{Direction, EventKind};

/// A kind of event, calls by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// An incoming call.
    IncomingCall,
    /// An outgoing call.
    OutgoingCall,
    /// A chat.
    Chat,
    /// A request.
    Request,
    /// An order.
    Order,
}

/// Some slots: what a section's header names.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Slots(u8);

impl Slot {
    /// All of them, in the order of the documentation.
    pub const ALL: [Slot; 5] =
        [Slot::IncomingCall, Slot::OutgoingCall, Slot::Chat, Slot::Request, Slot::Order];

    /// The slot of an event. A call without direction counts as incoming.
    pub const fn of(kind: EventKind, direction: Option<Direction>) -> Slot {
        match (kind, direction) {
            (EventKind::Call, Some(Direction::Outgoing)) => Slot::OutgoingCall,
            (EventKind::Call, _) => Slot::IncomingCall,
            (EventKind::Chat, _) => Slot::Chat,
            (EventKind::Request, _) => Slot::Request,
            (EventKind::Order, _) => Slot::Order,
        }
    }

    /// The kind of its events.
    pub const fn kind(self) -> EventKind {
        match self {
            Slot::IncomingCall | Slot::OutgoingCall => EventKind::Call,
            Slot::Chat => EventKind::Chat,
            Slot::Request => EventKind::Request,
            Slot::Order => EventKind::Order,
        }
    }

    /// Place in per-slot arrays.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name in English section headers: `incoming calls`.
    pub const fn en(self) -> &'static str {
        match self {
            Slot::IncomingCall => "incoming calls",
            Slot::OutgoingCall => "outgoing calls",
            other => other.kind().plural_en(),
        }
    }

    /// The name in Russian section headers, after `для`: `входящих звонков`.
    pub const fn ru(self) -> &'static str {
        match self {
            Slot::IncomingCall => "входящих звонков",
            Slot::OutgoingCall => "исходящих звонков",
            other => other.kind().plural_ru(),
        }
    }
}

impl Slots {
    /// No slot.
    pub const NONE: Slots = Slots(0);
    /// Both directions of calls.
    pub const CALLS: Slots = Slots(0b11);
    /// Orders.
    pub const ORDERS: Slots = Slots(0b1_0000);

    /// One slot.
    pub const fn one(slot: Slot) -> Slots {
        Slots(1 << slot.index())
    }

    /// Whether a slot is among them.
    pub const fn has(self, slot: Slot) -> bool {
        self.0 & Slots::one(slot).0 != 0
    }

    /// Those of either.
    #[must_use]
    pub const fn or(self, other: Slots) -> Slots {
        Slots(self.0 | other.0)
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Slots) -> Slots {
        Slots(self.0 & other.0)
    }

    /// Those that `other` does not have.
    #[must_use]
    pub const fn without(self, other: Slots) -> Slots {
        Slots(self.0 & !other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The slots in order.
    pub fn iter(self) -> impl Iterator<Item = Slot> {
        Slot::ALL.into_iter().filter(move |slot| self.has(*slot))
    }

    /// The kinds of their events, each once.
    pub fn kinds(self) -> impl Iterator<Item = EventKind> {
        EventKind::ALL.into_iter().filter(move |kind| self.iter().any(|slot| slot.kind() == *kind))
    }

    /// Names for English sentences: `calls, chats`.
    pub fn to_en(self) -> String {
        self.names(Slot::en, "calls")
    }

    /// Names for Russian sentences, after `для`: `звонков, чатов`.
    pub fn to_ru(self) -> String {
        self.names(Slot::ru, "звонков")
    }

    fn names(self, name: fn(Slot) -> &'static str, calls: &'static str) -> String {
        let both = self.and(Slots::CALLS) == Slots::CALLS;
        let rest = if both { self.without(Slots::CALLS) } else { self };
        let names: Vec<&str> = both.then_some(calls).into_iter().chain(rest.iter().map(name)).collect();
        names.join(", ")
    }
}

impl FromIterator<Slot> for Slots {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Slots {
        slots.into_iter().fold(Slots::NONE, |all, slot| all.or(Slots::one(slot)))
    }
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_en())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_join_both_directions() {
        let slots = Slots::CALLS.or(Slots::one(Slot::Chat));
        assert_eq!(slots.to_en(), "calls, chats");
        assert_eq!(Slots::one(Slot::IncomingCall).to_ru(), "входящих звонков");
        assert_eq!(slots.kinds().collect::<Vec<_>>(), [EventKind::Call, EventKind::Chat]);
    }

    #[test]
    fn sets() {
        let some: Slots = [Slot::Chat, Slot::Order].into_iter().collect();
        assert!(some.has(Slot::Order) && !some.has(Slot::Request));
        assert_eq!(some.without(Slots::ORDERS), Slots::one(Slot::Chat));
        assert!(some.and(Slots::CALLS).is_empty());
    }
}
