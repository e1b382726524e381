//! What a section is called while its file is being changed: its file, its header, and how many of the same header stand
//! above it. That stays the same while other sections grow, so what the last check said of a section can be shown at it.

use std::collections::HashMap;

use switchboard_engine::bundle::Bundle as Rules;
use switchboard_grammar::ast::Section;

use crate::document::{Document, Placed};

/// The name of a section.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Key {
    /// Its file.
    pub(crate) file: String,
    /// Its header as written.
    pub(crate) head: String,
    /// How many sections of the same header stand above it in its file.
    pub(crate) nth: usize,
}

/// The sections of rules that were checked, by their numbers.
pub(crate) fn of_rules(rules: &Rules) -> Vec<Key> {
    let mut above: HashMap<(&str, &str), usize> = HashMap::new();
    let sections = rules.sections().map(|section| {
        let same = above.entry((section.file, section.head)).or_default();
        let key = Key { file: section.file.to_owned(), head: section.head.to_owned(), nth: *same };
        *same += 1;
        key
    });
    sections.collect()
}

/// The sections of a document as it is now.
pub(crate) fn of_document(document: &Document) -> Vec<(Key, &Placed, &Section)> {
    let mut above: HashMap<&str, usize> = HashMap::new();
    let sections = document.blocks().iter().filter_map(|placed| {
        let section = placed.block.section()?;
        let head = placed.block.shown(section.head);
        let same = above.entry(head).or_default();
        let key = Key { file: document.name.clone(), head: head.to_owned(), nth: *same };
        *same += 1;
        Some((key, placed, section))
    });
    sections.collect()
}

/// The name of one section of a document, counted from 0.
pub(crate) fn nth_of_document(document: &Document, number: usize) -> Option<Key> {
    let heads = || {
        let sections = document.blocks().iter().filter_map(|placed| Some((placed, placed.block.section()?)));
        sections.map(|(placed, section)| placed.block.shown(section.head))
    };
    let head = heads().nth(number)?;
    let nth = heads().take(number).filter(|above| *above == head).count();
    Some(Key { file: document.name.clone(), head: head.to_owned(), nth })
}
