//! Everything about one session, and one event.

use rusqlite::{Connection, OptionalExtension as _};

use super::codec::Limit;
use super::rows::{
    SELECT_DECISIONS, decision, effect, event, events_within_bytes, select_effects, select_events,
};
use super::work::communication_of;
use crate::store::record::{AccountId, Event, EventSeq, SessionKey, Timeline};
use crate::store::{MAX_PAGE, StoreError};

/// Reads everything about a session.
pub(super) fn timeline(
    connection: &Connection,
    account: &AccountId,
    key: &SessionKey,
) -> Result<Option<Timeline>, StoreError> {
    let session: Option<i64> = connection
        .prepare_cached(
            "SELECT session.id FROM account CROSS JOIN session ON session.account = account.id
             WHERE account.name = ?1 AND session.key = ?2",
        )?
        .query_row((account, key), |row| row.get(0))
        .optional()?;
    let Some(session) = session else { return Ok(None) };
    let mut events = connection.prepare_cached(select_events!(
        "INDEXED BY inbox_identity",
        "WHERE inbox.scope = ?1 ORDER BY inbox.seq LIMIT ?2"
    ))?;
    let mut decisions = connection.prepare_cached(SELECT_DECISIONS)?;
    let mut effects = connection.prepare_cached(select_effects!(
        "INDEXED BY effect_session",
        "WHERE effect.session = ?1 AND effect.session IS NOT NULL ORDER BY effect.id LIMIT ?2"
    ))?;
    Ok(Some(Timeline {
        session: key.clone(),
        communication: communication_of(connection, account, key)?.map(|(_, communication)| communication),
        events: events_within_bytes(&mut events, (session, Limit(MAX_PAGE)))?.0,
        decisions: decisions.query_map((session, Limit(MAX_PAGE)), decision)?.collect::<Result<_, _>>()?,
        effects: effects.query_map((session, Limit(MAX_PAGE)), effect)?.collect::<Result<_, _>>()?,
    }))
}

/// Reads one event.
pub(super) fn one_event(connection: &Connection, seq: EventSeq) -> Result<Option<Event>, StoreError> {
    Ok(connection
        .prepare_cached(select_events!("", "WHERE inbox.seq = ?1"))?
        .query_row([seq], event)
        .optional()?)
}
