//! The host: limits, clock, gauge, and the engine that a call runs in.

use std::fmt;
use std::sync::{Arc, LazyLock};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, Module, OptimizationLevel, Shared};

use super::idle::Idle;
use super::limits::{Gauge, ScriptLimits, Timer};
use super::{api, around, inspect, lists, policy, sort, texts, views};

/// Levels that Rhai counts before the function that is called.
const LEVELS_OF_THE_WAY_IN: usize = 2;

/// Compiles and calls scripts.
#[derive(Clone)]
pub struct ScriptHost {
    pub(super) limits: ScriptLimits,
    pub(super) timer: Option<Arc<dyn Timer>>,
    pub(super) gauge: Option<Arc<dyn Gauge>>,
    /// Engines whose call is over, for hosts of these limits.
    pub(super) idle: Arc<Idle>,
}

impl ScriptHost {
    /// A host with limits and, if calls are to be limited in time as well, a clock.
    pub fn new(limits: ScriptLimits, timer: Option<Arc<dyn Timer>>) -> ScriptHost {
        ScriptHost { limits, timer, gauge: None, idle: Arc::default() }
    }

    /// The same, with memory limited as well.
    #[must_use]
    pub fn with_gauge(self, gauge: Option<Arc<dyn Gauge>>) -> ScriptHost {
        ScriptHost { gauge, idle: Arc::default(), ..self }
    }

    /// The limits.
    pub const fn limits(&self) -> &ScriptLimits {
        &self.limits
    }

    /// An engine with everything that a script may use and nothing else.
    pub(super) fn engine(&self) -> Engine {
        let limits = &self.limits;
        let mut engine = Engine::new_raw();
        engine.register_global_module(Shared::clone(&LIBRARY));
        engine
            .set_max_operations(limits.operations)
            .set_max_call_levels(limits.call_levels.saturating_add(LEVELS_OF_THE_WAY_IN))
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
}

impl Default for ScriptHost {
    /// The default limits, without a clock.
    fn default() -> ScriptHost {
        ScriptHost::new(ScriptLimits::DEFAULT, None)
    }
}

impl fmt::Debug for ScriptHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptHost")
            .field("limits", &self.limits)
            .field("timer", &self.timer)
            .field("gauge", &self.gauge)
            .finish()
    }
}

/// Everything that a script may call, shared by all engines: Rhai's packages, and ours behind them, which take the place of
/// functions with the same parameters. One module and not sixteen, because a function is looked for in all of them.
pub(super) static LIBRARY: LazyLock<Shared<Module>> = LazyLock::new(|| {
    let mut module = Module::new();
    for add in [
        ArithmeticPackage::init,
        LogicPackage::init,
        BasicMathPackage::init,
        BasicStringPackage::init,
        MoreStringPackage::init,
        BasicIteratorPackage::init,
        BasicFnPackage::init,
        BasicArrayPackage::init,
        BasicMapPackage::init,
        api::add,
        sort::add,
        texts::add,
        views::add,
        policy::add,
        around::add,
        lists::add,
    ] {
        add(&mut module);
    }
    // Else functions of the packages are looked for one by one, and every one that is not there through all of them.
    module.register_lazy_functions().build_index();
    Shared::new(module)
});
