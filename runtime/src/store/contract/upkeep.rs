//! Cases: pruning, checking and closing.

use super::rig::{Outcome, Rig, ensure, fails, same};
use super::sample::{
    all_done, at, call, contact, effect, event, event_of, must_take, plan, put, romashka, take, unparsed,
    work_off,
};
use crate::store::record::{Change, EffectState, EventSeq, LaneKey, NewEvent, Page, Phase, Retention};
use crate::store::{Store, StoreError};

/// Days in seconds, for moments far enough apart.
const DAY: i64 = 24 * 60 * 60;

fn before(seconds: i64, limit: usize) -> Retention {
    let moment = at(seconds);
    Retention { events: moment, dead: moment, decisions: moment, settled: moment, limit }
}

/// Brings a call to its end: one event, a closed communication, a decision, one done and one dead effect.
async fn finished_call(
    store: &dyn Store,
    number: u32,
    seconds: i64,
) -> Result<EventSeq, Box<dyn std::error::Error + Send + Sync>> {
    let arrived =
        NewEvent { session: Some(call(number)), ..event(&format!("end {number}"), contact(number), seconds) };
    let seq = store.accept(arrived).await?.seq();
    let lease = must_take(store, seconds).await?;
    let keys = [format!("order {number}"), format!("task {number}")];
    let effects = keys.iter().map(|key| effect(key, EffectState::Ready, seconds)).collect();
    let changes = vec![
        Change::EventDone { seq },
        Change::PutCommunication(put(&call(number), Phase::Closed, None)),
        plan(&call(number), effects),
    ];
    store.commit(&lease, at(seconds), changes).await?;
    let states = [EffectState::Done, EffectState::Dead];
    let work = store.lane_work(&lease, at(seconds)).await?;
    let changes =
        work.effects.iter().zip(states).map(|(effect, state)| Change::PutProgress(effect.progress(state)));
    store.commit(&lease, at(seconds), changes.collect()).await?;
    store.release(lease, None).await?;
    Ok(seq)
}

pub(super) async fn pruning_takes_finished_records_and_no_others(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let old = finished_call(&*store, 1, 0).await?;
    let odd = store.accept(unparsed("odd", 0)).await?.seq();
    let young = finished_call(&*store, 2, 10 * DAY).await?;
    // Old and unfinished: an event that waits, one to be tried again, an open call, a held effect.
    let waiting = store.accept(event("waiting", contact(3), 1)).await?.seq();
    let lease = must_take(&*store, 1).await?;
    let changes = vec![
        Change::EventRetry { seq: waiting, error: "later".to_owned(), at: at(50 * DAY) },
        Change::PutCommunication(put(&call(3), Phase::Open, None)),
        Change::PutEffects {
            communication: Some(call(3)),
            effects: vec![effect("held", EffectState::Held, 0)],
        },
    ];
    store.commit(&lease, at(1), changes).await?;
    store.release(lease, None).await?;
    // The same in the own lane of a session without a contact.
    let own = store.accept(event_of("own", &call(4), 2)).await?.seq();
    let lease = must_take(&*store, 2).await?;
    let changes =
        vec![Change::EventDone { seq: own }, Change::PutCommunication(put(&call(4), Phase::Open, None))];
    store.commit(&lease, at(2), changes).await?;
    store.release(lease, None).await?;

    let none = store.prune(before(0, 100)).await?;
    same!(none.total(), 0, "what is older than everything");
    let pruned = store.prune(before(5 * DAY, 100)).await?;
    same!(
        (pruned.events, pruned.decisions, pruned.effects, pruned.communications),
        (3, 1, 2, 1),
        "what was taken"
    );
    same!(store.event(old).await?, None, "an old event");
    same!(store.event(odd).await?, None, "an old unparsed event");
    same!(store.timeline(&romashka(), &call(1)).await?, None, "an old session");
    ensure!(store.event(young).await?.is_some(), "a young event was taken");
    let timeline = store.timeline(&romashka(), &call(2)).await?.ok_or("a young session was taken")?;
    same!((timeline.decisions.len(), timeline.effects.len()), (1, 2), "what a young session has");
    ensure!(store.event(waiting).await?.is_some(), "a waiting event was taken");
    let timeline = store.timeline(&romashka(), &call(3)).await?.ok_or("an open session was taken")?;
    same!(timeline.effects.len(), 1, "effects of an open session");
    let open = store.communication(&romashka(), &call(4)).await?.ok_or("an open communication was taken")?;
    same!(open.lane, LaneKey::session(&call(4)), "its lane");
    ensure!(take(&*store, 50 * DAY).await?.is_some(), "a waiting lane was taken");
    Ok(())
}

pub(super) async fn pruning_is_bounded(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for number in 0..4 {
        finished_call(&*store, number, 0).await?;
    }
    // Four calls of five records each, and their four lanes.
    let mut taken = Vec::new();
    loop {
        let pruned = store.prune(before(10 * DAY, 7)).await?.total();
        taken.push(pruned);
        if pruned < 7 {
            break;
        }
    }
    same!(taken, vec![7, 7, 7, 3], "records taken call by call");
    same!(store.recent(Page { limit: 9, ..Page::default() }).await?.rows, vec![], "communications");
    Ok(())
}

pub(super) async fn a_pruned_session_can_begin_again(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    finished_call(&*store, 1, 0).await?;
    // Something of the session stays, and with it the knowledge of its lane.
    let odd = NewEvent { session: Some(call(1)), ..unparsed("odd", 20 * DAY) };
    store.accept(odd).await?;
    store.prune(before(10 * DAY, 100)).await?;
    let late = store.accept(event_of("late", &call(1), 21 * DAY)).await?.seq();
    let (lease, events) = work_off(&*store, 21 * DAY).await?.ok_or("no lane is ready")?;
    same!((lease.lane, events), (contact(1), vec![late]), "the lane of a late event");
    store.prune(before(60 * DAY, 100)).await?;
    same!(store.timeline(&romashka(), &call(1)).await?, None, "the session");

    let again = finished_call(&*store, 1, 61 * DAY).await?;
    ensure!(again > late, "number {again} was used before");
    let timeline = store.timeline(&romashka(), &call(1)).await?.ok_or("it is gone")?;
    same!((timeline.events.len(), timeline.effects.len()), (1, 2), "what the session has now");
    Ok(())
}

pub(super) async fn probe_and_checkpoint_answer(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.probe().await?;
    let seq = store.accept(event("one", contact(1), 0)).await?.seq();
    store.checkpoint().await?;
    store.probe().await?;
    ensure!(store.event(seq).await?.is_some(), "the event is gone");
    Ok(())
}

pub(super) async fn a_closed_store_says_so_and_opens_again(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(event("one", contact(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    store.commit(&lease, at(0), all_done(&work)).await?;
    store.release(lease, None).await?;
    store.close().await?;
    fails!(store.accept(event("two", contact(1), 0)).await, StoreError::Closed, "accepting");
    fails!(take(&*store, 0).await, StoreError::Closed, "claiming");
    fails!(store.event(seq).await, StoreError::Closed, "reading");
    fails!(store.close().await, StoreError::Closed, "closing twice");
    // Others may open it although this one is not dropped yet.
    let again = rig.open().await?;
    same!(again.event(seq).await?.map(|it| it.seq), Some(seq), "the event");
    same!(take(&*again, 100).await?, None, "the lane");
    Ok(())
}
