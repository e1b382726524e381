//! A bundle in plain sentences, for whoever runs the shop and reads no rules.
//!
//! Takes the trees of a bundle's files, gives a document of chapters (one for each kind of event), articles (one for
//! each section) and items (one for each line or row); `render` writes it as text, Markdown or HTML. Knows the names of
//! the catalogue with their grammatical forms; what an author named stays as he named it. Nothing is left out: a
//! section, line, row or value that there are no words for would be a hole in what somebody relies on.

mod conditions;
mod document;
mod events;
mod lines;
mod literals;
mod names;
mod phrases;
mod render;
mod tables;
mod tasks;
mod templates;
mod values;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use document::{Tree, prose};
pub(crate) use render::{html, markdown, text};
