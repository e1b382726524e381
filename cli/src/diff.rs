//! The difference between two texts of a file, as a unified diff that `patch` takes.

use std::io::{self, Write};
use std::path::Path;

use similar::{ChangeTag, TextDiff};

use crate::style;

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;

/// Writes what makes `after` of `before`.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn difference(out: &mut impl Write, path: &Path, before: &str, after: &str) -> io::Result<()> {
    let diff = TextDiff::from_lines(before, after);
    let (bold, place) = (style::NAME, style::PLACE);
    let shown = path.display();
    writeln!(out, "{bold}--- {shown}{bold:#}")?;
    writeln!(out, "{bold}+++ {shown}{bold:#}")?;
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        writeln!(out, "{place}{}{place:#}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (sign, colour) = match change.tag() {
                ChangeTag::Delete => ('-', style::BAD),
                ChangeTag::Insert => ('+', style::GOOD),
                ChangeTag::Equal => (' ', style::PLAIN),
            };
            let line = change.value().trim_end_matches(['\n', '\r']);
            writeln!(out, "{colour}{sign}{line}{colour:#}")?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}
