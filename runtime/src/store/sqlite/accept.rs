//! Taking an event in. This is the path to the acknowledgement, so it does no more than it must.

use super::accounts;
use super::codec::At;
use super::lanes;
use super::sessions;
use super::writer::Tx;
use crate::store::StoreError;
use crate::store::record::{Accepted, EventSeq, EventState, NewEvent, Parse};

/// Bytes of the hash that stands for the identity of an event. Two different ones would have to meet within an account.
const DEDUP_BYTES: usize = 16;

/// An event, with what can be computed before the writer's turn.
#[derive(Debug)]
pub(super) struct Arrival {
    event: NewEvent,
    dedup: [u8; DEDUP_BYTES],
    /// What it counts as in the queue.
    pub(super) bytes: usize,
}

impl Arrival {
    /// Prepares an event.
    pub(super) fn new(event: NewEvent) -> Self {
        let mut dedup = [0; DEDUP_BYTES];
        blake3::Hasher::new().update(event.dedup.as_bytes()).finalize_xof().fill(&mut dedup);
        let bytes = event.body.len();
        Self { event, dedup, bytes }
    }
}

/// Keeps an event, unless it is there already.
pub(super) fn accept(tx: &mut Tx<'_>, arrival: &Arrival) -> Result<Accepted, StoreError> {
    let Arrival { event, dedup, .. } = arrival;
    let account = accounts::number(tx, &event.account)?;
    let session = match &event.session {
        Some(key) => Some((key, sessions::get(tx, account, key)?)),
        None => None,
    };
    let scope = session.map_or(-account, |(_, session)| session.id);
    let known = tx.first("SELECT seq FROM inbox WHERE scope = ?1 AND dedup = ?2", (scope, dedup), |row| {
        row.get(0).map(EventSeq)
    })?;
    if let Some(seq) = known {
        return Ok(Accepted::Duplicate(seq));
    }
    let now = At::from(event.received_at);
    let (state, error, lane) = match (&event.parse, session) {
        // It moves no session: what it says of the contact may be wrong.
        (Parse::Unparsed { reason }, _) => (EventState::Unparsed, Some(reason.as_str()), None),
        (Parse::Parsed, None) => {
            let lane = lanes::number(tx, account, &event.lane, now, Some(now))?;
            (EventState::Available, None, Some(lane))
        }
        (Parse::Parsed, Some((key, session))) => {
            let lane = sessions::place(tx, account, key, session, &event.lane, now, Some(now))?;
            (EventState::Available, None, Some(lane))
        }
    };
    let seq = tx.insert(
        "INSERT INTO inbox
           (account, scope, dedup, source, event, lane, received_at, origin, state, next_at, error)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?7, ?10)",
        (
            account,
            scope,
            dedup,
            event.source.as_str(),
            event.event.as_str(),
            lane,
            now,
            event.origin,
            state,
            error,
        ),
    )?;
    tx.run(
        "INSERT INTO body (seq, content_type, bytes) VALUES (?1, ?2, ?3)",
        (seq, event.content_type.as_str(), &event.body),
    )?;
    if let Some(lane) = lane {
        lanes::make_ready(tx, account, lane, now.0)?;
    }
    Ok(Accepted::New(EventSeq(seq)))
}
