//! What all uploads of entities share: the size of a batch and the half success.

use serde_json::{Map, Value};

use super::answer::{Answer, Errors, Refusal};
use super::call::Call;

/// Most rows in one upload.
pub(super) const MOST_ROWS: usize = 50;

/// Rows of an upload, sorted as they are worked off.
#[derive(Debug)]
pub(super) struct Upload {
    what: &'static str,
    done_key: &'static str,
    failed_key: &'static str,
    done: Vec<Value>,
    failed: Vec<Value>,
    errors: Errors,
}

/// The rows of a part, up to [`MOST_ROWS`].
///
/// # Errors
/// 400 when the part is absent, no list of objects, or longer.
pub(super) fn rows(call: &Call<'_>, part: &str) -> Result<Vec<Map<String, Value>>, Refusal> {
    call.objects(part, MOST_ROWS)
}

impl Upload {
    pub(super) fn new(what: &'static str, done_key: &'static str, failed_key: &'static str) -> Self {
        Self { what, done_key, failed_key, done: Vec::new(), failed: Vec::new(), errors: Errors::default() }
    }

    /// A row was stored.
    pub(super) fn done(&mut self, row: Value) {
        self.done.push(row);
    }

    /// Row number `n` was not.
    pub(super) fn failed(&mut self, n: usize, row: Value, refusal: &Refusal) {
        self.failed.push(row);
        let text = if refusal.errors.is_empty() { refusal.message.clone() } else { refusal.errors.line() };
        self.errors.add(n.to_string(), text);
    }

    /// 201 when all rows were stored, 460 otherwise.
    ///
    /// # Errors
    /// The half success, which is a refusal that took effect.
    pub(super) fn answer(self) -> Result<Answer, Refusal> {
        if self.failed.is_empty() {
            return Ok(Answer::created().with(self.done_key, self.done));
        }
        let committed = !self.done.is_empty();
        let refusal = Refusal::new(460, format!("{} are loaded with errors", self.what));
        let refusal = refusal.with(self.done_key, self.done).with(self.failed_key, self.failed);
        Err(Refusal { errors: self.errors, committed, ..refusal })
    }
}
