//! Calls on their way into the history, together.
//!
//! Each caller hands in one call and waits for what became of that one. While a batch waits for its turn under the
//! vendor's limit, others may join it; when the turn comes it leaves with whoever is there, at most [`MAX_CALLS`]. So a
//! single call waits for nobody, and the longer the line, the larger the batches.
//!
//! A batch belongs to nobody: it is driven by whoever waits for it, and ends when nobody does. Each caller's guard is
//! asked when the batch leaves, so no call is sent for somebody who would lose the right to it before the answer can
//! come. What is refused as a whole is sent once more call by call, so that one bad row never keeps the others out.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use super::client::Client;
use super::error::{Class, CrmError, Refusal};
use super::pace::Urgency;
use super::telephony::{CallRecord, MAX_CALLS, Uploaded};
use crate::observe::UPLOAD_CALLS;
use crate::outbound::SendGuard;

/// Batches that wait for their turn: of first attempts, and of repeats, which have a line of their own.
#[derive(Default)]
pub(super) struct Uploads {
    waiting: Mutex<[Option<Waiting>; 2]>,
}

/// A batch that may still be joined.
struct Waiting {
    rows: Arc<Rows>,
    left: WeakShared<BoxFuture<'static, Left>>,
}

/// The calls of a batch; none once it has left.
struct Rows(Mutex<Option<Vec<Row>>>);

/// One call, and who hands it in.
struct Row {
    call: CallRecord,
    guard: Option<Arc<dyn SendGuard>>,
    /// Gone when nobody waits for it any more.
    caller: Weak<()>,
}

/// What a batch came to: the external ids that were in it, and what was answered.
#[derive(Clone)]
struct Left {
    sent: Arc<Vec<String>>,
    answer: Result<Uploaded, CrmError>,
}

/// What became of one call of a batch.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It is in the history.
    Taken(Uploaded),
    /// It is not, or that cannot be told.
    Failed(CrmError),
    /// The answer does not tell which call it means.
    Alone,
}

impl Client {
    /// Writes a call into the history, together with others that wait at the same time. A call that is known already is
    /// left as it is, so repeating an upload is safe.
    ///
    /// # Errors
    ///
    /// As [`Client::upload_calls`], for this call alone.
    pub async fn upload_call(&self, call: CallRecord, urgency: Urgency) -> Result<Uploaded, CrmError> {
        let caller = Arc::new(());
        let row = Row { call: call.clone(), guard: self.guard().cloned(), caller: Arc::downgrade(&caller) };
        let left = self.uploads().join(self, row, urgency).await;
        match fate(&left, &call.external_id) {
            Fate::Taken(uploaded) => Ok(uploaded),
            Fate::Failed(error) => Err(error),
            Fate::Alone => self.upload_calls(&[call], urgency).await,
        }
    }
}

impl Uploads {
    /// Joins the batch that waits, or begins one.
    fn join(&self, client: &Client, row: Row, urgency: Urgency) -> Shared<BoxFuture<'static, Left>> {
        let mut waiting = self.lock();
        let [first, again] = &mut *waiting;
        let place = if urgency.again { again } else { first };
        let mut row = row;
        // One that nobody waits for any more has ended.
        if let Some(batch) = place.as_ref()
            && let Some(left) = batch.left.upgrade()
        {
            match batch.rows.add(row) {
                None => return left,
                Some(back) => row = back,
            }
        }
        let rows = Arc::new(Rows(Mutex::new(Some(vec![row]))));
        let left = leave(client.unguarded(), Arc::clone(&rows), urgency).boxed().shared();
        *place = left.downgrade().map(|left| Waiting { rows, left });
        left
    }

    fn lock(&self) -> MutexGuard<'_, [Option<Waiting>; 2]> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Uploads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Uploads").finish_non_exhaustive()
    }
}

impl Rows {
    /// Adds a call; gives it back when the batch is full or has left.
    fn add(&self, row: Row) -> Option<Row> {
        match &mut *self.lock() {
            Some(rows) if rows.len() < MAX_CALLS => {
                rows.push(row);
                None
            }
            _ => Some(row),
        }
    }

    fn take(&self) -> Vec<Row> {
        self.lock().take().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Row>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for a turn and sends whoever is there by then.
async fn leave(client: Client, rows: Arc<Rows>, urgency: Urgency) -> Left {
    client.upload_turn(urgency).await;
    let timeout = client.timeout();
    let mut calls = Vec::new();
    for row in rows.take() {
        // Nobody waits for it, or who does would lose the right to it: whoever owns it next sends it again.
        let may = row.guard.as_ref().is_none_or(|guard| guard.may_send(timeout));
        if may && row.caller.strong_count() > 0 {
            calls.push(row.call);
        }
    }
    let sent = Arc::new(calls.iter().map(|call| call.external_id.clone()).collect::<Vec<_>>());
    if calls.is_empty() {
        return Left { sent, answer: Err(CrmError::TooLate) };
    }
    metrics::histogram!(UPLOAD_CALLS.name, "account" => client.account().to_owned())
        .record(u32::try_from(calls.len()).unwrap_or(u32::MAX));
    let answer = client.upload_now(&calls).await;
    Left { sent, answer }
}

/// Reads one call's fate out of the answer to its batch.
fn fate(left: &Left, id: &str) -> Fate {
    let Some(row) = left.sent.iter().position(|sent| sent == id) else {
        return Fate::Failed(CrmError::TooLate);
    };
    let is_alone = left.sent.len() == 1;
    match &left.answer {
        Ok(uploaded) => {
            let duplicates = u64::try_from(uploaded.duplicates.len()).unwrap_or(u64::MAX);
            let told = uploaded.processed.saturating_add(duplicates);
            let is_duplicate = uploaded.duplicates.iter().any(|duplicate| duplicate == id);
            let is_whole = told >= u64::try_from(left.sent.len()).unwrap_or(u64::MAX);
            match () {
                () if is_duplicate => Fate::Taken(Uploaded { processed: 0, duplicates: vec![id.to_owned()] }),
                () if is_whole => Fate::Taken(Uploaded { processed: 1, duplicates: Vec::new() }),
                () if is_alone => Fate::Taken(uploaded.clone()),
                () => Fate::Alone,
            }
        }
        Err(error) if is_alone => Fate::Failed(error.clone()),
        Err(CrmError::Partial(refusal)) => of_partial(refusal, left, row),
        // One bad row may be the reason; each is told by itself.
        Err(error) if error.class() == Class::Permanent => Fate::Alone,
        Err(error) => Fate::Failed(error.clone()),
    }
}

/// Errors of an upload are keyed by row (reference, section 7.6). The others were taken.
fn of_partial(refusal: &Refusal, left: &Left, row: usize) -> Fate {
    let is_row = |field: &str| {
        let number = field.split(['.', '[', ']']).find(|part| !part.is_empty()).unwrap_or_default();
        number.parse().ok().filter(|row| *row < left.sent.len())
    };
    let named = |field: &str| is_row(field).or_else(|| left.sent.iter().position(|sent| sent == field));
    if refusal.fields.is_empty() || refusal.fields.iter().any(|error| named(&error.field).is_none()) {
        return Fate::Alone;
    }
    let own = refusal.fields.iter().filter(|error| named(&error.field) == Some(row)).cloned();
    let own: Vec<_> = own.collect();
    if own.is_empty() {
        return Fate::Taken(Uploaded { processed: 1, duplicates: Vec::new() });
    }
    Fate::Failed(CrmError::Partial(Refusal { fields: own, ..refusal.clone() }))
}

#[cfg(test)]
#[path = "uploads_tests.rs"]
mod tests;
