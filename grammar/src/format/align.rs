//! Lines of a section, laid out: names of one block under one another, comments of neighbouring lines too.

use unicode_width::UnicodeWidthStr as _;

use super::spell::Speller;
use super::table::padded;
use super::with_newlines;
use crate::ast::{Comment, Line};
use crate::span::Span;

/// A line that is ready but for its comments.
pub(super) struct Laid<'a> {
    /// The text, several lines perhaps, without indent.
    pub(super) text: String,
    /// What the text starts with, when the values of neighbouring lines are to stand under one another.
    pub(super) key: Option<String>,
    pub(super) leading: &'a [Comment],
    /// Comments from inside the line that cannot stay there.
    pub(super) moved: Vec<Comment>,
    pub(super) blank_before: bool,
    trailing: Option<&'a Comment>,
    /// Where the line stands, when it has comments inside and must stay as it is.
    verbatim: Option<Span>,
}

impl Laid<'_> {
    /// A line without comments.
    pub(super) const fn bare(text: String) -> Self {
        Self {
            text,
            key: None,
            leading: &[],
            moved: Vec::new(),
            blank_before: false,
            trailing: None,
            verbatim: None,
        }
    }

    /// Whether the line stays as it is written.
    pub(super) const fn is_verbatim(&self) -> bool {
        self.verbatim.is_some()
    }

    /// Takes the comment after the line away.
    pub(super) const fn without_trailing(&mut self) {
        self.trailing = None;
    }
}

impl Speller<'_> {
    /// A line of the tree with its new text.
    pub(super) fn laid<'t, T>(&self, line: &'t Line<T>, text: String) -> Laid<'t> {
        let moved = self.moved(&line.inner_comments).into_owned();
        let verbatim = moved.is_empty() && !line.inner_comments.is_empty();
        Laid {
            text,
            key: None,
            leading: &line.leading,
            moved,
            blank_before: line.blank_before,
            trailing: line.trailing.as_ref(),
            verbatim: verbatim.then_some(line.span),
        }
    }

    /// A line of the form `key value`.
    pub(super) fn laid_pair<'t, T>(&self, line: &'t Line<T>, key: String, value: String) -> Laid<'t> {
        Laid { key: Some(key), ..self.laid(line, value) }
    }
}

/// Puts the values of each block under one another. A block ends at a blank line.
pub(super) fn pairs(lines: &mut [Laid<'_>]) {
    let mut start = 0;
    while start < lines.len() {
        let length = block(lines.get(start + 1..).unwrap_or_default()) + 1;
        let block = lines.get_mut(start..start + length).unwrap_or_default();
        let keys = block.iter().filter(|line| !line.is_verbatim()).filter_map(|line| line.key.as_ref());
        let width = keys.map(|key| key.width()).max().unwrap_or_default();
        for line in block {
            if let Some(key) = line.key.take() {
                line.text = format!("{} {}", padded(&key, width), line.text);
            }
        }
        start += length;
    }
}

/// How many of these lines follow without a blank line.
fn block(lines: &[Laid<'_>]) -> usize {
    let apart =
        |line: &Laid<'_>| line.blank_before || line.leading.iter().any(|comment| comment.blank_before);
    lines.iter().position(apart).unwrap_or(lines.len())
}

/// Adds the comments after lines; those of neighbouring lines stand under one another.
pub(super) fn comments<'a>(mut lines: Vec<Laid<'a>>, text: &str) -> Vec<Laid<'a>> {
    for line in &mut lines {
        if let Some(span) = line.verbatim {
            line.text = with_newlines(span.text(text));
        }
    }
    let mut start = 0;
    while start < lines.len() {
        let rest = lines.get_mut(start..).unwrap_or_default();
        let run = rest.iter().enumerate().take_while(|(at, line)| {
            line.trailing.is_some() && (*at == 0 || (!line.blank_before && line.leading.is_empty()))
        });
        let run = run.count();
        let neighbours = rest.get_mut(..run).unwrap_or_default();
        let width = neighbours.iter().map(|line| last_width(&line.text)).max().unwrap_or_default();
        for line in neighbours {
            if let Some(comment) = line.trailing {
                let blanks = width.saturating_sub(last_width(&line.text)) + 2;
                line.text = format!("{}{:blanks$}{}", line.text, "", comment.text);
            }
        }
        start += run.max(1);
    }
    lines
}

/// The width of the last of several lines; the first has no indent yet.
fn last_width(text: &str) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.width().saturating_sub(super::INDENT.len()),
        None => text.width(),
    }
}
