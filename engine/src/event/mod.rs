//! Events: what happened, as fields.
//!
//! Takes the JSON of an event file, or field after field from the server; gives an [`Event`], whose hot path is
//! one index into an array. Names that the schema lacks are errors with the nearest known name, never dropped.

mod builder;
mod error;
mod fields;
mod json;
mod model;

pub use builder::EventBuilder;
pub use error::{EventError, EventProblem};
pub use fields::FieldValues;
pub(crate) use json::{cut_to_length, field, read_fields, write_fields};
pub use model::Event;
