//! Running a function in an engine, and the engines that wait for the next call.
//!
//! Building an engine costs as much as a short script, so those whose call is over are kept and taken again. Two calls never
//! share one: its meter and its log are those of the call that has it. What a script can see does not outlive its call; what
//! stays is the engine's store of short texts, which Rhai bounds, and which function is meant by each call of a script, of
//! which no more is kept than [`MAX_FOUND`]. An engine that somebody watches is built for that call alone, and one in which
//! something panicked is thrown away.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Caches, Dynamic, Engine, EvalContext, FuncArgs, Module, Scope, Shared};

use super::around::{Around, Log};
use super::call::{ScriptFailure, outcome};
use super::compile::Script;
use super::host::ScriptHost;
use super::meter::{Meter, Spent};

/// Engines that are kept; as many as run at once in any program that we know of. More are built and thrown away.
const MAX_IDLE: usize = 16;
/// Functions that are remembered of a script. One that makes up names while it runs would fill the memory else.
const MAX_FOUND: usize = 256;
/// Scripts of which functions are remembered; a bundle seldom has more than a handful.
const MAX_SCRIPTS: usize = 32;

/// Engines whose call is over.
#[derive(Default)]
pub(super) struct Idle(Mutex<Vec<Interpreter>>);

/// An engine, and what it tells of its call.
struct Interpreter {
    engine: Box<Engine>,
    meter: Arc<Meter>,
    log: Log,
    /// By the functions of a script, what its calls mean.
    found: Vec<(Shared<Module>, Caches)>,
}

impl Idle {
    fn take(&self) -> Option<Interpreter> {
        self.lock().pop()
    }

    fn keep(&self, interpreter: Interpreter) {
        let mut all = self.lock();
        if all.len() < MAX_IDLE {
            all.push(interpreter);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Interpreter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ScriptHost {
    /// Runs a function of a script as one of several of a decision: what `take` makes of its value, and what was logged.
    /// `argument_bytes` is how much text goes in.
    ///
    /// # Errors
    ///
    /// [`ScriptFailure`]; the same call gives the same failure, save for those of time and memory.
    pub(super) fn run<T>(
        &self,
        spent: &Arc<Spent>,
        script: &Script,
        function: &str,
        argument_bytes: usize,
        arguments: impl FuncArgs,
        take: impl FnOnce(&Engine, Dynamic) -> Result<T, ScriptFailure>,
    ) -> (Result<T, ScriptFailure>, Vec<String>) {
        let watch = spent.watch.as_ref();
        let mut interpreter = match watch {
            Some(_) => self.interpreter(),
            None => self.idle.take().unwrap_or_else(|| self.interpreter()),
        };
        if let Some(watch) = watch {
            watch.begin(script, function);
            watch.attach(&mut interpreter.engine, &script.path);
        }
        let (given, is_sound) =
            interpreter.call((self, spent, script), function, argument_bytes, arguments, take);
        if let (Some(watch), Err(failure)) = (watch, &given) {
            watch.failed(failure);
        }
        let log = spent.logged(interpreter.log.take());
        if is_sound && watch.is_none() {
            self.idle.keep(interpreter);
        }
        (given, log)
    }

    fn interpreter(&self) -> Interpreter {
        let mut engine = Box::new(self.engine());
        let log = Log::default();
        log.attach(&mut engine);
        let meter = Arc::new(Meter::new(&self.limits, self.gauge.clone()));
        let counted = Arc::clone(&meter);
        engine.on_progress(move |_| counted.count());
        Interpreter { engine, meter, log, found: Vec::new() }
    }
}

impl Interpreter {
    /// What a call gave, and whether the engine is as good as before it.
    fn call<T>(
        &mut self,
        (host, spent, script): (&ScriptHost, &Arc<Spent>, &Script),
        function: &str,
        argument_bytes: usize,
        arguments: impl FuncArgs,
        take: impl FnOnce(&Engine, Dynamic) -> Result<T, ScriptFailure>,
    ) -> (Result<T, ScriptFailure>, bool) {
        let named = || function.to_owned();
        self.engine.set_max_string_size(host.limits.string_bytes.saturating_add(argument_bytes));
        if let Err(limit) = self.meter.begin(argument_bytes, host.timer.as_ref(), spent) {
            return (Err(ScriptFailure::Limit { function: named(), limit, line: None }), true);
        }
        let engine = &*self.engine;
        let functions = script.ast.shared_lib();
        let mut scope = Scope::new();
        let mut global = engine.new_global_runtime_state();
        global.tag = Dynamic::from(Around { lists: Arc::clone(&script.lists), log: self.log.clone() });
        global.lib.push(Shared::clone(functions));
        let mut caches = take_found(&mut self.found, functions);
        // Rhai means not to panic; should it, one event must not take the server with it.
        let ran = catch_unwind(AssertUnwindSafe(|| {
            EvalContext::new(engine, &mut global, &mut caches, &mut scope, None)
                .call_fn::<Dynamic>(function, arguments)
        }));
        self.meter.end();
        let is_sound = ran.is_ok();
        let is_whole = caches.fn_resolution_caches_len() == 1;
        let is_small = caches.fn_resolution_cache_mut().dict.len() <= MAX_FOUND;
        if is_whole && is_small && self.found.len() < MAX_SCRIPTS {
            self.found.push((Shared::clone(functions), caches));
        }
        (outcome(ran, &self.meter, named).and_then(|value| take(engine, value)), is_sound)
    }
}

/// What is remembered of the functions of a script; nothing the first time.
fn take_found(found: &mut Vec<(Shared<Module>, Caches)>, functions: &Shared<Module>) -> Caches {
    match found.iter().position(|(known, _)| Shared::ptr_eq(known, functions)) {
        Some(place) => found.swap_remove(place).1,
        None => Caches::new(),
    }
}
