//! The model: plain lists, searched from one end to the other, and the rules of the store said once more.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_runtime::store::record::{
    EffectId, EffectState, Epoch, EventSeq, EventState, Lease, Phase, SessionKey,
};

/// Seconds since the beginning.
pub(super) type Seconds = i64;

/// Which lane of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    /// A contact's.
    Contact(u8),
    /// A session's own.
    Session(u8),
}

/// An accepted event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) seq: EventSeq,
    pub(super) account: u8,
    pub(super) dedup: u8,
    pub(super) session: Option<u8>,
    pub(super) lane: Option<Lane>,
    pub(super) received_at: Seconds,
    pub(super) state: EventState,
    pub(super) attempts: u32,
    pub(super) next_at: Seconds,
}

/// A communication.
#[derive(Clone, Debug)]
pub(super) struct Communication {
    pub(super) lane: Lane,
    pub(super) phase: Phase,
    pub(super) due: Option<Seconds>,
    /// The place among all that were ever written.
    pub(super) number: usize,
}

/// A planned effect.
#[derive(Clone, Debug)]
pub(super) struct Effect {
    pub(super) id: EffectId,
    pub(super) account: u8,
    pub(super) lane: Lane,
    pub(super) session: u8,
    pub(super) key: u8,
    pub(super) state: EffectState,
    pub(super) next_at: Seconds,
    pub(super) epoch: Option<Epoch>,
}

/// Who has a lane until when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) epoch: Epoch,
    pub(super) until: Seconds,
}

/// Everything.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) now: Seconds,
    pub(super) events: Vec<Event>,
    pub(super) sessions: BTreeMap<(u8, u8), u8>,
    pub(super) communications: BTreeMap<(u8, u8), Communication>,
    pub(super) effects: Vec<Effect>,
    pub(super) held: BTreeMap<(u8, Lane), Held>,
    /// What workers asked for on release.
    pub(super) wakes: BTreeMap<(u8, Lane), Seconds>,
    pub(super) stopped: BTreeSet<u8>,
    pub(super) served: BTreeMap<u8, Epoch>,
    /// Every lease that was ever given, with its lane, good or not.
    pub(super) leases: Vec<(u8, Lane, Lease)>,
    pub(super) last_epoch: Option<Epoch>,
}

impl Model {
    /// Returns the lane of a session, or `lane` for something of no session.
    pub(super) fn place(&self, account: u8, session: Option<u8>, contact: Option<u8>) -> Lane {
        match (session, contact) {
            (None, contact) => Lane::Contact(contact.unwrap_or_default()),
            (Some(session), contact) => match self.sessions.get(&(account, session)).copied().or(contact) {
                Some(contact) => Lane::Contact(contact),
                None => Lane::Session(session),
            },
        }
    }

    /// Notes the contact of a session, unless it has one, and moves what is in the session's own lane.
    pub(super) fn learn(&mut self, account: u8, session: u8, contact: u8) {
        if self.sessions.contains_key(&(account, session)) {
            return;
        }
        self.sessions.insert((account, session), contact);
        let (from, to) = (Lane::Session(session), Lane::Contact(contact));
        for event in &mut self.events {
            if event.account == account && event.lane == Some(from) && event.state == EventState::Available {
                event.lane = Some(to);
            }
        }
        if let Some(communication) = self.communications.get_mut(&(account, session)) {
            communication.lane = to;
        }
        for effect in &mut self.effects {
            if effect.account == account && effect.lane == from && effect.state.is_pending() {
                effect.lane = to;
            }
        }
        self.held.remove(&(account, from));
        self.wakes.remove(&(account, from));
    }

    /// Tells whether a lease is good.
    pub(super) fn is_held(&self, account: u8, lane: Lane, lease: &Lease) -> bool {
        self.held.get(&(account, lane)).is_some_and(|held| held.epoch == lease.epoch)
    }

    /// Takes all leases back. A lane that was leased is ready for the earliest of its effects, not only for the first.
    pub(super) fn free_all(&mut self) {
        for (account, lane) in std::mem::take(&mut self.held).into_keys() {
            let own = self.effects.iter().filter(|it| it.account == account && it.lane == lane);
            let sent = own.filter(|it| it.state.is_pending() && it.state != EffectState::Held);
            if let Some(earliest) = sent.map(|it| it.next_at).min() {
                self.wakes.insert((account, lane), earliest);
            }
        }
    }

    /// Returns when a lane is ready, or when its lease runs out.
    pub(super) fn ready_at(&self, account: u8, lane: Lane) -> Option<Seconds> {
        if let Some(held) = self.held.get(&(account, lane)) {
            return Some(held.until);
        }
        let available = || {
            self.events.iter().filter(move |event| {
                event.account == account && event.lane == Some(lane) && event.state == EventState::Available
            })
        };
        let fresh = available().filter(|event| event.attempts == 0).min_by_key(|event| event.seq);
        let retry = available().filter(|event| event.attempts > 0).map(|event| event.next_at).min();
        let due = self
            .communications
            .iter()
            .filter(|((of, _), it)| *of == account && it.lane == lane && it.phase != Phase::Closed)
            .filter_map(|(_, it)| it.due)
            .min();
        let effect = self
            .effects
            .iter()
            .filter(|it| it.account == account && it.lane == lane)
            .filter(|it| it.state.is_pending() && it.state != EffectState::Held)
            .min_by_key(|it| it.id);
        let wake = self.wakes.get(&(account, lane)).copied();
        [fresh.map(|event| event.received_at), retry, due, effect.map(|it| it.next_at), wake]
            .into_iter()
            .flatten()
            .min()
    }

    /// Returns all lanes of accounts that are not stopped, with the moment of each that has one.
    pub(super) fn moments(&self) -> BTreeMap<(u8, Lane), Seconds> {
        let mut moments = BTreeMap::new();
        for account in (0..2).filter(|account| !self.stopped.contains(account)) {
            let lanes = (0..3).flat_map(|number| [Lane::Contact(number), Lane::Session(number)]);
            for lane in lanes {
                if let Some(at) = self.ready_at(account, lane) {
                    moments.insert((account, lane), at);
                }
            }
        }
        moments
    }

    /// Returns the events a worker is shown: place and attempts.
    pub(super) fn work_events(&self, account: u8, lane: Lane) -> Vec<(EventSeq, u32)> {
        self.events
            .iter()
            .filter(|event| event.account == account && event.lane == Some(lane))
            .filter(|event| event.state == EventState::Available)
            .filter(|event| event.attempts == 0 || event.next_at <= self.now)
            .map(|event| (event.seq, event.attempts))
            .collect()
    }

    /// Returns the communications a worker is shown with such events.
    pub(super) fn work_communications(&self, account: u8, lane: Lane) -> Vec<(SessionKey, Phase)> {
        let events = self.work_events(account, lane);
        let named: BTreeSet<_> = self
            .events
            .iter()
            .filter(|event| events.iter().any(|(seq, _)| *seq == event.seq))
            .filter_map(|event| event.session)
            .collect();
        let mut found: Vec<_> = self
            .communications
            .iter()
            .filter(|((of, session), it)| {
                *of == account && ((it.lane == lane && it.phase != Phase::Closed) || named.contains(session))
            })
            .collect();
        found.sort_by_key(|(_, it)| it.number);
        found.into_iter().map(|((_, session), it)| (super::history::session(*session), it.phase)).collect()
    }

    /// Returns the effects a worker is shown.
    pub(super) fn work_effects(
        &self,
        account: u8,
        lane: Lane,
    ) -> Vec<(EffectId, EffectState, Option<Epoch>)> {
        self.effects
            .iter()
            .filter(|it| it.account == account && it.lane == lane && it.state.is_pending())
            .map(|it| (it.id, it.state, it.epoch))
            .collect()
    }

    /// Returns the event at a place.
    pub(super) fn event_mut(&mut self, seq: EventSeq) -> Option<&mut Event> {
        self.events.iter_mut().find(|event| event.seq == seq)
    }
}
