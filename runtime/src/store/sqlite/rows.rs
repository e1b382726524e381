//! Rows of the large tables as records: the columns, once, and how they are read.

use rusqlite::{CachedStatement, Params, Row};

use super::codec::{Moment, Short};
use crate::store::record::{Body, Communication, Decision, Effect, Event, NewDecision};
use crate::store::{MAX_EVENT_BYTES, StoreError};

// The joins are outer ones so that the table in front is the one that is walked, by the index that is named.

/// A query for events; takes what follows `FROM inbox` up to the joins, and what follows the joins.
macro_rules! select_events {
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT inbox.seq, account.name, inbox.source, inbox.event, lane.key, session.key, inbox.received_at,
               inbox.origin, body.content_type, body.bytes, inbox.state, inbox.attempts, inbox.next_at, inbox.error
             FROM inbox ",
            $index,
            " LEFT JOIN account ON account.id = inbox.account
              LEFT JOIN lane ON lane.id = inbox.lane
              LEFT JOIN session ON session.id = inbox.scope
              LEFT JOIN body ON body.seq = inbox.seq ",
            $rest
        )
    };
}

/// A query for communications, preceded by their numbers.
macro_rules! select_communications {
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT communication.id, account.name, session.key, lane.key, communication.kind, communication.data,
               communication.phase, communication.due_at, communication.updated_at
             FROM communication ",
            $index,
            " LEFT JOIN account ON account.id = communication.account
              LEFT JOIN session ON session.id = communication.session
              LEFT JOIN lane ON lane.id = communication.lane ",
            $rest
        )
    };
}

/// A query for effects.
macro_rules! select_effects {
    ($index:literal, $rest:literal) => {
        concat!(
            "SELECT effect.id, account.name, lane.key, session.key, effect.decision, effect.ordinal, effect.key,
               effect.kind, effect.class, effect.request, effect.needs, effect.state, effect.attempts, effect.next_at,
               effect.epoch, effect.remote_id, effect.error, effect.response, effect.created_at, effect.updated_at
             FROM effect ",
            $index,
            " LEFT JOIN account ON account.id = effect.account
              LEFT JOIN lane ON lane.id = effect.lane
              LEFT JOIN session ON session.id = effect.session ",
            $rest
        )
    };
}

pub(super) use {select_communications, select_effects, select_events};

/// Reads a row of [`select_events`].
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: row.get(0)?,
        account: row.get(1)?,
        source: row.get::<_, Short>(2)?.0,
        event: row.get::<_, Short>(3)?.0,
        lane: row.get(4)?,
        session: row.get(5)?,
        received_at: row.get::<_, Moment>(6)?.0,
        origin: row.get(7)?,
        content_type: row.get::<_, Short>(8)?.0,
        body: row.get::<_, Body>(9)?,
        state: row.get(10)?,
        attempts: row.get(11)?,
        next_at: row.get::<_, Moment>(12)?.0,
        error: row.get(13)?,
    })
}

/// Reads a row of [`select_communications`] with its number.
pub(super) fn communication(row: &Row<'_>) -> rusqlite::Result<(i64, Communication)> {
    let communication = Communication {
        account: row.get(1)?,
        key: row.get(2)?,
        lane: row.get(3)?,
        kind: row.get::<_, Short>(4)?.0,
        data: row.get(5)?,
        phase: row.get(6)?,
        due_at: row.get::<_, Option<Moment>>(7)?.map(|due| due.0),
        updated_at: row.get::<_, Moment>(8)?.0,
    };
    Ok((row.get(0)?, communication))
}

/// Reads a row of [`select_effects`].
pub(super) fn effect(row: &Row<'_>) -> rusqlite::Result<Effect> {
    Ok(Effect {
        id: row.get(0)?,
        account: row.get(1)?,
        lane: row.get(2)?,
        communication: row.get(3)?,
        decision: row.get(4)?,
        ordinal: row.get(5)?,
        key: row.get(6)?,
        kind: row.get::<_, Short>(7)?.0,
        class: row.get(8)?,
        request: row.get(9)?,
        needs: row.get(10)?,
        state: row.get(11)?,
        attempts: row.get(12)?,
        next_at: row.get::<_, Moment>(13)?.0,
        epoch: row.get(14)?,
        remote_id: row.get::<_, Option<Short>>(15)?.map(|id| id.0),
        error: row.get(16)?,
        response: row.get(17)?,
        created_at: row.get::<_, Moment>(18)?.0,
        updated_at: row.get::<_, Moment>(19)?.0,
    })
}

/// The columns of a decision, in front of `FROM decision`.
pub(super) const SELECT_DECISIONS: &str =
    "SELECT decision.id, account.name, decision.created_at, session.key, decision.stage, decision.bundle_digest,
       decision.now, decision.event, decision.facts, decision.decision
     FROM decision INDEXED BY decision_session
     LEFT JOIN account ON account.id = decision.account
     LEFT JOIN session ON session.id = decision.session
     WHERE decision.session = ?1 ORDER BY decision.id LIMIT ?2";

/// Reads a row of [`SELECT_DECISIONS`].
pub(super) fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        id: row.get(0)?,
        account: row.get(1)?,
        created_at: row.get::<_, Moment>(2)?.0,
        made: NewDecision {
            communication: row.get(3)?,
            stage: row.get::<_, Short>(4)?.0,
            bundle_digest: row.get::<_, Short>(5)?.0,
            now: row.get::<_, Moment>(6)?.0,
            event: row.get(7)?,
            facts: row.get(8)?,
            decision: row.get(9)?,
        },
    })
}

/// Reads events until their bodies are too many bytes; tells as well whether they were.
pub(super) fn events_within_bytes(
    statement: &mut CachedStatement<'_>,
    params: impl Params,
) -> Result<(Vec<Event>, bool), StoreError> {
    let mut rows = statement.query(params)?;
    let mut events = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let event = event(row)?;
        bytes += event.body.len();
        if bytes > MAX_EVENT_BYTES && !events.is_empty() {
            return Ok((events, true));
        }
        events.push(event);
    }
    Ok((events, false))
}
