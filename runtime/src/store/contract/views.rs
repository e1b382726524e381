//! Cases: what people and metrics are shown.

use super::rig::{Outcome, Rig, crash, ensure, fails, first, same};
use super::sample::{
    all_done, at, call, contact, effect, event, event_of, must_take, plan, put, romashka, take, unparsed,
};
use crate::store::record::{
    AccountId, Activity, Change, CommunicationCounts, EffectCounts, EffectState, EventCounts, EventSeq,
    EventState, Find, NewEvent, Page, Phase,
};
use crate::store::{Store, StoreError};

fn page(account: Option<&str>, limit: usize) -> Page {
    Page { account: account.map(AccountId::from), after: None, limit }
}

/// Accepts an event for an account, and finishes it with further changes in its lane.
async fn settle(
    store: &dyn Store,
    account: &str,
    number: u32,
    seconds: i64,
    changes: Vec<Change>,
) -> Result<EventSeq, Box<dyn std::error::Error + Send + Sync>> {
    let arrived = NewEvent {
        account: AccountId::from(account),
        session: Some(call(number)),
        ..event(&format!("settle {number}"), contact(number), seconds)
    };
    let seq = store.accept(arrived).await?.seq();
    let lease = must_take(store, seconds).await?;
    let mut all = all_done(&store.lane_work(&lease, at(seconds)).await?);
    all.extend(changes);
    store.commit(&lease, at(seconds), all).await?;
    store.release(lease, None).await?;
    Ok(seq)
}

pub(super) async fn the_overview_counts_what_is_unfinished(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    same!(store.overview().await?, vec![], "an empty store");
    let far = |key: &str, state| effect(key, state, 1_000_000);
    let changes = vec![
        Change::PutCommunication(put(&call(1), Phase::Open, None)),
        Change::PutCommunication(put(&call(2), Phase::Ending, Some(at(1_000_000)))),
        Change::PutCommunication(put(&call(3), Phase::Decided, None)),
        Change::PutCommunication(put(&call(4), Phase::Closed, None)),
        plan(
            &call(2),
            vec![far("1", EffectState::Ready), far("2", EffectState::Ready), far("3", EffectState::Held)],
        ),
    ];
    settle(&*store, "romashka", 1, 0, changes).await?;
    store.accept(event("waiting", contact(5), 70)).await?;
    store.accept(event("waiting too", contact(6), 60)).await?;
    store.accept(unparsed("odd", 65)).await?;
    store.stop_account(&AccountId::from("astra"), "no key".to_owned(), at(3)).await?;
    let found = store.overview().await?;
    let names: Vec<_> = found.iter().map(|it| it.account.as_str()).collect();
    same!(names, vec!["astra", "romashka"], "accounts");
    let [astra, romashka] = found.as_slice() else { return Err("not two accounts".into()) };
    same!(
        astra.activity,
        Activity::Stopped { reason: "no key".to_owned(), since: at(3) },
        "a stopped account"
    );
    same!(astra.oldest_waiting, None, "its oldest event");
    same!(romashka.activity, Activity::Active, "an active account");
    same!(romashka.oldest_waiting, Some(at(60)), "its oldest event");
    same!(romashka.events, EventCounts { available: 2, unparsed: 1, parked: 0 }, "events");
    same!(romashka.communications, CommunicationCounts { open: 1, ending: 1, decided: 1 }, "communications");
    let effects = EffectCounts { ready: 2, held: 1, ..EffectCounts::default() };
    same!(romashka.effects, effects, "effects");
    Ok(())
}

pub(super) async fn recent_communications_page_without_gaps(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    // Two of each moment, so that a page can end between equals.
    for number in 0..10_u32 {
        let account = if number % 3 == 0 { "vasilek" } else { "romashka" };
        let write = vec![Change::PutCommunication(put(&call(number), Phase::Closed, None))];
        settle(&*store, account, number, i64::from(number / 2), write).await?;
    }
    for (account, expected) in [(None, 10), (Some("romashka"), 6), (Some("vasilek"), 4), (Some("nobody"), 0)]
    {
        let mut rows = Vec::new();
        let mut page = page(account, 3);
        loop {
            let listed = store.recent(page.clone()).await?;
            ensure!(listed.rows.len() <= 3, "{} rows on a page of 3", listed.rows.len());
            rows.extend(listed.rows);
            let Some(next) = listed.next else { break };
            page.after = Some(next);
        }
        same!(rows.len(), expected, "rows of {account:?}");
        ensure!(rows.is_sorted_by(|one, other| one.updated_at >= other.updated_at), "not the newest first");
        let mut keys: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
        keys.sort();
        keys.dedup();
        same!(keys.len(), expected, "different rows of {account:?}");
    }
    Ok(())
}

pub(super) async fn communications_are_found_by_lane_session_and_remote_id(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for (account, number) in [("romashka", 1), ("romashka", 2), ("vasilek", 1)] {
        let changes = vec![
            Change::PutCommunication(put(&call(number), Phase::Closed, None)),
            plan(&call(number), vec![effect("order", EffectState::Ready, 1_000)]),
        ];
        settle(&*store, account, number, 0, changes).await?;
    }
    let lease = must_take(&*store, 1_000).await?;
    let planned = first(store.lane_work(&lease, at(1_000)).await?.effects, "effect")?;
    let mut done = planned.progress(EffectState::Done);
    done.remote_id = Some("1234C".into());
    store.commit(&lease, at(1_000), vec![Change::PutProgress(done)]).await?;

    let romashka = Some(romashka());
    let one = store.find(romashka.clone(), Find::Lane(contact(1))).await?;
    same!(one.iter().map(|it| it.key.clone()).collect::<Vec<_>>(), vec![call(1)], "by lane");
    same!(store.find(None, Find::Lane(contact(1))).await?.len(), 2, "by lane in all accounts");
    same!(store.find(romashka.clone(), Find::Lane(contact(9))).await?, vec![], "by an unknown lane");
    same!(store.find(romashka.clone(), Find::Session(call(2))).await?.len(), 1, "by session");
    same!(store.find(None, Find::Session(call(1))).await?.len(), 2, "by session in all accounts");
    let remote = store.find(None, Find::Remote("1234C".into())).await?;
    same!(
        remote.iter().map(|it| (it.account.clone(), Some(it.key.clone()))).collect::<Vec<_>>(),
        vec![(lease.account.clone(), planned.communication)],
        "by what the other side calls it"
    );
    same!(store.find(romashka, Find::Remote("1234".into())).await?, vec![], "by a part of it");
    Ok(())
}

pub(super) async fn the_timeline_shows_everything_of_a_session(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    same!(store.timeline(&romashka(), &call(1)).await?, None, "an unknown session");
    let record = store.accept(event_of("record", &call(1), 0)).await?.seq();
    let bare = store.timeline(&romashka(), &call(1)).await?.ok_or("it is gone")?;
    same!((bare.events.len(), bare.communication), (1, None), "before a worker has seen it");
    let changes = vec![
        Change::PutCommunication(put(&call(1), Phase::Closed, None)),
        plan(&call(1), vec![effect("order", EffectState::Ready, 0)]),
        plan(&call(1), vec![effect("order", EffectState::Ready, 0), effect("task", EffectState::Ready, 0)]),
    ];
    let end = settle(&*store, "romashka", 1, 1, changes).await?;
    let odd = NewEvent { session: Some(call(1)), ..unparsed("odd", 2) };
    let odd = store.accept(odd).await?.seq();
    let timeline = store.timeline(&romashka(), &call(1)).await?.ok_or("it is gone")?;
    same!(timeline.session, call(1), "the session");
    let events: Vec<_> = timeline.events.iter().map(|it| (it.seq, it.state)).collect();
    let expected = vec![(record, EventState::Done), (end, EventState::Done), (odd, EventState::Unparsed)];
    same!(events, expected, "events");
    ensure!(timeline.events.iter().all(|it| !it.body.is_empty()), "an event without its body");
    same!(timeline.communication.map(|it| it.phase), Some(Phase::Closed), "the communication");
    same!(timeline.decisions.len(), 2, "decisions");
    let made = &first(&timeline.decisions, "decision")?.made;
    same!(*made, super::sample::decision(&call(1)), "what was decided");
    let keys: Vec<_> = timeline.effects.iter().map(|it| it.key.as_str().to_owned()).collect();
    same!(keys, vec!["order", "task"], "effects");
    Ok(())
}

pub(super) async fn what_was_given_up_is_listed_and_can_be_retried(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let mut events = Vec::new();
    for number in 0..5 {
        events.push(store.accept(event(&number.to_string(), contact(1), number)).await?.seq());
        store.accept(unparsed(&format!("odd {number}"), number)).await?;
    }
    let lease = must_take(&*store, 10).await?;
    let mut changes: Vec<_> =
        events.iter().map(|seq| Change::EventParked { seq: *seq, error: "no".to_owned() }).collect();
    let keys = ["a", "b", "c"];
    changes.push(plan(&call(1), keys.iter().map(|key| effect(key, EffectState::Ready, 0)).collect()));
    store.commit(&lease, at(10), changes).await?;
    for (planned, seconds) in store.lane_work(&lease, at(10)).await?.effects.iter().zip(20..) {
        let mut dead = planned.progress(EffectState::Dead);
        dead.attempts = 7;
        store.commit(&lease, at(seconds), vec![Change::PutProgress(dead)]).await?;
    }
    store.release(lease, None).await?;

    for account in [None, Some("romashka")] {
        let parked = store.parked(page(account, 4)).await?;
        let seqs: Vec<_> = parked.rows.iter().map(|it| it.seq).collect();
        same!(seqs, events.iter().rev().take(4).copied().collect::<Vec<_>>(), "parked events of {account:?}");
        let rest = store.parked(Page { after: parked.next, ..page(account, 4) }).await?;
        same!((rest.rows.len(), rest.next), (1, None), "the last page of parked events");
        same!(store.unparsed(page(account, 100)).await?.rows.len(), 5, "unparsed events of {account:?}");
        let dead = store.dead_effects(page(account, 100)).await?;
        let found: Vec<_> = dead.rows.iter().map(|it| it.key.as_str().to_owned()).collect();
        same!(found, vec!["c", "b", "a"], "dead effects of {account:?}");
    }
    same!(store.parked(page(Some("vasilek"), 9)).await?.rows, vec![], "parked events of another account");

    let parked = first(events, "event")?;
    let dead = first(store.dead_effects(page(None, 1)).await?.rows, "dead effect")?;
    same!(take(&*store, 50).await?, None, "the lane of what was given up");
    store.retry_event(parked, at(50)).await?;
    store.retry_effect(dead.id, at(51)).await?;
    fails!(store.retry_event(parked, at(52)).await, StoreError::NotFound { .. }, "a second retry");
    fails!(store.retry_effect(dead.id, at(52)).await, StoreError::NotFound { .. }, "a second retry");
    let lease = must_take(&*store, 50).await?;
    let work = store.lane_work(&lease, at(50)).await?;
    let event = first(work.events, "event")?;
    same!((event.seq, event.attempts), (parked, 0), "the event");
    let effect = first(work.effects, "effect")?;
    same!((effect.id, effect.attempts, effect.next_at), (dead.id, 0, at(51)), "the effect");
    Ok(())
}

pub(super) async fn cursors_and_stops_outlive_a_crash(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let account = romashka();
    same!(store.cursor(&account, "calls").await?, None, "an unknown cursor");
    store.put_cursor(&account, "calls", "1".to_owned()).await?;
    store.put_cursor(&account, "calls", "2".to_owned()).await?;
    store.put_cursor(&account, "orders", "3".to_owned()).await?;
    store.stop_account(&account, "no key".to_owned(), at(1)).await?;
    let store = crash(rig, store).await?;
    same!(store.cursor(&account, "calls").await?.as_deref(), Some("2"), "the cursor");
    same!(store.cursor(&AccountId::from("vasilek"), "calls").await?, None, "another account's cursor");
    let stopped = Activity::Stopped { reason: "no key".to_owned(), since: at(1) };
    same!(store.activity(&account).await?, stopped, "the stop");
    Ok(())
}
