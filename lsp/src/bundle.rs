//! A bundle as it is open: its files, those of the editor in the place of those of the disk, and what is known beside them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use switchboard_engine::references::{Inventory, References};
use switchboard_grammar::lang::Lang;

use crate::check::{Job, Report};
use crate::disk;
use crate::document::{Document, Kind};
use crate::hits::Hits;
use crate::lines::Encoding;
use crate::settings::{FIXTURES, HITS, SNAPSHOT, Settings};
use crate::state::Found;
use crate::trials::Tested;

/// A bundle.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// Its folder; for a document that lies nowhere, its address.
    pub(crate) root: PathBuf,
    /// Whether there is such a folder.
    on_disk: bool,
    /// Rules, scripts and other texts by their names inside the bundle.
    pub(crate) documents: BTreeMap<String, Document>,
    /// Lists and long texts that are not open.
    assets: BTreeMap<String, Arc<[u8]>>,
    /// What the account has, when it is known.
    pub(crate) references: Option<Arc<References>>,
    /// How often rows decided, when it is known.
    pub(crate) hits: Hits,
    /// The folder of fixtures.
    pub(crate) fixtures: PathBuf,
    /// What the last check gave.
    pub(crate) report: Option<Report>,
    /// What the last run of its tests gave.
    pub(crate) tested: Option<Tested>,
    /// Whether it is shown what the tests reach.
    pub(crate) covers: bool,
    /// Whether it was when findings were last put together.
    pub(crate) covered: bool,
    /// What was found in its files, by their names.
    pub(crate) found: BTreeMap<String, Found>,
    pub(crate) encoding: Encoding,
}

impl Bundle {
    /// Reads a bundle from disk.
    pub(crate) fn open(root: PathBuf, on_disk: bool, encoding: Encoding, settings: &Settings) -> Self {
        let mut bundle = Self {
            root,
            on_disk,
            documents: BTreeMap::new(),
            assets: BTreeMap::new(),
            references: None,
            hits: Hits::default(),
            fixtures: PathBuf::new(),
            report: None,
            tested: None,
            covers: settings.coverage,
            covered: false,
            found: BTreeMap::new(),
            encoding,
        };
        bundle.reload(settings);
        bundle
    }

    /// Reads everything from disk that is not open in the editor.
    pub(crate) fn reload(&mut self, settings: &Settings) {
        if !self.on_disk {
            return;
        }
        let mut files = disk::bundle_files(&self.root);
        self.documents.retain(|name, document| document.version.is_some() || files.contains_key(name));
        self.assets.clear();
        for (name, bytes) in std::mem::take(&mut files) {
            if Kind::of(&name) == Kind::Other {
                self.assets.insert(name, bytes);
                continue;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match self.documents.get_mut(&name) {
                Some(document) if document.version.is_some() => {}
                Some(document) => document.replace(text, None),
                None => {
                    self.documents.insert(name.clone(), Document::new(name, text, None, self.encoding));
                }
            }
        }
        let beside = |name: Option<&String>, other: &str| self.root.join(name.map_or(other, String::as_str));
        let snapshot = disk::bytes(&beside(settings.snapshot.as_ref(), SNAPSHOT));
        let inventory =
            snapshot.and_then(|bytes| Inventory::from_json(&String::from_utf8_lossy(&bytes)).ok());
        self.references = inventory.map(|inventory| Arc::new(inventory.references));
        let hits = beside(settings.hits.as_ref(), HITS);
        self.hits = disk::bytes(&hits).map(|bytes| Hits::read(&hits, &bytes)).unwrap_or_default();
        self.fixtures = beside(settings.fixtures.as_ref(), FIXTURES);
    }

    /// Opens a file in the editor.
    pub(crate) fn open_document(&mut self, name: &str, text: String, version: i32) {
        match self.documents.get_mut(name) {
            Some(document) => document.replace(text, Some(version)),
            None => {
                let document = Document::new(name, text, Some(version), self.encoding);
                self.documents.insert(name.to_owned(), document);
            }
        }
    }

    /// Closes a file: that of the disk counts again, if there is one.
    pub(crate) fn close_document(&mut self, name: &str, settings: &Settings) {
        if self.on_disk {
            if let Some(document) = self.documents.get_mut(name) {
                document.version = None;
            }
            self.reload(settings);
        } else {
            self.documents.remove(name);
        }
    }

    /// Whether any file is open in the editor.
    pub(crate) fn is_open(&self) -> bool {
        self.documents.values().any(|document| document.version.is_some())
    }

    /// The path of a file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if self.on_disk { self.root.join(name) } else { self.root.clone() }
    }

    /// The names of all files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let documents = self.documents.values().filter(|document| document.kind != Kind::Test);
        documents.map(|document| document.name.as_str()).chain(self.assets.keys().map(String::as_str))
    }

    /// Whether a file is open in the editor.
    pub(crate) fn is_open_as(&self, name: &str) -> bool {
        self.documents.get(name).is_some_and(|document| document.version.is_some())
    }

    /// The tests that are open, by their names.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (String, &Document)> {
        let open = self.documents.values().filter(|document| document.kind == Kind::Test);
        open.filter_map(|document| Some((self.test_of_file(&document.name)?, document)))
    }

    /// The name of the test that a file holds, as `rules test` has it; None when it lies elsewhere.
    pub(crate) fn test_of_file(&self, file: &str) -> Option<String> {
        let path = self.path(file);
        let inside = path.strip_prefix(&self.fixtures).ok()?;
        Some(slashes(inside).strip_suffix(".json")?.to_owned())
    }

    /// The file of a test inside the bundle; None when tests lie outside of it.
    pub(crate) fn file_of_test(&self, test: &str) -> Option<String> {
        let path = self.fixtures.join(format!("{test}.json"));
        path.strip_prefix(&self.root).ok().map(slashes)
    }

    /// The documents of rules.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|document| document.kind == Kind::Rules)
    }

    /// The scripts.
    pub(crate) fn scripts(&self) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(|document| document.kind == Kind::Script)
    }

    /// The language of a file; a script speaks that of the rules around it.
    pub(crate) fn lang_of(&self, document: &Document) -> Lang {
        if document.kind == Kind::Rules {
            return document.lang();
        }
        self.rules().next().map_or(Lang::En, Document::lang)
    }

    /// What is to be checked, as it is now.
    pub(crate) fn job(&self) -> Job {
        let mut files = self.assets.clone();
        let documents = || self.documents.iter().filter(|(_, document)| document.kind != Kind::Test);
        for (name, document) in documents() {
            files.insert(name.clone(), document.text().as_bytes().into());
        }
        Job {
            root: self.root.clone(),
            files,
            editions: documents().map(|(name, document)| (name.clone(), document.edition)).collect(),
            open: documents()
                .filter(|(_, document)| document.version.is_some())
                .map(|(name, _)| name.clone())
                .collect(),
            references: self.references.clone(),
            encoding: self.encoding,
        }
    }
}

/// A path inside the bundle as names have it.
pub(crate) fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
