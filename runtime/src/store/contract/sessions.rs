//! Cases: sessions whose contact is learnt late.

use super::rig::{Outcome, Rig, ensure, fails, first, same};
use super::sample::{
    LEASE, all_done, at, call, contact, effect, event, event_of, must_take, plan, put, romashka, take,
};
use crate::store::StoreError;
use crate::store::record::{Change, EffectState, EventState, LaneKey, NewEvent, Phase};

/// An event of a session that names the contact.
fn named(dedup: &str, number: u32, lane: LaneKey, seconds: i64) -> NewEvent {
    NewEvent { session: Some(call(number)), ..event(dedup, lane, seconds) }
}

pub(super) async fn what_came_without_a_contact_follows_the_contact(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let one = store.accept(event_of("record", &call(1), 0)).await?.seq();
    let two = store.accept(event_of("record 2", &call(1), 1)).await?.seq();
    let other = store.accept(event_of("other", &call(2), 1)).await?.seq();
    let three = store.accept(named("end", 1, contact(1), 2)).await?.seq();
    let mut lanes = Vec::new();
    while let Some(lease) = take(&*store, 10).await? {
        let work = store.lane_work(&lease, at(10)).await?;
        let seqs: Vec<_> = work.events.iter().map(|event| event.seq).collect();
        lanes.push((lease.lane, seqs));
    }
    lanes.sort();
    let expected = vec![(contact(1), vec![one, two, three]), (LaneKey::session(&call(2)), vec![other])];
    same!(lanes, expected, "the lanes");
    Ok(())
}

pub(super) async fn a_late_event_finds_the_lane_by_its_session(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(named("end", 1, contact(1), 0)).await?;
    let seq = store.accept(event_of("record", &call(1), 1)).await?.seq();
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.lane, Some(contact(1)), "the lane of the late event");
    same!(kept.session, Some(call(1)), "its session");
    let lease = must_take(&*store, 1).await?;
    same!(store.lane_work(&lease, at(1)).await?.events.len(), 2, "events in the lane");
    same!(take(&*store, 1).await?, None, "another lane");
    Ok(())
}

pub(super) async fn the_first_contact_of_a_session_wins(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(named("start", 1, contact(1), 0)).await?;
    let seq = store.accept(named("end", 1, contact(2), 1)).await?.seq();
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.lane, Some(contact(1)), "the lane of the second");
    // Another account's session of the same name is another session.
    let elsewhere = NewEvent { account: "vasilek".into(), ..named("end", 1, contact(2), 1) };
    let seq = store.accept(elsewhere).await?.seq();
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.lane, Some(contact(2)), "the lane in another account");
    Ok(())
}

pub(super) async fn a_move_takes_the_lane_from_its_worker(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event_of("record", &call(1), 0)).await?;
    let old = must_take(&*store, 0).await?;
    same!(old.lane, LaneKey::session(&call(1)), "the session's own lane");
    let work = store.lane_work(&old, at(0)).await?;
    let mut changes = all_done(&work);
    changes.push(Change::PutCommunication(put(&call(1), Phase::Ending, Some(at(50)))));
    changes.push(plan(
        &call(1),
        vec![effect("sent", EffectState::Ready, 0), effect("held", EffectState::Held, 0)],
    ));
    store.commit(&old, at(0), changes).await?;
    let sent = first(store.lane_work(&old, at(0)).await?.effects, "effect")?;
    let in_flight = sent.progress(EffectState::InFlight);
    store.commit(&old, at(0), vec![Change::PutProgress(in_flight)]).await?;

    let end = store.accept(named("end", 1, contact(1), 1)).await?.seq();
    let done = Change::PutProgress(sent.progress(EffectState::Done));
    fails!(store.commit(&old, at(1), vec![done]).await, StoreError::LeaseLost { .. }, "the old worker");
    fails!(store.renew(&old, at(1), LEASE).await, StoreError::LeaseLost { .. }, "the old worker");

    let new = must_take(&*store, 1).await?;
    same!(new.lane, contact(1), "the lane");
    let work = store.lane_work(&new, at(1)).await?;
    same!(work.events.iter().map(|event| event.seq).collect::<Vec<_>>(), vec![end], "pending events");
    let communication = first(work.communications, "communication")?;
    same!(communication.key, call(1), "the communication");
    same!(communication.lane, contact(1), "its lane");
    same!(work.effects.len(), 2, "effects");
    let sent = first(work.effects, "effect")?;
    same!(sent.lane, contact(1), "the effect's lane");
    ensure!(sent.is_orphan(&new), "what the old worker has in flight is not seen as an orphan");
    same!(take(&*store, 100).await?.map(|lease| lease.lane), Some(contact(1)), "only one lane is left");
    Ok(())
}

pub(super) async fn a_move_into_a_leased_lane_shows_on_release(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("other", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    store.accept(event_of("record", &call(1), 0)).await?;
    store.accept(named("end", 1, contact(1), 1)).await?;
    same!(take(&*store, 1).await?, None, "a second lane");
    store.commit(&lease, at(1), all_done(&work)).await?;
    store.release(lease, None).await?;
    let lease = must_take(&*store, 1).await?;
    same!(store.lane_work(&lease, at(1)).await?.events.len(), 2, "events");
    Ok(())
}

pub(super) async fn a_worker_may_move_a_session(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(event_of("record", &call(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    let wrong = Change::SessionMoved { session: call(2), to: contact(1) };
    fails!(store.commit(&lease, at(0), vec![wrong]).await, StoreError::Refused { .. }, "another session");
    let nowhere = Change::SessionMoved { session: call(1), to: LaneKey::session(&call(2)) };
    fails!(store.commit(&lease, at(0), vec![nowhere]).await, StoreError::Refused { .. }, "no contact");
    let moved = Change::SessionMoved { session: call(1), to: contact(1) };
    let late = vec![moved.clone(), Change::EventDone { seq }];
    fails!(store.commit(&lease, at(0), late).await, StoreError::Refused { .. }, "a change after the move");
    store.commit(&lease, at(0), vec![moved]).await?;
    fails!(store.lane_work(&lease, at(0)).await, StoreError::LeaseLost { .. }, "the lease after the move");
    let lease = must_take(&*store, 0).await?;
    same!(lease.lane, contact(1), "the lane");
    same!(store.lane_work(&lease, at(0)).await?.events.len(), 1, "events");
    Ok(())
}

pub(super) async fn a_communication_is_in_one_lane(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(named("end", 1, contact(1), 0)).await?;
    store.accept(event("other", contact(2), 1)).await?;
    store.accept(event_of("record", &call(2), 2)).await?;
    let one = must_take(&*store, 5).await?;
    let two = must_take(&*store, 5).await?;
    let own = must_take(&*store, 5).await?;
    same!((&one.lane, &two.lane), (&contact(1), &contact(2)), "the lanes");
    let write = |number| vec![Change::PutCommunication(put(&call(number), Phase::Open, None))];
    fails!(store.commit(&two, at(5), write(1)).await, StoreError::Refused { .. }, "a foreign lane");
    fails!(
        store.commit(&own, at(5), write(3)).await,
        StoreError::Refused { .. },
        "another session's own lane"
    );
    store.commit(&one, at(5), write(1)).await?;
    // A worker that writes one teaches the store where its session is.
    store.commit(&two, at(5), write(3)).await?;
    let seq = store.accept(event_of("record 3", &call(3), 6)).await?.seq();
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.lane, Some(contact(2)), "the lane of its next event");
    let read = store.communication(&romashka(), &call(1)).await?.ok_or("it is gone")?;
    same!(read.lane, contact(1), "its lane");
    same!(read.updated_at, at(5), "when it was written");
    Ok(())
}

pub(super) async fn a_retry_goes_where_the_session_is_now(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(event_of("record", &call(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    let changes = vec![
        Change::EventParked { seq, error: "broken".to_owned() },
        plan(&call(1), vec![effect("task", EffectState::Ready, 0)]),
    ];
    let id = first(store.commit(&lease, at(0), changes).await?.effects, "planned effect")?.id;
    let planned = first(store.lane_work(&lease, at(0)).await?.effects, "effect")?;
    store.commit(&lease, at(0), vec![Change::PutProgress(planned.progress(EffectState::Dead))]).await?;
    store.release(lease, None).await?;
    store.accept(named("end", 1, contact(1), 1)).await?;

    store.retry_event(seq, at(2)).await?;
    store.retry_effect(id, at(2)).await?;
    let lease = must_take(&*store, 2).await?;
    same!(lease.lane, contact(1), "the lane");
    let work = store.lane_work(&lease, at(2)).await?;
    same!(work.events.len(), 2, "events");
    ensure!(work.events.iter().all(|event| event.state == EventState::Available), "a parked one is shown");
    same!(first(work.effects, "effect")?.id, id, "the effect");
    same!(take(&*store, 20).await?, None, "another lane");
    Ok(())
}
