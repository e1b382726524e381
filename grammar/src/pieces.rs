//! A file as pieces that can be read one by one.
//!
//! An editor that keeps a file open reads it again at every key. Since no section can hide a mistake in another, it need
//! only read the section that was changed; here stands where the sections begin and end, by the same cut that the parser
//! makes.

use crate::lang::Lang;
use crate::sections::{Opening, cut};
use crate::span::{Span, offset};

/// A section with the comments above it, or what stands above the first section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// From the beginning of a line to where the next piece begins.
    pub span: Span,
    /// Whether its first word opens a section whatever stands above it. A line at the left margin that opens nothing may
    /// belong to the section above, so such a piece can only be read together with that.
    pub known: bool,
}

/// The pieces of a text: the first is what stands above all sections, perhaps nothing; together they are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let layout = cut(text);
    let mut starts = vec![(0, false)];
    for section in &layout.sections {
        let first = section.head.leading.first().map_or(section.head.span, |comment| comment.span);
        let at = first.start.min(section.head.span.start) as usize;
        let line = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        starts.push((line, matches!(section.opening, Opening::Known(_))));
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let pieces = starts.iter().zip(ends);
    pieces
        .map(|((start, known), end)| Piece { span: Span::new(offset(*start), offset(end)), known: *known })
        .collect()
}

/// The language that a whole text is read in: that of its header, else the one that it looks like.
#[must_use]
pub fn language(text: &str) -> Lang {
    // The header is the first line of code, and guessing looks at no more lines than these.
    let end = text.char_indices().filter(|(_, ch)| *ch == '\n').nth(1_000).map_or(text.len(), |(at, _)| at);
    crate::parse::language(text.get(..end).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_sections_with_their_comments() {
        let text =
            "# top\nrules 1\n\n## doc\nfilter for calls\n  else accept\n  # end\n\n# x\nfoo\n\nlist a: 1\n";
        let shown: Vec<_> =
            pieces(text).into_iter().map(|piece| (piece.span.text(text), piece.known)).collect();
        assert_eq!(
            shown,
            [
                ("# top\nrules 1\n\n", false),
                ("## doc\nfilter for calls\n  else accept\n  # end\n\n", true),
                ("# x\nfoo\n\n", false),
                ("list a: 1\n", true),
            ]
        );
    }

    #[test]
    fn an_empty_text_is_one_piece() {
        assert_eq!(pieces(""), [Piece { span: Span::default(), known: false }]);
    }

    #[test]
    fn the_language_is_that_of_the_header() {
        assert_eq!(language("# по-русски\nrules 1\n"), Lang::En);
        assert_eq!(language("фильтр для звонков\n"), Lang::Ru);
    }
}
