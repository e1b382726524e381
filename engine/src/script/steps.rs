//! Watching scripts run, line by line: what each line made of the variables, what a function gave, and which lines ran.
//!
//! Only on demand: the interpreter asks before every statement and expression then, which makes scripts many times slower, so
//! their time does not count; their operations do. What is noted down is bounded by [`Steps::MAX_STEPS`] and
//! [`LineStep::MAX_VALUE_CHARS`]; which lines ran is noted down to the end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::debugger::{DebuggerCommand, DebuggerEvent};
use rhai::{AST, ASTNode, Array, Dynamic, Engine, EvalContext, FnPtr, ImmutableString, Map, Position, Stmt};
use switchboard_grammar::diagnostic::Text;

use super::call::ScriptFailure;
use super::compile::Script;
use crate::moment::{Date, Moment, Time};

/// What the scripts of one decision did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Steps {
    /// Each call of a function by the rules, in order.
    pub runs: Vec<ScriptRun>,
    /// The lines that ran, from 1, by script; also those that are left out of `runs`.
    pub lines: BTreeMap<String, BTreeSet<usize>>,
    /// Whether steps were left out because there were too many.
    pub is_cut: bool,
}

/// One call of a function by the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptRun {
    /// The script's path in the bundle.
    pub script: String,
    /// The function that was called.
    pub function: String,
    /// The lines, as they ran.
    pub steps: Vec<LineStep>,
    /// Why it gave nothing; None when it gave something.
    pub failure: Option<Text>,
}

/// One line that ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LineStep {
    /// The function that it is in; empty for one without a name.
    pub function: String,
    /// How deep in calls, from 0.
    pub depth: usize,
    /// The line, from 1.
    pub line: usize,
    /// The variables that are others after it, with their values as a script writes them, in the order of their names.
    pub values: Vec<(String, String)>,
    /// What the function gave, when this was its last line.
    pub gave: Option<String>,
}

impl Steps {
    /// The most lines that are noted down of a decision.
    pub const MAX_STEPS: usize = 1_000;
}

impl LineStep {
    /// How much of a value is noted down.
    pub const MAX_VALUE_CHARS: usize = 80;
}

/// Takes notes while scripts run.
#[derive(Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Default)]
struct State {
    steps: Steps,
    noted: usize,
    /// The calls under way, the outermost first.
    frames: Vec<Frame>,
}

struct Frame {
    level: usize,
    /// As the interpreter calls it.
    name: String,
    /// The step that it is at.
    at: Option<usize>,
    seen: BTreeMap<String, String>,
}

impl Watch {
    /// What was noted down.
    pub(crate) fn take(&self) -> Steps {
        std::mem::take(&mut self.lock().steps)
    }

    /// A function is called by the rules.
    pub(super) fn begin(&self, script: &Script, function: &str) {
        let mut state = self.lock();
        state.frames.clear();
        if state.noted < Steps::MAX_STEPS {
            let (script, function) = (script.path.clone(), function.to_owned());
            state.steps.runs.push(ScriptRun { script, function, ..ScriptRun::default() });
        } else {
            state.steps.is_cut = true;
        }
    }

    /// It failed.
    pub(super) fn failed(&self, failure: &ScriptFailure) {
        let mut state = self.lock();
        if !state.steps.is_cut
            && let Some(run) = state.steps.runs.last_mut()
        {
            run.failure = Some(failure.text());
        }
    }

    /// Has an engine tell what it does.
    pub(super) fn attach(self: &Arc<Self>, engine: &mut Engine, path: &str) {
        let (watch, path) = (Arc::clone(self), path.to_owned());
        #[expect(
            deprecated,
            reason = "rhai marks what may change so; there is no other way to watch a script"
        )]
        engine.register_debugger(
            |_, debugger| debugger,
            move |context, event, node, _, position| {
                watch.saw(&context, &event, node, position, &path);
                Ok(DebuggerCommand::StepInto)
            },
        );
    }

    fn saw(
        &self,
        context: &EvalContext<'_, '_, '_, '_, '_, '_>,
        event: &DebuggerEvent<'_>,
        node: ASTNode<'_>,
        position: Position,
        path: &str,
    ) {
        let mut state = self.lock();
        let level = context.call_level();
        let stack = context.global_runtime_state().debugger().call_stack();
        let called = stack.last().map(|frame| frame.fn_name.as_str()).unwrap_or_default();
        state.frames.retain(|frame| frame.level <= level);
        if state.frames.last().is_none_or(|frame| frame.level < level) {
            state.frames.push(Frame { level, name: called.to_owned(), at: None, seen: BTreeMap::new() });
        }
        let changed = state.changes(context);
        let is_ours = state.frames.last().is_some_and(|frame| frame.name == called);
        match event {
            // A function of ours or of the language has ended, which is a part of a line.
            DebuggerEvent::FunctionExitWithValue(_) | DebuggerEvent::FunctionExitWithError(_) if !is_ours => {
                state.note(changed);
            }
            DebuggerEvent::FunctionExitWithValue(value) => {
                state.note(changed);
                let gave = shown(value);
                if let Some(step) = state.here() {
                    step.gave = gave;
                }
                state.frames.pop();
            }
            DebuggerEvent::FunctionExitWithError(_) | DebuggerEvent::End => {
                state.note(changed);
                state.frames.pop();
            }
            _ => {
                let Some(line) = position.line() else { return state.note(changed) };
                let is_entry = matches!(node, ASTNode::Stmt(Stmt::Noop(_)));
                if !is_entry {
                    let lines = state.steps.lines.entry(path.to_owned()).or_default();
                    lines.insert(line);
                }
                let is_other = state.here().is_none_or(|step| step.line != line);
                let is_again = matches!(node, ASTNode::Stmt(_)) && !changed.is_empty();
                if is_entry {
                    // What a function is called with is seen when it begins.
                    state.step(line);
                    state.note(changed);
                } else {
                    state.note(changed);
                    if is_other || is_again {
                        state.step(line);
                    }
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The variables of the innermost call that are others than when it was last looked at.
    fn changes(&mut self, context: &EvalContext<'_, '_, '_, '_, '_, '_>) -> Vec<(String, String)> {
        // Inside a chain of calls the interpreter shows an empty scope.
        if self.noted >= Steps::MAX_STEPS || context.scope().is_empty() {
            return Vec::new();
        }
        let Some(frame) = self.frames.last_mut() else { return Vec::new() };
        let mut now = BTreeMap::new();
        // From the innermost on: a name that is taken is hidden by the one that took it.
        for (name, _, value) in context.scope().iter_raw() {
            if !now.contains_key(name)
                && let Some(value) = shown(value)
            {
                now.insert(name.to_owned(), value);
            }
        }
        let changed = now.iter().filter(|(name, value)| frame.seen.get(*name) != Some(value));
        let changed = changed.map(|(name, value)| (name.clone(), value.clone())).collect();
        frame.seen = now;
        changed
    }

    /// The step that the innermost call is at.
    fn here(&mut self) -> Option<&mut LineStep> {
        let at = self.frames.last()?.at?;
        self.steps.runs.last_mut()?.steps.get_mut(at)
    }

    fn note(&mut self, changed: Vec<(String, String)>) {
        if let Some(step) = self.here() {
            for (name, value) in changed {
                step.values.retain(|(known, _)| *known != name);
                step.values.push((name, value));
            }
        }
    }

    fn step(&mut self, line: usize) {
        if self.noted >= Steps::MAX_STEPS {
            self.steps.is_cut = true;
            self.frames.iter_mut().for_each(|frame| frame.at = None);
            return;
        }
        let depth = self.frames.len().saturating_sub(1);
        let (Some(frame), Some(run)) = (self.frames.last_mut(), self.steps.runs.last_mut()) else { return };
        frame.at = Some(run.steps.len());
        let function = if frame.name.starts_with("anon$") { "" } else { &frame.name }.to_owned();
        run.steps.push(LineStep { function, depth, line, ..LineStep::default() });
        self.noted += 1;
    }
}

/// The lines of a script on which something can run.
pub(super) fn lines(ast: &AST) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Stmt(statement)) = path.last()
            && !matches!(statement, Stmt::Noop(_) | Stmt::Block(_))
        {
            lines.extend(statement.position().line());
        }
        true
    });
    lines
}

/// A value as a script would write it, cut; None for what has no such form (an event, a proposal).
fn shown(value: &Dynamic) -> Option<String> {
    let mut out = String::new();
    write(value, &mut out)?;
    if let Some((end, _)) = out.char_indices().nth(LineStep::MAX_VALUE_CHARS) {
        out.truncate(end);
        out.push('…');
    }
    Some(out)
}

/// Writes a value, not much further than will be kept.
fn write(value: &Dynamic, out: &mut String) -> Option<()> {
    // A letter takes four bytes at most.
    if out.len() > LineStep::MAX_VALUE_CHARS * 4 {
        return Some(());
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        let kept: String = text.chars().take(LineStep::MAX_VALUE_CHARS).collect();
        let _ = write!(out, "{kept:?}");
    } else if let Some(items) = value.read_lock::<Array>() {
        list(out, ('[', ']'), items.iter(), write)?;
    } else if let Some(map) = value.read_lock::<Map>() {
        out.push('#');
        list(out, ('{', '}'), map.iter(), |(name, value), out| {
            let kept: String = name.chars().take(LineStep::MAX_VALUE_CHARS).collect();
            let _ = write!(out, "{kept}: ");
            write(value, out)
        })?;
    } else if let Some(function) = value.read_lock::<FnPtr>() {
        let name = function.fn_name();
        let _ = if name.starts_with("anon$") { write!(out, "|…|") } else { write!(out, "Fn({name:?})") };
    } else if let Some(moment) = value.read_lock::<Moment>() {
        let _ = write!(out, "{}", *moment);
    } else if let Some(date) = value.read_lock::<Date>() {
        let _ = write!(out, "{}", *date);
    } else if let Some(time) = value.read_lock::<Time>() {
        let _ = write!(out, "{}", *time);
    } else if value.is_unit() {
        out.push_str("()");
    } else if value.is_int() || value.is_bool() || value.is_decimal() {
        let _ = write!(out, "{value}");
    } else if value.is_char() {
        let _ = write!(out, "'{value}'");
    } else {
        return None;
    }
    Some(())
}

fn list<T>(
    out: &mut String,
    brackets: (char, char),
    items: impl Iterator<Item = T>,
    write: impl Fn(T, &mut String) -> Option<()>,
) -> Option<()> {
    out.push(brackets.0);
    for (at, item) in items.enumerate() {
        if out.len() > LineStep::MAX_VALUE_CHARS * 4 {
            break;
        }
        if at > 0 {
            out.push_str(", ");
        }
        if write(item, out).is_none() {
            out.push('…');
        }
    }
    out.push(brackets.1);
    Some(())
}
