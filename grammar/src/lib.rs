//! The .rules language: text to tree and back.
//!
//! Takes the text of a file, gives a tree with spans and every problem found in it; takes a tree, gives the text
//! as the formatter writes it. Knows no field, no event and no clock: names are resolved one floor up.

pub mod ast;
pub mod codes;
pub mod diagnostic;
pub mod keywords;
pub mod lang;
pub mod source;
pub mod span;
