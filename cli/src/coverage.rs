//! What tests have reached of bundles, told in several ways.
//!
//! `summary` is the table that closes a run and the list of what was never reached; `lcov` is for programs that keep
//! coverage over time, `html` for people who want to see it in the rules.

mod html;
mod lcov;
mod summary;

use std::path::PathBuf;
use std::sync::Arc;

use switchboard_engine::cover::{Coverage, Totals};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::SourceMap;

pub(crate) use html::html;
pub(crate) use lcov::lcov;
pub(crate) use summary::{json, missed, percent, summary, tenths, uncovered};

/// What tests have reached of one bundle.
#[derive(Debug)]
pub(crate) struct Covered {
    /// The bundle's folder, as the caller named it.
    pub(crate) root: PathBuf,
    /// The language of the bundle.
    pub(crate) lang: Lang,
    /// Its files, by their names inside of it.
    pub(crate) sources: Arc<SourceMap>,
    /// What was reached.
    pub(crate) coverage: Coverage,
}

impl Covered {
    /// Where a file of the bundle lies, as the caller named the bundle.
    pub(crate) fn path(&self, name: &str) -> String {
        let path = if self.root.as_os_str() == "." { PathBuf::from(name) } else { self.root.join(name) };
        path.display().to_string()
    }
}

/// How much was reached of all bundles together.
pub(crate) fn together<'c>(all: impl IntoIterator<Item = &'c Covered>) -> Totals {
    all.into_iter().fold(Totals::default(), |sum, covered| sum.plus(covered.coverage.totals()))
}
