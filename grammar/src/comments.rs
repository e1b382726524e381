//! From the text of a comment to what it is.
//!
//! Takes the span of a comment; gives a plain one, a description, or a suppression with its names and reason.

use smol_str::SmolStr;

use crate::ast::{Comment, CommentKind, Name, Suppression};
use crate::span::{Span, offset};

/// The comment that stands at `span` of `text`.
pub(crate) fn read(text: &str, span: Span, blank_before: bool) -> Comment {
    let written = span.text(text).trim_end();
    let span = Span::new(span.start, span.start + offset(written.len()));
    let kind = match suppression(written, span.start) {
        Some(suppression) => CommentKind::Suppression(suppression),
        None if written.starts_with("##") && !written.starts_with("###") => CommentKind::Doc,
        None => CommentKind::Plain,
    };
    Comment { span, text: written.to_owned(), kind, blank_before }
}

/// Reads `# rules: allow NAME, NAME – reason` (in Russian `# правила: разрешить …`), starting at `base`.
fn suppression(written: &str, base: u32) -> Option<Suppression> {
    let rest = written.strip_prefix('#')?.trim_start();
    let rest = ["rules:", "правила:"].into_iter().find_map(|word| rest.strip_prefix(word))?.trim_start();
    let rest = ["allow", "разрешить"].into_iter().find_map(|word| rest.strip_prefix(word))?;
    // The reason starts at a dash with blanks around it, which no name has.
    let (names, reason) = ["–", "—", "--", "-"]
        .into_iter()
        .filter_map(|dash| {
            // A dash at the end has nothing behind it: the reason was left out.
            let last = || rest.strip_suffix(dash)?.strip_suffix(' ').map(str::len);
            let at = rest.find(&format!(" {dash} ")).or_else(last)?;
            Some((rest.get(..at)?, rest.get(at + dash.len() + 2..).unwrap_or("")))
        })
        .min_by_key(|(names, _)| names.len())
        .unwrap_or((rest, ""));
    let start = written.len() - rest.len();
    let names = words(names).map(|(at, word)| {
        let span = Span::of(start + at..start + at + word.len()).shifted(base);
        Name { span, text: SmolStr::new(word) }
    });
    let reason = reason.trim();
    Some(Suppression { names: names.collect(), reason: (!reason.is_empty()).then(|| SmolStr::new(reason)) })
}

/// The words between commas and blanks, with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let between = |ch: char| ch == ',' || ch.is_whitespace();
    let mut next = 0;
    text.split_inclusive(between)
        .map(move |piece| {
            let at = next;
            next += piece.len();
            (at, piece.trim_end_matches(between))
        })
        .filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(text: &str) -> Comment {
        read(text, Span::of(0..text.len()), false)
    }

    #[test]
    fn a_suppression_has_names_and_a_reason() {
        let text = "# rules: allow unreachable-row, table-gap – the shop closes in May";
        let comment = comment(text);
        let suppression = comment.suppression().unwrap();
        let names: Vec<_> =
            suppression.names.iter().map(|name| (name.span.text(text), &*name.text)).collect();
        assert_eq!(names, [("unreachable-row", "unreachable-row"), ("table-gap", "table-gap")]);
        assert_eq!(suppression.reason.as_deref(), Some("the shop closes in May"));
    }

    #[test]
    fn a_reason_may_be_absent_and_dashes_may_differ() {
        assert_eq!(comment("# rules: allow table-gap").suppression().unwrap().reason, None);
        for dash in ["-", "–", "—", "--"] {
            let comment = comment(&format!("# rules: allow table-gap {dash} "));
            let suppression = comment.suppression().unwrap();
            assert_eq!((suppression.names.len(), &suppression.reason), (1, &None), "{dash}");
        }
        let russian = comment("#правила: разрешить table-gap — так надо - точно");
        assert_eq!(russian.suppression().unwrap().reason.as_deref(), Some("так надо - точно"));
    }

    #[test]
    fn descriptions_have_two_signs() {
        assert_eq!(comment("## What it is").kind, CommentKind::Doc);
        assert_eq!(comment("### a heading").kind, CommentKind::Plain);
        assert_eq!(comment("# a note").kind, CommentKind::Plain);
    }
}
