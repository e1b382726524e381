//! One bundle through its fixtures.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use switchboard_engine::cover::Coverage;
use switchboard_engine::fixture::{Trial, try_out};
use switchboard_engine::prove::ProofLimits;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::coverage::Covered;
use crate::failure::Failure;
use crate::fixture::{Folder, Found, folder, read_snapshot, snapshot_path, write_snapshot};
use crate::loaded::Loaded;

/// What came of the tests of one bundle.
#[derive(Debug)]
pub(crate) struct Tested {
    /// The bundle's folder, as the caller named it.
    pub(crate) root: PathBuf,
    /// The language of the bundle, in which its snapshots are.
    pub(crate) lang: Lang,
    /// Whether the bundle has errors and decides nothing; then there are no cases.
    pub(crate) refused: bool,
    /// The fixtures, by name.
    pub(crate) cases: Vec<Case>,
    /// Snapshots beside which there is no fixture.
    pub(crate) orphans: Vec<PathBuf>,
    /// What the fixtures reached; None for a bundle with errors.
    pub(crate) covered: Option<Covered>,
}

/// What came of one fixture.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its name.
    pub(crate) name: String,
    /// Its file.
    pub(crate) path: PathBuf,
    /// What it shows.
    pub(crate) about: Option<String>,
    /// What the snapshot says.
    pub(crate) verdict: Verdict,
    /// Expectations that are not met.
    pub(crate) unmet: Vec<Text>,
    /// The decision in JSON, without its trace; None when there is none.
    pub(crate) decision: Option<Value>,
}

/// A decision held against what was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// As accepted.
    Same,
    /// Nobody has accepted one yet.
    New {
        /// The snapshot that would be accepted.
        now: String,
    },
    /// Another one was accepted.
    Changed {
        /// The snapshot that was accepted.
        before: String,
        /// The snapshot that would be accepted.
        now: String,
    },
    /// Accepted in this run.
    Accepted,
    /// The file is no fixture, or nothing can be decided about it.
    Broken(Vec<Text>),
}

impl Case {
    /// Whether all is well.
    pub(crate) fn passes(&self) -> bool {
        matches!(self.verdict, Verdict::Same | Verdict::Accepted) && self.unmet.is_empty()
    }

    /// Whether there is a decision that somebody may accept.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.verdict, Verdict::New { .. } | Verdict::Changed { .. })
    }

    /// The stable name of its state for programs; an expectation that is not met goes before the snapshot.
    pub(crate) fn status(&self) -> &'static str {
        match &self.verdict {
            Verdict::Broken(_) => "broken",
            _ if !self.unmet.is_empty() => "unmet",
            Verdict::Same => "passed",
            Verdict::Accepted => "accepted",
            Verdict::New { .. } => "new",
            Verdict::Changed { .. } => "changed",
        }
    }

    /// Takes the decision as it is now.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn accept(&mut self) -> Result<(), Failure> {
        if let Verdict::New { now } | Verdict::Changed { now, .. } = &self.verdict {
            write_snapshot(&self.path, now)?;
            self.verdict = Verdict::Accepted;
        }
        Ok(())
    }

    /// Where its snapshot lies.
    pub(crate) fn snapshot(&self) -> PathBuf {
        snapshot_path(&self.path)
    }
}

/// Decides the fixtures of a bundle whose name or sentence has `filter` in it; without a filter also looks for snapshots
/// that are left over.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn run(root: &Path, loaded: &Loaded, filter: Option<&str>) -> Result<Tested, Failure> {
    let Folder { fixtures, orphans } = folder(root)?;
    let wanted = filter.map(str::to_lowercase);
    let is_wanted = |found: &Found| {
        let Some(wanted) = &wanted else { return true };
        let about = found.fixture.as_ref().ok().and_then(|fixture| fixture.about.as_deref());
        [Some(found.name.as_str()), about]
            .into_iter()
            .flatten()
            .any(|text| text.to_lowercase().contains(wanted))
    };
    let mut coverage = Coverage::new(&loaded.bundle, &ProofLimits::default());
    let mut cases = Vec::new();
    for found in fixtures.into_iter().filter(is_wanted) {
        cases.push(case(found, loaded, &mut coverage)?);
    }
    let orphans = if filter.is_some() { Vec::new() } else { orphans };
    let (root, lang, sources) = (root.to_path_buf(), loaded.lang, Arc::clone(&loaded.sources));
    let covered = Some(Covered { root: root.clone(), lang, sources, coverage });
    Ok(Tested { root, lang, refused: false, cases, orphans, covered })
}

fn case(found: Found, loaded: &Loaded, coverage: &mut Coverage) -> Result<Case, Failure> {
    let Found { name, path, fixture } = found;
    let broken = |about, faults| Case {
        name: name.clone(),
        path: path.clone(),
        about,
        verdict: Verdict::Broken(faults),
        unmet: Vec::new(),
        decision: None,
    };
    let fixture = match fixture {
        Ok(fixture) => fixture,
        Err(faults) => return Ok(broken(None, faults.into_iter().map(|fault| fault.text).collect())),
    };
    let accepted = read_snapshot(&path)?;
    let trial = match try_out(&name, &fixture, &loaded.bundle, loaded.lang, accepted.as_deref()) {
        Ok(trial) => trial,
        Err(fault) => return Ok(broken(fixture.about, vec![fault])),
    };
    coverage.add(&trial.watched);
    let mut json = trial.watched.decision.to_json(loaded.lang);
    if let Some(object) = json.as_object_mut() {
        object.remove("trace");
    }
    let Trial { now, accepted, unmet, .. } = trial;
    let verdict = match accepted {
        None => Verdict::New { now },
        Some(before) if before == now => Verdict::Same,
        Some(before) => Verdict::Changed { before, now },
    };
    let unmet = unmet.into_iter().map(|unmet| unmet.text).collect();
    Ok(Case { name, path, about: fixture.about, verdict, unmet, decision: Some(json) })
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Fixtures that were looked at.
    pub(crate) tests: usize,
    /// As accepted, in this run or before, with every expectation met.
    pub(crate) passed: usize,
    /// Decided otherwise than accepted.
    pub(crate) changed: usize,
    /// Without a snapshot.
    pub(crate) new: usize,
    /// With an expectation that is not met.
    pub(crate) unmet: usize,
    /// That cannot be read or decided.
    pub(crate) broken: usize,
    /// Snapshots that belong to no fixture.
    pub(crate) orphans: usize,
    /// Bundles with errors.
    pub(crate) refused: usize,
}

impl Counts {
    /// Counts everything.
    pub(crate) fn of(all: &[Tested]) -> Self {
        let mut counts = Self::default();
        for tested in all {
            counts.refused += usize::from(tested.refused);
            counts.orphans += tested.orphans.len();
            for case in &tested.cases {
                counts.tests += 1;
                let counter = match case.status() {
                    "broken" => &mut counts.broken,
                    "unmet" => &mut counts.unmet,
                    "new" => &mut counts.new,
                    "changed" => &mut counts.changed,
                    _ => &mut counts.passed,
                };
                *counter += 1;
            }
        }
        counts
    }

    /// Whether anything is not well.
    pub(crate) const fn fails(self) -> bool {
        self.passed < self.tests || self.orphans > 0 || self.refused > 0
    }
}
