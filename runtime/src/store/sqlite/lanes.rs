//! Lanes: when they are ready, who has them, and for how long.
//!
//! `ready_at` is one number with two meanings, which is what makes a claim one index look-up: for a free lane it is when
//! the lane must be looked at, for a leased one when the lease runs out. So an expired lease is just a ready lane, and
//! nothing that arrives during a lease touches the number: the release computes it anew from what is pending then.

use jiff::Timestamp;
use rusqlite::Connection;

use super::accounts;
use super::codec::{At, Limit};
use super::writer::Tx;
use crate::store::record::{AccountId, Claim, Claimed, Epoch, LaneKey, Lease};
use crate::store::{MAX_CLAIM, StoreError};

/// The present moment and the end of a lease that starts now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    /// The start.
    pub(super) now: At,
    /// The end.
    pub(super) until: At,
}

/// A lane that somebody holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// Its number.
    pub(super) id: i64,
    /// The number of its account.
    pub(super) account: i64,
}

/// Returns the number of a lane, a new one if it is not known; a new one is ready at `ready_at`.
pub(super) fn number(
    tx: &mut Tx<'_>,
    account: i64,
    key: &LaneKey,
    now: At,
    ready_at: Option<At>,
) -> Result<i64, StoreError> {
    let known =
        tx.first("SELECT id FROM lane WHERE account = ?1 AND key = ?2", (account, key), |row| row.get(0))?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = tx.insert(
        "INSERT INTO lane (account, key, ready_at, touched_at) VALUES (?1, ?2, ?3, ?4)",
        (account, key, ready_at, now),
    )?;
    if let Some(At(at)) = ready_at {
        accounts::wake(tx, account, at)?;
    }
    Ok(id)
}

/// Makes a free lane ready at `at`, unless it is sooner already. For a leased one its release will see to it.
pub(super) fn make_ready(tx: &mut Tx<'_>, account: i64, lane: i64, at: i64) -> Result<(), StoreError> {
    // Looked at first: most lanes that get an event are ready already, and an update that changes nothing is not free.
    let later = tx.first(
        "SELECT 1 FROM lane WHERE id = ?1 AND owner IS NULL AND (ready_at IS NULL OR ready_at > ?2)",
        (lane, at),
        |_| Ok(()),
    )?;
    if later.is_some() {
        tx.run("UPDATE lane SET ready_at = ?2 WHERE id = ?1", (lane, at))?;
        accounts::wake(tx, account, at)?;
    }
    Ok(())
}

/// Returns when what is pending in the lane needs somebody; [`Store`](crate::store::Store) defines it.
pub(super) fn readiness(connection: &Connection, lane: i64) -> Result<Option<i64>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT min(at) FROM (
               SELECT (SELECT received_at FROM inbox INDEXED BY inbox_fresh
                       WHERE lane = ?1 AND state = 0 AND attempts = 0 ORDER BY seq LIMIT 1) AS at
               UNION ALL
               SELECT (SELECT next_at FROM inbox INDEXED BY inbox_retry
                       WHERE lane = ?1 AND state = 0 AND attempts > 0 ORDER BY next_at LIMIT 1)
               UNION ALL
               SELECT (SELECT due_at FROM communication INDEXED BY communication_due
                       WHERE lane = ?1 AND phase <> 3 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1)
               UNION ALL
               SELECT (SELECT next_at FROM effect INDEXED BY effect_next
                       WHERE lane = ?1 AND state IN (0, 1, 2) ORDER BY id LIMIT 1))",
        )?
        .query_row([lane], |row| row.get(0))?)
}

/// Leases ready lanes, account by account.
pub(super) fn claim(tx: &mut Tx<'_>, claim: &Claim, term: Term) -> Result<Claimed, StoreError> {
    let mut claimed = Claimed::default();
    let limit = claim.limit.min(MAX_CLAIM);
    while claimed.leases.len() < limit {
        // Each pass takes lanes or raises the `wake_at` of all it looked at, so there is an end.
        let mut turns = turns(tx, term.now, limit)?;
        if turns.is_empty() {
            break;
        }
        let looked_at = turns.clone();
        while claimed.leases.len() < limit && !turns.is_empty() {
            let mut again = Vec::with_capacity(turns.len());
            for (account, name) in turns {
                if claimed.leases.len() < limit
                    && let Some(lease) = claim_one(tx, account, &name, claim, term)?
                {
                    claimed.leases.push(lease);
                    again.push((account, name));
                }
            }
            turns = again;
        }
        for (account, _) in looked_at {
            correct_wake(tx, account)?;
        }
    }
    claimed.next_ready = next_ready(tx)?;
    Ok(claimed)
}

/// Makes sure of a lease; whoever gets past this is alone in the lane until the transaction ends.
pub(super) fn held(tx: &mut Tx<'_>, lease: &Lease) -> Result<Held, StoreError> {
    let account = accounts::number(tx, &lease.account)?;
    let lane = tx.first(
        "SELECT id FROM lane WHERE account = ?1 AND key = ?2 AND epoch = ?3 AND owner IS NOT NULL",
        (account, &lease.lane, lease.epoch),
        |row| row.get(0),
    )?;
    lane.map(|id| Held { id, account }).ok_or_else(|| lost(lease))
}

/// Returns the error for a lease that is no longer good.
pub(super) fn lost(lease: &Lease) -> StoreError {
    StoreError::LeaseLost { account: lease.account.clone(), lane: lease.lane.clone() }
}

/// Prolongs a lease.
pub(super) fn renew(tx: &mut Tx<'_>, lease: &Lease, term: Term) -> Result<Lease, StoreError> {
    let lane = held(tx, lease)?;
    tx.run("UPDATE lane SET ready_at = ?2, touched_at = ?3 WHERE id = ?1", (lane.id, term.until, term.now))?;
    let until = term.until.moment().map_err(rusqlite::Error::from)?;
    Ok(Lease { until, ..lease.clone() })
}

/// Gives a lane back.
pub(super) fn release(tx: &mut Tx<'_>, lease: &Lease, wake: Option<At>) -> Result<(), StoreError> {
    let lane = held(tx, lease)?;
    let at = [readiness(tx.connection(), lane.id)?, wake.map(|at| at.0)].into_iter().flatten().min();
    tx.run("UPDATE lane SET owner = NULL, ready_at = ?2 WHERE id = ?1", (lane.id, at))?;
    match at {
        Some(at) => accounts::wake(tx, lane.account, at),
        None => Ok(()),
    }
}

/// Ends the lease of a lane that was emptied, if there is one: whoever had it can commit nothing more.
pub(super) fn vacate(tx: &mut Tx<'_>, lane: i64) -> Result<(), StoreError> {
    let epoch = next_epoch(tx)?;
    tx.run("UPDATE lane SET owner = NULL, ready_at = NULL, epoch = ?2 WHERE id = ?1", (lane, epoch))?;
    Ok(())
}

/// Frees all lanes, when it is certain that nobody who leased one is alive.
pub(super) fn free_all(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let find = "SELECT id, account FROM lane INDEXED BY lane_leased WHERE owner IS NOT NULL LIMIT 1";
    while let Some((lane, account)) =
        tx.first(find, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?
    {
        let at = readiness(tx.connection(), lane)?;
        tx.run("UPDATE lane SET owner = NULL, ready_at = ?2 WHERE id = ?1", (lane, at))?;
        if let Some(at) = at {
            accounts::wake(tx, account, at)?;
        }
    }
    Ok(())
}

/// Returns the accounts that may have a ready lane, the one served longest ago first.
fn turns(tx: &Tx<'_>, now: At, limit: usize) -> Result<Vec<(i64, AccountId)>, StoreError> {
    let mut statement = tx.connection().prepare_cached(
        "SELECT id, name FROM account INDEXED BY account_wake
         WHERE wake_at IS NOT NULL AND stopped_since IS NULL AND wake_at <= ?1
         ORDER BY served, id LIMIT ?2",
    )?;
    let rows = statement.query_map((now, Limit(limit)), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn claim_one(
    tx: &mut Tx<'_>,
    account: i64,
    name: &AccountId,
    claim: &Claim,
    term: Term,
) -> Result<Option<Lease>, StoreError> {
    let lane = tx.first(
        "SELECT id, key FROM lane INDEXED BY lane_ready
         WHERE account = ?1 AND ready_at IS NOT NULL AND ready_at <= ?2 ORDER BY ready_at, id LIMIT 1",
        (account, term.now),
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, LaneKey>(1)?)),
    )?;
    let Some((id, lane)) = lane else { return Ok(None) };
    let epoch = next_epoch(tx)?;
    tx.run(
        "UPDATE lane SET owner = ?2, epoch = ?3, ready_at = ?4, touched_at = ?5 WHERE id = ?1",
        (id, claim.owner.as_str(), epoch, term.until, term.now),
    )?;
    tx.run("UPDATE account SET served = ?2 WHERE id = ?1", (account, epoch))?;
    let until = term.until.moment().map_err(rusqlite::Error::from)?;
    Ok(Some(Lease { account: name.clone(), lane, epoch, until }))
}

/// Returns the earliest `ready_at` of all lanes of active accounts; corrects what it finds too early on the way.
fn next_ready(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let earliest = "SELECT id, wake_at FROM account INDEXED BY account_wake
                    WHERE wake_at IS NOT NULL AND stopped_since IS NULL ORDER BY wake_at LIMIT 1";
    let mut corrected = None;
    loop {
        let found = tx.first(earliest, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, At>(1)?)))?;
        match found {
            None => return Ok(None),
            // Still the earliest after it was corrected.
            Some(found) if corrected == Some(found) => {
                return Ok(Some(found.1.moment().map_err(rusqlite::Error::from)?));
            }
            Some((account, _)) => {
                let wake_at = correct_wake(tx, account)?;
                corrected = wake_at.map(|at| (account, at));
            }
        }
    }
}

fn correct_wake(tx: &mut Tx<'_>, account: i64) -> Result<Option<At>, StoreError> {
    let wake_at = tx.run_returning(
        "UPDATE account SET wake_at =
           (SELECT ready_at FROM lane INDEXED BY lane_ready
            WHERE account = ?1 AND ready_at IS NOT NULL ORDER BY ready_at LIMIT 1)
         WHERE id = ?1 RETURNING wake_at",
        [account],
        |row| row.get(0),
    )?;
    Ok(wake_at.flatten())
}

fn next_epoch(tx: &mut Tx<'_>) -> Result<Epoch, StoreError> {
    let bump = "UPDATE meta SET value = value + 1 WHERE name = 'epoch' RETURNING value";
    tx.run_returning(bump, [], |row| row.get(0))?
        .ok_or_else(|| StoreError::Damaged { what: "the counter of epochs is missing".to_owned() })
}
