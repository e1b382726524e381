//! The settings form of UIS's own RetailCRM integration, as a file: into rules and back.
//!
//! `model` (with `kind` and `condition`) is the form as data and `read` takes it from JSON, with every mistake by its path. `write` makes rules of
//! it. `export` takes rules apart again, and names each line that the form has no place for. All of it is pure:
//! texts in, texts or findings out. What the form holds is that of the vendor's article on the integration
//! (12 November 2025); the JSON is ours, and described in `docs/import.md`.

mod condition;
mod export;
mod json;
mod kind;
mod model;
mod read;
mod reader;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub(crate) use export::export;
pub(crate) use read::read;
pub(crate) use reader::Problem;
pub(crate) use write::write;
