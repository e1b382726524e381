//! Cases: the right to work on a lane, and its end.

use std::time::Duration;

use super::rig::{Outcome, Rig, crash, ensure, fails, same};
use super::sample::{LEASE, all_done, at, claim, contact, event, must_take, take};
use crate::store::StoreError;
use crate::store::record::Claim;

pub(super) async fn a_lease_runs_out_and_the_old_owner_is_fenced(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    let seq = store.accept(event("one", contact(1), 0)).await?.seq();
    let old = must_take(&*store, 0).await?;
    same!(old.until, at(30), "the end of the lease");
    same!(take(&*store, 29).await?, None, "the lane within its lease");
    let new = must_take(&*store, 30).await?;
    same!((&new.account, &new.lane), (&old.account, &old.lane), "the lane");
    ensure!(new.epoch > old.epoch, "epoch {} does not come after {}", new.epoch, old.epoch);

    let work = store.lane_work(&new, at(30)).await?;
    fails!(store.lane_work(&old, at(30)).await, StoreError::LeaseLost { .. }, "reading");
    fails!(store.commit(&old, at(30), all_done(&work)).await, StoreError::LeaseLost { .. }, "committing");
    fails!(store.renew(&old, at(30), LEASE).await, StoreError::LeaseLost { .. }, "renewing");
    fails!(store.release(old.clone(), None).await, StoreError::LeaseLost { .. }, "releasing");
    same!(store.lane_work(&new, at(30)).await?, work, "the new owner's work");
    same!(work.events.iter().map(|event| event.seq).collect::<Vec<_>>(), vec![seq], "the work");

    store.commit(&new, at(31), all_done(&work)).await?;
    store.release(new, None).await?;
    same!(take(&*store, 100).await?, None, "the lane when it is empty");
    Ok(())
}

pub(super) async fn a_released_lease_is_void(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let work = store.lane_work(&lease, at(0)).await?;
    store.release(lease.clone(), None).await?;
    fails!(store.commit(&lease, at(0), all_done(&work)).await, StoreError::LeaseLost { .. }, "committing");
    fails!(store.lane_work(&lease, at(0)).await, StoreError::LeaseLost { .. }, "reading");
    fails!(store.release(lease, None).await, StoreError::LeaseLost { .. }, "releasing twice");
    ensure!(take(&*store, 0).await?.is_some(), "the lane is not ready again");
    Ok(())
}

pub(super) async fn renewing_keeps_others_out(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let lease = must_take(&*store, 0).await?;
    let renewed = store.renew(&lease, at(20), LEASE).await?;
    same!(renewed.until, at(50), "the new end");
    same!(renewed.epoch, lease.epoch, "the epoch");
    same!(take(&*store, 49).await?, None, "the lane within its lease");
    // Run out, but nobody came.
    let renewed = store.renew(&renewed, at(60), LEASE).await?;
    same!(take(&*store, 89).await?, None, "the lane within its late prolongation");
    ensure!(take(&*store, 90).await?.is_some(), "the lane stays taken for ever");
    fails!(store.renew(&renewed, at(91), LEASE).await, StoreError::LeaseLost { .. }, "renewing too late");
    Ok(())
}

pub(super) async fn a_lease_of_no_length_is_refused(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let nothing = Claim { lease: Duration::ZERO, ..claim("worker", 0, 1) };
    fails!(store.claim_lanes(nothing).await, StoreError::Refused { .. }, "claiming");
    let lease = must_take(&*store, 0).await?;
    fails!(store.renew(&lease, at(0), Duration::ZERO).await, StoreError::Refused { .. }, "renewing");
    Ok(())
}

pub(super) async fn a_crash_ends_leases_and_keeps_epochs(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    store.accept(event("one", contact(1), 0)).await?;
    let old = must_take(&*store, 0).await?;
    let store = crash(rig, store).await?;
    // A store may free the lane at once, if it knows that its owner is dead, and must when the lease has run out.
    let new = must_take(&*store, 30).await?;
    same!(new.lane, old.lane, "the lane");
    ensure!(new.epoch > old.epoch, "epoch {} does not come after {}", new.epoch, old.epoch);
    fails!(store.release(old, None).await, StoreError::LeaseLost { .. }, "the lease from before the crash");
    same!(store.lane_work(&new, at(30)).await?.events.len(), 1, "events");
    Ok(())
}

pub(super) async fn epochs_grow_over_all_lanes(rig: &dyn Rig) -> Outcome {
    let store = rig.open().await?;
    for number in 0..4 {
        store.accept(event(&number.to_string(), contact(number), 0)).await?;
    }
    let mut last = None;
    for round in 0..3 {
        // Every lease of the round before has run out.
        let leases = store.claim_lanes(claim("worker", round * 100, 4)).await?.leases;
        same!(leases.len(), 4, "lanes in round {round}");
        for lease in leases {
            ensure!(last < Some(lease.epoch), "epoch {} does not come after {last:?}", lease.epoch);
            last = Some(lease.epoch);
        }
    }
    Ok(())
}
