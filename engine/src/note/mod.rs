//! Long texts: minijinja files of the bundle (`note: template "missed_call.j2"`).
//!
//! A note has the same names in scope as the rules around it and the filters of templates, called with brackets:
//! `{{ started | date("DD.MM HH:mm") }}`. Names that are not in scope are found when it is loaded; a value that is
//! missing prints nothing, is false in `if`, and gives way in `default`. There is no loader: a note is one text.
//! Work is bounded by fuel, depth by a recursion limit, the result by [`Note::MAX_CHARS`].

mod functions;
mod template;
mod values;

pub use template::{Note, NoteError, NoteProblem};
