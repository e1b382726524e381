//! Everything that is open: which document belongs to which bundle, and what has yet to be checked.

mod runs;
mod shown;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lsp_types::{InitializeParams, PublishDiagnosticsParams, TextDocumentContentChangeEvent, Uri};

pub(crate) use self::shown::Found;
use crate::bundle::{Bundle, slashes};
use crate::check::Checker;
use crate::disk;
use crate::document::{Document, Kind};
use crate::feature::tokens::Sent;
use crate::lines::Encoding;
use crate::place::{path_of, uri_of};
use crate::settings::Settings;
use crate::trials::Tester;

/// The state of the server.
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) encoding: Encoding,
    /// Folders that the editor was opened on.
    folders: Vec<PathBuf>,
    pub(crate) bundles: BTreeMap<PathBuf, Bundle>,
    /// Open documents: their bundle, their name in it.
    open: HashMap<Uri, (PathBuf, String)>,
    /// Bundles to be checked: since when they wait, and when it is their turn.
    waiting: BTreeMap<PathBuf, (Instant, Instant)>,
    pub(crate) checker: Checker,
    /// The bundle that is being checked.
    checking: Option<PathBuf>,
    /// Bundles whose tests are to be run, and when it is their turn.
    untested: BTreeMap<PathBuf, Instant>,
    pub(crate) tester: Tester,
    /// How many runs of tests were begun.
    runs: u64,
    /// Bundles of which somebody asked for all tests.
    pub(crate) asked: BTreeSet<PathBuf>,
    /// Whether something else was found since a client was told to ask anew.
    pub(crate) told: bool,
    /// The tokens that were sent last, by document.
    pub(crate) painted: HashMap<Uri, Sent>,
    /// Counts answers that a later question can refer to.
    results: u64,
}

/// A document and its bundle.
#[derive(Clone, Copy)]
pub(crate) struct Here<'s> {
    pub(crate) state: &'s State,
    pub(crate) bundle: &'s Bundle,
    pub(crate) document: &'s Document,
}

impl State {
    /// Nothing open yet.
    pub(crate) fn new(params: &InitializeParams, encoding: Encoding) -> Self {
        let mut settings = Settings::default();
        settings.read(params.initialization_options.clone());
        let folders = params.workspace_folders.iter().flatten().filter_map(|folder| path_of(&folder.uri));
        #[expect(deprecated, reason = "older clients send nothing else")]
        let root = params.root_uri.as_ref().and_then(path_of);
        let mut folders: Vec<PathBuf> = folders.collect();
        if folders.is_empty() {
            folders.extend(root);
        }
        Self {
            settings,
            encoding,
            folders,
            bundles: BTreeMap::new(),
            open: HashMap::new(),
            waiting: BTreeMap::new(),
            checker: Checker::start(),
            checking: None,
            untested: BTreeMap::new(),
            tester: Tester::start(),
            runs: 0,
            asked: BTreeSet::new(),
            told: false,
            painted: HashMap::new(),
            results: 0,
        }
    }

    /// A name for an answer that a later question can refer to.
    pub(crate) fn next_result(&mut self) -> String {
        self.results += 1;
        self.results.to_string()
    }

    /// The document of an address.
    pub(crate) fn here(&self, uri: &Uri) -> Option<Here<'_>> {
        let (root, name) = self.open.get(uri)?;
        let bundle = self.bundles.get(root)?;
        Some(Here { state: self, bundle, document: bundle.documents.get(name)? })
    }

    /// The address of a file: the editor's own where it is open.
    pub(crate) fn uri(&self, bundle: &Bundle, name: &str) -> Option<Uri> {
        let open = self.open.iter().find(|(_, (root, open))| *root == bundle.root && open == name);
        match open {
            Some((uri, _)) => Some(uri.clone()),
            None => uri_of(&bundle.path(name)),
        }
    }

    /// The editor opened a document.
    pub(crate) fn open(&mut self, uri: Uri, text: String, version: i32, now: Instant) {
        let (root, name, on_disk) = match path_of(&uri) {
            Some(path) => {
                let top = self
                    .folders
                    .iter()
                    .filter(|folder| path.starts_with(folder))
                    .max_by_key(|top| top.as_os_str().len());
                let root = self.root_of(&path, top.map(PathBuf::as_path));
                if is_json(&path) && !self.is_test(&root, &path) {
                    return;
                }
                let name = path.strip_prefix(&root).map(slashes).unwrap_or_default();
                (root, name, true)
            }
            None => (PathBuf::from(uri.as_str()), "main.rules".to_owned(), false),
        };
        let (encoding, settings) = (self.encoding, &self.settings);
        let bundle = self
            .bundles
            .entry(root.clone())
            .or_insert_with(|| Bundle::open(root.clone(), on_disk, encoding, settings));
        bundle.open_document(&name, text, version);
        let is_checked = bundle.report.is_some() && Kind::of(&name) == Kind::Test;
        self.open.insert(uri, (root.clone(), name));
        if is_checked {
            self.want_tests(&root, now, Duration::ZERO);
        } else {
            self.wait_for(root, now, Duration::ZERO);
        }
    }

    /// Whether a file lies among the tests of a bundle; other files of JSON are none of our business.
    fn is_test(&self, root: &Path, file: &Path) -> bool {
        file.starts_with(root.join(self.settings.fixtures())) && disk::holds_rules(root)
    }

    /// The bundle of a file: one that is open already goes before what the folders say.
    fn root_of(&self, path: &Path, top: Option<&Path>) -> PathBuf {
        let known = self
            .bundles
            .keys()
            .filter(|root| path.starts_with(root))
            .min_by_key(|root| root.as_os_str().len());
        known.cloned().unwrap_or_else(|| match is_json(path) {
            true => disk::root_of_test(path, top),
            false => disk::root_of(path, top),
        })
    }

    /// The editor changed a document.
    pub(crate) fn change(
        &mut self,
        uri: &Uri,
        changes: Vec<TextDocumentContentChangeEvent>,
        version: i32,
        now: Instant,
    ) {
        let Some((root, name)) = self.open.get(uri).cloned() else { return };
        let document = self.bundles.get_mut(&root).and_then(|bundle| bundle.documents.get_mut(&name));
        if let Some(document) = document {
            document.change(changes, version);
            let delay = self.settings.check_delay();
            // A test changes nothing in the rules: they need no check for it.
            if document.kind == Kind::Test {
                self.want_tests(&root, now, delay);
            } else {
                self.wait_for(root, now, delay);
            }
        }
    }

    /// The editor closed a document; gives what is to be shown of it from now on.
    pub(crate) fn close(&mut self, uri: &Uri, now: Instant) -> Vec<PublishDiagnosticsParams> {
        let Some((root, name)) = self.open.remove(uri) else { return Vec::new() };
        self.painted.remove(uri);
        let Some(bundle) = self.bundles.get_mut(&root) else { return Vec::new() };
        bundle.close_document(&name, &self.settings);
        if bundle.is_open() {
            self.wait_for(root, now, Duration::ZERO);
            return Vec::new();
        }
        self.waiting.remove(&root);
        self.untested.remove(&root);
        self.tester.stop(&root);
        self.told = true;
        let Some(bundle) = self.bundles.remove(&root) else { return Vec::new() };
        let others =
            bundle.found.keys().filter(|other| **other != name).filter_map(|other| self.uri(&bundle, other));
        let uris: Vec<Uri> = others.chain([uri.clone()]).collect();
        uris.into_iter().map(|uri| PublishDiagnosticsParams::new(uri, Vec::new(), None)).collect()
    }

    /// Files changed on disk: of tests and their snapshots only the tests have to be run again.
    pub(crate) fn changed_on_disk(&mut self, uris: &[Uri], now: Instant) {
        let paths: Vec<Option<PathBuf>> = uris.iter().map(path_of).collect();
        let test_of = |path: &Option<PathBuf>| {
            let path = path.as_ref()?;
            self.bundles
                .values()
                .find(|bundle| path.starts_with(&bundle.fixtures))
                .map(|bundle| bundle.root.clone())
        };
        let roots: Option<BTreeSet<PathBuf>> = paths.iter().map(test_of).collect();
        match roots {
            Some(roots) => roots.iter().for_each(|root| {
                self.want_tests(root, now, Duration::ZERO);
            }),
            None => self.reload(now),
        }
    }

    /// The settings changed.
    pub(crate) fn reset(&mut self, settings: serde_json::Value, now: Instant) {
        let before = self.settings.coverage;
        self.settings.read(Some(settings));
        if self.settings.coverage != before {
            for bundle in self.bundles.values_mut() {
                bundle.covers = self.settings.coverage;
            }
        }
        self.reload(now);
    }

    /// Files changed on disk, or the settings did.
    pub(crate) fn reload(&mut self, now: Instant) {
        let roots: Vec<PathBuf> = self.bundles.keys().cloned().collect();
        for root in roots {
            if let Some(bundle) = self.bundles.get_mut(&root) {
                bundle.reload(&self.settings);
            }
            self.wait_for(root, now, Duration::ZERO);
        }
    }
}

/// Whether a file is called one of JSON: only tests are, of all that is ours.
fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
