//! Tests of the engine's foundation: values, names, time, phones, scripts.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy lets tests do so, but not the helpers that they share"
)]

mod again;
mod calendar;
mod event;
mod filters;
mod lists;
mod moment;
mod note;
mod pattern;
mod phone;
mod schema;
mod script;
mod text;
mod value;
