//! Template filters: `{{ started | date "DD.MM HH:mm" }}`.
//!
//! One table with both names, what each takes and gives ([`FilterSpec`]); a filter with its arguments checked is
//! a [`Filter`]; [`DateFormat`] is the language of `date`.

mod apply;
mod date;
mod spec;

pub use apply::{Filter, FilterError};
pub use date::DateFormat;
pub use spec::{ALL, FilterKind, FilterSpec, find};
