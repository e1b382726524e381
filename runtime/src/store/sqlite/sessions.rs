//! Which lane a session is in, and how it gets to its contact's lane.
//!
//! A session has one lane. Until an event names the contact, that is the session's own lane (`s:<session>`), which holds
//! nothing else. The first event that does, wins: everything in the session's own lane moves, pending events,
//! communication and effects, in the same transaction. Whoever worked there loses the lease; what it had in flight is an
//! orphan for the new lane's worker, because epochs are never equal.

use super::codec::At;
use super::lanes;
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{LaneKey, SessionKey};

/// A known session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    /// Its number.
    pub(super) id: i64,
    /// The number of its contact's lane, once that is known.
    pub(super) lane: Option<i64>,
}

/// Returns a session, a new one if it is not known.
pub(super) fn get(tx: &mut Tx<'_>, account: i64, key: &SessionKey) -> Result<Session, StoreError> {
    let known =
        tx.first("SELECT id, lane FROM session WHERE account = ?1 AND key = ?2", (account, key), |row| {
            Ok(Session { id: row.get(0)?, lane: row.get(1)? })
        })?;
    match known {
        Some(session) => Ok(session),
        None => {
            let id = tx.insert("INSERT INTO session (account, key) VALUES (?1, ?2)", (account, key))?;
            Ok(Session { id, lane: None })
        }
    }
}

/// Returns the number of the lane a session is in, for something that itself would go to `lane`.
///
/// May learn the contact from it, and then moves what waited. A lane that is made is ready at `ready_at`.
pub(super) fn place(
    tx: &mut Tx<'_>,
    account: i64,
    key: &SessionKey,
    session: Session,
    lane: &LaneKey,
    now: At,
    ready_at: Option<At>,
) -> Result<i64, StoreError> {
    if let Some(known) = session.lane {
        return Ok(known);
    }
    if lane.is_session() {
        // Its own, whatever the caller says.
        return lanes::number(tx, account, &LaneKey::session(key), now, ready_at);
    }
    let to = lanes::number(tx, account, lane, now, ready_at)?;
    learn(tx, account, session, key, to)?;
    Ok(to)
}

/// Writes down the lane of a session whose contact was not known, and moves what waited.
pub(super) fn learn(
    tx: &mut Tx<'_>,
    account: i64,
    session: Session,
    key: &SessionKey,
    to: i64,
) -> Result<(), StoreError> {
    tx.run("UPDATE session SET lane = ?2 WHERE id = ?1", (session.id, to))?;
    let own = tx.first(
        "SELECT id FROM lane WHERE account = ?1 AND key = ?2",
        (account, LaneKey::session(key)),
        |row| row.get::<_, i64>(0),
    )?;
    let Some(from) = own else { return Ok(()) };
    // Finished events and effects stay where they were finished; a retry asks for the lane anew.
    tx.run(
        "UPDATE inbox INDEXED BY inbox_fresh SET lane = ?2 WHERE lane = ?1 AND state = 0 AND attempts = 0",
        (from, to),
    )?;
    tx.run(
        "UPDATE inbox INDEXED BY inbox_retry SET lane = ?2 WHERE lane = ?1 AND state = 0 AND attempts > 0",
        (from, to),
    )?;
    tx.run("UPDATE communication SET lane = ?2 WHERE session = ?1", (session.id, to))?;
    tx.run(
        "UPDATE effect INDEXED BY effect_next SET lane = ?2 WHERE lane = ?1 AND state IN (0, 1, 2)",
        (from, to),
    )?;
    tx.run("UPDATE effect INDEXED BY effect_held SET lane = ?2 WHERE lane = ?1 AND state = 4", (from, to))?;
    lanes::vacate(tx, from)?;
    match lanes::readiness(tx.connection(), to)? {
        Some(at) => lanes::make_ready(tx, account, to, at),
        None => Ok(()),
    }
}

/// Returns the lane for something of a session that is taken up again: the session's, if it has one by now, else `lane`.
pub(super) fn lane_now(tx: &Tx<'_>, session: Option<i64>, lane: i64) -> Result<i64, StoreError> {
    let Some(session) = session else { return Ok(lane) };
    let known = tx.first("SELECT lane FROM session WHERE id = ?1", [session], |row| row.get(0))?;
    Ok(known.flatten().unwrap_or(lane))
}
