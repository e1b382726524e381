//! The trace: which rows and lines decided, and which nearly did.
//!
//! While deciding only numbers are kept; words are made when somebody wants to read them, in the language that he
//! reads (see `words`).

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::lang::Lang;

use super::decision::Entity;
use crate::note::NoteError;
use crate::program::{Place, Program};
use crate::script::ScriptFailure;
use crate::value::Value;

/// What happened on the way to a decision, in order.
#[derive(Clone)]
pub struct Trace {
    pub(super) program: Arc<Program>,
    pub(super) steps: Vec<Step>,
}

/// A step in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceStep {
    /// The section's header as written; empty for what no section says.
    pub section: String,
    /// The file; empty for what no section says.
    pub file: String,
    /// The section's description, its `##` lines.
    pub doc: Option<String>,
    /// The line, from 1; 0 for what no section says.
    pub line: u32,
    /// The row of a table or the line of a filter, from 1.
    pub row: Option<u32>,
    /// What happened, in one stable word for machines: `row`, `else`, `accept`, `task`…
    pub outcome: &'static str,
    /// What happened, in words.
    pub why: String,
    /// The rows or lines that nearly counted.
    pub near: Vec<TraceNear>,
}

/// A row or line that nearly counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceNear {
    /// The row of a table or the line of a filter, from 1; None for a section's own condition.
    pub row: Option<u32>,
    /// Its line in the file.
    pub line: u32,
    /// What kept it, in words.
    pub why: String,
}

/// A step as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(super) place: Option<Place>,
    pub(super) what: What,
    pub(super) near: Vec<Near>,
}

/// What happened.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// No filter is written for these events.
    NoFilter,
    /// A filter without lines.
    EmptyFilter,
    /// A line of the filter held.
    FilterLine { row: u32, accept: bool },
    /// No line of the filter held, and its `else` decided.
    FilterElse { accept: bool },
    /// No line of the filter held and there is no `else`.
    FilterOpen,
    /// A chat without contacts, which a setting keeps out.
    NoContacts,
    /// A chat that has not come to the stage at which things are created.
    TooEarly,
    /// A row of a table matched.
    Row(u32),
    /// Rows of an `all matches` table matched.
    Rows(Vec<u32>),
    /// Two rows of an `only match` table matched; the first counts.
    Conflict { row: u32, other: u32 },
    /// No row matched, and the `else` row counts.
    ElseRow,
    /// No row matched.
    NoRow,
    /// Nobody was found responsible, so the setting's employee is.
    DefaultResponsible,
    /// No table names a store, so the setting's counts.
    DefaultStore,
    /// A call is put through to the client's manager.
    Forwarded,
    /// A task is set.
    Task { title_cut: bool },
    /// The event reached somebody, and the task is for those that did not; or the other way round.
    TaskOtherOutcome { unreached: bool },
    /// A task's condition does not hold.
    TaskNot,
    /// A field is written.
    Field { entity: Entity, code: SmolStr, always: bool },
    /// A field is not written: its entity is not being created, and it is not one that is always written.
    FieldNotCreated { entity: Entity, code: SmolStr },
    /// A field is not written: there is nothing to write.
    FieldMissing { entity: Entity, code: SmolStr },
    /// An order becomes a deal.
    Deal,
    /// An order does not become a deal.
    NoDeal,
    /// A script function failed; its value is missing.
    ScriptFailed { error: Box<ScriptFailure>, park: bool },
    /// A policy ran.
    Policy { function: SmolStr, changes: Vec<Change> },
    /// A policy wrote a line into the trace.
    Logged { line: String },
    /// A long text could not be made.
    NoteFailed { error: Box<NoteError> },
}

/// What a policy changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// The property's English name, or the code of a field.
    pub(super) en: SmolStr,
    /// The property's Russian name, or the code of a field.
    pub(super) ru: SmolStr,
    pub(super) old: Value,
    pub(super) new: Value,
}

/// A row or line that nearly counted, as it is kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Near {
    /// One cell of a row did not match.
    Cell { row: u32, column: u32 },
    /// One part of a filter line's condition did not hold.
    Part { row: u32, part: u32 },
    /// One part of the section's own condition did not hold.
    Condition { part: u32 },
}

impl Step {
    /// A step at a place, without near misses.
    pub(super) const fn new(place: Place, what: What) -> Step {
        Step { place: Some(place), what, near: Vec::new() }
    }

    /// A step that no section says.
    pub(super) const fn built_in(what: What) -> Step {
        Step { place: None, what, near: Vec::new() }
    }
}

impl Trace {
    /// The steps in words.
    pub fn render(&self, lang: Lang) -> Vec<TraceStep> {
        self.steps.iter().map(|step| step.words(&self.program, lang)).collect()
    }

    /// The steps in words that stay the same when lines and rows move: where [`Trace::render`] counts the rows that matched,
    /// here their conditions stand. Lines and numbers of rows are still told beside the words.
    pub fn render_lasting(&self, lang: Lang) -> Vec<TraceStep> {
        self.steps.iter().map(|step| step.lasting_words(&self.program, lang)).collect()
    }

    /// The scripts that gave no value or changed nothing because they failed, in order.
    pub fn failures(&self) -> impl Iterator<Item = &ScriptFailure> {
        self.steps.iter().filter_map(|step| match &step.what {
            What::ScriptFailed { error, .. } => Some(&**error),
            _ => None,
        })
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.render(Lang::En)).finish()
    }
}
