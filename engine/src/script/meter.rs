//! What a call has used up, and what the calls of one decision have together.
//!
//! Rhai's own count of operations starts afresh in functions that are passed to native ones (`map`, `sort`), so that a
//! script could multiply its limit by every nesting of them; it knows no memory, and no call before this one. The meter is
//! asked before every operation and has the last word.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rhai::Dynamic;

use super::around::MAX_DECISION_LOG_LINES;
use super::call::Limit;
use super::limits::{Deadline, Gauge, ScriptLimits, Timer};
use super::steps::Watch;

/// What the scripts of one decision have used together.
#[derive(Default)]
pub(crate) struct Spent {
    operations: AtomicU64,
    /// Runs from the first call.
    deadline: OnceLock<Box<dyn Deadline>>,
    late: AtomicBool,
    /// Lines that they logged.
    lines: AtomicUsize,
    /// Who watches, line by line.
    pub(super) watch: Option<Arc<Watch>>,
}

impl Spent {
    /// Of a decision that somebody watches.
    pub(crate) fn watched(watch: Arc<Watch>) -> Spent {
        Spent { watch: Some(watch), ..Spent::default() }
    }

    /// Of the lines that a call logged those that the decision has room for.
    pub(super) fn logged(&self, mut lines: Vec<String>) -> Vec<String> {
        if !lines.is_empty() {
            let before = self.lines.fetch_add(lines.len(), Ordering::Relaxed);
            lines.truncate(MAX_DECISION_LOG_LINES.saturating_sub(before));
        }
        lines
    }

    fn is_late(&self) -> bool {
        if !self.late.load(Ordering::Relaxed)
            && self.deadline.get().is_some_and(|deadline| deadline.is_over())
        {
            self.late.store(true, Ordering::Relaxed);
        }
        self.late.load(Ordering::Relaxed)
    }
}

/// What one call has used; made for a host, and begun anew for each of its calls.
///
/// A call runs on one thread, and one call at a time, so what is counted is read and written apart: the atomics are there
/// because Rhai wants what it asks to be shared, and cost nothing so.
pub(super) struct Meter {
    /// Of one call.
    most: u64,
    /// Of all calls of the decision.
    most_together: u64,
    most_bytes: i64,
    /// What may be held without a look at everything before each operation.
    small_bytes: i64,
    string_bytes: usize,
    gauge: Option<Arc<dyn Gauge>>,
    used: AtomicU64,
    /// The operation at which everything is looked at, unless much is held before.
    look_at: AtomicU64,
    /// What the calls before it have used.
    used_before: AtomicU64,
    /// What was held when the call began.
    held: AtomicI64,
    /// Whether what goes in is so long that a single operation on it takes its time.
    is_long: AtomicBool,
    /// The limit that was met first, as its place in [`STOPS`] from 1.
    stopped: AtomicU8,
    /// Of the decision; none between calls.
    spent: Mutex<Option<Arc<Spent>>>,
}

/// The limits that the meter holds.
const STOPS: [Limit; 4] = [Limit::Operations, Limit::Together, Limit::Time, Limit::Memory];

impl Meter {
    /// While everything is small the clock is asked once in so many operations, which costs little. A call that holds more
    /// than [`Meter::SMALL_BYTES`], or was given more text, is looked at before every one: copying a list of lists or cutting
    /// a long text into letters is one operation. So a call overruns its time by a single operation, and by giving back what
    /// it holds.
    const OPERATIONS_A_LOOK: u64 = 8;

    /// What counts as small.
    const SMALL_BYTES: i64 = 128 * 1_024;

    /// For calls of a host with these limits.
    pub(super) fn new(limits: &ScriptLimits, gauge: Option<Arc<dyn Gauge>>) -> Meter {
        let most_bytes = i64::try_from(limits.memory_bytes).unwrap_or(i64::MAX);
        Meter {
            most: limits.operations,
            most_together: limits.decision_operations,
            most_bytes,
            small_bytes: most_bytes.min(Meter::SMALL_BYTES),
            string_bytes: limits.string_bytes,
            gauge,
            used: AtomicU64::new(0),
            look_at: AtomicU64::new(0),
            used_before: AtomicU64::new(0),
            held: AtomicI64::new(0),
            is_long: AtomicBool::new(false),
            stopped: AtomicU8::new(0),
            spent: Mutex::new(None),
        }
    }

    /// Begins a call.
    ///
    /// # Errors
    ///
    /// The limit that the calls before it have used up.
    pub(super) fn begin(
        &self,
        argument_bytes: usize,
        timer: Option<&Arc<dyn Timer>>,
        spent: &Arc<Spent>,
    ) -> Result<(), Limit> {
        // Watching takes the time, and not the script.
        if let Some(timer) = timer.filter(|_| spent.watch.is_none()) {
            spent.deadline.get_or_init(|| timer.start());
        }
        let used_before = spent.operations.load(Ordering::Relaxed);
        if used_before > self.most_together {
            return Err(Limit::Together);
        }
        if spent.is_late() {
            return Err(Limit::Time);
        }
        self.used.store(0, Ordering::Relaxed);
        self.look_at.store(1, Ordering::Relaxed);
        self.used_before.store(used_before, Ordering::Relaxed);
        self.is_long.store(argument_bytes > self.string_bytes, Ordering::Relaxed);
        self.stopped.store(0, Ordering::Relaxed);
        *self.spent() = Some(Arc::clone(spent));
        let held = self.gauge.as_ref().map_or(0, |gauge| gauge.held());
        self.held.store(held, Ordering::Relaxed);
        Ok(())
    }

    /// Ends a call: what it used counts for the decision.
    pub(super) fn end(&self) {
        if let Some(spent) = self.spent().take() {
            spent.operations.fetch_add(self.used.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Counts an operation; something when it may not be done.
    pub(super) fn count(&self) -> Option<Dynamic> {
        let used = self.used.load(Ordering::Relaxed) + 1;
        self.used.store(used, Ordering::Relaxed);
        let before = self.held.load(Ordering::Relaxed);
        let held = self.gauge.as_ref().map_or(0, |gauge| gauge.held().saturating_sub(before));
        if used < self.look_at.load(Ordering::Relaxed) && held <= self.small_bytes {
            return None;
        }
        self.look(used, held)
    }

    /// Looks at every limit, and says when to look again: at the next operation that might be one too many, or that the clock
    /// is due for.
    fn look(&self, used: u64, held: i64) -> Option<Dynamic> {
        if used > self.most {
            self.stop(Limit::Operations);
        }
        if held > self.most_bytes {
            self.stop(Limit::Memory);
        }
        let is_due = used.is_multiple_of(Meter::OPERATIONS_A_LOOK);
        if is_due && self.used_before.load(Ordering::Relaxed).saturating_add(used) > self.most_together {
            self.stop(Limit::Together);
        }
        let is_long = self.is_long.load(Ordering::Relaxed);
        if (is_due || is_long || held > self.small_bytes)
            && self.spent().as_ref().is_some_and(|spent| spent.is_late())
        {
            self.stop(Limit::Time);
        }
        let is_stopped = self.stopped.load(Ordering::Relaxed) != 0;
        let next = if is_stopped || is_long {
            used
        } else {
            used - used % Meter::OPERATIONS_A_LOOK + Meter::OPERATIONS_A_LOOK
        };
        self.look_at.store(next.min(self.most.saturating_add(1)), Ordering::Relaxed);
        is_stopped.then_some(Dynamic::UNIT)
    }

    fn spent(&self) -> MutexGuard<'_, Option<Arc<Spent>>> {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self, limit: Limit) {
        let place = (1..).zip(STOPS).find_map(|(place, stop)| (stop == limit).then_some(place));
        // The first one counts: what happens while the script is on its way out is its doing.
        let _ = self.stopped.compare_exchange(0, place.unwrap_or(1), Ordering::Relaxed, Ordering::Relaxed);
    }

    /// The limit that ended the call, if one did.
    pub(super) fn stopped(&self) -> Option<Limit> {
        let place = usize::from(self.stopped.load(Ordering::Relaxed));
        STOPS.get(place.checked_sub(1)?).copied()
    }
}
