//! What is found in each file, put together from the last check and the last run of tests.
//!
//! A file whose text has changed since keeps what was said of it: places in another text would be wrong, and the next check
//! is on its way.

use std::collections::BTreeMap;
use std::path::Path;

use lsp_types::{Diagnostic, PublishDiagnosticsParams, Uri};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::FileId;

use super::State;
use crate::bundle::Bundle;
use crate::coverage;
use crate::diagnostics;

/// The most closed tests of which findings are shown.
const MAX_CLOSED: usize = 100;

/// What was found in a file.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// A name for it that no other state of the file has.
    pub(crate) result: String,
    /// The editor's number of the text that it is about; None when the file is not open.
    pub(crate) version: Option<i32>,
    pub(crate) items: Vec<Diagnostic>,
}

/// What was learned: only of the files that it is about a new number of the same text is told, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Learned {
    Rules,
    Tests,
}

impl State {
    /// Works out anew what is found in the files that something was learned of; gives what is to be shown of those of which
    /// that changed.
    pub(super) fn tell(&mut self, root: &Path, learned: Learned) -> Vec<PublishDiagnosticsParams> {
        let Some(bundle) = self.bundles.get_mut(root) else { return Vec::new() };
        let covers = bundle.tested.as_ref().is_some_and(|tested| tested.covered.is_some());
        // What tests reach is shown in the rules.
        let of_rules = learned == Learned::Rules || covers || bundle.covered;
        bundle.covered = covers;
        let mut found = std::mem::take(&mut bundle.found);
        let Some(bundle) = self.bundles.get(root) else { return Vec::new() };
        let mut now = BTreeMap::new();
        // What nothing else is said of has no findings any longer: it is gone, or nothing includes it now.
        for name in found.keys().filter(|name| !bundle.is_open_as(name)) {
            let is_test = bundle.test_of_file(name).is_some();
            if is_test && learned == Learned::Tests || !is_test && of_rules {
                now.insert(name.clone(), (None, Vec::new()));
            }
        }
        if of_rules {
            self.add_rules(bundle, &mut now);
        }
        if learned == Learned::Tests {
            self.add_tests(bundle, &mut now);
        }
        let mut told = Vec::new();
        for (name, (version, items)) in now {
            let before = found.get(&name);
            let about = if bundle.test_of_file(&name).is_some() { Learned::Tests } else { Learned::Rules };
            let is_new = before
                .is_none_or(|before| before.items != items || before.version != version && about == learned);
            if !is_new || before.is_none() && items.is_empty() && version.is_none() {
                continue;
            }
            if let Some(uri) = self.uri(bundle, &name) {
                told.push(PublishDiagnosticsParams::new(uri, items.clone(), version));
            }
            self.results += 1;
            found.insert(name, Found { result: self.results.to_string(), version, items });
        }
        found.retain(|_, found| found.version.is_some() || !found.items.is_empty());
        if let Some(bundle) = self.bundles.get_mut(root) {
            bundle.found = found;
        }
        self.told |= !told.is_empty();
        told
    }

    fn add_rules(&self, bundle: &Bundle, now: &mut BTreeMap<String, (Option<i32>, Vec<Diagnostic>)>) {
        let Some(report) = &bundle.report else { return };
        let ids: Vec<(FileId, &str)> =
            report.sources.iter().map(|(file, source)| (file, source.name())).collect();
        let name_of = |file: FileId| ids.iter().find(|(id, _)| *id == file).map(|(_, name)| *name);
        let uri = |file: FileId| -> Option<Uri> { self.uri(bundle, name_of(file)?) };
        for (file, name) in &ids {
            let document = bundle.documents.get(*name);
            if document.is_some_and(|document| report.editions.get(*name) != Some(&document.edition)) {
                now.remove(*name);
                continue;
            }
            let lang = document.map_or(Lang::En, |document| bundle.lang_of(document));
            let lang = self.settings.language_for(lang);
            let mut items = diagnostics::of_file(report, *file, lang, &uri);
            if let (Some(document), Some(tested)) = (document, &bundle.tested) {
                items.extend(coverage::untested(tested, document, lang));
            }
            let version = document.and_then(|document| document.version);
            now.insert((*name).to_owned(), (version, items));
        }
    }

    fn add_tests(&self, bundle: &Bundle, now: &mut BTreeMap<String, (Option<i32>, Vec<Diagnostic>)>) {
        let Some(tested) = &bundle.tested else { return };
        let lang = self.settings.language_for(tested.lang);
        let mut closed = 0;
        for (name, case) in &tested.cases {
            let Some(file) = bundle.file_of_test(name) else { continue };
            let document = bundle.documents.get(&file);
            if document.is_some_and(|document| tested.open.get(name) != Some(&document.edition)) {
                now.remove(&file);
                continue;
            }
            let version = document.and_then(|document| document.version);
            // That nobody looked at a decision yet is said where somebody is writing the test.
            let items = case.remarks.iter().filter(|remark| document.is_some() || remark.code != "test-new");
            let items: Vec<Diagnostic> = items.map(|remark| diagnostics::of_test(remark, lang)).collect();
            if document.is_none() && !items.is_empty() {
                closed += 1;
                if closed > MAX_CLOSED {
                    continue;
                }
            }
            now.insert(file, (version, items));
        }
    }
}
