//! Everything that is open: which document belongs to which bundle, and what has yet to be checked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lsp_types::{InitializeParams, PublishDiagnosticsParams, TextDocumentContentChangeEvent, Uri};
use switchboard_grammar::source::FileId;

use crate::bundle::Bundle;
use crate::check::{Checker, Report};
use crate::diagnostics;
use crate::disk;
use crate::document::Document;
use crate::feature::tokens::Sent;
use crate::lines::Encoding;
use crate::place::{path_of, uri_of};
use crate::settings::Settings;

/// The longest time that a change waits for its check while others follow it.
const LONGEST_DELAY: Duration = Duration::from_secs(1);

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
    /// Files that findings were shown of, by bundle.
    shown: BTreeMap<PathBuf, BTreeSet<String>>,
    pub(crate) checker: Checker,
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
            shown: BTreeMap::new(),
            checker: Checker::start(),
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
        self.open.insert(uri, (root.clone(), name));
        self.wait_for(root, now, Duration::ZERO);
    }

    /// The bundle of a file: one that is open already goes before what the folders say.
    fn root_of(&self, path: &Path, top: Option<&Path>) -> PathBuf {
        let known = self
            .bundles
            .keys()
            .filter(|root| path.starts_with(root))
            .min_by_key(|root| root.as_os_str().len());
        known.cloned().unwrap_or_else(|| disk::root_of(path, top))
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
            self.wait_for(root, now, self.settings.check_delay());
        }
    }

    /// The editor closed a document; gives what is to be shown of it from now on.
    pub(crate) fn close(&mut self, uri: &Uri, now: Instant) -> Option<PublishDiagnosticsParams> {
        let (root, name) = self.open.remove(uri)?;
        self.painted.remove(uri);
        let bundle = self.bundles.get_mut(&root)?;
        bundle.close_document(&name, &self.settings);
        if bundle.is_open() {
            self.wait_for(root, now, Duration::ZERO);
            return None;
        }
        self.bundles.remove(&root);
        self.waiting.remove(&root);
        self.shown.remove(&root);
        Some(PublishDiagnosticsParams::new(uri.clone(), Vec::new(), None))
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

    fn wait_for(&mut self, root: PathBuf, now: Instant, delay: Duration) {
        let since = self.waiting.get(&root).map_or(now, |(since, _)| *since);
        let turn = (now + delay).min(since + LONGEST_DELAY);
        self.waiting.insert(root, (since, turn));
    }

    /// When the next check is due; None when nothing waits or the checker is busy.
    pub(crate) fn due(&self) -> Option<Instant> {
        if !self.checker.is_free() {
            return None;
        }
        self.waiting.values().map(|(_, turn)| *turn).min()
    }

    /// Starts the check that is due.
    pub(crate) fn start_check(&mut self, now: Instant) {
        if !self.checker.is_free() {
            return;
        }
        let due =
            self.waiting.iter().filter(|(_, (_, turn))| *turn <= now).min_by_key(|(_, (_, turn))| *turn);
        let Some(root) = due.map(|(root, _)| root.clone()) else { return };
        self.waiting.remove(&root);
        if let Some(bundle) = self.bundles.get(&root) {
            self.checker.take(bundle.job());
        }
    }

    /// Takes a report; gives what is to be shown.
    pub(crate) fn take_report(&mut self, report: Report) -> Vec<PublishDiagnosticsParams> {
        self.checker.done();
        let Some(bundle) = self.bundles.get(&report.root) else { return Vec::new() };
        let ids: Vec<(FileId, String)> =
            report.sources.iter().map(|(file, source)| (file, source.name().to_owned())).collect();
        let name_of = |file: FileId| ids.iter().find(|(id, _)| *id == file).map(|(_, name)| name.as_str());
        let uri = |file: FileId| self.uri(bundle, name_of(file)?);
        let mut publish = Vec::new();
        let mut shown = BTreeSet::new();
        let before = self.shown.get(&report.root).cloned().unwrap_or_default();
        for (file, name) in &ids {
            let document = bundle.documents.get(name);
            // Places in a text that is another by now would be wrong; the next check is on its way.
            if document.is_some_and(|document| report.editions.get(name) != Some(&document.edition)) {
                shown.extend(before.get(name).cloned());
                continue;
            }
            let lang =
                document.map_or(switchboard_grammar::lang::Lang::En, |document| bundle.lang_of(document));
            let lang = self.settings.language_for(lang);
            let found = diagnostics::of_file(&report, *file, lang, &uri);
            let version = document.and_then(|document| document.version);
            if found.is_empty() && version.is_none() && !before.contains(name) {
                continue;
            }
            if !found.is_empty() {
                shown.insert(name.clone());
            }
            let Some(uri) = uri(*file) else { continue };
            publish.push(PublishDiagnosticsParams::new(uri, found, version));
        }
        // Files that are gone, or that nothing includes any longer.
        for gone in before.iter().filter(|name| !ids.iter().any(|(_, known)| known == *name)) {
            if let Some(uri) = self.uri(bundle, gone) {
                publish.push(PublishDiagnosticsParams::new(uri, Vec::new(), None));
            }
        }
        let root = report.root.clone();
        self.shown.insert(root.clone(), shown);
        if let Some(bundle) = self.bundles.get_mut(&root) {
            bundle.report = Some(report);
        }
        publish
    }
}

fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
