//! Cases: when a lane is ready.

use futures_util::future::join;

use super::rig::{Outcome, Rig, ensure, same};
use super::sample::{
    all_done, at, call, claim, contact, effect, event, must_take, plan, put, romashka, take,
};
use crate::store::Store;
use crate::store::record::{Accepted, Change, EffectState, EventSeq, Lease, Phase};

/// Leaves a lane with exactly what `changes` make of it and returns when it is ready then.
async fn ready_after(
    store: &dyn Store,
    dedup: &str,
    changes: impl FnOnce(EventSeq) -> Vec<Change>,
) -> Result<Option<jiff::Timestamp>, Box<dyn std::error::Error + Send + Sync>> {
    let Accepted::New(seq) = store.accept(event(dedup, contact(1), 0)).await? else {
        return Err("the event is not new".into());
    };
    let lease = must_take(store, 0).await?;
    store.commit(&lease, at(0), changes(seq)).await?;
    store.release(lease, None).await?;
    Ok(store.claim_lanes(claim("worker", 0, 1)).await?.next_ready)
}

pub(super) async fn what_arrives_before_the_release_is_not_slept_over(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    let late = store.accept(event("two", contact(1), 1)).await?.seq();
    same!(take(&*store, 1).await?, None, "the lane while it is leased");
    store.commit(&lease, at(1), all_done(&work)).await?;
    store.release(lease, None).await?;
    let lease = must_take(&*store, 1).await?;
    let work = store.lane_work(&lease, at(1)).await?;
    same!(work.events.iter().map(|event| event.seq).collect::<Vec<_>>(), vec![late], "what came late");
    Ok(())
}

pub(super) async fn accepting_and_releasing_at_once_loses_no_wake_up(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("first", contact(1), 0)).await?;
    for round in 0..100 {
        let lease = must_take(&*store, 0).await?;
        let work = store.lane_work(&lease, at(0)).await?;
        same!(work.events.len(), 1, "events in round {round}");
        store.commit(&lease, at(0), all_done(&work)).await?;
        let dedup = round.to_string();
        // Each may come first.
        let (accepted, released) = if round % 2 == 0 {
            join(store.accept(event(&dedup, contact(1), 0)), store.release(lease, None)).await
        } else {
            let (released, accepted) =
                join(store.release(lease, None), store.accept(event(&dedup, contact(1), 0))).await;
            (accepted, released)
        };
        accepted?;
        released?;
    }
    Ok(())
}

pub(super) async fn an_idle_lane_is_not_ready(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let ready = ready_after(&*store, "one", |seq| vec![Change::EventDone { seq }]).await?;
    same!(ready, None, "an empty lane");
    let closed = |seq| {
        let communication = put(&call(1), Phase::Closed, Some(at(50)));
        vec![Change::EventDone { seq }, Change::PutCommunication(communication)]
    };
    same!(ready_after(&*store, "two", closed).await?, None, "a closed communication");
    let open =
        |seq| vec![Change::EventDone { seq }, Change::PutCommunication(put(&call(2), Phase::Open, None))];
    same!(ready_after(&*store, "three", open).await?, None, "an open communication that waits for an event");
    let held =
        |seq| vec![Change::EventDone { seq }, plan(&call(1), vec![effect("held", EffectState::Held, 5)])];
    same!(ready_after(&*store, "four", held).await?, None, "a held effect");
    let parked = |seq| vec![Change::EventParked { seq, error: "no".to_owned() }];
    same!(ready_after(&*store, "five", parked).await?, None, "a parked event");
    same!(take(&*store, 1_000_000).await?, None, "the lane, ever");
    Ok(())
}

pub(super) async fn each_kind_of_pending_work_sets_the_moment(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let retry = |seq| vec![Change::EventRetry { seq, error: "later".to_owned(), at: at(90) }];
    same!(ready_after(&*store, "one", retry).await?, Some(at(90)), "an event to try again");
    let due = |seq| {
        let communication = put(&call(1), Phase::Ending, Some(at(80)));
        vec![Change::EventDone { seq }, Change::PutCommunication(communication)]
    };
    same!(ready_after(&*store, "two", due).await?, Some(at(80)), "a communication that is due");
    let ready =
        |seq| vec![Change::EventDone { seq }, plan(&call(1), vec![effect("ready", EffectState::Ready, 70)])];
    same!(ready_after(&*store, "three", ready).await?, Some(at(70)), "an effect to send");

    for (seconds, state) in [(60, EffectState::Unknown), (50, EffectState::InFlight)] {
        store.accept(event(&format!("{state:?}"), contact(1), 0)).await?;
        let lease = must_take(&*store, 0).await?;
        let work = store.lane_work(&lease, at(0)).await?;
        let Some(known) = work.effects.first() else { return Err("the effect is gone".into()) };
        let mut progress = known.progress(state);
        progress.next_at = at(seconds);
        let mut changes = all_done(&work);
        changes.push(Change::PutProgress(progress));
        store.commit(&lease, at(0), changes).await?;
        store.release(lease, None).await?;
        let next = store.claim_lanes(claim("worker", 0, 1)).await?.next_ready;
        same!(next, Some(at(seconds)), "an effect that is {state:?}");
    }
    Ok(())
}

pub(super) async fn the_earliest_moment_counts(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let changes = |seq| {
        vec![
            Change::EventRetry { seq, error: "later".to_owned(), at: at(300) },
            Change::PutCommunication(put(&call(1), Phase::Ending, Some(at(200)))),
            Change::PutCommunication(put(&call(2), Phase::Decided, Some(at(100)))),
            plan(&call(1), vec![effect("one", EffectState::Ready, 400)]),
        ]
    };
    same!(ready_after(&*store, "one", changes).await?, Some(at(100)), "the moment");
    same!(take(&*store, 99).await?, None, "the lane before its moment");
    ensure!(take(&*store, 100).await?.is_some(), "the lane is not ready at its moment");
    Ok(())
}

pub(super) async fn the_first_effect_holds_those_behind_it(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let changes = |seq| {
        let effects = vec![
            effect("held", EffectState::Held, 0),
            effect("first", EffectState::Ready, 60),
            effect("second", EffectState::Ready, 0),
        ];
        vec![Change::EventDone { seq }, plan(&call(1), effects)]
    };
    same!(
        ready_after(&*store, "one", changes).await?,
        Some(at(60)),
        "the moment of the first that is not held"
    );
    let lease = must_take(&*store, 60).await?;
    let work = store.lane_work(&lease, at(60)).await?;
    let first = work.effects.iter().find(|effect| effect.key.as_str() == "first").ok_or("it is gone")?;
    store.commit(&lease, at(60), vec![Change::PutProgress(first.progress(EffectState::Dead))]).await?;
    store.release(lease, None).await?;
    ensure!(take(&*store, 60).await?.is_some(), "the second effect still waits for a dead one");
    Ok(())
}

pub(super) async fn the_worker_may_wake_itself_earlier(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let release = async |lease: Lease, wake| {
        store.release(lease, wake).await?;
        Ok::<_, crate::store::StoreError>(store.claim_lanes(claim("worker", 0, 1)).await?.next_ready)
    };
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    let mut changes = all_done(&work);
    changes.push(Change::PutCommunication(put(&call(1), Phase::Ending, Some(at(100)))));
    store.commit(&lease, at(0), changes).await?;
    same!(release(lease, Some(at(500))).await?, Some(at(100)), "a wake-up after the moment");
    let lease = must_take(&*store, 100).await?;
    same!(release(lease, Some(at(40))).await?, Some(at(40)), "a wake-up before the moment");
    // An event that comes sooner counts all the same.
    store.accept(event("two", contact(1), 20)).await?;
    let lease = must_take(&*store, 20).await?;
    same!(lease.account, romashka(), "the account");
    Ok(())
}

pub(super) async fn the_claim_says_when_to_come_back(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    same!(store.claim_lanes(claim("worker", 0, 1)).await?.next_ready, None, "an empty store");
    store.accept(event("one", contact(1), 10)).await?;
    store.accept(event("two", contact(2), 20)).await?;
    let claimed = store.claim_lanes(claim("worker", 5, 1)).await?;
    same!((claimed.leases.len(), claimed.next_ready), (0, Some(at(10))), "too early");
    let claimed = store.claim_lanes(claim("worker", 15, 9)).await?;
    same!((claimed.leases.len(), claimed.next_ready), (1, Some(at(20))), "one is ready, one is not");
    let claimed = store.claim_lanes(claim("worker", 25, 9)).await?;
    same!((claimed.leases.len(), claimed.next_ready), (1, Some(at(45))), "the first lease runs out next");
    let nothing = store.claim_lanes(claim("worker", 25, 0)).await?;
    same!((nothing.leases.len(), nothing.next_ready), (0, Some(at(45))), "a claim of no lanes");
    Ok(())
}
