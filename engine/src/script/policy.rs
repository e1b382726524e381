//! Running a policy: `fn entities(event, proposal, facts)` in, the changed proposal out.
//!
//! Each hook's proposal is a type of its own to Rhai, so that a method of another hook does not exist for it. A policy
//! gives back the proposal that it was given, changed or not; what it logs is kept for the trace.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rhai::{CallFnOptions, Dynamic, EvalAltResult, FuncRegistration, ImmutableString, Module, Scope, Shared};
use smol_str::SmolStr;

use super::around::{Around, Log};
use super::call::{ScriptFailure, outcome};
use super::compile::Script;
use super::host::ScriptHost;
use super::meter::Spent;
use super::proposal::Proposal;
use super::refusal::refuse;
use super::views::{EventView, FactsView, Seen};
use crate::catalog::Hook;
use crate::program::Need;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// A proposal as Rhai knows it: one type for each hook, by its place among them.
#[derive(Clone)]
struct Offer<const HOOK: usize>(Proposal);

impl ScriptHost {
    /// Runs a policy.
    ///
    /// # Errors
    ///
    /// [`ScriptFailure`], with what was logged before it; the same call gives the same failure, save for that of time.
    pub(crate) fn propose(
        &self,
        spent: &Arc<Spent>,
        script: &Script,
        function: &SmolStr,
        seen: &Arc<Seen>,
        needs: &Arc<[Need]>,
        proposal: Proposal,
    ) -> (Result<Proposal, ScriptFailure>, Vec<String>) {
        let watch = spent.watch.as_ref();
        watch.iter().for_each(|watch| watch.begin(script, function));
        let log = Log::default();
        let proposed = self.propose_metered(spent, script, function, (seen, needs), proposal, &log);
        if let (Some(watch), Err(failure)) = (watch, &proposed) {
            watch.failed(failure);
        }
        (proposed, spent.logged(log.take()))
    }

    fn propose_metered(
        &self,
        spent: &Arc<Spent>,
        script: &Script,
        function: &SmolStr,
        (seen, needs): (&Arc<Seen>, &Arc<[Need]>),
        proposal: Proposal,
        log: &Log,
    ) -> Result<Proposal, ScriptFailure> {
        let hook = proposal.hook;
        let (engine, meter) = self
            .metered_engine(0, script, spent, log)
            .map_err(|limit| ScriptFailure::Limit { function: function.to_string(), limit, line: None })?;
        let mut scope = Scope::new();
        let mut options = CallFnOptions::new().eval_ast(false);
        options.tag = Some(Dynamic::from(Around { lists: Arc::clone(&script.lists), log: log.clone() }));
        let arguments = vec![
            Dynamic::from(EventView::new(seen)),
            offer(proposal),
            Dynamic::from(FactsView::new(seen, needs)),
        ];
        // Rhai means not to panic; should it, one event must not take the server with it.
        let ran = catch_unwind(AssertUnwindSafe(|| {
            engine.call_fn_with_options::<Dynamic>(options, &mut scope, &script.ast, function, arguments)
        }));
        let value = outcome(ran, &meter, || function.to_string())?;
        taken(hook, &value).ok_or_else(|| ScriptFailure::NoProposal {
            function: function.to_string(),
            found: super::views::kind(&value),
        })
    }
}

/// Does something for each hook by its place, which has to be a constant.
macro_rules! each_hook {
    ($hook:expr, $place:ident => $body:expr, $($n:literal)*) => {
        match $hook as usize {
            $($n => { const $place: usize = $n; Some($body) })*
            _ => None,
        }
    };
}

fn offer(proposal: Proposal) -> Dynamic {
    let hook = proposal.hook;
    each_hook!(hook, PLACE => Dynamic::from(Offer::<PLACE>(proposal)), 0 1 2 3 4 5 6 7)
        .unwrap_or(Dynamic::UNIT)
}

fn taken(hook: Hook, value: &Dynamic) -> Option<Proposal> {
    each_hook!(hook, PLACE => value.clone().try_cast::<Offer<PLACE>>().map(|offer| offer.0), 0 1 2 3 4 5 6 7)?
}

/// The hook of a value that is a proposal.
pub(super) fn hook_of(value: &Dynamic) -> Option<Hook> {
    Hook::ALL.into_iter().find(|hook| taken(*hook, value).is_some())
}

/// The module that holds them.
pub(super) fn module() -> Shared<Module> {
    let mut module = Module::new();
    register::<0>(&mut module);
    register::<1>(&mut module);
    register::<2>(&mut module);
    register::<3>(&mut module);
    register::<4>(&mut module);
    register::<5>(&mut module);
    register::<6>(&mut module);
    register::<7>(&mut module);
    Arc::new(module)
}

fn register<const HOOK: usize>(module: &mut Module) {
    let Some(hook) = Hook::ALL.get(HOOK) else { return };
    let spec = hook.spec();
    module.set_custom_type::<Offer<HOOK>>(spec.type_name);
    for property in spec.properties {
        let name = property.name;
        FuncRegistration::new_getter(name)
            .set_into_module(module, move |offer: &mut Offer<HOOK>| offer.0.read(name).map_err(refuse));
        FuncRegistration::new_setter(name)
            .set_into_module(module, move |offer: &mut Offer<HOOK>, value: Dynamic| {
                offer.0.write(name, &value).map_err(refuse)
            });
    }
    FuncRegistration::new_index_getter()
        .set_into_module(module, |offer: &mut Offer<HOOK>, name: ImmutableString| {
            offer.0.read(&name).map_err(refuse)
        });
    FuncRegistration::new_index_setter().set_into_module(
        module,
        |offer: &mut Offer<HOOK>, name: ImmutableString, value: Dynamic| {
            offer.0.write(&name, &value).map_err(refuse)
        },
    );
    for method in spec.methods {
        let register = FuncRegistration::new(method.name);
        match method.parameters.len() {
            0 => register.set_into_module(module, move |offer: &mut Offer<HOOK>| -> Outcome<()> {
                offer.0.act(method, &[]).map_err(refuse)
            }),
            1 => {
                register.set_into_module(module, move |offer: &mut Offer<HOOK>, a: Dynamic| -> Outcome<()> {
                    offer.0.act(method, &[a]).map_err(refuse)
                })
            }
            _ => register.set_into_module(
                module,
                move |offer: &mut Offer<HOOK>, a: Dynamic, b: Dynamic| -> Outcome<()> {
                    offer.0.act(method, &[a, b]).map_err(refuse)
                },
            ),
        };
    }
}
