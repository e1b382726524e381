//! Values, and the one meaning of `missing`.
//!
//! [`Value`] is what fields, literals and results hold. Comparison is in `compare`, patterns in `pattern`,
//! JSON in `json`, text for people in `render`.

mod compare;
mod json;
mod missing;
mod model;
mod pattern;
mod render;

pub use json::{Misfit, from_json, to_json};
pub use missing::is_missing_text;
pub use model::{MISSING, Value};
pub use pattern::{Pattern, PatternError};
pub(crate) use pattern::{Step as PatternStep, steps as pattern_steps};
pub(crate) use render::join_into;
pub use render::{duration, is_smuggled, max_rendered_chars, push_clean};
