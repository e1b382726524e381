//! What a call has used up, and what the calls of one decision have together.
//!
//! Rhai's own count of operations starts afresh in functions that are passed to native ones (`map`, `sort`), so that a
//! script could multiply its limit by every nesting of them; it knows no memory, and no call before this one. The meter is
//! asked before every operation and has the last word.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

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

/// What one call has used.
pub(super) struct Meter {
    used: AtomicU64,
    most: u64,
    /// Of all calls of the decision.
    most_together: u64,
    spent: Arc<Spent>,
    gauge: Option<Arc<dyn Gauge>>,
    /// What was held when the call began, and how much more may be.
    held: i64,
    most_bytes: i64,
    /// Whether what goes in is so long that a single operation on it takes its time.
    is_long: bool,
    /// The limit that was met first, as its place in [`STOPS`] from 1.
    stopped: AtomicU8,
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

    /// Begins a call.
    ///
    /// # Errors
    ///
    /// The limit that the calls before it have used up.
    pub(super) fn begin(
        limits: &ScriptLimits,
        argument_bytes: usize,
        timer: Option<&Arc<dyn Timer>>,
        gauge: Option<&Arc<dyn Gauge>>,
        spent: &Arc<Spent>,
    ) -> Result<Meter, Limit> {
        // Watching takes the time, and not the script.
        if let Some(timer) = timer.filter(|_| spent.watch.is_none()) {
            spent.deadline.get_or_init(|| timer.start());
        }
        if spent.operations.load(Ordering::Relaxed) > limits.decision_operations {
            return Err(Limit::Together);
        }
        if spent.is_late() {
            return Err(Limit::Time);
        }
        Ok(Meter {
            used: AtomicU64::new(0),
            most: limits.operations,
            most_together: limits.decision_operations,
            spent: Arc::clone(spent),
            gauge: gauge.cloned(),
            held: gauge.map_or(0, |gauge| gauge.held()),
            most_bytes: i64::try_from(limits.memory_bytes).unwrap_or(i64::MAX),
            is_long: argument_bytes > limits.string_bytes,
            stopped: AtomicU8::new(0),
        })
    }

    /// Counts an operation; something when it may not be done.
    pub(super) fn count(&self) -> Option<Dynamic> {
        let used = self.used.fetch_add(1, Ordering::Relaxed) + 1;
        if used > self.most {
            self.stop(Limit::Operations);
        }
        let held = self.gauge.as_ref().map_or(0, |gauge| gauge.held().saturating_sub(self.held));
        if held > self.most_bytes {
            self.stop(Limit::Memory);
        }
        let mut look = self.is_long || held > Meter::SMALL_BYTES;
        if used.is_multiple_of(Meter::OPERATIONS_A_LOOK) {
            let together = self.spent.operations.fetch_add(Meter::OPERATIONS_A_LOOK, Ordering::Relaxed);
            if together.saturating_add(Meter::OPERATIONS_A_LOOK) > self.most_together {
                self.stop(Limit::Together);
            }
            look = true;
        }
        if look && self.spent.is_late() {
            self.stop(Limit::Time);
        }
        (self.stopped.load(Ordering::Relaxed) != 0).then_some(Dynamic::UNIT)
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

impl Drop for Meter {
    fn drop(&mut self) {
        let rest = self.used.load(Ordering::Relaxed) % Meter::OPERATIONS_A_LOOK;
        self.spent.operations.fetch_add(rest, Ordering::Relaxed);
    }
}
