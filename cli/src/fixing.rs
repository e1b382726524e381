//! Applying the fixes of a bundle's findings.
//!
//! Takes the files of a bundle, gives their texts after as many fixes as there are, and what each one did. A fix is
//! applied whole, in all files that it touches, or not at all; fixes that touch the same place wait for the next
//! round. Writes nothing.

use std::collections::BTreeMap;

use switchboard_engine::bundle::{self, LoadOptions};
use switchboard_grammar::codes::Code;
use switchboard_grammar::diagnostic::{Diagnostic, Edit, Fix, Safety, Text, apply_edits};
use switchboard_grammar::source::{FileId, Position, SourceMap};

use crate::input::BundleFiles;

/// How often fixes are applied before those that are left are shown: a fix may make another one possible.
const MAX_ROUNDS: usize = 8;

/// Which fixes are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Daring {
    /// Only those that cannot alter what was meant.
    Safe,
    /// Those that are probably what was meant, too.
    Unsafe,
}

/// What one fix did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Applied {
    /// The file, as it is named inside the bundle.
    pub(crate) file: String,
    /// Where in it, as it was when the fix was applied.
    pub(crate) position: Position,
    /// Which problem it mends.
    pub(crate) code: &'static Code,
    /// What it does, as an order.
    pub(crate) title: Text,
}

/// A bundle before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// The texts of files that changed, by their names inside the bundle: before, after.
    pub(crate) changed: BTreeMap<String, (String, String)>,
    /// The fixes in the order of their application.
    pub(crate) applied: Vec<Applied>,
}

/// Applies fixes to `files` until there are none left.
pub(crate) fn fix(files: &mut BundleFiles, daring: Daring) -> Fixed {
    let mut fixed = Fixed::default();
    for _ in 0..MAX_ROUNDS {
        let loaded = bundle::load(&files.source(), &LoadOptions::default());
        let chosen = choose(&loaded.diagnostics, &loaded.sources, daring);
        if chosen.is_empty() {
            break;
        }
        let mut progress = false;
        for (id, source) in loaded.sources.iter() {
            let edits = chosen.iter().flat_map(|(_, fix)| &fix.edits).filter(|edit| edit.file == id);
            let Some(text) = apply_edits(source.text(), edits).filter(|text| text != source.text()) else {
                continue;
            };
            let before = source.text().to_owned();
            fixed.changed.entry(source.name().to_owned()).or_insert_with(|| (before, String::new())).1 =
                text.clone();
            files.files.insert(source.name().to_owned(), text.into_bytes());
            progress = true;
        }
        if !progress {
            break;
        }
        fixed.applied.extend(chosen.iter().filter_map(|(found, fix)| applied(found, fix, &loaded.sources)));
    }
    // Two fixes may have undone each other.
    fixed.changed.retain(|_, (before, after)| before != after);
    fixed
}

/// As many fixes as do not get in each other's way, in the order of their findings. Each one fits its files.
fn choose<'a>(
    diagnostics: &'a [Diagnostic],
    sources: &SourceMap,
    daring: Daring,
) -> Vec<(&'a Diagnostic, &'a Fix)> {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut chosen = Vec::new();
    for found in diagnostics {
        let Some(fix) = &found.fix else { continue };
        let free = fix.edits.iter().all(|edit| taken.iter().all(|other| apart(edit, other)));
        if wanted(fix.safety, daring) && free && fits(fix, sources) {
            taken.extend(&fix.edits);
            chosen.push((found, fix));
        }
    }
    chosen
}

const fn wanted(safety: Safety, daring: Daring) -> bool {
    match safety {
        Safety::Safe => true,
        Safety::Unsafe => matches!(daring, Daring::Unsafe),
        Safety::DisplayOnly => false,
    }
}

/// Whether two edits leave something between them; two that touch may be two answers to one question.
fn apart(left: &Edit, right: &Edit) -> bool {
    left.file != right.file || left.span.end < right.span.start || right.span.end < left.span.start
}

/// Whether a fix does something, and all of its edits fit their files.
fn fits(fix: &Fix, sources: &SourceMap) -> bool {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.file).collect();
    files.dedup();
    !files.is_empty()
        && files
            .iter()
            .all(|file| sources.get(*file).is_some_and(|source| fix.apply(*file, source.text()).is_some()))
}

fn applied(found: &Diagnostic, fix: &Fix, sources: &SourceMap) -> Option<Applied> {
    let edit = fix.edits.first()?;
    let source = sources.get(edit.file)?;
    Some(Applied {
        file: source.name().to_owned(),
        position: source.position(edit.span.start),
        code: found.code,
        title: fix.title.clone(),
    })
}

#[cfg(test)]
mod tests {
    use switchboard_grammar::codes;
    use switchboard_grammar::diagnostic::Label;
    use switchboard_grammar::source::Source;
    use switchboard_grammar::span::Span;

    use super::*;

    fn found(safety: Safety, edits: &[(u32, u32, u32)]) -> Diagnostic {
        let title = Text::same("x");
        let edits = edits.iter().map(|(file, start, end)| Edit {
            file: FileId(*file),
            span: Span::new(*start, *end),
            replacement: "x".to_owned(),
        });
        let here = Label::bare(FileId(0), Span::at(0));
        let fix = Fix { title: title.clone(), edits: edits.collect(), safety };
        Diagnostic::new(&codes::UNKNOWN_FIELD, title, here).fix(fix)
    }

    #[test]
    fn a_fix_is_taken_in_all_of_its_files_or_in_none() {
        let mut sources = SourceMap::new();
        sources.add(Source::new("a", "0123456789"));
        sources.add(Source::new("b", "0123456789"));
        let all = [
            found(Safety::Safe, &[(0, 0, 1), (1, 0, 1)]),
            // Free in the first file, in the way in the second.
            found(Safety::Safe, &[(0, 5, 6), (1, 1, 2)]),
            found(Safety::Unsafe, &[(0, 5, 6)]),
            // Beyond the end of the second file.
            found(Safety::Safe, &[(0, 8, 9), (1, 40, 41)]),
            found(Safety::DisplayOnly, &[(1, 8, 9)]),
        ];
        let chosen = |daring| {
            let chosen = choose(&all, &sources, daring);
            chosen.iter().map(|(_, fix)| fix.edits.len()).collect::<Vec<_>>()
        };
        assert_eq!(chosen(Daring::Safe), [2]);
        assert_eq!(chosen(Daring::Unsafe), [2, 1]);
    }
}
