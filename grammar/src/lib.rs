//! The .rules language: text to tree and back.
//!
//! Takes the text of a file, gives a tree with spans and every problem found in it; takes a tree, gives the text
//! as the formatter writes it. Knows no field, no event and no clock: names are resolved one floor up.

pub mod ast;
pub mod codes;
mod comments;
pub mod diagnostic;
mod explain;
mod format;
mod from_pairs;
pub mod keywords;
pub mod lang;
pub mod limits;
mod pairs;
mod parse;
pub mod render;
mod scan;
mod sections;
pub mod similar;
mod sink;
pub mod source;
pub mod span;
mod statement;
mod symbols;
mod tokens;

pub use self::format::{TranslateError, WIDTH, format, print, translate};
pub use self::parse::{Parsed, parse, parse_file};
