//! From the parser's pairs to the tree: one file a kind of section.
//!
//! Takes the pairs of one line and where the line starts in its file; gives a piece of the tree. Words of another
//! language are reported here, for here it is known which word is meant. A `None` says that the piece could not be
//! made; the reason is reported, by the function that gave up or by the caller.

mod alien;
mod bare;
mod conditions;
mod events;
mod fields;
mod filter;
mod include;
mod list;
mod literals;
mod names;
mod reader;
mod schedule;
mod script;
mod settings;
mod table;
mod task;
mod texts;
mod transfer;
mod values;
mod words;

pub(crate) use self::reader::Reader;
