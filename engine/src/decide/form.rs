//! The forms in which decisions are kept.
//!
//! A decision is kept for months and asked for again by later programs. So what is written has a form, by number, and every
//! form that was ever written can be written again: [`Decision::to_json_as`](super::Decision::to_json_as) leaves out what
//! came later. A form never changes: neither its keys and their order, nor how values are written, nor what of a decision
//! counts as a step of the trace. What a later program adds is a form of its own. Only the words of the trace (`why`) are
//! those of the program that tells them.
//!
//! | form | what came with it |
//! | --- | --- |
//! | 1 | everything that [`Decision::to_json`](super::Decision::to_json) writes, with `why` in both languages |
//! | 2 | the `name` of tasks, `cancel_when_reached` and `park` |
//! | 3 | `form`, its own number |

use serde_json::Value as Json;
use switchboard_grammar::diagnostic::Text;

/// A form of kept decisions. Later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Tasks are recognised by what they say.
    First,
    /// Tasks have names.
    Second,
    /// The form is told.
    Third,
}

/// A form that this program does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("kept by a newer program, in form {found}; this one knows forms up to {}", Form::CURRENT.number())]
pub struct UnknownForm {
    /// What stands there.
    found: String,
}

impl Form {
    /// All, the oldest first.
    pub const ALL: [Form; 3] = [Form::First, Form::Second, Form::Third];
    /// The one that is written.
    pub const CURRENT: Form = Form::Third;
    /// The key of the number.
    pub(super) const KEY: &str = "form";

    /// The number.
    pub const fn number(self) -> u64 {
        match self {
            Form::First => 1,
            Form::Second => 2,
            Form::Third => 3,
        }
    }

    /// The form of a kept decision. One without a number is older than the number; when it has nothing by which the first two
    /// differ, both write the same.
    ///
    /// # Errors
    ///
    /// [`UnknownForm`]: a newer program kept it.
    pub fn of(kept: &Json) -> Result<Form, UnknownForm> {
        if let Some(number) = kept.get(Form::KEY) {
            let known = Form::ALL.into_iter().find(|form| number.as_u64() == Some(form.number()));
            return known.ok_or_else(|| UnknownForm { found: number.to_string() });
        }
        let mut tasks = kept.get("tasks").and_then(Json::as_array).into_iter().flatten();
        let is_second = kept.get("park").is_some() || tasks.any(|task| task.get("name").is_some());
        Ok(if is_second { Form::Second } else { Form::First })
    }
}

impl UnknownForm {
    /// The same in both languages.
    pub fn text(&self) -> Text {
        let (found, most) = (&self.found, Form::CURRENT.number());
        let ru = format!("сохранено более новой программой, в форме {found}; эта знает формы до {most}");
        Text::new(self.to_string(), ru)
    }
}
