//! Pieces of rules: texts, titles and codes as they stand in a file, and whether the engine takes them.

use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_grammar::ast::{LiteralKind, Part, SectionKind, TaskLine, TextLiteral};
use switchboard_grammar::diagnostic::Text;

use super::kind::Kind;

/// A text as a literal with its quotes; braces that are only text stay so.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '{') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The template of a title as a literal with its quotes: what stands in `{{ … }}` is rules, everything else is text.
/// `None` when braces are left open.
pub(super) fn title_literal(title: &str) -> Option<String> {
    let mut out = String::from("\"");
    let mut rest = title;
    while let Some((text, hole)) = rest.split_once("{{") {
        let end = hole_end(hole)?;
        out.push_str(&escaped(text));
        out.push_str("{{");
        out.push_str(hole.get(..end)?);
        out.push_str("}}");
        rest = hole.get(end + 2..)?;
    }
    out.push_str(&escaped(rest));
    out.push('"');
    Some(out)
}

/// Where `}}` ends a hole, texts inside it left aside.
fn hole_end(hole: &str) -> Option<usize> {
    let mut in_text = false;
    let mut escaped = false;
    for (at, c) in hole.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '}' if !in_text && hole.get(at..).is_some_and(|rest| rest.starts_with("}}")) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The template that a literal is; `file` is the text that it stands in. `None` when it cannot be said: plain text
/// that holds `{{`.
pub(super) fn title_of(literal: &TextLiteral, file: &str) -> Option<String> {
    let mut out = String::new();
    for part in &literal.parts {
        match part {
            Part::Text { text, .. } => out.push_str(text),
            Part::Hole(hole) => {
                if out.ends_with('{') {
                    return None;
                }
                let range = usize::try_from(hole.span.start).ok()?..usize::try_from(hole.span.end).ok()?;
                out.push_str(file.get(range)?);
            }
        }
    }
    let plain =
        literal.parts.iter().any(|part| matches!(part, Part::Text { text, .. } if text.contains("{{")));
    (!plain).then_some(out)
}

/// The template as the formatter writes it, once the engine has taken it for such events.
///
/// # Errors
/// What is wrong with it.
pub(super) fn normal_title(title: &str, kind: Kind) -> Result<String, Text> {
    let Some(literal) = title_literal(title) else {
        return Err(Text::new("a `{{` without its `}}`", "`{{` без `}}`"));
    };
    let outcome = if kind == Kind::Outgoing { "failed" } else { "missed" };
    let events = kind.events();
    let text = accepted(&format!(
        "task for {outcome} {events}\n  title: {literal}\n  assign: \"a@example.com\"\n  due: 1 hour after finished\n"
    ))?;
    let tree = switchboard_grammar::parse(&text).file;
    let lines = tree.sections.iter().flat_map(|section| match &section.kind {
        SectionKind::Task(task) => task.lines.as_slice(),
        _ => &[],
    });
    let literals = lines.filter_map(|line| match &line.item {
        TaskLine::Title(_, value) => value.literal(),
        _ => None,
    });
    let mut titles = literals.filter_map(|literal| match &literal.kind {
        LiteralKind::Text(literal) => title_of(literal, &text),
        _ => None,
    });
    titles
        .next()
        .ok_or_else(|| Text::new("this title cannot be read back", "такой заголовок не прочитать обратно"))
}

/// A section as the formatter writes it, header line included, once the engine has taken it.
///
/// # Errors
/// The first thing that is wrong with it.
pub(super) fn accepted(section: &str) -> Result<String, Text> {
    let text = format!("rules 1\n\n{section}");
    let loaded = load(&BundleSource::single(text.clone()), &LoadOptions::default());
    match loaded.diagnostics.into_iter().find(switchboard_grammar::diagnostic::Diagnostic::is_error) {
        Some(found) => Err(found.message),
        None => Ok(switchboard_grammar::format(&text)),
    }
}
