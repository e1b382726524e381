//! What scripts did, line by line: the code beside what it made of the variables.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};
use switchboard_engine::script::{LineStep, ScriptRun, Steps};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::SourceMap;
use unicode_width::UnicodeWidthStr as _;

use crate::style;

/// How much of a line of code is shown.
const CODE_CHARS: usize = 60;

/// Writes the steps below a decision.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn write(out: &mut impl Write, steps: &Steps, sources: &SourceMap, lang: Lang) -> io::Result<()> {
    let (bold, title) = (style::NAME, lang.pick("line by line", "по строкам"));
    writeln!(out, "\n{bold}{title}{bold:#}")?;
    if steps.runs.is_empty() {
        let nothing = lang.pick("no script was called", "ни один скрипт не вызывался");
        return writeln!(out, "  {nothing}");
    }
    for run in &steps.runs {
        write_run(out, run, sources, lang)?;
    }
    if steps.is_cut {
        let (quiet, most) = (style::QUIET, Steps::MAX_STEPS);
        let cut = match lang {
            Lang::En => format!("the first {most} lines; the rest is left out"),
            Lang::Ru => format!("показаны первые {most} строк, остальные опущены"),
        };
        writeln!(out, "  {quiet}{cut}{quiet:#}")?;
    }
    Ok(())
}

fn write_run(out: &mut impl Write, run: &ScriptRun, sources: &SourceMap, lang: Lang) -> io::Result<()> {
    let place = style::PLACE;
    writeln!(out, "  {place}{}{place:#} {}", run.script, run.function)?;
    let text = sources.find(&run.script).and_then(|file| sources.get(file)).map(|source| source.text());
    let lines: Vec<&str> = text.unwrap_or_default().lines().collect();
    let code: Vec<String> = run.steps.iter().map(|step| code(step, &lines)).collect();
    let width = code.iter().map(|code| code.width()).max().unwrap_or_default();
    for (step, code) in run.steps.iter().zip(&code) {
        let values: Vec<String> =
            step.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let gave = step.gave.as_ref().map(|gave| format!("→ {gave}"));
        let quiet = style::QUIET;
        let pad = " ".repeat(width.saturating_sub(code.width()));
        let shown: Vec<String> = values.into_iter().chain(gave).collect();
        let line = format!("  {quiet}{:>5}{quiet:#}  {code}{pad}  {}", step.line, shown.join(", "));
        writeln!(out, "{}", line.trim_end())?;
    }
    if let Some(failure) = &run.failure {
        let bad = style::BAD;
        writeln!(out, "         {bad}{}{bad:#}", failure.get(lang))?;
    }
    Ok(())
}

/// The code of a line, as deep as its call.
fn code(step: &LineStep, lines: &[&str]) -> String {
    let line = step.line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or_default().trim();
    let mut code = "  ".repeat(step.depth);
    code.extend(line.chars().take(CODE_CHARS));
    if line.chars().nth(CODE_CHARS).is_some() {
        code.push('…');
    }
    code
}

/// The steps for machines.
pub(crate) fn json(steps: &Steps, lang: Lang) -> Json {
    let step = |step: &LineStep| {
        let values: Map<String, Json> =
            step.values.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        json!({
            "line": step.line, "function": step.function, "depth": step.depth, "values": values, "gave": step.gave,
        })
    };
    let run = |run: &ScriptRun| {
        let lines: Vec<Json> = run.steps.iter().map(step).collect();
        let failure = run.failure.as_ref().map(|failure| failure.get(lang));
        json!({ "script": run.script, "function": run.function, "lines": lines, "failure": failure })
    };
    let runs: Vec<Json> = steps.runs.iter().map(run).collect();
    json!({ "runs": runs, "ran": steps.lines, "cut": steps.is_cut })
}
