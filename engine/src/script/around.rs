//! What stands around a call, for our own functions: the lists that its script names, and the log that it writes.
//!
//! Travels through Rhai as the tag of the call, and costs two counters.

use std::sync::{Arc, Mutex, PoisonError};

use rhai::{Dynamic, Engine, FuncRegistration, ImmutableString, Module, NativeCallContext};

use super::lists::Lists;

/// Lines that one call may log; more are dropped.
pub(crate) const MAX_LOG_LINES: usize = 20;
/// Lines that all calls of one decision may log together; a table may call a function in every row.
pub(crate) const MAX_DECISION_LOG_LINES: usize = 100;
/// Characters of a line of the log; longer ones are cut.
pub(crate) const MAX_LOG_CHARS: usize = 200;

/// The surroundings of one call.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) lists: Arc<Lists>,
    pub(super) log: Log,
}

/// What a call says beside its value.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// The lines so far.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() < MAX_LOG_LINES {
            let mut kept: String = line.chars().take(MAX_LOG_CHARS).map(one_line).collect();
            if line.chars().nth(MAX_LOG_CHARS).is_some() {
                kept.push('…');
            }
            lines.push(kept);
        }
    }

    /// Has `print` and `debug` of Rhai write here, and nowhere else.
    pub(super) fn attach(&self, engine: &mut Engine) {
        let (printed, debugged) = (self.clone(), self.clone());
        engine.on_print(move |line| printed.push(line));
        engine.on_debug(move |line, _, _| debugged.push(line));
    }
}

/// A log line is one line of the trace.
fn one_line(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// Adds `log`, and `print` and `debug` for what Rhai cannot write.
pub(super) fn add(module: &mut Module) {
    FuncRegistration::new("log").set_into_module(module, |context: NativeCallContext<'_>, value: Dynamic| {
        if let Some(around) = context.tag().and_then(|tag| tag.read_lock::<Around>()) {
            around.log.push(&super::views::words(&value));
        }
    });
    for name in ["print", "debug"] {
        FuncRegistration::new(name)
            .set_into_module(module, |value: Dynamic| ImmutableString::from(super::views::words(&value)));
    }
}
