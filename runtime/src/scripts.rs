//! Scripts of rules on a server: how much they may use up, and that nobody waits for them who has nothing to do with them.

use std::sync::{Arc, Mutex, PoisonError};

use switchboard_engine::bundle::{Bundle, LoadOptions};
use switchboard_engine::script::ScriptLimits;
use switchboard_guard::{Budget, Memory};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::config::Limits;

/// How bundles are loaded by a server: the limits of its settings, its clock, and the memory as its allocator counts it.
pub fn load_options(limits: &Limits) -> LoadOptions {
    let mut scripts = ScriptLimits::DEFAULT;
    scripts.operations = u64::from(limits.script_operations.0);
    scripts.decision_operations = u64::from(limits.script_decision_operations.0);
    scripts.memory_bytes = limits.script_memory.as_usize();
    scripts.call_levels = limits.script_calls.as_usize();
    scripts.string_bytes = limits.script_text.as_usize();
    scripts.array_elements = limits.script_elements.as_usize();
    scripts.map_entries = limits.script_entries.as_usize();
    scripts.variables = limits.script_variables.as_usize();
    scripts.functions = limits.script_functions.as_usize();
    scripts.source_bytes = limits.script_source.as_usize();
    let mut options = LoadOptions::default();
    options.scripts = scripts;
    options.timer = Some(Arc::new(Budget(limits.script_time)));
    options.gauge = Some(Arc::new(Memory));
    options
}

/// The same for shadow rules, which have a time of their own.
pub fn shadow_options(limits: &Limits) -> LoadOptions {
    let mut options = load_options(limits);
    options.timer = Some(Arc::new(Budget(limits.shadow_script_time)));
    options
}

/// Lets rules say something. Where they may run scripts, what else waits for this thread goes on on another one meanwhile, so
/// that the scripts of one account cannot hold up another.
pub(crate) fn at_length<T>(bundle: &Bundle, say: impl FnOnce() -> T) -> T {
    let can_move =
        || Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if bundle.runs_scripts() && can_move() { tokio::task::block_in_place(say) } else { say() }
}

/// Lets one of several say something at length at a time: an account with many lanes at work takes one processor for its
/// scripts and not all of them.
#[derive(Debug, Default)]
pub(crate) struct OneAtATime(Mutex<()>);

impl OneAtATime {
    /// Like [`at_length`], after whoever is at it.
    pub(crate) fn at_length<T>(&self, bundle: &Bundle, say: impl FnOnce() -> T) -> T {
        if !bundle.runs_scripts() {
            return say();
        }
        at_length(bundle, || {
            let _turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            say()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use switchboard_engine::bundle::{BundleSource, load};

    use super::*;

    /// Longer than anything here takes; reached only when a test fails.
    const LONG: Duration = Duration::from_secs(30);

    fn bundle(with_script: bool) -> Arc<Bundle> {
        let script = "script \"s.rhai\"\n  function f(x: text?) gives text\n\nfields of client for calls\n  x from f(site)\n";
        let rules =
            format!("rules 1\n\n{}", if with_script { script } else { "filter for calls\n  else accept\n" });
        let mut source = BundleSource::single(rules);
        if with_script {
            source.add("s.rhai", "fn f(x) { \"x\" }").unwrap();
        }
        let loaded = load(&source, &load_options(&Limits::default()));
        loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    }

    /// One thread for all tasks, and a task that does not let go of it until another one has run.
    #[test]
    fn what_waits_for_the_thread_goes_on_while_scripts_run() {
        assert!(!bundle(false).runs_scripts());
        let bundle = bundle(true);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let (say, hear) = channel();
            let long = tokio::spawn(async move {
                let other = tokio::spawn(async move { say.send(()).unwrap() });
                let heard = at_length(&bundle, || hear.recv_timeout(LONG));
                other.await.unwrap();
                heard
            });
            assert_eq!(long.await.unwrap(), Ok(()));
        });
    }

    #[test]
    fn one_account_runs_scripts_on_one_thread_at_a_time() {
        let bundle = bundle(true);
        let one = OneAtATime::default();
        let at_work = Mutex::new(());
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    for _ in 0..100 {
                        one.at_length(&bundle, || {
                            let _alone = at_work.try_lock().expect("nobody else is at it");
                            std::thread::yield_now();
                        });
                    }
                });
            }
        });
    }
}
