//! Which mutants a bundle has, and a fair choice of them.

use std::collections::BTreeSet;

use switchboard_grammar::parse_file;
use switchboard_grammar::source::SourceMap;

use super::model::Mutant;
use super::pen::{Pen, squeezed};

/// The mutants of a bundle's files, in the order of the text; none twice.
pub fn mutants(sources: &SourceMap) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (id, source) in sources.iter().filter(|(_, source)| source.name().ends_with(".rules")) {
        let file = parse_file(id, source.text()).file;
        for section in &file.sections {
            let head = squeezed(section.head.text(source.text()));
            let mut pen =
                Pen { source, lang: file.lang, section: head, row: None, column: None, found: Vec::new() };
            pen.section(section);
            found.append(&mut pen.found);
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|mutant| seen.insert((mutant.file.clone(), mutant.edits.clone())));
    found
}

/// At most `limit` of them, chosen by `seed` alone and kept in their order.
pub fn sample(mutants: Vec<Mutant>, limit: usize, seed: u64) -> Vec<Mutant> {
    if mutants.len() <= limit {
        return mutants;
    }
    let lot = |number: usize| {
        let bytes = [seed.to_le_bytes(), u64::try_from(number).unwrap_or(u64::MAX).to_le_bytes()].concat();
        *blake3::hash(&bytes).as_bytes()
    };
    let mut order: Vec<usize> = (0..mutants.len()).collect();
    order.sort_by_key(|number| lot(*number));
    let chosen: BTreeSet<usize> = order.into_iter().take(limit).collect();
    mutants
        .into_iter()
        .enumerate()
        .filter(|(number, _)| chosen.contains(number))
        .map(|(_, mutant)| mutant)
        .collect()
}
