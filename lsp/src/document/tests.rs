//! Reading what was changed gives what reading the whole gives.

use lsp_types::{Position, Range, TextDocumentContentChangeEvent};
use proptest::prelude::*;
use switchboard_grammar::{ast, parse};

use super::*;

/// What is put into texts: pieces that open, close and join sections.
const BITS: &[&str] = &[
    "",
    "\n",
    " ",
    "  ",
    "#",
    "## doc\n",
    "rules 1\n",
    "правила 1\n",
    "filter for calls\n",
    "  else accept\n",
    "list a: 1\n",
    "foo\n",
    "bar: 1\n",
    "| 1 || 2 |\n",
    "(",
    ")",
    "\"",
    "{{",
    "}}",
    "ё",
    "😀",
    "table t for calls\n",
    "  accept when site in (\n",
    "settings for calls\n",
    "  x: 1\n",
    "задача для чатов\n",
    "accept when a\n",
    "\r\n",
];

fn shape(document: &Document) -> Vec<(String, Option<String>, u32)> {
    let section = |placed: &Placed| placed.block.section().map(|section| format!("{:?}", section.kind));
    let shown = |placed: &Placed| (placed.block.text.to_string(), section(placed), placed.start);
    document.blocks().iter().map(shown).collect()
}

proptest! {
    #[test]
    fn changes_one_by_one_and_the_whole_are_the_same(
        start in prop::collection::vec(prop::sample::select(BITS), 0..24),
        changes in prop::collection::vec((any::<u32>(), 0u32..40, prop::sample::select(BITS)), 1..24),
    ) {
        let text = format!("rules 1\n\n{}", start.concat());
        let mut document = Document::new("a.rules", text.clone(), Some(0), Encoding::Utf16);
        let mut naive = text;
        for (version, (at, length, with)) in changes.into_iter().enumerate() {
            let boundary = |at: usize| (at..=naive.len()).find(|at| naive.is_char_boundary(*at)).unwrap_or(naive.len());
            let from = boundary(at as usize % (naive.len() + 1));
            let to = boundary((from + length as usize).min(naive.len()));
            let lines = Lines::new(&naive, Encoding::Utf16);
            let range = lines.range(&naive, Span::of(from..to));
            // A position inside of `\r\n` is the end of the line before it; the editor's own text says the same.
            let span = lines.span(&naive, range);
            naive.replace_range(span.range(), with);
            let change = TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: with.to_owned() };
            document.change(vec![change], i32::try_from(version).unwrap());
            prop_assert_eq!(document.text(), &naive);
            let fresh = Document::new("a.rules", naive.clone(), None, Encoding::Utf16);
            prop_assert_eq!(document.lang(), fresh.lang());
            prop_assert_eq!(shape(&document), shape(&fresh));
        }
    }

    #[test]
    fn the_blocks_are_the_sections_of_the_file(bits in prop::collection::vec(prop::sample::select(BITS), 0..40)) {
        let text = format!("rules 1\n\n{}", bits.concat());
        let document = Document::new("a.rules", text.clone(), None, Encoding::Utf8);
        let whole: Vec<String> = parse(&text).file.sections.iter().map(|section| head(section, &text)).collect();
        let blocks: Vec<String> = document
            .blocks()
            .iter()
            .flat_map(|placed| {
                let head = |section: &ast::Section| placed.block.shown(section.head).to_owned();
                placed.block.file().sections.iter().map(head).collect::<Vec<_>>()
            })
            .collect();
        prop_assert_eq!(whole, blocks);
    }
}

fn head(section: &ast::Section, text: &str) -> String {
    section.head.text(text).to_owned()
}

#[test]
fn a_key_in_one_section_reads_no_other() {
    let text = "rules 1\n\nlist a: 1\n\nlist b: 2\n\nlist c: 3\n\nlist d: 4\n\nlist e: 5\n";
    let mut document = Document::new("a.rules", text.to_owned(), Some(1), Encoding::Utf16);
    let before: Vec<_> = document.blocks().to_vec();
    let position = Position::new(6, 9);
    let change = TextDocumentContentChangeEvent {
        range: Some(Range::new(position, position)),
        range_length: None,
        text: ", 7".to_owned(),
    };
    document.change(vec![change], 2);
    let same: Vec<bool> =
        before.iter().zip(document.blocks()).map(|(a, b)| Arc::ptr_eq(&a.block, &b.block)).collect();
    assert_eq!(same, [true, true, true, false, true, true]);
    assert_eq!(document.block_at(40).unwrap().block.section().unwrap().span.len(), 12);
}
