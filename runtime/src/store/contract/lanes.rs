//! Cases: who gets which lane, and in which order.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use futures_util::future::join_all;

use super::rig::{Outcome, Rig, ensure, same};
use super::sample::{all_done, at, claim, contact, event, must_take, romashka, take, work_off};
use crate::store::record::{AccountId, Activity, LaneKey, NewEvent, Rooms};
use crate::store::{MAX_LANE_EVENTS, Store, StoreError};

pub(super) async fn events_of_a_lane_come_in_the_order_of_arrival(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let mut expected = Vec::new();
    for number in 0..12_u32 {
        let arrived = event(&number.to_string(), contact(number % 3), i64::from(number));
        let seq = store.accept(arrived).await?.seq();
        if number % 3 == 1 {
            expected.push(seq);
        }
    }
    let leases = store.claim_lanes(claim("worker", 100, 8)).await?.leases;
    same!(leases.len(), 3, "lanes");
    let lease = leases.iter().find(|lease| lease.lane == contact(1)).ok_or("lane 1 is not there")?;
    let work = store.lane_work(lease, at(100)).await?;
    let found: Vec<_> = work.events.iter().map(|event| event.seq).collect();
    same!(found, expected, "events of one lane");
    ensure!(work.events.iter().all(|event| event.lane == Some(contact(1))), "an event of another lane");
    Ok(())
}

pub(super) async fn a_long_lane_comes_in_pieces(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let count = MAX_LANE_EVENTS + 3;
    let mut expected = Vec::with_capacity(count);
    for number in 0..count {
        expected.push(store.accept(event(&number.to_string(), contact(1), 0)).await?.seq());
    }
    let mut found = Vec::with_capacity(count);
    let mut pieces = 0;
    while let Some((_, events)) = work_off(&*store, 1).await? {
        ensure!(events.len() <= MAX_LANE_EVENTS, "{} events at once", events.len());
        found.extend(events);
        pieces += 1;
    }
    same!(pieces, 2, "pieces");
    same!(found, expected, "events of the lane");
    Ok(())
}

pub(super) async fn claims_at_the_same_time_share_no_lane(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for number in 0..60 {
        store.accept(event(&number.to_string(), contact(number), 0)).await?;
    }
    let claims = join_all((0..24).map(|worker| store.claim_lanes(claim(&format!("w{worker}"), 1, 4)))).await;
    let mut lanes = BTreeSet::new();
    let mut count = 0;
    for claimed in claims {
        for lease in claimed?.leases {
            count += 1;
            ensure!(lanes.insert(lease.lane.clone()), "lane {} was given twice", lease.lane);
        }
    }
    same!(count, 60, "lanes given");
    Ok(())
}

pub(super) async fn the_lane_that_was_ready_first_is_first(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for (number, seconds) in [(1, 30), (2, 10), (3, 20), (4, 99)] {
        store.accept(event(&number.to_string(), contact(number), seconds)).await?;
    }
    let mut order = Vec::new();
    while let Some(lease) = take(&*store, 50).await? {
        order.push(lease.lane);
    }
    same!(order, vec![contact(2), contact(3), contact(1)], "the order of lanes; the fourth is not ready");
    Ok(())
}

async fn fill(store: &dyn Store, account: &str, lanes: u32, seconds: i64) -> Result<(), StoreError> {
    for number in 0..lanes {
        let arrived = event(&number.to_string(), contact(number), seconds);
        store.accept(NewEvent { account: AccountId::from(account), ..arrived }).await?;
    }
    Ok(())
}

pub(super) async fn accounts_take_turns(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    fill(&*store, "flooded", 20, 0).await?;
    fill(&*store, "quiet", 3, 5).await?;
    fill(&*store, "late", 1, 9).await?;
    let mut order = Vec::new();
    for _ in 0..7 {
        order.push(must_take(&*store, 10).await?.account.as_str().to_owned());
    }
    let first: BTreeSet<_> = order.iter().take(3).cloned().collect();
    same!(first.len(), 3, "accounts among the first three lanes {order:?}");
    let quiet = order.iter().take(6).filter(|name| *name == "quiet").count();
    ensure!(quiet >= 2, "the quiet account waits behind the flooded one: {order:?}");
    Ok(())
}

pub(super) async fn one_claim_serves_every_account_before_any_twice(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    fill(&*store, "flooded", 20, 0).await?;
    fill(&*store, "quiet", 2, 5).await?;
    fill(&*store, "late", 1, 9).await?;
    let names = |leases: Vec<crate::store::record::Lease>| -> Vec<String> {
        leases.into_iter().map(|lease| lease.account.as_str().to_owned()).collect()
    };
    let one = names(store.claim_lanes(claim("worker", 10, 3)).await?.leases);
    same!(one.iter().collect::<BTreeSet<_>>().len(), 3, "accounts among three lanes {one:?}");
    let two = names(store.claim_lanes(claim("worker", 10, 4)).await?.leases);
    same!(two.iter().filter(|name| *name == "quiet").count(), 1, "lanes of the quiet account in {two:?}");
    same!(two.len(), 4, "lanes; the flooded account takes what the others leave");
    Ok(())
}

pub(super) async fn no_account_gets_more_lanes_than_it_has_room(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    fill(&*store, "full", 5, 0).await?;
    fill(&*store, "nearly", 5, 1).await?;
    fill(&*store, "free", 5, 2).await?;
    let room = |name: &str, lanes| (AccountId::from(name), lanes);
    let rooms = Rooms { of: [room("full", 0), room("nearly", 1)].into(), others: Some(3) };
    let claimed = store.claim_lanes_within(claim("worker", 10, 64), rooms.clone()).await?;
    let lanes = |name: &str| claimed.leases.iter().filter(|lease| lease.account.as_str() == name).count();
    same!((lanes("full"), lanes("nearly"), lanes("free")), (0, 1, 3), "lanes by account");
    same!(claimed.next_ready, None, "the next lane; what is ready has no room");
    let none = Rooms { others: Some(0), ..Rooms::default() };
    let claimed = store.claim_lanes_within(claim("worker", 10, 64), none).await?;
    same!((claimed.leases.len(), claimed.next_ready), (0, None), "a claim without any room");
    let rooms = Rooms { of: [room("full", 2)].into(), others: Some(0) };
    let claimed = store.claim_lanes_within(claim("worker", 10, 1), rooms).await?;
    same!((claimed.leases.len(), claimed.next_ready), (1, Some(at(0))), "one of two, and the other is ready");
    same!(store.claim_lanes(claim("worker", 10, 64)).await?.leases.len(), 10, "what is left");
    Ok(())
}

pub(super) async fn a_stopped_account_waits_and_loses_nothing(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let account = romashka();
    same!(store.activity(&account).await?, Activity::Active, "an account nobody has heard of");
    store.accept(event("before", contact(1), 0)).await?;
    store.stop_account(&account, "key revoked".to_owned(), at(1)).await?;
    store.stop_account(&account, "key still revoked".to_owned(), at(2)).await?;
    let stopped = Activity::Stopped { reason: "key still revoked".to_owned(), since: at(1) };
    same!(store.activity(&account).await?, stopped, "a stopped account");
    store.accept(event("during", contact(2), 3)).await?;
    let claimed = store.claim_lanes(claim("worker", 50, 9)).await?;
    same!(claimed.leases, vec![], "lanes of a stopped account");
    same!(claimed.next_ready, None, "the next lane while the only account is stopped");
    let mut hint = store.work_hint();
    ensure!(store.resume_account(&account).await?, "it was not stopped");
    ensure!(!store.resume_account(&account).await?, "it is still stopped");
    ensure!(hint.changed().now_or_never().is_some(), "nobody was told");
    same!(store.claim_lanes(claim("worker", 50, 9)).await?.leases.len(), 2, "lanes after the stop");
    Ok(())
}

pub(super) async fn what_arrives_raises_the_hint(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let mut hint = store.work_hint();
    store.accept(event("one", contact(1), 0)).await?;
    hint.changed().await;
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    store.commit(&lease, at(0), all_done(&work)).await?;
    store.release(lease, Some(at(60))).await?;
    // Whoever sleeps because nothing waited must learn that something will.
    hint.changed().await;
    let lane = LaneKey::from("v:1");
    store.accept(event("two", lane, 1)).await?;
    hint.changed().await;
    Ok(())
}
