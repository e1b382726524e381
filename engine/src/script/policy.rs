//! Running a policy: `fn entities(event, proposal, facts)` in, the changed proposal out.
//!
//! Each hook's proposal is a type of its own to Rhai, so that a method of another hook does not exist for it. A policy
//! gives back the proposal that it was given, changed or not; what it logs is kept for the trace.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, FuncRegistration, ImmutableString, Module};
use smol_str::SmolStr;

use super::call::ScriptFailure;
use super::compile::Script;
use super::host::ScriptHost;
use super::meter::Spent;
use super::proposal::Proposal;
use super::refusal::refuse;
use super::views::{EventView, FactsView, Seen};
use crate::catalog::Hook;
use crate::program::Need;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// A proposal as Rhai knows it: one type for each hook, by its place among them. Rhai copies what a variable holds when it
/// gives it back, so a copy is shared until something is written to it.
#[derive(Clone)]
struct Offer<const HOOK: usize>(Arc<Proposal>);

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
        proposal: Arc<Proposal>,
    ) -> (Result<Arc<Proposal>, ScriptFailure>, Vec<String>) {
        let hook = proposal.hook;
        let arguments = [
            Dynamic::from(EventView::new(seen)),
            offer(proposal),
            Dynamic::from(FactsView::new(seen, needs)),
        ];
        self.run(spent, script, function, 0, arguments, |_, value| {
            taken(hook, value).map_err(|value| ScriptFailure::NoProposal {
                function: function.to_string(),
                found: super::views::kind(&value),
            })
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

fn offer(proposal: Arc<Proposal>) -> Dynamic {
    let hook = proposal.hook;
    each_hook!(hook, PLACE => Dynamic::from(Offer::<PLACE>(proposal)), 0 1 2 3 4 5 6 7)
        .unwrap_or(Dynamic::UNIT)
}

/// The proposal of a hook that a value is; the value when it is none.
fn taken(hook: Hook, value: Dynamic) -> Result<Arc<Proposal>, Dynamic> {
    each_hook!(hook, PLACE => value.try_cast_result::<Offer<PLACE>>().map(|offer| offer.0), 0 1 2 3 4 5 6 7)
        .unwrap_or(Err(Dynamic::UNIT))
}

/// The hook of a value that is a proposal.
pub(super) fn hook_of(value: &Dynamic) -> Option<Hook> {
    let is_of = |hook: &Hook| each_hook!(*hook, PLACE => value.is::<Offer<PLACE>>(), 0 1 2 3 4 5 6 7);
    Hook::ALL.into_iter().find(|hook| is_of(hook) == Some(true))
}

/// Adds the proposals of all hooks to the library of all scripts.
pub(super) fn add(module: &mut Module) {
    register::<0>(module);
    register::<1>(module);
    register::<2>(module);
    register::<3>(module);
    register::<4>(module);
    register::<5>(module);
    register::<6>(module);
    register::<7>(module);
}

fn register<const HOOK: usize>(module: &mut Module) {
    let Some(hook) = Hook::ALL.get(HOOK) else { return };
    let spec = hook.spec();
    module.set_custom_type::<Offer<HOOK>>(spec.type_name);
    for property in spec.properties {
        let name = property.name;
        FuncRegistration::new_getter(name)
            .set_into_module(module, move |offer: &mut Offer<HOOK>| offer.0.read(name).map_err(refuse));
        FuncRegistration::new_setter(name).set_into_module(
            module,
            move |offer: &mut Offer<HOOK>, value: Dynamic| {
                Arc::make_mut(&mut offer.0).write(name, &value).map_err(refuse)
            },
        );
    }
    FuncRegistration::new_index_getter()
        .set_into_module(module, |offer: &mut Offer<HOOK>, name: ImmutableString| {
            offer.0.read(&name).map_err(refuse)
        });
    FuncRegistration::new_index_setter().set_into_module(
        module,
        |offer: &mut Offer<HOOK>, name: ImmutableString, value: Dynamic| {
            Arc::make_mut(&mut offer.0).write(&name, &value).map_err(refuse)
        },
    );
    for method in spec.methods {
        let register = FuncRegistration::new(method.name);
        match method.parameters.len() {
            0 => register.set_into_module(module, move |offer: &mut Offer<HOOK>| -> Outcome<()> {
                Arc::make_mut(&mut offer.0).act(method, &[]).map_err(refuse)
            }),
            1 => {
                register.set_into_module(module, move |offer: &mut Offer<HOOK>, a: Dynamic| -> Outcome<()> {
                    Arc::make_mut(&mut offer.0).act(method, &[a]).map_err(refuse)
                })
            }
            _ => register.set_into_module(
                module,
                move |offer: &mut Offer<HOOK>, a: Dynamic, b: Dynamic| -> Outcome<()> {
                    Arc::make_mut(&mut offer.0).act(method, &[a, b]).map_err(refuse)
                },
            ),
        };
    }
}
