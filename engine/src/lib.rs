//! Rules over communications: check, evaluate, explain; no I/O.

pub mod calendar;
pub mod catalog;
pub mod decimal;
pub mod event;
pub mod facts;
pub mod filters;
pub mod lists;
pub mod moment;
pub mod note;
pub mod phone;
pub mod schema;
pub mod script;
pub mod text;
pub mod ty;
pub mod value;
