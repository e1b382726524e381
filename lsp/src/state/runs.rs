//! Checks and runs of tests: whose turn it is, and what is done with what they give.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lsp_types::PublishDiagnosticsParams;
use switchboard_engine::bundle::language_of;
use switchboard_grammar::lang::Lang;

use super::State;
use super::shown::Learned;
use crate::bundle::Bundle;
use crate::check::Report;
use crate::trials::{Job, Tested};

/// The longest time that a change waits for its check while others follow it.
const LONGEST_DELAY: Duration = Duration::from_secs(1);

impl State {
    /// A bundle is to be checked after a delay; what its tests are being asked is asked anew then.
    pub(super) fn wait_for(&mut self, root: PathBuf, now: Instant, delay: Duration) {
        self.tester.stop(&root);
        let since = self.waiting.get(&root).map_or(now, |(since, _)| *since);
        let turn = (now + delay).min(since + LONGEST_DELAY);
        self.waiting.insert(root, (since, turn));
    }

    /// The tests of a bundle are to be run after a delay; gives the number that the run will have at least.
    pub(crate) fn want_tests(&mut self, root: &Path, now: Instant, delay: Duration) -> u64 {
        self.tester.stop(root);
        self.untested.insert(root.to_path_buf(), now + delay);
        self.runs + 1
    }

    /// When the next check or run is due; None when nothing waits for it but a thread that is busy.
    pub(crate) fn due(&self) -> Option<Instant> {
        let checks = self.waiting.values().map(|(_, turn)| *turn).min().filter(|_| self.checker.is_free());
        let runs = self.runnable().map(|(_, turn)| turn).min().filter(|_| self.tester.is_free());
        checks.into_iter().chain(runs).min()
    }

    /// The bundles whose tests wait for nothing but their turn: after a check they would be run again.
    fn runnable(&self) -> impl Iterator<Item = (&PathBuf, Instant)> {
        let untested = self.untested.iter().map(|(root, turn)| (root, *turn));
        untested.filter(|(root, _)| {
            let checked = self.bundles.get(*root).is_some_and(|bundle| bundle.report.is_some());
            checked && !self.waiting.contains_key(*root) && self.checking.as_ref() != Some(root)
        })
    }

    /// Starts the check and the run that are due.
    pub(crate) fn start_due(&mut self, now: Instant) {
        if self.checker.is_free() {
            let due = self.waiting.iter().filter(|(_, (_, turn))| *turn <= now);
            let root = due.min_by_key(|(_, (_, turn))| *turn).map(|(root, _)| root.clone());
            if let Some(root) = root {
                self.waiting.remove(&root);
                if let Some(bundle) = self.bundles.get(&root) {
                    self.checker.take(bundle.job());
                    self.checking = Some(root);
                }
            }
        }
        if self.tester.is_free() {
            let due = self.runnable().filter(|(_, turn)| *turn <= now);
            let root = due.min_by_key(|(_, turn)| *turn).map(|(root, _)| root.clone());
            if let Some(root) = root {
                self.untested.remove(&root);
                self.runs += 1;
                let asked = self.asked.contains(&root);
                if let Some(bundle) = self.bundles.get(&root) {
                    let all = self.settings.run_tests || asked || bundle.covers;
                    self.tester.take(trial_of(bundle, self.runs, all));
                }
            }
        }
    }

    /// Takes a report; gives what is to be shown.
    pub(crate) fn take_report(&mut self, report: Report, now: Instant) -> Vec<PublishDiagnosticsParams> {
        self.checker.done();
        self.checking = None;
        let root = report.root.clone();
        let Some(bundle) = self.bundles.get_mut(&root) else { return Vec::new() };
        bundle.report = Some(report);
        self.untested.insert(root.clone(), now);
        self.tell(&root, Learned::Rules)
    }

    /// Takes what came of tests; gives what is to be shown.
    pub(crate) fn take_tested(&mut self, tested: Option<Tested>) -> Vec<PublishDiagnosticsParams> {
        self.tester.done();
        // A run that was stopped is on its way again.
        let Some(tested) = tested else { return Vec::new() };
        let root = tested.root.clone();
        let Some(bundle) = self.bundles.get_mut(&root) else { return Vec::new() };
        bundle.tested = Some(tested);
        if !self.untested.contains_key(&root) {
            self.asked.remove(&root);
        }
        self.tell(&root, Learned::Tests)
    }
}

/// The tests of a bundle by the rules of its last check.
fn trial_of(bundle: &Bundle, number: u64, all: bool) -> Job {
    let report = bundle.report.as_ref();
    Job {
        root: bundle.root.clone(),
        number,
        folder: bundle.fixtures.clone(),
        rules: report.and_then(|report| report.rules.clone()),
        lang: report.map_or(Lang::En, |report| language_of(&report.sources)),
        editions: report.map(|report| report.editions.clone()).unwrap_or_default(),
        open: bundle
            .tests()
            .map(|(name, document)| (name, (document.edition, Arc::from(document.text()))))
            .collect(),
        all,
        covers: bundle.covers,
        encoding: bundle.encoding,
    }
}
