//! The host: limits, clock, and the engine that both give for one call.

use std::fmt;
use std::sync::{Arc, LazyLock};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, Module, OptimizationLevel, Shared};

use super::around::Log;
use super::call::Limit;
use super::compile::Script;
use super::limits::{Gauge, ScriptLimits, Timer};
use super::meter::{Meter, Spent};
use super::{api, around, inspect, lists, policy, sort, texts, views};

/// Compiles and calls scripts.
#[derive(Clone)]
pub struct ScriptHost {
    pub(super) limits: ScriptLimits,
    pub(super) timer: Option<Arc<dyn Timer>>,
    pub(super) gauge: Option<Arc<dyn Gauge>>,
}

impl ScriptHost {
    /// A host with limits and, if calls are to be limited in time as well, a clock.
    pub fn new(limits: ScriptLimits, timer: Option<Arc<dyn Timer>>) -> ScriptHost {
        ScriptHost { limits, timer, gauge: None }
    }

    /// The same, with memory limited as well.
    #[must_use]
    pub fn with_gauge(self, gauge: Option<Arc<dyn Gauge>>) -> ScriptHost {
        ScriptHost { gauge, ..self }
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

    /// An engine for one call of a function of a script, and its meter. `argument_bytes` is how much text goes in.
    ///
    /// # Errors
    ///
    /// The limit that earlier calls of the decision have used up.
    pub(super) fn metered_engine(
        &self,
        argument_bytes: usize,
        script: &Script,
        spent: &Arc<Spent>,
        log: &Log,
    ) -> Result<(Engine, Arc<Meter>), Limit> {
        let meter =
            Meter::begin(&self.limits, argument_bytes, self.timer.as_ref(), self.gauge.as_ref(), spent)?;
        let meter = Arc::new(meter);
        let mut engine = self.engine();
        engine.set_max_string_size(self.limits.string_bytes.saturating_add(argument_bytes));
        log.attach(&mut engine);
        let counted = Arc::clone(&meter);
        engine.on_progress(move |_| counted.count());
        if let Some(watch) = &spent.watch {
            watch.attach(&mut engine, &script.path);
        }
        Ok((engine, meter))
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

/// The packages, each shared by all engines. Later ones are looked into first, so ours stand last.
pub(super) static MODULES: LazyLock<[Shared<Module>; 16]> = LazyLock::new(|| {
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
        texts::module(),
        views::module(),
        policy::module(),
        around::module(),
        lists::module(),
    ]
});
