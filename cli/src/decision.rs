//! A decision on the terminal: what is done, then why, with the line or row that says so. The words are the engine's.

use std::io::{self, Write};

use switchboard_engine::decide::{Decision, TraceStep};
use switchboard_grammar::lang::Lang;
use unicode_width::UnicodeWidthStr as _;

use crate::style;

/// Writes a decision; with `near`, also the rows and lines that nearly counted.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn write(out: &mut impl Write, decision: &Decision, lang: Lang, near: bool) -> io::Result<()> {
    write_parts(out, decision, lang)?;
    for step in decision.trace.render(lang) {
        write_step(out, &step, lang, near)?;
    }
    Ok(())
}

/// What is done, and the word above the reasons.
fn write_parts(out: &mut impl Write, decision: &Decision, lang: Lang) -> io::Result<()> {
    let (look, verdict) = (if decision.accepted { style::GOOD } else { style::BAD }, decision.verdict(lang));
    writeln!(out, "{look}{verdict}{look:#}")?;
    let told = decision.told(lang);
    let width = told.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    for (name, value) in told {
        let pad = " ".repeat(width.saturating_sub(name.width()));
        writeln!(out, "  {name}{pad}  {value}")?;
    }
    let (bold, why) = (style::NAME, lang.pick("why", "почему"));
    writeln!(out, "\n{bold}{why}{bold:#}")
}

/// One step of the trace: `main.rules:17 table entities for calls, row 1: contact is first`.
pub(crate) fn step_line(step: &TraceStep, lang: Lang) -> String {
    let place = style::PLACE;
    let at = if step.file.is_empty() {
        String::new()
    } else {
        format!("{place}{}:{}{place:#} {}: ", step.file, step.line, step.section_told(lang))
    };
    format!("{at}{}{}", step.outcome_words(lang), step.why)
}

fn write_step(out: &mut impl Write, step: &TraceStep, lang: Lang, near: bool) -> io::Result<()> {
    writeln!(out, "  {}", step_line(step, lang))?;
    if near {
        let quiet = style::QUIET;
        for near in &step.near {
            writeln!(out, "      {quiet}{}{quiet:#}", near.why)?;
        }
    }
    Ok(())
}
