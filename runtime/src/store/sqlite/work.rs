//! Reading what is pending in a lane. Each query walks an index of pending rows and stops at a limit, so the time does
//! not depend on how much is stored or waits elsewhere.

use rusqlite::{Connection, OptionalExtension as _};

use super::codec::{At, Limit};
use super::lanes;
use super::rows::{
    communication, effect, events_within_bytes, select_communications, select_effects, select_events,
};
use crate::store::record::{AccountId, Communication, Effect, Event, LaneWork, Lease, SessionKey};
use crate::store::{MAX_LANE_COMMUNICATIONS, MAX_LANE_EFFECTS, MAX_LANE_EVENTS, StoreError};

/// Reads the work of a leased lane.
pub(super) fn lane_work(connection: &Connection, lease: &Lease, now: At) -> Result<LaneWork, StoreError> {
    let lane = lanes::held(connection, lease)?.id;
    let events = events(connection, lane, now)?;
    let communications = communications(connection, lane, &events)?;
    let effects = effects(connection, lane)?;
    Ok(LaneWork { events, communications, effects })
}

/// Reads one communication, with its number.
pub(super) fn communication_of(
    connection: &Connection,
    account: &AccountId,
    key: &SessionKey,
) -> Result<Option<(i64, Communication)>, StoreError> {
    Ok(connection
        .prepare_cached(select_communications!(
            "",
            "WHERE communication.session = (SELECT session.id FROM account CROSS JOIN session
               ON session.account = account.id WHERE account.name = ?1 AND session.key = ?2)"
        ))?
        .query_row((account, key), communication)
        .optional()?)
}

fn events(connection: &Connection, lane: i64, now: At) -> Result<Vec<Event>, StoreError> {
    let mut fresh = connection.prepare_cached(select_events!(
        "INDEXED BY inbox_fresh",
        "WHERE inbox.lane = ?1 AND inbox.state = 0 AND inbox.attempts = 0 ORDER BY inbox.seq LIMIT ?2"
    ))?;
    let mut retry = connection.prepare_cached(select_events!(
        "INDEXED BY inbox_retry",
        "WHERE inbox.lane = ?1 AND inbox.state = 0 AND inbox.attempts > 0 AND inbox.next_at <= ?3
         ORDER BY inbox.next_at LIMIT ?2"
    ))?;
    let (mut events, _) = events_within_bytes(&mut fresh, (lane, Limit(MAX_LANE_EVENTS)))?;
    events.extend(events_within_bytes(&mut retry, (lane, Limit(MAX_LANE_EVENTS), now))?.0);
    events.sort_unstable_by_key(|event| event.seq);
    events.truncate(MAX_LANE_EVENTS);
    Ok(events)
}

fn communications(
    connection: &Connection,
    lane: i64,
    events: &[Event],
) -> Result<Vec<Communication>, StoreError> {
    // Those that are due first come first, so that a limit cannot starve them.
    let mut timed = connection.prepare_cached(select_communications!(
        "INDEXED BY communication_due",
        "WHERE communication.lane = ?1 AND communication.phase <> 3 AND communication.due_at IS NOT NULL
         ORDER BY communication.due_at LIMIT ?2"
    ))?;
    let mut untimed = connection.prepare_cached(select_communications!(
        "INDEXED BY communication_due",
        "WHERE communication.lane = ?1 AND communication.phase <> 3 AND communication.due_at IS NULL
         ORDER BY communication.id LIMIT ?2"
    ))?;
    let mut found = timed
        .query_map((lane, Limit(MAX_LANE_COMMUNICATIONS)), communication)?
        .collect::<Result<Vec<_>, _>>()?;
    let room = MAX_LANE_COMMUNICATIONS.saturating_sub(found.len());
    for row in untimed.query_map((lane, Limit(room)), communication)? {
        found.push(row?);
    }
    let mut sessions: Vec<_> =
        events.iter().filter_map(|event| Some((&event.account, event.session.as_ref()?))).collect();
    sessions.sort_unstable();
    sessions.dedup();
    for (account, key) in sessions {
        found.extend(communication_of(connection, account, key)?);
    }
    found.sort_unstable_by_key(|(id, _)| *id);
    found.dedup_by_key(|(id, _)| *id);
    Ok(found.into_iter().map(|(_, communication)| communication).collect())
}

fn effects(connection: &Connection, lane: i64) -> Result<Vec<Effect>, StoreError> {
    let mut next = connection.prepare_cached(select_effects!(
        "INDEXED BY effect_next",
        "WHERE effect.lane = ?1 AND effect.state IN (0, 1, 2) ORDER BY effect.id LIMIT ?2"
    ))?;
    let mut held = connection.prepare_cached(select_effects!(
        "INDEXED BY effect_held",
        "WHERE effect.lane = ?1 AND effect.state = 4 ORDER BY effect.id LIMIT ?2"
    ))?;
    let mut effects =
        next.query_map((lane, Limit(MAX_LANE_EFFECTS)), effect)?.collect::<Result<Vec<_>, _>>()?;
    for row in held.query_map((lane, Limit(MAX_LANE_EFFECTS)), effect)? {
        effects.push(row?);
    }
    effects.sort_unstable_by_key(|effect| effect.id);
    Ok(effects)
}
