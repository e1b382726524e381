//! Taking up again what was given up, because somebody asked for it.

use super::codec::At;
use super::lanes;
use super::sessions;
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{EffectId, EventSeq};

/// Where a record is: its account, its session (or none, or no session's number) and its lane.
type Place = (i64, Option<i64>, i64);

/// Makes a dead effect ready.
pub(super) fn effect(tx: &mut Tx<'_>, id: EffectId, now: At) -> Result<(), StoreError> {
    let place: Option<Place> =
        tx.first("SELECT account, session, lane FROM effect WHERE id = ?1 AND state = 5", [id], |row| {
            row.try_into()
        })?;
    let (account, lane) = place_now(tx, place, || format!("dead effect {id}"))?;
    tx.run(
        "UPDATE effect SET state = 0, attempts = 0, next_at = ?2, lane = ?3, updated_at = ?2 WHERE id = ?1",
        (id, now, lane),
    )?;
    make_ready(tx, account, lane)
}

/// Makes a parked event available.
pub(super) fn event(tx: &mut Tx<'_>, seq: EventSeq, now: At) -> Result<(), StoreError> {
    let place: Option<Place> = tx.first(
        "SELECT account, scope, lane FROM inbox WHERE seq = ?1 AND state = 3 AND lane IS NOT NULL",
        [seq],
        |row| row.try_into(),
    )?;
    let (account, lane) = place_now(tx, place, || format!("parked event {seq}"))?;
    tx.run(
        "UPDATE inbox SET state = 0, attempts = 0, next_at = ?2, lane = ?3 WHERE seq = ?1",
        (seq, now, lane),
    )?;
    make_ready(tx, account, lane)
}

/// Returns account and lane; the session may have moved since the record was given up.
fn place_now(
    tx: &Tx<'_>,
    place: Option<Place>,
    what: impl FnOnce() -> String,
) -> Result<(i64, i64), StoreError> {
    let Some((account, session, lane)) = place else {
        return Err(StoreError::NotFound { what: what() });
    };
    Ok((account, sessions::lane_now(tx, session, lane)?))
}

fn make_ready(tx: &mut Tx<'_>, account: i64, lane: i64) -> Result<(), StoreError> {
    match lanes::readiness(tx.connection(), lane)? {
        Some(at) => lanes::make_ready(tx, account, lane, at),
        None => Ok(()),
    }
}
