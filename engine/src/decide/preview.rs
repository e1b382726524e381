//! Texts of tasks before they are switched on.

use smol_str::SmolStr;

use super::decision::Task;
use super::eval::Eval;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::Program;

/// A task as it would be for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The task filled in.
    pub task: Task,
    /// Whether the event would really set it, the filter aside.
    pub applies: bool,
}

/// Why there is no preview.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// No task of these events has that name.
    #[error("no task for these events is called `{name}`")]
    UnknownTask {
        /// What was asked for.
        name: String,
        /// The tasks that there are.
        known: Vec<SmolStr>,
    },
}

/// The tasks of an event's slot filled in; of one only when `name` says which.
pub(crate) fn preview(
    program: &Program,
    event: &Event,
    facts: &Facts,
    now: Moment,
    name: Option<&str>,
) -> Result<Vec<Preview>, PreviewError> {
    let eval = Eval::new(program, event, facts, now);
    let rules = || eval.plan.tasks.iter().filter_map(|task| program.tasks.get(*task as usize));
    if let Some(name) = name
        && !rules().any(|rule| rule.name == name)
    {
        let known = rules().map(|rule| rule.name.clone()).collect();
        return Err(PreviewError::UnknownTask { name: name.to_owned(), known });
    }
    let wanted = rules().filter(|rule| name.is_none_or(|name| rule.name == name));
    Ok(wanted.map(|rule| Preview { applies: eval.applies(rule), task: eval.task(rule) }).collect())
}
