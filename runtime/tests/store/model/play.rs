//! One step, on the store and on the model, and whether they agree.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseError;
use switchboard_runtime::store::Store;
use switchboard_runtime::store::contract::Rig;
use switchboard_runtime::store::record::{
    Accepted, Claim, EffectState, EventState, LaneKey, NewEvent, Origin, Parse,
};

use super::history::{LEASE, account, at, broken, lane, session};
use super::state::{Event, Held, Lane, Model, Seconds};
use super::step::Step;

/// The store and the model at one point of a history.
pub(super) struct Player<'r> {
    rig: &'r dyn Rig,
    store: Option<Arc<dyn Store>>,
    pub(super) model: Model,
}

/// How a step ends.
pub(super) type Checked = Result<(), TestCaseError>;

/// Returns how long a lease lasts.
pub(super) fn lease_seconds() -> Seconds {
    i64::try_from(LEASE.as_secs()).unwrap_or(i64::MAX)
}

impl<'r> Player<'r> {
    /// Opens a store to play on.
    pub(super) async fn new(rig: &'r dyn Rig) -> Result<Self, TestCaseError> {
        let store = rig.open().await.map_err(|error| broken(&error))?;
        Ok(Self { rig, store: Some(store), model: Model::default() })
    }

    /// Returns the store that is open.
    pub(super) fn store(&self) -> &dyn Store {
        self.store.as_deref().expect("a store is open between two steps")
    }

    /// Plays a step.
    pub(super) async fn play(&mut self, step: &Step) -> Checked {
        match step {
            Step::Accept { account, dedup, session, contact, parsed } => {
                self.accept(*account, *dedup, *session, *contact, *parsed).await
            }
            Step::Claim { limit } => self.claim(*limit).await,
            Step::Finish { lease, how } => self.finish(lease, *how).await,
            Step::Put { lease, session, phase, due } => self.put(lease, *session, *phase, *due).await,
            Step::Plan { lease, session, keys } => self.plan(lease, *session, keys).await,
            Step::Progress { lease, effect, state, delay } => {
                self.progress(lease, effect, *state, *delay).await
            }
            Step::Move { lease, contact } => self.move_session(lease, *contact).await,
            Step::Renew { lease } => self.renew(lease).await,
            Step::Release { lease, wake } => self.release(lease, *wake).await,
            Step::Advance { seconds } => {
                self.model.now += i64::from(*seconds);
                Ok(())
            }
            Step::Crash => self.crash().await,
            Step::Stop { account, stopped } => self.stop(*account, *stopped).await,
            Step::RetryEvent { event } => self.retry_event(event).await,
            Step::RetryEffect { effect } => self.retry_effect(effect).await,
        }
    }

    async fn accept(
        &mut self,
        of: u8,
        dedup: u8,
        in_session: Option<u8>,
        contact: Option<u8>,
        parsed: bool,
    ) -> Checked {
        let own = match (contact, in_session) {
            (Some(contact), _) => lane(Lane::Contact(contact)),
            (None, Some(number)) => LaneKey::session(&session(number)),
            (None, None) => lane(Lane::Contact(0)),
        };
        let parse = if parsed { Parse::Parsed } else { Parse::Unparsed { reason: "odd".to_owned() } };
        let arrived = NewEvent {
            account: account(of),
            source: "uis".into(),
            event: "call_end".into(),
            dedup: dedup.to_string(),
            lane: own,
            session: in_session.map(session),
            received_at: at(self.model.now),
            origin: Origin::Webhook,
            content_type: "application/json".into(),
            body: vec![dedup; 8].into(),
            parse,
        };
        let answer = self.store().accept(arrived).await.map_err(|error| broken(&error))?;
        let model = &mut self.model;
        let same =
            |event: &&Event| event.account == of && event.session == in_session && event.dedup == dedup;
        if let Some(known) = model.events.iter().find(same) {
            prop_assert_eq!(answer, Accepted::Duplicate(known.seq));
            return Ok(());
        }
        let last = model.events.last().map(|event| event.seq);
        prop_assert!(matches!(answer, Accepted::New(seq) if Some(seq) > last), "{answer:?} after {last:?}");
        let (state, place) = if parsed {
            let place = model.place(of, in_session, contact);
            if let (Some(number), Lane::Contact(contact)) = (in_session, place) {
                model.learn(of, number, contact);
            }
            (EventState::Available, Some(place))
        } else {
            (EventState::Unparsed, None)
        };
        let now = model.now;
        model.events.push(Event {
            seq: answer.seq(),
            account: of,
            dedup,
            session: in_session,
            lane: place,
            received_at: now,
            state,
            attempts: 0,
            next_at: now,
        });
        Ok(())
    }

    async fn claim(&mut self, limit: usize) -> Checked {
        let claim = Claim { owner: "worker".into(), now: at(self.model.now), lease: LEASE, limit };
        let claimed = self.store().claim_lanes(claim).await.map_err(|error| broken(&error))?;
        let model = &mut self.model;
        let mut ready = model.moments();
        ready.retain(|_, moment| *moment <= model.now);
        prop_assert_eq!(claimed.leases.len(), limit.min(ready.len()), "of {:?}", ready);
        let turn = ready.keys().map(|(of, _)| model.served.get(of).copied()).min().flatten();
        let mut given = [0_usize; 2];
        for (position, lease) in claimed.leases.into_iter().enumerate() {
            let place = ready
                .keys()
                .copied()
                .find(|(of, it)| account(*of) == lease.account && lane(*it) == lease.lane);
            let Some((of, it)) = place else {
                return Err(TestCaseError::fail(format!("{lease:?} was not ready, or is given twice")));
            };
            if position == 0 {
                prop_assert_eq!(model.served.get(&of).copied(), turn, "it is not this account's turn");
            }
            let moment = ready.remove(&(of, it));
            let sooner = ready.iter().find(|((other, _), at)| *other == of && Some(**at) < moment);
            prop_assert_eq!(sooner, None, "a lane of the account that was ready sooner");
            prop_assert!(model.last_epoch < Some(lease.epoch), "an epoch that is not new");
            prop_assert_eq!(lease.until, at(model.now + lease_seconds()));
            model.last_epoch = Some(lease.epoch);
            model.served.insert(of, lease.epoch);
            model.wakes.remove(&(of, it));
            model.held.insert((of, it), Held { epoch: lease.epoch, until: model.now + lease_seconds() });
            model.leases.push((of, it, lease));
            if let Some(count) = given.get_mut(usize::from(of)) {
                *count += 1;
            }
        }
        for (of, count) in given.iter().enumerate() {
            let left = ready.keys().any(|(other, _)| usize::from(*other) == of);
            let most = given.iter().max().copied().unwrap_or_default();
            prop_assert!(!left || count + 1 >= most, "lanes by account {given:?}, left {ready:?}");
        }
        let next = model.moments().values().min().copied();
        prop_assert_eq!(claimed.next_ready, next.map(at));
        Ok(())
    }

    async fn crash(&mut self) -> Checked {
        // The store is gone before the next one is opened.
        self.store = None;
        self.store = Some(self.rig.open().await.map_err(|error| broken(&error))?);
        // One process has the file, so whoever held a lane is dead; what he was woken for is not known any more.
        self.model.free_all();
        Ok(())
    }

    async fn stop(&mut self, of: u8, stopped: bool) -> Checked {
        if stopped {
            let now = at(self.model.now);
            self.store()
                .stop_account(&account(of), "odd".to_owned(), now)
                .await
                .map_err(|error| broken(&error))?;
            self.model.stopped.insert(of);
        } else {
            let was = self.store().resume_account(&account(of)).await.map_err(|error| broken(&error))?;
            prop_assert_eq!(was, self.model.stopped.remove(&of));
        }
        Ok(())
    }

    async fn retry_event(&mut self, index: &Index) -> Checked {
        let parked: Vec<_> = self.model.events.iter().filter(|it| it.state == EventState::Parked).collect();
        if parked.is_empty() {
            return Ok(());
        }
        let known = *index.get(&parked);
        let (seq, now) = (known.seq, self.model.now);
        let place =
            known.session.and_then(|number| self.model.sessions.get(&(known.account, number)).copied());
        self.store().retry_event(seq, at(now)).await.map_err(|error| broken(&error))?;
        let event = self.model.event_mut(seq).ok_or_else(|| TestCaseError::fail("an unknown event"))?;
        event.state = EventState::Available;
        event.attempts = 0;
        event.next_at = now;
        if let Some(contact) = place {
            event.lane = Some(Lane::Contact(contact));
        }
        Ok(())
    }

    async fn retry_effect(&mut self, index: &Index) -> Checked {
        let dead: Vec<_> = self.model.effects.iter().filter(|it| it.state == EffectState::Dead).collect();
        if dead.is_empty() {
            return Ok(());
        }
        let known = *index.get(&dead);
        let (id, now) = (known.id, self.model.now);
        let place = self.model.sessions.get(&(known.account, known.session)).copied();
        self.store().retry_effect(id, at(now)).await.map_err(|error| broken(&error))?;
        if let Some(effect) = self.model.effects.iter_mut().find(|it| it.id == id) {
            effect.state = EffectState::Ready;
            effect.next_at = now;
            if let Some(contact) = place {
                effect.lane = Lane::Contact(contact);
            }
        }
        Ok(())
    }
}
