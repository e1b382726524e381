//! Cases: taking events in.

use futures_util::future::join_all;

use super::rig::{Outcome, Rig, crash, ensure, fails, same};
use super::sample::{at, contact, event, romashka, take, unparsed};
use crate::store::StoreError;
use crate::store::record::{Accepted, AccountId, EventState, NewEvent, Origin, Page};

pub(super) async fn an_event_is_new_once(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let first = event("one", contact(1), 0);
    let Accepted::New(seq) = store.accept(first.clone()).await? else {
        return Err("the first is not new".into());
    };
    same!(store.accept(first.clone()).await?, Accepted::Duplicate(seq), "the same again");
    let changed =
        NewEvent { lane: contact(2), body: b"other".to_vec().into(), received_at: at(9), ..first.clone() };
    same!(store.accept(changed).await?, Accepted::Duplicate(seq), "the same identity with another content");
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.body, first.body, "the first content stays");
    let elsewhere = NewEvent { account: AccountId::from("vasilek"), ..first };
    ensure!(matches!(store.accept(elsewhere).await?, Accepted::New(_)), "accounts share identities");
    Ok(())
}

pub(super) async fn of_many_equal_events_at_once_one_is_new(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let answers = join_all((0..64).map(|_| store.accept(event("one", contact(1), 0)))).await;
    let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
    let new = answers.iter().filter(|answer| matches!(answer, Accepted::New(_))).count();
    same!(new, 1, "new ones");
    let seqs: std::collections::BTreeSet<_> = answers.iter().map(|answer| answer.seq()).collect();
    same!(seqs.len(), 1, "numbers");
    Ok(())
}

pub(super) async fn what_was_accepted_outlives_a_crash(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let arrived = NewEvent { origin: Origin::Reconcile, ..event("one", contact(1), 7) };
    let seq = store.accept(arrived.clone()).await?.seq();
    let store = crash(rig, store).await?;
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.account, arrived.account, "account");
    same!(kept.source, arrived.source, "source");
    same!(kept.event, arrived.event, "event");
    same!(kept.lane, Some(arrived.lane.clone()), "lane");
    same!(kept.session, arrived.session, "session");
    same!(kept.received_at, arrived.received_at, "arrival");
    same!(kept.origin, arrived.origin, "origin");
    same!(kept.content_type, arrived.content_type, "content type");
    same!(kept.body, arrived.body, "body");
    same!(kept.state, EventState::Available, "state");
    same!(kept.attempts, 0, "attempts");
    same!(kept.error, None, "error");
    same!(store.accept(arrived).await?, Accepted::Duplicate(seq), "the same after a crash");
    ensure!(take(&*store, 7).await?.is_some(), "its lane is not ready after a crash");
    Ok(())
}

pub(super) async fn numbers_grow_and_are_not_used_twice(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let mut last = store.accept(event("0", contact(0), 0)).await?.seq();
    for number in 1..5 {
        let seq = store.accept(event(&number.to_string(), contact(number), 0)).await?.seq();
        ensure!(seq > last, "number {seq} comes after {last}");
        last = seq;
    }
    let store = crash(rig, store).await?;
    let seq = store.accept(event("5", contact(5), 0)).await?.seq();
    ensure!(seq > last, "after a crash, number {seq} comes after {last}");
    Ok(())
}

pub(super) async fn bodies_come_back_byte_for_byte(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let large = vec![b'x'; 256 << 10];
    for (name, body) in [("empty", Vec::new()), ("every byte", every_byte), ("large", large)] {
        let arrived = NewEvent { body: body.clone().into(), ..event(name, contact(1), 0) };
        let seq = store.accept(arrived).await?.seq();
        let kept = store.event(seq).await?.ok_or("it is gone")?;
        ensure!(kept.body.as_bytes() == body, "the {name} body has changed");
    }
    Ok(())
}

pub(super) async fn unparsed_events_are_kept_and_given_to_nobody(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(unparsed("odd", 0)).await?.seq();
    let store = crash(rig, store).await?;
    same!(take(&*store, 100).await?, None, "a lane for it");
    let kept = store.event(seq).await?.ok_or("it is gone")?;
    same!(kept.state, EventState::Unparsed, "state");
    same!(kept.lane, None, "lane");
    same!(kept.error.as_deref(), Some("no such event"), "reason");
    let page = Page { account: Some(romashka()), after: None, limit: 10 };
    let listed = store.unparsed(page).await?;
    same!(listed.rows, vec![kept], "the list of unparsed events");
    Ok(())
}

pub(super) async fn a_full_queue_sheds_and_tells_the_truth(rig: &dyn Rig) -> Outcome {
    let store = rig.open_narrow(2).await?;
    let events: Vec<_> = (0..500).map(|number| event(&number.to_string(), contact(number), 0)).collect();
    let answers = join_all(events.iter().map(|event| store.accept(event.clone()))).await;
    let mut kept = 0;
    for (event, answer) in events.iter().zip(answers) {
        match answer {
            // Asked again, a kept one is known and a shed one is not.
            Ok(Accepted::New(seq)) => {
                same!(store.accept(event.clone()).await?, Accepted::Duplicate(seq), "a kept one");
                kept += 1;
            }
            Err(StoreError::Full) => {
                let again = store.accept(event.clone()).await?;
                ensure!(matches!(again, Accepted::New(_)), "a shed one was kept: {again:?}");
            }
            other => return Err(format!("neither kept nor shed: {other:?}").into()),
        }
    }
    ensure!(kept > 0, "a queue with two places took nothing at all");
    drop(store);
    fails!(
        rig.open_narrow(0).await?.accept(event("last", contact(0), 0)).await,
        StoreError::Full,
        "a queue without places"
    );
    Ok(())
}
