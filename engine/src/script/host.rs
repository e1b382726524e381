//! The host: limits, clock, and the engine that both give for one call.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, Module, OptimizationLevel, Shared};

use super::limits::{Deadline, ScriptLimits, Timer};
use super::{api, inspect, sort};

/// Compiles and calls scripts.
#[derive(Clone)]
pub struct ScriptHost {
    pub(super) limits: ScriptLimits,
    pub(super) timer: Option<Arc<dyn Timer>>,
}

impl ScriptHost {
    /// A host with limits and, if calls are to be limited in time as well, a clock.
    pub fn new(limits: ScriptLimits, timer: Option<Arc<dyn Timer>>) -> ScriptHost {
        ScriptHost { limits, timer }
    }

    /// The limits.
    pub const fn limits(&self) -> &ScriptLimits {
        &self.limits
    }

    /// An engine with everything that a script may use and nothing else.
    pub(super) fn engine(&self) -> Engine {
        let limits = &self.limits;
        let mut engine = Engine::new_raw();
        for module in MODULES.iter() {
            engine.register_global_module(Shared::clone(module));
        }
        engine
            .set_max_operations(limits.operations)
            .set_max_call_levels(limits.call_levels)
            .set_max_expr_depths(limits.expression_depth, limits.function_expression_depth)
            .set_max_string_size(limits.string_bytes)
            .set_max_array_size(limits.array_elements)
            .set_max_map_size(limits.map_entries)
            .set_max_variables(limits.variables)
            .set_max_functions(limits.functions)
            .set_max_modules(0)
            .set_strict_variables(true)
            .set_optimization_level(OptimizationLevel::None);
        for word in inspect::OUTSIDE_WORDS {
            engine.disable_symbol(word);
        }
        engine
    }

    /// An engine for one call, and its meter. `argument_bytes` is how much text goes in.
    pub(super) fn metered_engine(&self, argument_bytes: usize) -> (Engine, Arc<Meter>) {
        let mut engine = self.engine();
        engine.set_max_string_size(self.limits.string_bytes.saturating_add(argument_bytes));
        let meter = Arc::new(Meter {
            used: AtomicU64::new(0),
            most: self.limits.operations,
            deadline: self.timer.as_ref().map(|timer| timer.start()),
            late: std::sync::atomic::AtomicBool::new(false),
        });
        let counted = Arc::clone(&meter);
        engine.on_progress(move |_| counted.count());
        (engine, meter)
    }
}

impl Default for ScriptHost {
    /// The default limits, without a clock.
    fn default() -> ScriptHost {
        ScriptHost::new(ScriptLimits::DEFAULT, None)
    }
}

impl fmt::Debug for ScriptHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptHost").field("limits", &self.limits).field("timer", &self.timer).finish()
    }
}

/// What one call has used.
///
/// Rhai's own count starts afresh in functions that are passed to native ones (`map`, `sort`), so that a script
/// could multiply its limit by every nesting of them. This one does not.
pub(super) struct Meter {
    used: AtomicU64,
    most: u64,
    deadline: Option<Box<dyn Deadline>>,
    late: std::sync::atomic::AtomicBool,
}

impl Meter {
    /// The clock is asked once in so many operations, which take some microseconds.
    const OPERATIONS_A_LOOK: u64 = 64;

    fn count(&self) -> Option<Dynamic> {
        let used = self.used.fetch_add(1, Ordering::Relaxed) + 1;
        let look = used.is_multiple_of(Meter::OPERATIONS_A_LOOK);
        if look && self.deadline.as_ref().is_some_and(|deadline| deadline.is_over()) {
            self.late.store(true, Ordering::Relaxed);
        }
        (self.is_late() || self.is_used_up()).then_some(Dynamic::UNIT)
    }

    /// Whether the time was over.
    pub(super) fn is_late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }

    /// Whether there were too many operations.
    pub(super) fn is_used_up(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.most
    }
}

/// The packages, each shared by all engines. Later ones are looked into first, so ours stand last.
pub(super) static MODULES: LazyLock<[Shared<Module>; 11]> = LazyLock::new(|| {
    [
        ArithmeticPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicFnPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        api::module(),
        sort::module(),
    ]
});
