//! A row of the report into the inbox, when it says something that matters.
//!
//! A call that is settled is left alone, unless its row tells of a recording and nothing else did. One that is unknown, goes on for all we know, waits for
//! its decision or for its record is told what the row says, through the same door as a notification: the store knows
//! an event that it has by what it says, so a row that is read again is nothing new.

use smol_str::SmolStr;

use super::account::Reports;
use crate::communication::Call;
use crate::source::uis::{COLUMNS, Decoded, EventCode, SOURCE, Stored, decode_stored, identity, session_key};
use crate::store::StoreError;
use crate::store::record::{Accepted, Communication, NewEvent, Origin, Parse, Phase};
use crate::uis::CallRow;

const CONTENT_TYPE: &str = "application/json";

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Nobody had told of the call, or not to its end.
    Found,
    /// It completes a call that waits.
    Completed,
    /// Nothing new.
    Known,
    /// It cannot be read.
    Unreadable,
}

impl Taken {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Completed => "completed",
            Self::Known => "known",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Reports {
    /// Takes a row that nobody asked for.
    pub(super) async fn take(&self, row: &CallRow) -> Result<Taken, StoreError> {
        let known = self.store.communication(self.account(), &session_key(row.session)).await?;
        let as_what = match known.as_ref().map(|known| (known.phase, known)) {
            None => Taken::Found,
            Some((Phase::Open | Phase::Ending, known)) if !is_ended(known) => Taken::Found,
            Some((Phase::Open | Phase::Ending, _)) => Taken::Completed,
            // Decided calls wait for nothing but their record.
            Some((Phase::Decided, _)) if has_record(row) => Taken::Completed,
            // Closed ones for nothing, but a record is not lost because nobody told of it in time.
            Some((Phase::Closed, known)) if has_record(row) && lacks_record(known) => Taken::Completed,
            Some((Phase::Decided | Phase::Closed, _)) => Taken::Known,
        };
        match as_what {
            Taken::Known => Ok(Taken::Known),
            _ => self.accept(row, as_what).await,
        }
    }

    /// Takes a row that somebody waits for.
    pub(super) async fn accept(&self, row: &CallRow, as_what: Taken) -> Result<Taken, StoreError> {
        let columns =
            row.columns.iter().filter(|(name, value)| COLUMNS.contains(&name.as_str()) && !value.is_null());
        let columns: serde_json::Map<_, _> =
            columns.map(|(name, value)| (name.clone(), value.clone())).collect();
        let body = serde_json::to_vec(&columns).unwrap_or_default();
        let event = EventCode::Report.as_str();
        let Decoded::Notification { notification, .. } =
            decode_stored(&Stored::unpack(event, CONTENT_TYPE, &body))
        else {
            tracing::warn!(account = %self.account(), session = row.session, "a row of the report of calls cannot be read");
            return Ok(Taken::Unreadable);
        };
        let identity = identity(&notification);
        let new = NewEvent {
            account: self.account().clone(),
            source: SmolStr::new_static(SOURCE),
            event: SmolStr::new_static(event),
            dedup: identity.dedup,
            lane: identity.lane,
            session: Some(identity.session),
            received_at: self.clock.now(),
            origin: Origin::Reconcile,
            content_type: SmolStr::new_static(CONTENT_TYPE),
            body: body.into(),
            parse: Parse::Parsed,
        };
        Ok(match self.store.accept(new).await? {
            Accepted::New(seq) => {
                tracing::info!(account = %self.account(), session = row.session, %seq, what = as_what.name(), "call was read from the report");
                as_what
            }
            Accepted::Duplicate(_) => Taken::Known,
        })
    }
}

fn is_ended(communication: &Communication) -> bool {
    communication.data.read::<Call>().is_ok_and(|call| call.end_heard().is_some())
}

/// Whether no recording was told of.
fn lacks_record(communication: &Communication) -> bool {
    communication.data.read::<Call>().is_ok_and(|call| call.record_links().next().is_none())
}

fn has_record(row: &CallRow) -> bool {
    row.columns
        .get("full_record_file_link")
        .is_some_and(|link| link.as_str().is_some_and(|link| !link.is_empty()))
}
