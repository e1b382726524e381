//! A history from its first step to the end, where everything is worked off and nothing may be missing.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use switchboard_runtime::store::contract::Rig;
use switchboard_runtime::store::record::{
    AccountId, Change, Claim, EffectState, EventState, LaneKey, Phase, PutCommunication, SessionKey,
};
use switchboard_runtime::store::{Store, StoreError};

use super::play::Player;
use super::state::{Lane, Seconds};
use super::step::Step;

/// How long leases last.
pub(super) const LEASE: Duration = Duration::from_secs(30);

/// Returns the moment so many seconds after the beginning.
pub(super) fn at(seconds: Seconds) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000 + seconds)
}

/// Returns the name of an account.
pub(super) fn account(number: u8) -> AccountId {
    AccountId::new(format!("account-{number}"))
}

/// Returns the name of a session.
pub(super) fn session(number: u8) -> SessionKey {
    SessionKey::new(format!("call:{number}"))
}

/// Returns the name of a lane.
pub(super) fn lane(lane: Lane) -> LaneKey {
    match lane {
        Lane::Contact(number) => LaneKey::phone(&format!("+7900555000{number}")),
        Lane::Session(number) => LaneKey::session(&session(number)),
    }
}

/// Turns what must not happen into the end of a case.
pub(super) fn broken(error: &StoreError) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// Plays all steps, then works everything off.
pub(super) async fn play(rig: &dyn Rig, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut player = Player::new(rig).await?;
    for step in steps {
        player.play(step).await?;
    }
    for account in 0..2 {
        player.play(&Step::Stop { account, stopped: false }).await?;
    }
    let (store, model) = (player.store(), &player.model);
    // Later than every moment in the history, all leases have run out.
    let end = at(model.now + 1_000_000);
    work_off(store, end).await?;
    for event in &model.events {
        let kept = store.event(event.seq).await.map_err(|error| broken(&error))?;
        let kept = kept.ok_or_else(|| TestCaseError::fail(format!("event {} is lost", event.seq)))?;
        let expected = match event.state {
            EventState::Available => EventState::Done,
            other => other,
        };
        prop_assert_eq!(kept.state, expected, "event {}", event.seq);
    }
    for overview in store.overview().await.map_err(|error| broken(&error))? {
        prop_assert_eq!(overview.events.available, 0);
        prop_assert_eq!(overview.oldest_waiting, None);
        let effects = overview.effects;
        prop_assert_eq!((effects.ready, effects.in_flight, effects.unknown), (0, 0, 0));
    }
    store.close().await.map_err(|error| broken(&error))
}

/// Works until no lane is ready; a lane that is ready again without anything new is an endless loop and fails.
async fn work_off(store: &dyn Store, now: Timestamp) -> Result<(), TestCaseError> {
    let broken = |error: StoreError| broken(&error);
    for _ in 0..100 {
        let claim = Claim { owner: "end".into(), now, lease: LEASE, limit: 8 };
        let claimed = store.claim_lanes(claim).await.map_err(broken)?;
        if claimed.leases.is_empty() {
            prop_assert_eq!(claimed.next_ready, None);
            return Ok(());
        }
        for lease in claimed.leases {
            let work = store.lane_work(&lease, now).await.map_err(broken)?;
            prop_assert!(work.events.is_sorted_by(|one, other| one.seq < other.seq));
            prop_assert!(work.effects.is_sorted_by(|one, other| one.id < other.id));
            let mut changes: Vec<_> =
                work.events.iter().map(|event| Change::EventDone { seq: event.seq }).collect();
            changes.extend(
                work.effects.iter().map(|effect| Change::PutProgress(effect.progress(EffectState::Done))),
            );
            changes.extend(work.communications.into_iter().map(|known| {
                Change::PutCommunication(PutCommunication {
                    key: known.key,
                    kind: known.kind,
                    data: known.data,
                    phase: Phase::Closed,
                    due_at: None,
                })
            }));
            store.commit(&lease, now, changes).await.map_err(broken)?;
            store.release(lease, None).await.map_err(broken)?;
        }
    }
    Err(TestCaseError::fail("there is no end of work"))
}
