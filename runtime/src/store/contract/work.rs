//! Cases: what a worker changes, and what it is shown.

use futures_util::future::join;

use super::rig::{Outcome, Rig, crash, ensure, fails, first, same};
use super::sample::{
    all_done, at, call, contact, effect, event, event_of, must_take, plan, put, romashka, take, work_off,
};
use crate::store::StoreError;
use crate::store::record::{
    AccountId, Change, EffectKey, EffectState, EventState, Json, Link, NaturalKey, NewEvent, Phase,
};

fn link(remote_id: &str) -> Link {
    Link {
        kind: "client".into(),
        natural_key: NaturalKey::from("+79005550001"),
        remote_id: remote_id.into(),
        checked_at: at(1),
    }
}

pub(super) async fn a_commit_is_all_or_nothing(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(event("one", contact(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    let changes = vec![
        Change::EventDone { seq },
        Change::PutCommunication(put(&call(1), Phase::Closed, None)),
        plan(&call(1), vec![effect("one", EffectState::Ready, 0)]),
        Change::PutLink(link("5")),
        // Done already, by the first change.
        Change::EventDone { seq },
    ];
    fails!(store.commit(&lease, at(0), changes).await, StoreError::Refused { .. }, "a bad last change");
    let work = store.lane_work(&lease, at(0)).await?;
    same!((work.events.len(), work.communications.len(), work.effects.len()), (1, 0, 0), "what was kept");
    let known = store.link(&romashka(), "client", &NaturalKey::from("+79005550001")).await?;
    same!(known, None, "the link");
    same!(store.timeline(&romashka(), &call(1)).await?, None, "the session");
    store.commit(&lease, at(0), all_done(&work)).await?;
    Ok(())
}

pub(super) async fn a_bad_commit_does_not_harm_its_neighbours(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(event("one", contact(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    for round in 0..20 {
        let bad = vec![
            Change::PutLink(link("bad")),
            Change::PutProgress(crate::store::record::Progress {
                id: crate::store::record::EffectId(999),
                state: EffectState::Done,
                attempts: 1,
                next_at: at(0),
                request: Json::from_text("{}".to_owned()),
                remote_id: None,
                error: None,
                response: None,
            }),
        ];
        // New accounts, so that what the bad one would take back is more than rows.
        let arrived = NewEvent {
            account: AccountId::new(format!("account {round}")),
            ..event("neighbour", contact(round), 0)
        };
        let (refused, accepted) = join(store.commit(&lease, at(0), bad), store.accept(arrived.clone())).await;
        fails!(refused, StoreError::Refused { .. }, "the bad commit");
        let known = store.event(accepted?.seq()).await?.ok_or("the neighbour is gone")?;
        same!(known.account, arrived.account, "the neighbour's account");
    }
    same!(store.link(&romashka(), "client", &link("").natural_key).await?, None, "the link");
    store.commit(&lease, at(0), vec![Change::EventDone { seq }]).await?;
    Ok(())
}

pub(super) async fn only_available_events_of_the_lane_can_be_finished(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let mine = store.accept(event("mine", contact(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    let foreign = store.accept(event("foreign", contact(2), 0)).await?.seq();
    let done = |seq| vec![Change::EventDone { seq }];
    fails!(store.commit(&lease, at(0), done(foreign)).await, StoreError::Refused { .. }, "a foreign event");
    let nowhere = crate::store::record::EventSeq(foreign.0 + 1000);
    fails!(store.commit(&lease, at(0), done(nowhere)).await, StoreError::Refused { .. }, "an unknown event");
    store.commit(&lease, at(0), done(mine)).await?;
    fails!(store.commit(&lease, at(0), done(mine)).await, StoreError::Refused { .. }, "a finished event");
    same!(store.event(mine).await?.ok_or("it is gone")?.state, EventState::Done, "the state");
    Ok(())
}

pub(super) async fn events_are_tried_again_or_parked(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let one = store.accept(event("one", contact(1), 0)).await?.seq();
    let two = store.accept(event("two", contact(1), 0)).await?.seq();
    let three = store.accept(event("three", contact(1), 0)).await?.seq();
    let lease = must_take(&*store, 0).await?;
    let changes = vec![
        Change::EventRetry { seq: one, error: "first".to_owned(), at: at(60) },
        Change::EventParked { seq: two, error: "hopeless".to_owned() },
    ];
    store.commit(&lease, at(0), changes).await?;
    let seqs = async |now| {
        let work = store.lane_work(&lease, at(now)).await?;
        Ok::<_, StoreError>(work.events.iter().map(|event| (event.seq, event.attempts)).collect::<Vec<_>>())
    };
    same!(seqs(59).await?, vec![(three, 0)], "what is due before the second try");
    same!(seqs(60).await?, vec![(one, 1), (three, 0)], "what is due at the second try, in order");
    let kept = store.event(one).await?.ok_or("it is gone")?;
    same!((kept.error.as_deref(), kept.next_at), (Some("first"), at(60)), "the failed event");
    let kept = store.event(two).await?.ok_or("it is gone")?;
    same!(
        (kept.state, kept.attempts, kept.error.as_deref()),
        (EventState::Parked, 1, Some("hopeless")),
        "the parked event"
    );
    store.commit(&lease, at(60), vec![Change::EventDone { seq: one }]).await?;
    same!(store.event(one).await?.ok_or("it is gone")?.error, None, "the error of an event that was done");
    Ok(())
}

pub(super) async fn an_effect_is_planned_once(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    store.accept(event("two", contact(2), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let twice = vec![effect("client", EffectState::Ready, 0), effect("order", EffectState::Held, 0)];
    let planned = store.commit(&lease, at(0), vec![plan(&call(1), twice.clone())]).await?;
    same!(planned.decisions.len(), 1, "decisions");
    let found: Vec<_> = planned.effects.iter().map(|it| (it.key.as_str(), it.state, it.existed)).collect();
    same!(
        found,
        vec![("client", EffectState::Ready, false), ("order", EffectState::Held, false)],
        "the plan"
    );

    let mut other = effect("client", EffectState::Ready, 50);
    other.request = Json::from_text("{\"other\":1}".to_owned());
    let changes = vec![Change::PutEffects {
        communication: None,
        effects: vec![other, effect("task", EffectState::Ready, 0)],
    }];
    let again = store.commit(&lease, at(1), changes).await?;
    let known = first(&planned.effects, "planned effect")?;
    let answer = first(&again.effects, "planned effect")?;
    same!(
        (answer.id, answer.existed, answer.state),
        (known.id, true, EffectState::Ready),
        "the same key again"
    );

    // From another lane of the account too.
    let elsewhere = must_take(&*store, 1).await?;
    let changes = vec![Change::PutEffects { communication: None, effects: twice }];
    let again = store.commit(&elsewhere, at(1), changes).await?;
    ensure!(again.effects.iter().all(|it| it.existed), "another lane plans it again: {again:?}");
    same!(store.lane_work(&elsewhere, at(1)).await?.effects, vec![], "effects of the other lane");

    let keys = ["client", "task", "nothing"].map(EffectKey::from).to_vec();
    let mut found = store.effects_by_key(&romashka(), keys).await?;
    found.sort_by_key(|effect| effect.id);
    same!(found.len(), 2, "effects by key");
    let client = first(found, "effect")?;
    same!(client.request.as_str(), "{\"create\":true}", "the first request stays");
    same!((client.decision, client.ordinal), (planned.decisions.first().copied(), 0), "where it comes from");
    let nobody = store.effects_by_key(&AccountId::from("vasilek"), vec![EffectKey::from("client")]).await?;
    same!(nobody, vec![], "effects of another account");
    let bad =
        vec![Change::PutEffects { communication: None, effects: vec![effect("x", EffectState::Done, 0)] }];
    fails!(store.commit(&lease, at(1), bad).await, StoreError::Refused { .. }, "an effect planned as done");
    Ok(())
}

pub(super) async fn a_done_effect_stays_done_and_a_dead_one_may_be_revived(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    store.accept(event("two", contact(2), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let other = must_take(&*store, 0).await?;
    store.commit(&lease, at(0), vec![plan(&call(1), vec![effect("one", EffectState::Ready, 0)])]).await?;
    let known = first(store.lane_work(&lease, at(0)).await?.effects, "effect")?;
    let mut dead = known.progress(EffectState::Dead);
    dead.attempts = 9;
    dead.error = Some("refused".to_owned());
    let put = |progress| vec![Change::PutProgress(progress)];
    fails!(
        store.commit(&other, at(0), put(dead.clone())).await,
        StoreError::Refused { .. },
        "a foreign lane"
    );
    store.commit(&lease, at(0), put(dead)).await?;
    same!(store.lane_work(&lease, at(0)).await?.effects, vec![], "pending effects");
    store.commit(&lease, at(0), put(known.progress(EffectState::Ready))).await?;
    let mut done = known.progress(EffectState::Done);
    done.remote_id = Some("77".into());
    done.response = Some(Json::from_text("{\"id\":77}".to_owned()));
    store.commit(&lease, at(3), put(done)).await?;
    fails!(
        store.commit(&lease, at(4), put(known.progress(EffectState::Ready))).await,
        StoreError::Refused { .. },
        "a done effect made ready"
    );
    let found = first(store.effects_by_key(&romashka(), vec![EffectKey::from("one")]).await?, "effect")?;
    same!(found.state, EffectState::Done, "state");
    same!(found.remote_id.as_deref(), Some("77"), "remote id");
    same!(found.response.as_ref().map(Json::as_str), Some("{\"id\":77}"), "answer");
    same!((found.created_at, found.updated_at), (at(0), at(3)), "moments");
    Ok(())
}

pub(super) async fn an_effect_in_flight_is_an_orphan_after_a_crash(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    store.commit(&lease, at(0), vec![plan(&call(1), vec![effect("one", EffectState::Ready, 0)])]).await?;
    let ready = first(store.lane_work(&lease, at(0)).await?.effects, "effect")?;
    ensure!(!ready.is_orphan(&lease), "a ready effect is an orphan");
    let mut sending = ready.progress(EffectState::InFlight);
    sending.attempts = 1;
    store.commit(&lease, at(0), vec![Change::PutProgress(sending)]).await?;
    let sent = first(store.lane_work(&lease, at(0)).await?.effects, "effect")?;
    same!((sent.state, sent.epoch), (EffectState::InFlight, Some(lease.epoch)), "what was put in flight");
    ensure!(!sent.is_orphan(&lease), "its own worker sees an orphan");
    let store = crash(rig, store).await?;
    let lease = must_take(&*store, 30).await?;
    let orphan = first(store.lane_work(&lease, at(30)).await?.effects, "effect")?;
    ensure!(orphan.is_orphan(&lease), "the next worker sees no orphan");
    same!(orphan.attempts, 1, "attempts");
    // The stamp stays when it becomes unknown.
    store.commit(&lease, at(30), vec![Change::PutProgress(orphan.progress(EffectState::Unknown))]).await?;
    let unknown = first(store.lane_work(&lease, at(30)).await?.effects, "effect")?;
    same!((unknown.state, unknown.epoch), (EffectState::Unknown, orphan.epoch), "the unknown effect");
    Ok(())
}

pub(super) async fn a_late_event_brings_its_closed_communication(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(NewEvent { session: Some(call(1)), ..event("end", contact(1), 0) }).await?;
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    let mut changes = all_done(&work);
    changes.push(Change::PutCommunication(put(&call(1), Phase::Closed, None)));
    changes.push(Change::PutCommunication(put(&call(2), Phase::Closed, None)));
    changes.push(Change::PutCommunication(put(&call(3), Phase::Open, None)));
    store.commit(&lease, at(0), changes).await?;
    store.release(lease, None).await?;
    store.accept(event_of("record", &call(1), 5)).await?;
    let lease = must_take(&*store, 5).await?;
    let work = store.lane_work(&lease, at(5)).await?;
    let found: Vec<_> = work.communications.iter().map(|it| (it.key.clone(), it.phase)).collect();
    same!(found, vec![(call(1), Phase::Closed), (call(3), Phase::Open)], "communications");
    Ok(())
}

pub(super) async fn effects_come_in_order_with_the_held_ones(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let states =
        [EffectState::Ready, EffectState::Held, EffectState::Ready, EffectState::Held, EffectState::Ready];
    let effects =
        states.iter().zip(0..).map(|(state, number)| effect(&format!("{number}"), *state, 500)).collect();
    store.commit(&lease, at(0), vec![plan(&call(1), effects)]).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    let found: Vec<_> = work.effects.iter().map(|it| (it.key.as_str(), it.state)).collect();
    let expected: Vec<_> = ["0", "1", "2", "3", "4"].into_iter().zip(states).collect();
    same!(found, expected, "effects, none of them due");
    ensure!(
        work.effects.iter().zip(0_u32..).all(|(it, ordinal)| it.ordinal == ordinal),
        "places in the plan are mixed up"
    );
    Ok(())
}

pub(super) async fn links_are_written_replaced_and_dropped(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let key = NaturalKey::from("+79005550001");
    store.commit(&lease, at(0), vec![Change::PutLink(link("5"))]).await?;
    same!(store.link(&romashka(), "client", &key).await?, Some(link("5")), "a new link");
    let later = Link { checked_at: at(9), ..link("6") };
    store.commit(&lease, at(0), vec![Change::PutLink(later.clone())]).await?;
    let store = crash(rig, store).await?;
    same!(store.link(&romashka(), "client", &key).await?, Some(later), "a replaced link");
    same!(store.link(&romashka(), "order", &key).await?, None, "another kind");
    same!(store.link(&AccountId::from("vasilek"), "client", &key).await?, None, "another account");
    let lease = must_take(&*store, 30).await?;
    let drop = || vec![Change::DropLink { kind: "client".into(), natural_key: key.clone() }];
    store.commit(&lease, at(30), drop()).await?;
    same!(store.link(&romashka(), "client", &key).await?, None, "a dropped link");
    store.commit(&lease, at(30), drop()).await?;
    store.release(lease, None).await?;
    ensure!(work_off(&*store, 30).await?.is_some(), "the event is gone");
    same!(take(&*store, 30).await?, None, "more work");
    Ok(())
}
