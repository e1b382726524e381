//! The tree-sitter grammar: made from the keyword table and the pest grammar, and held to accept what that accepts.
//!
//! `UPDATE_EDITORS=1 cargo test` writes `src/grammar.json`, `src/parser.c` and the queries anew; run it twice, for the
//! second run tries the parser that the first one wrote.

mod accepts;
mod generated;
mod keywords;
mod make;
mod rules;
