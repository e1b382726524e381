//! The plainest cells and values, read without the parser: `-`, `"text"`, `name`, `name, name`.
//!
//! Large tables and lists hold little else, and a call of the parser costs more than the reading of such a cell. What
//! is not plain beyond doubt is left to the grammar, which stays the law: a test compares both on everything that
//! this file reads.

use std::collections::HashSet;
use std::sync::OnceLock;

use smol_str::SmolStr;

use crate::ast::{
    Alternative, Cell, CellKind, CellTest, Item, Literal, LiteralKind, Name, Operand, Part, Path, ResultCell,
    TextLiteral, Value, ValueKind,
};
use crate::keywords::{Group, Keyword};
use crate::span::{Span, offset};

/// An input cell that asks nothing or names one value.
pub(super) fn input_cell(cell: &str, span: Span) -> Option<Cell> {
    if cell == "-" {
        return Some(Cell { span, kind: CellKind::Any });
    }
    let item = Item { exactly: None, value: value(cell, span)? };
    let test = CellTest { span, operator: None, operand: Operand::One(item) };
    let alternative = Alternative { span, tests: vec![test], words: Vec::new() };
    Some(Cell { span, kind: CellKind::Tests { not: None, alternatives: vec![alternative] } })
}

/// A result cell that holds nothing, one value, or names.
pub(super) fn result_cell(cell: &str, span: Span) -> Option<ResultCell> {
    if cell == "-" {
        return Some(ResultCell { span, values: Vec::new() });
    }
    if cell.starts_with('"') || !cell.contains(',') {
        return Some(ResultCell { span, values: vec![value(cell, span)?] });
    }
    let mut start = 0;
    let mut values = Vec::new();
    for piece in cell.split(',') {
        let name = piece.trim_matches(' ');
        let at = start + (piece.len() - piece.trim_start_matches(' ').len());
        values.push(value(name, Span::of(at..at + name.len()).shifted(span.start))?);
        start += piece.len() + 1;
    }
    Some(ResultCell { span, values })
}

/// A text in quotes without holes and escapes, or a name of one word.
pub(super) fn value(written: &str, span: Span) -> Option<Value> {
    let kind = match written.strip_prefix('"') {
        Some(rest) => ValueKind::Literal(Literal { span, kind: LiteralKind::Text(text(rest, span)?) }),
        None => ValueKind::Path(name(written, span)?),
    };
    Some(Value { span, kind, brackets: None })
}

/// A text from after its opening quote to its closing one.
fn text(rest: &str, span: Span) -> Option<TextLiteral> {
    let inside = rest.strip_suffix('"')?;
    if inside.contains(['"', '\\', '{', '\n']) {
        return None;
    }
    let place = Span::new(span.start + 1, span.start + 1 + offset(inside.len()));
    let part = Part::Text { span: place, text: SmolStr::new(inside) };
    Some(TextLiteral { span, parts: if inside.is_empty() { Vec::new() } else { vec![part] } })
}

/// A name in letters of one alphabet that is no keyword.
fn name(written: &str, span: Span) -> Option<Path> {
    let cyrillic = |ch: char| matches!(ch, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
    let first = written.chars().next()?;
    let wordy = |ch: char| ch.is_ascii_digit() || ch == '_';
    let one_alphabet = if first.is_ascii_alphabetic() {
        written.chars().all(|ch| ch.is_ascii_alphabetic() || wordy(ch))
    } else if cyrillic(first) {
        written.chars().all(|ch| cyrillic(ch) || wordy(ch))
    } else {
        false
    };
    if !one_alphabet || keywords().contains(written) || keywords().contains(written.to_lowercase().as_str()) {
        return None;
    }
    Some(Path { span, segments: vec![Name { span, text: SmolStr::new(written) }] })
}

/// Every word that may mean something else where a value may stand.
fn keywords() -> &'static HashSet<&'static str> {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let means = |group| matches!(group, Group::Connective | Group::Operator | Group::Constant);
        let entries = Keyword::TABLE.iter().filter(|entry| means(entry.group));
        let spellings = entries.flat_map(|entry| {
            let aliases = entry.aliases.iter().map(|(alias, _)| *alias);
            entry.en.iter().chain(entry.ru).chain(entry.foreign).copied().chain(aliases)
        });
        spellings.filter_map(|spelling| spelling.split(' ').next()).collect()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::from_pairs::Reader;
    use crate::lang::Lang;
    use crate::pairs;
    use crate::sink::Sink;
    use crate::source::FileId;
    use crate::statement::Statement;

    const PIECES: &[&str] = &[
        "-",
        "\"",
        "a",
        "site",
        "сайт",
        "и",
        "И",
        "in",
        "yes",
        "да",
        "null",
        "по",
        "default",
        "_",
        "1",
        " ",
        ",",
        ", ",
        "\\",
        "{",
        "{{",
        "}}",
        ".",
        "ё",
        "e",
        "с",
        "x1",
        "EMPTY",
        "точно",
        "when",
        "|",
    ];

    /// What the grammar makes of a piece, when it has nothing to say against it.
    fn parsed<T>(
        statement: Statement,
        code: &str,
        read: impl FnOnce(&mut Reader<'_>, &pairs::Node<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut sink = Sink::default();
        let node = pairs::parse(statement.symbol(), code).ok()?;
        let reader = &mut Reader { file: FileId(0), lang: Lang::En, base: 7, sink: &mut sink };
        let done = read(reader, &node);
        (sink.errors() == 0).then_some(done).flatten()
    }

    proptest! {
        #[test]
        fn what_is_read_here_is_what_the_grammar_reads(pieces in proptest::collection::vec(select(PIECES), 1..5)) {
            let code = pieces.concat();
            let code = code.trim();
            let span = Span::of(0..code.len()).shifted(7);
            if let Some(cell) = input_cell(code, span) {
                let other = parsed(Statement::InputCell, code, |reader, node| reader.input_cell(node, span));
                prop_assert_eq!(Some(cell), other);
            }
            if let Some(cell) = result_cell(code, span) {
                let other = parsed(Statement::ResultCell, code, |reader, node| reader.result_cell(node, span));
                prop_assert_eq!(Some(cell), other);
            }
            if let Some(value) = value(code, span) {
                let other = parsed(Statement::ListLine, code, |reader, node| reader.list_line(node));
                prop_assert_eq!(Some(vec![value]), other);
            }
        }
    }
}
