//! Tests of the engine's foundation: values, names, time, phones, scripts.

mod calendar;
mod event;
mod filters;
mod lists;
mod pattern;
mod phone;
mod schema;
mod text;
mod value;
