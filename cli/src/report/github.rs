//! Findings as workflow commands of GitHub Actions, which shows them beside the changed lines.
//!
//! One command a finding: `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::message`. In the message `%`, CR
//! and LF are escaped; in properties `:` and `,`, too. A range over several lines has no columns: GitHub takes them
//! only inside one line.
//!
//! Source: "Workflow commands for GitHub Actions" (docs.github.com) and `ActionCommand.cs` of `actions/runner`.

use std::io::{self, Write};

use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use super::place::utf16_region;
use super::{Findings, whole_message};

/// Writes every finding in the language that `lang` gives for its file.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn github(
    out: &mut impl Write,
    findings: &Findings,
    lang: impl Fn(&str) -> Lang,
) -> io::Result<()> {
    for found in &findings.diagnostics {
        let Some(source) = findings.sources.get(found.primary.file) else { continue };
        let command = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let region = utf16_region(source, found.primary.span);
        let file = source.name().replace('\\', "/");
        let file = command_property(file.strip_prefix("./").unwrap_or(&file));
        let (line, end_line) = (region.start_line, region.end_line);
        write!(out, "::{command} file={file},line={line},endLine={end_line}")?;
        if line == end_line {
            write!(out, ",col={},endColumn={}", region.start_column, region.end_column)?;
        }
        let title = command_property(&format!("{} {}", found.code.id, found.code.name));
        writeln!(out, ",title={title}::{}", command_data(&whole_message(found, lang(source.name()))))?;
    }
    Ok(())
}

/// A message, escaped.
pub(crate) fn command_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, escaped.
pub(crate) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}
