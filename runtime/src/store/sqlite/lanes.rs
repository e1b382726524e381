//! Lanes: when they are ready, who has them, and for how long.
//!
//! `ready_at` is one number with two meanings, which is what makes a claim one index look-up: for a free lane it is when
//! the lane must be looked at, for a leased one when the lease runs out. So an expired lease is just a ready lane, and
//! nothing that arrives during a lease touches the number: the release computes it anew from what is pending then.

use rusqlite::{Connection, OptionalExtension as _};

use super::accounts;
use super::codec::At;
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{Epoch, LaneKey, Lease};

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

/// Makes sure of a lease. In a writer's transaction, whoever gets past this is alone in the lane until it ends.
pub(super) fn held(connection: &Connection, lease: &Lease) -> Result<Held, StoreError> {
    connection
        .prepare_cached(
            "SELECT lane.id, lane.account FROM account CROSS JOIN lane ON lane.account = account.id
             WHERE account.name = ?1 AND lane.key = ?2 AND lane.epoch = ?3 AND lane.owner IS NOT NULL",
        )?
        .query_row((&lease.account, &lease.lane, lease.epoch), |row| {
            Ok(Held { id: row.get(0)?, account: row.get(1)? })
        })
        .optional()?
        .ok_or_else(|| StoreError::LeaseLost { account: lease.account.clone(), lane: lease.lane.clone() })
}

/// Prolongs a lease.
pub(super) fn renew(tx: &mut Tx<'_>, lease: &Lease, term: Term) -> Result<Lease, StoreError> {
    let lane = held(tx.connection(), lease)?;
    tx.run("UPDATE lane SET ready_at = ?2, touched_at = ?3 WHERE id = ?1", (lane.id, term.until, term.now))?;
    let until = term.until.moment().map_err(rusqlite::Error::from)?;
    Ok(Lease { until, ..lease.clone() })
}

/// Gives a lane back.
pub(super) fn release(tx: &mut Tx<'_>, lease: &Lease, wake: Option<At>) -> Result<(), StoreError> {
    let lane = held(tx.connection(), lease)?;
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
///
/// What woke a lane for others than its first effect is not known any more, so the earliest of them counts.
pub(super) fn free_all(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let find = "SELECT id, account FROM lane INDEXED BY lane_leased WHERE owner IS NOT NULL LIMIT 1";
    while let Some((lane, account)) =
        tx.first(find, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?
    {
        let earliest = "SELECT min(next_at) FROM effect WHERE lane = ?1 AND state IN (0, 1, 2)";
        let effects: Option<i64> = tx.first(earliest, [lane], |row| row.get(0))?.flatten();
        let at = [readiness(tx.connection(), lane)?, effects].into_iter().flatten().min();
        tx.run("UPDATE lane SET owner = NULL, ready_at = ?2 WHERE id = ?1", (lane, at))?;
        if let Some(at) = at {
            accounts::wake(tx, account, at)?;
        }
    }
    Ok(())
}

/// Returns a fencing token that is larger than all before.
pub(super) fn next_epoch(tx: &mut Tx<'_>) -> Result<Epoch, StoreError> {
    let bump = "UPDATE meta SET value = value + 1 WHERE name = 'epoch' RETURNING value";
    tx.run_returning(bump, [], |row| row.get(0))?
        .ok_or_else(|| StoreError::Damaged { what: "the counter of epochs is missing".to_owned() })
}
