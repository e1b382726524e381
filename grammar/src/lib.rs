//! The .rules language: text to tree and back.
//!
//! Takes the text of a file, gives a tree with spans and every problem found in it; takes a tree, gives the text
//! as the formatter writes it. Knows no field, no event and no clock: names are resolved one floor up.
//!
//! ```
//! use switchboard_grammar::lang::Lang;
//! use switchboard_grammar::render::Renderer;
//! use switchboard_grammar::source::{Source, SourceMap};
//!
//! let text = "rules 1\n\nfilter for calls\n  accept when site == \"romashka.ru\"\n  else reject\n";
//! let mut sources = SourceMap::new();
//! let file = sources.add(Source::new("shop.rules", text));
//! let parsed = switchboard_grammar::parse_file(file, text);
//!
//! let [problem] = parsed.diagnostics.as_slice() else { panic!("one problem") };
//! assert_eq!(
//!     Renderer::new(Lang::En).concise(&sources, problem),
//!     "shop.rules:4:20: error[foreign-spelling]: `==` is written `is` here"
//! );
//! assert_eq!(
//!     Renderer::new(Lang::Ru).concise(&sources, problem),
//!     "shop.rules:4:20: ошибка[foreign-spelling]: вместо `==` здесь пишут `is`"
//! );
//! ```
//!
//! The way of a file: `sections` cuts it at its left margin, `scan` finds texts and brackets and counts how deep they
//! nest, `pairs` parses line by line with the grammar in `rules.pest`, `from_pairs` makes the tree, `explain` says
//! what is wrong with a line that does not parse. [`format`](fn@format) writes a tree, [`translate`] writes it in the other
//! language.

pub mod ast;
pub mod codes;
mod comments;
pub mod diagnostic;
pub mod editions;
mod explain;
mod format;
mod from_pairs;
pub mod keywords;
pub mod lang;
pub mod limits;
mod pairs;
mod parse;
mod pieces;
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

pub use self::format::{TranslateError, WIDTH, canonical, format, print, translate};
pub use self::parse::{Parsed, parse, parse_file, reads};
pub use self::pieces::{Piece, language, pieces};
pub use self::sink::Read;
