//! Diagnostics on paper: for people, in one line each, and for machines of several makes.

mod concise;
mod fingerprint;
mod github;
mod human;
mod json;
mod junit;
mod place;
mod sarif;

use clap::ValueEnum;
use switchboard_grammar::diagnostic::{Diagnostic, Safety, Severity, Text};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::SourceMap;

pub(crate) use concise::concise;
pub(crate) use fingerprint::{Identity, identities};
pub(crate) use github::{command_data, command_property, github};
pub(crate) use human::{counted, human, summary};
pub(crate) use json::json;
pub(crate) use junit::{junit, xml_escaped};
pub(crate) use sarif::sarif;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// With the lines of the file and carets
    Human,
    /// One line each
    Concise,
    /// One JSON object for machines
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// A report of JUnit, for build servers
    Junit,
}

/// What was found in one bundle. The names in `sources` are paths as the caller named them.
#[derive(Debug)]
pub(crate) struct Findings {
    /// The files that the diagnostics point into.
    pub(crate) sources: SourceMap,
    /// What was found, in the order of files and places.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What was too much to look through, so that nothing is proved of it.
    pub(crate) undecided: Vec<Text>,
}

impl Findings {
    /// Findings, and nothing left open.
    pub(crate) const fn new(sources: SourceMap, diagnostics: Vec<Diagnostic>) -> Self {
        Self { sources, diagnostics, undecided: Vec::new() }
    }
}

/// How many of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Files read.
    pub(crate) files: usize,
    /// Errors.
    pub(crate) errors: usize,
    /// Warnings.
    pub(crate) warnings: usize,
    /// Pieces of information.
    pub(crate) infos: usize,
}

impl Counts {
    /// Counts everything.
    pub(crate) fn of(all: &[Findings]) -> Self {
        let mut counts = Self::default();
        for findings in all {
            counts.files +=
                findings.sources.iter().filter(|(_, source)| source.name().ends_with(".rules")).count();
            for diagnostic in &findings.diagnostics {
                match diagnostic.severity {
                    Severity::Error => counts.errors += 1,
                    Severity::Warning => counts.warnings += 1,
                    Severity::Info => counts.infos += 1,
                }
            }
        }
        counts
    }

    /// Whether something is as bad as `level` or worse.
    pub(crate) fn reach(self, level: Severity) -> bool {
        match level {
            Severity::Error => self.errors > 0,
            Severity::Warning => self.errors + self.warnings > 0,
            Severity::Info => self.errors + self.warnings + self.infos > 0,
        }
    }
}

/// A finding in one piece for readers that draw nothing: the sentence, what is said at its place, and the notes, a line
/// each.
fn whole_message(found: &Diagnostic, lang: Lang) -> String {
    let mut lines = vec![found.message.get(lang)];
    lines.extend(found.primary.text.as_ref().map(|text| text.get(lang)));
    lines.extend(found.notes.iter().map(|note| note.get(lang)));
    lines.join("\n")
}

/// Who may apply a fix, by the stable name for machines.
const fn safety_name(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
        Safety::DisplayOnly => "display",
    }
}
