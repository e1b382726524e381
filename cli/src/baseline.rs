//! The findings that are known and put up with for now: a file of them, so that only new ones count.
//!
//! The file is JSON: `{"version": 1, "findings": [{"file", "code", "name", "fingerprint", "section", "line"}]}`. Only
//! `file` and `fingerprint` are compared; the rest is for whoever reads it. A file is named as seen from the folder of
//! the baseline, with `/`, so that it does not matter where the program is started. Errors are never put up with: a
//! bundle that has one does not run, whatever a file says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use switchboard_engine::json::json_error;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Severity};

use crate::failure::Failure;
use crate::input::read_limited;
use crate::report::{Findings, Identity, identities};

/// Version of the file's shape.
const VERSION: u32 = 1;

/// The largest file that is read.
const MAX_BASELINE_BYTES: u64 = 16 << 20;

/// The file as a whole.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    findings: Vec<Known>,
}

/// One finding that is put up with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    /// The file, seen from the folder of the baseline.
    pub(crate) file: String,
    /// `R205`.
    pub(crate) code: String,
    /// `unused-list`.
    pub(crate) name: String,
    /// What it is recognised by.
    pub(crate) fingerprint: String,
    /// The head of its section; empty outside of sections.
    pub(crate) section: String,
    /// The line it stands in; empty where it may hold a secret.
    pub(crate) line: String,
}

/// What is known, and which of it was met.
#[derive(Debug)]
pub(crate) struct Baseline {
    /// The folder that files are named from.
    folder: PathBuf,
    known: Vec<Known>,
    met: Vec<bool>,
    /// How many findings were known.
    pub(crate) hidden: usize,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// When it cannot be read, is no baseline, or one of a version that is not known.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = read_limited(path, MAX_BASELINE_BYTES)?;
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|error| {
            let (path, why) = (path.display(), json_error(&error));
            Failure::input(
                format!("`{path}` was not written by `rules check --write-baseline`: {}", why.en),
                format!("`{path}` записан не командой `rules check --write-baseline`: {}", why.ru),
            )
        })?;
        if stored.version != VERSION {
            return Err(Failure::input(
                format!("`{}` has version {}; only {VERSION} is known", path.display(), stored.version),
                format!("у `{}` версия {}, а известна только {VERSION}", path.display(), stored.version),
            ));
        }
        let met = vec![false; stored.findings.len()];
        Ok(Self { folder: folder_of(path), known: stored.findings, met, hidden: 0 })
    }

    /// Takes what is known out of the findings of a bundle.
    pub(crate) fn hide(&mut self, findings: &mut Findings) {
        let names: BTreeMap<(&str, &str), usize> = self
            .known
            .iter()
            .enumerate()
            .map(|(at, known)| ((known.file.as_str(), known.fingerprint.as_str()), at))
            .collect();
        let mut hidden = Vec::with_capacity(findings.diagnostics.len());
        for (found, identity) in findings.diagnostics.iter().zip(identities(findings)) {
            let file = seen_from(&self.folder, name(found, findings));
            let at = names.get(&(file.as_str(), identity.fingerprint.as_str()));
            let at = at.copied().filter(|_| may_wait(found));
            if let Some(met) = at.and_then(|at| self.met.get_mut(at)) {
                *met = true;
            }
            hidden.push(at.is_some());
        }
        self.hidden += hidden.iter().filter(|hidden| **hidden).count();
        let mut hidden = hidden.into_iter();
        findings.diagnostics.retain(|_| !hidden.next().unwrap_or_default());
    }

    /// What is known and was not met: mended, or changed so that it is another one.
    pub(crate) fn gone(&self) -> Vec<&Known> {
        self.known.iter().zip(&self.met).filter(|(_, met)| !**met).map(|(known, _)| known).collect()
    }
}

/// What a baseline at `path` says that puts up with all of these findings, and how many these are.
pub(crate) fn text(path: &Path, all: &[Findings]) -> (String, usize) {
    let folder = folder_of(path);
    let mut known: Vec<Known> = Vec::new();
    for findings in all {
        for (found, identity) in findings.diagnostics.iter().zip(identities(findings)) {
            if may_wait(found) {
                known.push(entry(found, identity, seen_from(&folder, name(found, findings))));
            }
        }
    }
    known.sort_by(|left, right| {
        (&left.file, &left.code, &left.section).cmp(&(&right.file, &right.code, &right.section))
    });
    known.dedup();
    let count = known.len();
    let stored = Stored { version: VERSION, findings: known };
    let mut text = serde_json::to_string_pretty(&stored).unwrap_or_default();
    text.push('\n');
    (text, count)
}

/// Whether a finding may be put up with: what may be allowed by a comment may be, too.
fn may_wait(found: &Diagnostic) -> bool {
    found.severity < Severity::Error || *found.code == codes::SECRET_IN_RULES
}

fn entry(found: &Diagnostic, identity: Identity, file: String) -> Known {
    let secret = *found.code == codes::SECRET_IN_RULES;
    Known {
        file,
        code: found.code.id.to_owned(),
        name: found.code.name.to_owned(),
        fingerprint: identity.fingerprint,
        section: identity.section,
        line: if secret { String::new() } else { identity.line },
    }
}

fn name<'a>(found: &Diagnostic, findings: &'a Findings) -> &'a str {
    findings.sources.get(found.primary.file).map_or("", |source| source.name())
}

/// The folder of a file that need not be there.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf())
}

/// A file as seen from a folder: `main.rules`, `../shop/main.rules`.
fn seen_from(folder: &Path, file: &str) -> String {
    let whole = fs::canonicalize(file).unwrap_or_else(|_| PathBuf::from(file));
    let parts = |path: &Path| -> Vec<String> {
        path.components()
            .filter(|part| *part != Component::CurDir)
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect()
    };
    let (folder, file) = (parts(folder), parts(&whole));
    let common = folder.iter().zip(&file).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..".to_owned(), folder.len() - common);
    up.chain(file.into_iter().skip(common)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_folder_of_the_baseline() {
        let from = |folder: &str, file: &str| seen_from(Path::new(folder), file);
        assert_eq!(from("/a/b", "/a/b/c.rules"), "c.rules");
        assert_eq!(from("/a/b", "/a/c/d.rules"), "../c/d.rules");
        assert_eq!(from("/", "/a.rules"), "a.rules");
    }
}
