//! The tests of a bundle, run beside the answering of requests.
//!
//! One thread takes jobs and gives what came of them. A job is the rules of the last check and the folder of tests, with the
//! texts of those that are open in the place of the files. A run that nobody needs any longer is told to stop: it gives
//! nothing then, and the next one begins.

mod case;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};
use smol_str::SmolStr;
use switchboard_engine::bundle::Bundle as Rules;
use switchboard_engine::cover::{Coverage, PointId, Reach};
use switchboard_engine::fixture::{MAX_TEST_BYTES, MAX_TESTS};
use switchboard_engine::prove::ProofLimits;
use switchboard_grammar::lang::Lang;

pub(crate) use self::case::{Came, Case, Remark, State, Tried, difference};
use crate::coverage::Covered;
use crate::disk;
use crate::lines::Encoding;
use crate::sections::{self, Key};

/// What is to be run.
#[derive(Debug)]
pub(crate) struct Job {
    /// The bundle.
    pub(crate) root: PathBuf,
    /// The number of the run: of two, the later one knows more.
    pub(crate) number: u64,
    /// The folder of tests.
    pub(crate) folder: PathBuf,
    /// The rules; None when they have errors and decide nothing.
    pub(crate) rules: Option<Arc<Rules>>,
    /// The language of the bundle, in which its snapshots are.
    pub(crate) lang: Lang,
    /// The states of the files that the rules were read from.
    pub(crate) editions: BTreeMap<String, u64>,
    /// The tests that are open, with the states of their texts.
    pub(crate) open: BTreeMap<String, (u64, Arc<str>)>,
    /// Whether those are run that are not open, too.
    pub(crate) all: bool,
    /// Whether what they reach is counted.
    pub(crate) covers: bool,
    pub(crate) encoding: Encoding,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Tested {
    pub(crate) root: PathBuf,
    pub(crate) number: u64,
    pub(crate) lang: Lang,
    pub(crate) editions: BTreeMap<String, u64>,
    /// The states of the tests that were open.
    pub(crate) open: BTreeMap<String, u64>,
    /// Whether all tests were run.
    pub(crate) all: bool,
    /// The tests by name.
    pub(crate) cases: BTreeMap<String, Case>,
    /// The tests that reach each section: for which one of its rows or lines counted, or its task was set.
    pub(crate) reaching: HashMap<Key, Reaching>,
    /// Of each task that a test sets the first such test and the title.
    pub(crate) titles: BTreeMap<SmolStr, (String, String)>,
    /// What they reach, when that was asked for.
    pub(crate) covered: Option<Covered>,
}

/// Tests of a section.
#[derive(Debug, Default)]
pub(crate) struct Reaching {
    pub(crate) names: Vec<String>,
    /// How many of them do not pass.
    pub(crate) failing: usize,
}

/// The thread that runs tests.
#[derive(Debug)]
pub(crate) struct Tester {
    jobs: Sender<(Job, Arc<AtomicBool>)>,
    /// Where it is told what came of runs; None of one that was stopped.
    pub(crate) reports: Receiver<Option<Tested>>,
    /// The bundle that is being run, and the way to stop it.
    busy: Option<(PathBuf, Arc<AtomicBool>)>,
}

impl Tester {
    /// Starts the thread; it ends with the tester.
    pub(crate) fn start() -> Self {
        let (jobs, waiting) = unbounded::<(Job, Arc<AtomicBool>)>();
        let (done, reports) = unbounded();
        std::thread::spawn(move || {
            for (job, stop) in waiting {
                if done.send(run(job, &stop)).is_err() {
                    break;
                }
            }
        });
        Self { jobs, reports, busy: None }
    }

    /// Whether a job can be taken.
    pub(crate) const fn is_free(&self) -> bool {
        self.busy.is_none()
    }

    /// Takes a job.
    pub(crate) fn take(&mut self, job: Job) {
        let (root, stop) = (job.root.clone(), Arc::new(AtomicBool::new(false)));
        if self.jobs.send((job, Arc::clone(&stop))).is_ok() {
            self.busy = Some((root, stop));
        }
    }

    /// Stops the run of a bundle, if there is one.
    pub(crate) fn stop(&self, root: &Path) {
        if let Some((_, stop)) = self.busy.as_ref().filter(|(running, _)| running == root) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// A report came.
    pub(crate) fn done(&mut self) {
        self.busy = None;
    }
}

impl Tested {
    /// The tests that reach a point.
    pub(crate) fn at(&self, id: PointId) -> impl Iterator<Item = &str> {
        let cases =
            self.cases.iter().filter(move |(_, case)| case.reached().is_some_and(|ids| ids.contains(&id)));
        cases.map(|(name, _)| name.as_str())
    }

    /// How many tests do not pass.
    pub(crate) fn failing(&self) -> usize {
        self.cases.values().filter(|case| case.state() != State::Passes).count()
    }
}

/// Runs; None when it was told to stop.
fn run(job: Job, stop: &AtomicBool) -> Option<Tested> {
    let mut names = if job.all { disk::fixture_names(&job.folder) } else { Vec::new() };
    names.extend(job.open.keys().cloned());
    names.sort();
    names.dedup();
    names.truncate(MAX_TESTS);
    let rules = job.rules.as_deref();
    let mut coverage =
        rules.filter(|_| job.covers).map(|rules| Coverage::new(rules, &ProofLimits::default()));
    let mut cases = BTreeMap::new();
    for name in names {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let path = job.folder.join(format!("{name}.json"));
        let on_disk = || disk::bytes(&path).filter(|bytes| bytes.len() as u64 <= MAX_TEST_BYTES);
        let open = job.open.get(&name).map(|(_, text)| text.as_bytes().to_vec());
        let Some(bytes) = open.or_else(on_disk) else { continue };
        let accepted = disk::bytes(&snapshot_path(&job.folder, &name));
        let accepted = accepted.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let case = Case::of(&name, &bytes, rules, job.lang, accepted.as_deref(), job.encoding);
        if let (Some(coverage), Came::Tried(tried)) = (&mut coverage, &case.came) {
            coverage.add(&tried.trial.watched);
        }
        cases.insert(name, case);
    }
    Some(Tested {
        reaching: rules.map(|rules| reaching(rules, &cases)).unwrap_or_default(),
        titles: titles(&cases),
        root: job.root,
        number: job.number,
        lang: job.lang,
        editions: job.editions,
        open: job.open.into_iter().map(|(name, (edition, _))| (name, edition)).collect(),
        all: job.all,
        cases,
        covered: coverage.map(Covered::new),
    })
}

fn reaching(rules: &Rules, cases: &BTreeMap<String, Case>) -> HashMap<Key, Reaching> {
    let mut by_number: BTreeMap<u32, Reaching> = BTreeMap::new();
    for (name, case) in cases {
        let counting = case.reached().into_iter().flatten().filter(|id| id.reach == Reach::Counts);
        let sections: BTreeSet<u32> = counting.map(|id| id.section).collect();
        for section in sections {
            let reaching = by_number.entry(section).or_default();
            reaching.names.push(name.clone());
            reaching.failing += usize::from(case.state() != State::Passes);
        }
    }
    let keys = (0..).zip(sections::of_rules(rules));
    keys.map(|(number, key)| (key, by_number.remove(&number).unwrap_or_default())).collect()
}

fn titles(cases: &BTreeMap<String, Case>) -> BTreeMap<SmolStr, (String, String)> {
    let mut titles = BTreeMap::new();
    for (name, case) in cases {
        let Came::Tried(tried) = &case.came else { continue };
        for task in &tried.trial.watched.decision.tasks {
            titles.entry(task.name.clone()).or_insert_with(|| (name.clone(), task.title.clone()));
        }
    }
    titles
}

/// Where the snapshot of a test lies.
pub(crate) fn snapshot_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.snap"))
}
