//! What workers do in a history: read, commit, renew, release, with good leases and with bad ones.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseError;
use switchboard_runtime::store::StoreError;
use switchboard_runtime::store::record::{
    Change, EffectClass, EffectState, EventSeq, EventState, Json, Lease, NewEffect, Phase, Progress,
    PutCommunication,
};

use super::history::{LEASE, at, broken, lane, session};
use super::play::{Checked, Player, lease_seconds};
use super::state::{Communication, Effect, Lane};
use super::step::Finish;

impl Player<'_> {
    /// Picks a lease, good or not; one of the last few most of the time.
    fn lease(&self, index: &Index) -> Option<(u8, Lane, Lease, bool)> {
        let recent = self.model.leases.len().min(4);
        let skip = self.model.leases.len() - recent;
        let (of, it, lease) = self.model.leases.get(skip + index.index(recent.max(1)))?;
        Some((*of, *it, lease.clone(), self.model.is_held(*of, *it, lease)))
    }

    /// Commits, and checks that exactly what can be is done.
    async fn commit(
        &self,
        lease: &Lease,
        held: bool,
        possible: bool,
        changes: Vec<Change>,
    ) -> Result<bool, TestCaseError> {
        let answer = self.store().commit(lease, at(self.model.now), changes).await;
        match (&answer, held, possible) {
            (Ok(_), true, true)
            | (Err(StoreError::LeaseLost { .. }), false, _)
            | (Err(StoreError::Refused { .. }), true, false) => Ok(answer.is_ok()),
            _ => Err(TestCaseError::fail(format!("held {held}, possible {possible}: {answer:?}"))),
        }
    }

    pub(super) async fn finish(&mut self, index: &Index, how: Finish) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        let answer = self.store().lane_work(&lease, at(self.model.now)).await;
        if !held {
            prop_assert!(matches!(answer, Err(StoreError::LeaseLost { .. })), "{answer:?}");
            return Ok(());
        }
        let work = answer.map_err(|error| broken(&error))?;
        let events: Vec<_> = work.events.iter().map(|event| (event.seq, event.attempts)).collect();
        prop_assert_eq!(&events, &self.model.work_events(of, it));
        let communications: Vec<_> =
            work.communications.iter().map(|it| (it.key.clone(), it.phase)).collect();
        prop_assert_eq!(communications, self.model.work_communications(of, it));
        let effects: Vec<_> = work.effects.iter().map(|it| (it.id, it.state, it.epoch)).collect();
        prop_assert_eq!(effects, self.model.work_effects(of, it));

        let done = |seq: EventSeq| Change::EventDone { seq };
        let Some((first, _)) = events.first().copied() else { return Ok(()) };
        let later = self.model.now + if let Finish::Retry(seconds) = how { i64::from(seconds) } else { 0 };
        let error = || "odd".to_owned();
        let changes = match how {
            Finish::All => events.iter().map(|(seq, _)| done(*seq)).collect(),
            Finish::First => vec![done(first)],
            Finish::Retry(_) => vec![Change::EventRetry { seq: first, error: error(), at: at(later) }],
            Finish::Park => vec![Change::EventParked { seq: first, error: error() }],
            Finish::Impossible => events.iter().map(|(seq, _)| done(*seq)).chain([done(first)]).collect(),
        };
        if !self.commit(&lease, held, !matches!(how, Finish::Impossible), changes).await? {
            return Ok(());
        }
        let count = if matches!(how, Finish::All) { events.len() } else { 1 };
        for (seq, _) in events.into_iter().take(count) {
            let event = self.model.event_mut(seq).ok_or_else(|| TestCaseError::fail("an unknown event"))?;
            match how {
                Finish::Retry(_) => {
                    event.attempts += 1;
                    event.next_at = later;
                }
                Finish::Park => event.state = EventState::Parked,
                _ => event.state = EventState::Done,
            }
        }
        Ok(())
    }

    pub(super) async fn put(&mut self, index: &Index, number: u8, phase: Phase, due: Option<u8>) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        let due = due.map(|seconds| self.model.now + i64::from(seconds));
        let put = PutCommunication {
            key: session(number),
            kind: "call".into(),
            data: Json::from_text("{}".to_owned()),
            phase,
            due_at: due.map(at),
        };
        let contact = if let Lane::Contact(contact) = it { Some(contact) } else { None };
        let possible = self.model.place(of, Some(number), contact) == it;
        if !self.commit(&lease, held, possible, vec![Change::PutCommunication(put)]).await? {
            return Ok(());
        }
        if let Some(contact) = contact {
            self.model.learn(of, number, contact);
        }
        let count = self.model.communications.len();
        let known = self.model.communications.entry((of, number)).or_insert(Communication {
            lane: it,
            phase,
            due,
            number: count,
        });
        known.phase = phase;
        known.due = due;
        Ok(())
    }

    pub(super) async fn plan(&mut self, index: &Index, number: u8, keys: &[(u8, bool, u8)]) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        let next_at = |seconds: u8| self.model.now + i64::from(seconds);
        let state = |is_held: bool| if is_held { EffectState::Held } else { EffectState::Ready };
        let effects = keys.iter().map(|(key, is_held, seconds)| NewEffect {
            key: format!("effect:{key}").into(),
            kind: "ensure_order".into(),
            class: EffectClass::Probe,
            request: Json::from_text("{}".to_owned()),
            needs: Json::from_text("[]".to_owned()),
            state: state(*is_held),
            next_at: at(next_at(*seconds)),
        });
        let changes =
            vec![Change::PutEffects { communication: Some(session(number)), effects: effects.collect() }];
        let answer = self.store().commit(&lease, at(self.model.now), changes).await;
        if !held {
            prop_assert!(matches!(answer, Err(StoreError::LeaseLost { .. })), "{answer:?}");
            return Ok(());
        }
        let planned = answer.map_err(|error| broken(&error))?.effects;
        prop_assert_eq!(planned.len(), keys.len());
        for (planned, (key, is_held, seconds)) in planned.into_iter().zip(keys) {
            let known = self.model.effects.iter().find(|it| it.account == of && it.key == *key);
            prop_assert_eq!(planned.existed, known.is_some());
            if let Some(known) = known {
                prop_assert_eq!((planned.id, planned.state), (known.id, known.state));
                continue;
            }
            self.model.effects.push(Effect {
                id: planned.id,
                account: of,
                lane: it,
                session: number,
                key: *key,
                state: state(*is_held),
                next_at: self.model.now + i64::from(*seconds),
                epoch: None,
            });
        }
        Ok(())
    }

    pub(super) async fn progress(
        &mut self,
        index: &Index,
        which: &Index,
        state: EffectState,
        delay: u8,
    ) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        if self.model.effects.is_empty() {
            return Ok(());
        }
        let known = which.get(&self.model.effects);
        let (id, next_at) = (known.id, self.model.now + i64::from(delay));
        let here = known.account == of && known.lane == it;
        let possible = here && (known.state != EffectState::Done || state == EffectState::Done);
        let progress = Progress {
            id,
            state,
            attempts: 1,
            next_at: at(next_at),
            request: Json::from_text("{}".to_owned()),
            remote_id: None,
            error: None,
            response: None,
        };
        if !self.commit(&lease, held, possible, vec![Change::PutProgress(progress)]).await? {
            return Ok(());
        }
        if let Some(effect) = self.model.effects.iter_mut().find(|it| it.id == id) {
            effect.state = state;
            effect.next_at = next_at;
            if state == EffectState::InFlight {
                effect.epoch = Some(lease.epoch);
            }
        }
        Ok(())
    }

    pub(super) async fn move_session(&mut self, index: &Index, contact: u8) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        let (number, possible) = if let Lane::Session(number) = it { (number, true) } else { (0, false) };
        let change = Change::SessionMoved { session: session(number), to: lane(Lane::Contact(contact)) };
        if self.commit(&lease, held, possible, vec![change]).await? {
            self.model.learn(of, number, contact);
        }
        Ok(())
    }

    pub(super) async fn renew(&mut self, index: &Index) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        let answer = self.store().renew(&lease, at(self.model.now), LEASE).await;
        prop_assert_eq!(answer.is_ok(), held, "{:?}", answer);
        if let Some(known) = self.model.held.get_mut(&(of, it)).filter(|_| held) {
            known.until = self.model.now + lease_seconds();
        }
        Ok(())
    }

    pub(super) async fn release(&mut self, index: &Index, wake: Option<u8>) -> Checked {
        let Some((of, it, lease, held)) = self.lease(index) else { return Ok(()) };
        let wake = wake.map(|seconds| self.model.now + i64::from(seconds));
        let answer = self.store().release(lease, wake.map(at)).await;
        prop_assert_eq!(answer.is_ok(), held, "{:?}", answer);
        if held {
            self.model.held.remove(&(of, it));
            if let Some(wake) = wake {
                self.model.wakes.insert((of, it), wake);
            }
        }
        Ok(())
    }
}
