//! One finding, one line: for `grep`, editors and counting.

use std::io::{self, Write};

use switchboard_grammar::lang::Lang;

use super::Findings;

/// Writes `file:line:column: severity[code] name: message`.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn concise(
    out: &mut impl Write,
    findings: &Findings,
    lang: impl Fn(&str) -> Lang,
) -> io::Result<()> {
    for diagnostic in &findings.diagnostics {
        let Some(source) = findings.sources.get(diagnostic.primary.file) else { continue };
        let position = source.position(diagnostic.primary.span.start);
        let lang = lang(source.name());
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}: {}",
            source.name(),
            position.line,
            position.column,
            diagnostic.severity.word(lang),
            diagnostic.code.id,
            diagnostic.code.name,
            diagnostic.message.get(lang),
        )?;
    }
    Ok(())
}
