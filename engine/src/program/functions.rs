//! The script functions of a bundle, by number.

use std::sync::Arc;

use super::PolicyRule;
use crate::script::{Proposal, Script, ScriptFailure, ScriptHost, Seen, Signature, Spent};
use crate::value::Value;

/// All functions that rules may call.
#[derive(Debug)]
pub(crate) struct Functions {
    host: ScriptHost,
    scripts: Vec<Script>,
    functions: Vec<Function>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// The script that it is in.
    pub(crate) script: usize,
    /// As declared.
    pub(crate) signature: Signature,
    /// Whether an event waits for a person when it fails.
    pub(crate) park: bool,
}

impl Functions {
    /// Functions of compiled scripts, held against their declarations.
    pub(crate) const fn new(host: ScriptHost, scripts: Vec<Script>, functions: Vec<Function>) -> Functions {
        Functions { host, scripts, functions }
    }

    /// A function as declared, by which equal ones are known; None when there is none of this number.
    pub(crate) fn label(&self, number: usize) -> Option<String> {
        self.functions.get(number).map(|function| format!("{:?} {}", function.signature, function.park))
    }

    /// The scripts.
    pub(crate) fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// Whether there is any.
    pub(crate) const fn is_empty(&self) -> bool {
        self.scripts.is_empty()
    }

    /// Calls a function; a number that there is not gives nothing. What it logged comes beside what it gave; `spent` is
    /// what the decision has used up.
    pub(crate) fn call(
        &self,
        spent: &Arc<Spent>,
        number: usize,
        arguments: &[Value],
    ) -> (Result<Value, ScriptFailure>, Vec<String>) {
        let nothing = (Ok(Value::Missing), Vec::new());
        let Some(function) = self.functions.get(number) else { return nothing };
        let Some(script) = self.scripts.get(function.script) else { return nothing };
        self.host.call_within(spent, script, &function.signature, arguments)
    }

    /// Runs a policy; what it logged comes beside what it gave.
    pub(crate) fn propose(
        &self,
        spent: &Arc<Spent>,
        rule: &PolicyRule,
        seen: &Arc<Seen>,
        proposal: Arc<Proposal>,
    ) -> (Result<Arc<Proposal>, ScriptFailure>, Vec<String>) {
        let Some(script) = self.scripts.get(rule.script) else { return (Ok(proposal), Vec::new()) };
        self.host.propose(spent, script, &rule.function, seen, &rule.needs, proposal)
    }

    /// Whether an event waits for a person when a function fails.
    pub(crate) fn parks(&self, number: usize) -> bool {
        self.functions.get(number).is_some_and(|function| function.park)
    }
}
