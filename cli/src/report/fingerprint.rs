//! What makes a finding the same finding after the file around it has changed.
//!
//! Takes findings, gives for each one a name that does not depend on line numbers: a hash over the code, the head of
//! the section, the text of the line, and which of several equal ones it is. Runs of blanks count as one blank, so
//! that laying out a table anew changes nothing. The file is no part of it: whoever compares puts it beside.

use std::collections::BTreeMap;

use switchboard_grammar::source::{FileId, Source};
use switchboard_grammar::span::Span;

use super::Findings;

/// Version of the recipe; goes into the hash, so that another recipe never meets the names of this one.
const RECIPE: &str = "rules-finding-1";

/// Hexadecimal digits of a fingerprint: 64 bits, plenty for the findings of one file.
const DIGITS: usize = 16;

/// Where a finding stands, in words that outlive line numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The head of its section on one line; empty outside of sections and in files that are no rules.
    pub(crate) section: String,
    /// Its line, runs of blanks as one.
    pub(crate) line: String,
    /// The name itself, [`DIGITS`] hexadecimal digits.
    pub(crate) fingerprint: String,
}

/// The identity of each finding, in their order.
pub(crate) fn identities(findings: &Findings) -> Vec<Identity> {
    let heads: BTreeMap<FileId, Vec<(Span, Span)>> =
        findings.sources.iter().map(|(id, source)| (id, sections(source))).collect();
    let mut met: BTreeMap<(FileId, String), usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(findings.diagnostics.len());
    for found in &findings.diagnostics {
        let file = found.primary.file;
        let at = found.primary.span.start;
        let source = findings.sources.get(file);
        let text_of = |span: Span| source.map_or("", |source| span.text(source.text()));
        let head = heads.get(&file).and_then(|heads| {
            heads.iter().find(|(extent, _)| extent.start <= at && at <= extent.end).map(|(_, head)| *head)
        });
        let line = source.map(|source| source.line_span(source.line_of(at)));
        let section = on_one_line(head.map_or("", text_of));
        let line = on_one_line(line.map_or("", text_of));
        let kind = [RECIPE, found.code.id, &section, &line].join("\n");
        let ordinal = met.entry((file, kind.clone())).or_default();
        let hash = blake3::hash(format!("{kind}\n{ordinal}").as_bytes()).to_hex();
        *ordinal += 1;
        let fingerprint = hash.chars().take(DIGITS).collect();
        all.push(Identity { section, line, fingerprint });
    }
    all
}

/// The sections of a file of rules: everything that belongs to each, and its head.
fn sections(source: &Source) -> Vec<(Span, Span)> {
    if !source.name().ends_with(".rules") {
        return Vec::new();
    }
    let parsed = switchboard_grammar::parse(source.text());
    parsed.file.sections.iter().map(|section| (section.extent, section.head)).collect()
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
    use switchboard_grammar::source::SourceMap;

    use super::*;

    fn fingerprints(text: &str) -> Vec<(&'static str, String)> {
        let loaded = load(&BundleSource::single(text), &LoadOptions::default());
        let sources: SourceMap = (*loaded.sources).clone();
        let findings = Findings::new(sources, loaded.diagnostics);
        let names = findings.diagnostics.iter().map(|found| found.code.name);
        names.zip(identities(&findings).into_iter().map(|identity| identity.fingerprint)).collect()
    }

    const BEFORE: &str = "rules 1\n\nlist a: \"x\"\n\ntable t for calls\n  | site || r |\n  | \"a\" || 1 |\n";

    #[test]
    fn a_finding_that_moves_is_the_same() {
        let moved = BEFORE.replace("rules 1\n", "rules 1\n\n# A remark.\nfilter for chats\n  else accept\n");
        assert_eq!(fingerprints(BEFORE).len(), 2);
        assert_eq!(fingerprints(&moved), fingerprints(BEFORE));
    }

    #[test]
    fn blanks_do_not_matter_and_words_do() {
        assert_eq!(fingerprints(&BEFORE.replace("list a:", "list  a: ")), fingerprints(BEFORE));
        assert_ne!(fingerprints(&BEFORE.replace("list a:", "list b:")), fingerprints(BEFORE));
    }

    #[test]
    fn equal_ones_are_told_apart() {
        let twice = "rules 1\n\nfilter for calls\n  accept when campaign is not \"a\" and campaign is not \"a\"\n  else reject\n";
        let all = fingerprints(twice);
        let mut names: Vec<&String> = all.iter().map(|(_, name)| name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert!(count > 1, "{all:?}");
        assert_eq!(names.len(), count, "{all:?}");
    }
}
