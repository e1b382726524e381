//! Checking a bundle as a whole, beside the answering of requests.
//!
//! One thread takes jobs and gives reports. A job is a bundle at some moment; while it is checked the editor goes on, and
//! what became old meanwhile is told by the editions of the files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use switchboard_engine::bundle::{Bundle as Rules, BundleSource, LoadOptions, load};
use switchboard_engine::references::References;
use switchboard_grammar::diagnostic::Diagnostic;
use switchboard_grammar::parse_file;
use switchboard_grammar::source::{FileId, Source, SourceMap};

use crate::lines::{Encoding, Lines};
use crate::preview::{Title, titles};
use crate::sections::Key;

/// A bundle to be checked.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) root: PathBuf,
    pub(crate) files: BTreeMap<String, Arc<[u8]>>,
    /// The state of each file that can be open.
    pub(crate) editions: BTreeMap<String, u64>,
    /// The files that are open: of these mistakes are told also where nothing includes them.
    pub(crate) open: BTreeSet<String>,
    pub(crate) references: Option<Arc<References>>,
    pub(crate) encoding: Encoding,
}

/// What came of a check.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) root: PathBuf,
    pub(crate) editions: BTreeMap<String, u64>,
    /// Everything found, by file and place.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The files that it points into.
    pub(crate) sources: SourceMap,
    /// Their lines.
    pub(crate) lines: Vec<Lines>,
    /// Open files of rules that are no part of the bundle.
    pub(crate) unread: BTreeSet<String>,
    /// The rules, when they can decide.
    pub(crate) rules: Option<Arc<Rules>>,
    /// The sections of their tasks, each with its title for an example that fits it.
    pub(crate) titles: HashMap<Key, Title>,
}

/// The thread that checks.
#[derive(Debug)]
pub(crate) struct Checker {
    jobs: Sender<Job>,
    /// Where the reports come.
    pub(crate) reports: Receiver<Report>,
    busy: bool,
}

impl Checker {
    /// Starts the thread; it ends with the checker.
    pub(crate) fn start() -> Self {
        let (jobs, waiting) = unbounded::<Job>();
        let (done, reports) = unbounded();
        std::thread::spawn(move || {
            for job in waiting {
                if done.send(check(job)).is_err() {
                    break;
                }
            }
        });
        Self { jobs, reports, busy: false }
    }

    /// Whether a job can be taken.
    pub(crate) const fn is_free(&self) -> bool {
        !self.busy
    }

    /// Takes a job.
    pub(crate) fn take(&mut self, job: Job) {
        self.busy = self.jobs.send(job).is_ok();
    }

    /// A report came.
    pub(crate) const fn done(&mut self) {
        self.busy = false;
    }
}

/// Checks.
pub(crate) fn check(job: Job) -> Report {
    let mut source = BundleSource::new();
    for (name, bytes) in &job.files {
        // A document that lies nowhere may have any name.
        let _ = source.add(name.clone(), &**bytes);
    }
    let mut options = LoadOptions::default();
    options.references = job.references.map(|references| (*references).clone());
    let loaded = load(&source, &options);
    let mut sources = SourceMap::new();
    for (_, known) in loaded.sources.iter() {
        sources.add(Source::new(known.name(), known.text()));
    }
    let mut diagnostics = loaded.diagnostics;
    let mut unread = BTreeSet::new();
    for name in job.open.iter().filter(|name| name.ends_with(".rules")) {
        if sources.find(name).is_some() {
            continue;
        }
        let text = job.files.get(name).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let file: FileId = sources.add(Source::new(name.as_str(), text.as_ref()));
        diagnostics.extend(parse_file(file, &text).diagnostics);
        unread.insert(name.clone());
    }
    let lines = sources.iter().map(|(_, source)| Lines::new(source.text(), job.encoding)).collect();
    let titles = loaded.bundle.as_deref().map(titles).unwrap_or_default().into_iter();
    let titles = titles.map(|title| (title.key.clone(), title)).collect();
    let (root, editions, rules) = (job.root, job.editions, loaded.bundle);
    Report { root, editions, diagnostics, sources, lines, unread, rules, titles }
}
