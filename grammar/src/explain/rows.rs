//! Tables: rows of the wrong shape, cells that cannot be read.

use super::missing::shorten;
use super::units::What;
use super::values::plural;
use super::view::{View, such_as, write};
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Text};
use crate::keywords::Keyword;
use crate::lang::Lang;
use crate::limits;
use crate::parse::rows::{Cells, Width};
use crate::similar;
use crate::source::FileId;
use crate::span::Span;
use crate::statement::Statement;

/// Whether the first cell of a row makes it the `else` row.
pub(crate) fn is_else(cell: &str) -> bool {
    let entry = Keyword::Else.entry();
    let folded = similar::fold(cell);
    entry.en.iter().chain(entry.ru).chain(entry.foreign).any(|form| *form == folded)
}

/// What is wrong with the shape of a row: no `||`, too few or too many cells. An error when its cells cannot be
/// told apart; `head` is the place and width of the row of names.
pub(crate) fn shape(
    file: FileId,
    lang: Lang,
    span: Span,
    row: &str,
    cells: &Cells,
    head: Option<(Span, Width)>,
) -> Option<Diagnostic> {
    let problem = |span: Span, message: Text| {
        Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, span))
    };
    let Some(results) = &cells.results else {
        let message = Text::new(
            "this row has no `||` between conditions and results",
            "в этой строке нет `||` между условиями и результатами",
        );
        // With as many cells as there are columns, it is plain which bar should be doubled.
        if let Some((_, width)) = head
            && cells.inputs.len() == width.inputs + width.results
            && let Some(next) = cells.inputs.get(width.inputs)
            && let Some(bar) = row.get(..next.start).and_then(|left| left.rfind('|'))
        {
            let bar = Span::of(bar..bar + 1).shifted(span.start);
            let fix = Fix::replace(Safety::Safe, write("||"), file, bar, "||");
            return Some(problem(bar, message).here(write("||")).fix(fix));
        }
        let example = lang.pick("| contact || create |", "| обращение || создать |");
        return Some(problem(span, message).here(such_as(example)));
    };
    if cells.inputs.len() + results.len() > limits::COLUMNS {
        let limit = limits::COLUMNS;
        let start = Span::new(span.start, span.start + 1);
        let message = Text::new(
            format!("a table has at most {limit} columns"),
            format!("в таблице может быть не больше {limit} колонок"),
        );
        return Some(Diagnostic::new(&codes::TOO_LARGE, message, Label::bare(file, start)));
    }
    if let Some(at) = cells.second_bars {
        let at = Span::of(at..at + 2).shifted(span.start);
        let message = Text::new("a row has only one `||`", "в строке таблицы `||` ставится один раз");
        let fix = Fix::replace(Safety::Unsafe, write("|"), file, at, "|");
        return Some(problem(at, message).here(write("|")).fix(fix));
    }
    if !cells.closed {
        let end = Span::at(span.end);
        let message = Text::new("this row does not end with `|`", "строка таблицы не закрыта знаком `|`");
        let fix = Fix::replace(Safety::Safe, write("|"), file, end, " |");
        let last = row.char_indices().next_back().map_or(0..0, |(at, ch)| at..at + ch.len_utf8());
        let last = Span::of(last).shifted(span.start);
        return Some(problem(last, message).here(write("|")).fix(fix));
    }
    let Some((head, width)) = head else {
        return nothing_given(file, span, cells.inputs.is_empty(), results.is_empty());
    };
    let first = cells.inputs.first().and_then(|first| row.get(first.clone())).unwrap_or("");
    let otherwise = is_else(first);
    let inputs = if otherwise { cells.inputs.get(1..) } else { cells.inputs.get(..) }.unwrap_or(&[]);
    let filled = inputs.iter().find(|cell| !cell.is_empty());
    if otherwise && let Some(filled) = filled {
        let place = Span::of(filled.clone()).shifted(span.start);
        let message = Text::new(
            format!("`{first}` takes every event, so it has no conditions"),
            format!("`{first}` – для любого события, поэтому без условий"),
        );
        return Some(problem(place, message).here(Text::new("remove it", "удалите")));
    }
    if !otherwise && inputs.len() != width.inputs {
        let message = counted(inputs.len(), width.inputs, ("left of", "слева от"));
        return Some(width_problem(file, head, message, place_of(span, inputs)));
    }
    if results.len() != width.results {
        let message = counted(results.len(), width.results, ("right of", "справа от"));
        return Some(width_problem(file, head, message, place_of(span, results)));
    }
    None
}

/// A head without columns on one side.
fn nothing_given(file: FileId, span: Span, no_inputs: bool, no_results: bool) -> Option<Diagnostic> {
    let (en, ru) = if no_inputs {
        ("a table needs at least one column left of `||`", "слева от `||` нужна хотя бы одна колонка")
    } else if no_results {
        ("a table needs at least one column right of `||`", "справа от `||` нужна хотя бы одна колонка")
    } else {
        return None;
    };
    Some(Diagnostic::new(&codes::UNEXPECTED_TEXT, Text::new(en, ru), Label::bare(file, span)))
}

/// The cells of one side as a place to point at.
fn place_of(span: Span, cells: &[std::ops::Range<usize>]) -> Span {
    let start = cells.first().map_or(0, |cell| cell.start);
    let end = cells.last().map_or(start, |cell| cell.end);
    if start == end { span } else { Span::of(start..end).shifted(span.start) }
}

fn counted(found: usize, wanted: usize, side: (&str, &str)) -> Text {
    let (en, ru) = side;
    let cells = if found == 1 { "cell" } else { "cells" };
    let columns = if wanted == 1 { "column" } else { "columns" };
    Text::new(
        format!("this row has {found} {cells} {en} `||`, and the table has {wanted} {columns} there"),
        format!(
            "{ru} `||` в строке {found} {}, а в таблице {wanted} {}",
            plural(found, ["ячейка", "ячейки", "ячеек"]),
            plural(wanted, ["колонка", "колонки", "колонок"])
        ),
    )
}

fn width_problem(file: FileId, head: Span, message: Text, place: Span) -> Diagnostic {
    Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, place))
        .label(Label::new(file, head, Text::new("the columns are named here", "колонки названы здесь")))
        .note(Text::new(
            "a condition that does not matter is written `-`",
            "условие, которое не важно, пишут как `-`",
        ))
}

/// A line of a table that does not start with `|`.
pub(crate) fn not_a_row(file: FileId, span: Span, code: &str) -> Diagnostic {
    let message = Text::new("every line of a table starts with `|`", "строки таблицы начинаются с `|`");
    let diagnostic = Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, span));
    if !code.contains('|') {
        return diagnostic;
    }
    let edits = [(span.head(), "| ")].into_iter();
    let tail = (!code.ends_with('|')).then_some((span.tail(), " |"));
    let edits =
        edits.chain(tail).map(|(span, text)| Edit { file, span, replacement: text.to_owned() }).collect();
    diagnostic.fix(Fix { title: write("|"), edits, safety: Safety::Unsafe })
}

/// A line `|---|---|` that is not below the row of names.
pub(crate) fn stray_ruler(file: FileId, span: Span) -> Diagnostic {
    let message = Text::new(
        "this line is only used once, under the row of names",
        "такая черта ставится один раз, под строкой с названиями",
    );
    let title = Text::new("remove it", "удалите её");
    Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, span)).fix(Fix::replace(
        Safety::Safe,
        title,
        file,
        span,
        "",
    ))
}

/// The line `|---|---|` without a row of names above.
pub(crate) fn no_names(file: FileId, lang: Lang, span: Span) -> Diagnostic {
    let message = Text::new(
        "the row of column names is missing above this line",
        "над этой чертой нет строки с названиями колонок",
    );
    let example = lang.pick("| contact || create |", "| обращение || создать |");
    Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, span)).here(such_as(example))
}

/// The line `|---|---|` with something in it.
pub(crate) fn broken_ruler(file: FileId, span: Span, code: &str) -> Diagnostic {
    let message = Text::new(
        "the line under the row of names is made of `-` and `|` only",
        "черта под строкой с названиями состоит только из `-` и `|`",
    );
    let right: String = code.chars().filter(|ch| matches!(ch, '|' | '-') || ch.is_whitespace()).collect();
    let title = Text::new("leave only those", "оставьте только их");
    Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, span)).fix(Fix::replace(
        Safety::Unsafe,
        title,
        file,
        span,
        right,
    ))
}

/// A row of names that is wider or narrower than all rows below, which agree with each other.
pub(crate) fn head_width(file: FileId, head: Span, width: Width, row: Span, below: Width) -> Diagnostic {
    let left = width.inputs != below.inputs;
    let (found, wanted, en, ru) = if left {
        (width.inputs, below.inputs, "left of", "слева от")
    } else {
        (width.results, below.results, "right of", "справа от")
    };
    let columns = if found == 1 { "column is" } else { "columns are" };
    let cells = if wanted == 1 { "cell" } else { "cells" };
    let message = Text::new(
        format!("{found} {columns} named {en} `||`, and the rows below have {wanted} {cells} there"),
        format!("колонок {ru} `||` названо: {found}, а ячеек там в строках ниже: {wanted}"),
    );
    Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, head)).label(Label::new(
        file,
        row,
        Text::new("such as this row", "например, эта строка"),
    ))
}

/// A cell of the row of names.
pub(super) fn head_cell(view: &View<'_>) -> Option<Diagnostic> {
    let result = view.line.statement == Statement::ResultHead;
    if view.units.is_empty() {
        return Some(
            view.unexpected(0..0, Text::new("this column has no name", "у этой колонки нет имени")).here(
                if result {
                    Text::new("the result is named here", "здесь называют результат")
                } else {
                    Text::new("a field is named here, such as `site`", "здесь пишут поле, например `сайт`")
                },
            ),
        );
    }
    let range = 0..view.end().end;
    let written = shorten(view.text(range.clone()));
    if result {
        let message = Text::new(
            format!("a result column is named by one word, not `{written}`"),
            format!("колонка результата называется одним словом, а не `{written}`"),
        );
        return Some(view.unexpected(range, message).here(such_as(view.example("create", "создать"))));
    }
    if view.units.iter().any(|unit| matches!(unit.what, What::Operator(_))) {
        let message = Text::new(
            "the first row only names columns; comparisons go in the cells",
            "в первой строке только названия колонок; сравнения пишут в ячейках",
        );
        return Some(view.unexpected(range, message));
    }
    None
}

/// An input cell.
pub(super) fn input_cell(view: &View<'_>) -> Option<Diagnostic> {
    let Some(first) = view.units.first() else { return Some(empty_cell(view)) };
    if let Some(any) = any_cell(view) {
        return Some(any);
    }
    if matches!(first.what, What::Operator(Keyword::Is | Keyword::IsNot)) && view.here == 0 {
        let written = view.written(first);
        let until = view.units.get(1).map_or(first.range.end, |next| next.range.start);
        let not = view.spelling(Keyword::Not);
        let replacement =
            if first.what == What::Operator(Keyword::Is) { String::new() } else { format!("{not} ") };
        let message = Text::new(
            format!("no `{written}` is needed: a cell is compared with its column anyway"),
            format!("`{written}` не нужно: ячейка и так сравнивается со своей колонкой"),
        );
        let title =
            if replacement.is_empty() { Text::new("remove it", "удалите его") } else { write(not) };
        let fix = view.fix(Safety::Safe, title, [(0..until, replacement)]);
        return Some(view.unexpected(first.range.clone(), message).fix(fix));
    }
    let this = view.this()?;
    if this.what != What::Word
        && let Some(list) = super::lines::list(view)
    {
        return Some(list);
    }
    if matches!(this.what, What::Join(Keyword::Or)) {
        let start = view.text(0..this.range.start).trim_end().len();
        let message = Text::new(
            "alternatives in a cell are separated by commas",
            "варианты в ячейке разделяют запятыми",
        );
        let fix = view.fix(Safety::Safe, write(","), [(start..this.range.end, ",".to_owned())]);
        return Some(view.unexpected(this.range.clone(), message).here(write(",")).fix(fix));
    }
    let negated = matches!(
        this.what,
        What::Operator(
            Keyword::IsNot
                | Keyword::NotIn
                | Keyword::NotContains
                | Keyword::NotStartsWith
                | Keyword::NotEndsWith
                | Keyword::NotLike
        )
    );
    if (this.what == What::Not || negated) && view.here > 0 {
        let not = view.spelling(Keyword::Not);
        let message = Text::new(
            format!("`{not}` goes once, at the front of a cell, and negates the whole cell"),
            format!("`{not}` ставится один раз, в начале ячейки, и относится ко всей ячейке"),
        );
        return Some(view.unexpected(this.range.clone(), message));
    }
    None
}

/// A result cell.
pub(super) fn result_cell(view: &View<'_>) -> Option<Diagnostic> {
    if view.units.is_empty() {
        return Some(empty_cell(view));
    }
    if let Some(any) = any_cell(view) {
        return Some(any);
    }
    let this = view.this()?;
    if matches!(this.what, What::Operator(_) | What::Not) {
        let message = Text::new(
            "a result is a value; comparisons go left of `||`",
            "результат – это значение; сравнения пишут слева от `||`",
        );
        return Some(view.unexpected(this.range.clone(), message));
    }
    if let Some(list) = super::lines::list(view) {
        return Some(list);
    }
    if let What::Join(_) = this.what {
        let start = view.text(0..this.range.start).trim_end().len();
        let message =
            Text::new("several results are separated by commas", "несколько результатов разделяют запятыми");
        let fix = view.fix(Safety::Unsafe, write(","), [(start..this.range.end, ",".to_owned())]);
        return Some(view.unexpected(this.range.clone(), message).here(write(",")).fix(fix));
    }
    None
}

/// A cell with nothing in it.
fn empty_cell(view: &View<'_>) -> Diagnostic {
    let (en, ru) = if view.line.statement == Statement::InputCell {
        ("for any value, write `-`", "для любого значения напишите `-`")
    } else {
        ("for no value, write `-`", "если значения нет, напишите `-`")
    };
    let fix = view.fix(Safety::Safe, write("-"), [(0..0, "-".to_owned())]);
    view.unexpected(0..0, Text::new("this cell is empty", "эта ячейка пуста"))
        .here(Text::new(en, ru))
        .fix(fix)
}

/// `*`, `any`, `—` for "whatever it is".
fn any_cell(view: &View<'_>) -> Option<Diagnostic> {
    let written = view.line.code.trim();
    let known = ["*", "—", "–", "any", "все", "любой", "любая", "любое", "…", "...", "?", "_", "--"];
    if !known.contains(&written.to_lowercase().as_str()) {
        return None;
    }
    let range = 0..view.end().end;
    let mut diagnostic = view.unexpected(
        range.clone(),
        Text::new(format!("`{written}` is written `-` here"), format!("вместо `{written}` здесь пишут `-`")),
    );
    diagnostic.code = &codes::FOREIGN_SPELLING;
    Some(diagnostic.here(write("-")).fix(view.fix(Safety::Safe, write("-"), [(range, "-".to_owned())])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_counts_have_their_forms() {
        let forms = ["ячейка", "ячейки", "ячеек"];
        for (count, form) in
            [(1, "ячейка"), (2, "ячейки"), (5, "ячеек"), (11, "ячеек"), (21, "ячейка"), (112, "ячеек")]
        {
            assert_eq!(plural(count, forms), form);
        }
    }

    #[test]
    fn else_cells_are_known_in_both_languages() {
        assert!(is_else("else") && is_else("ИНАЧЕ") && is_else("otherwise"));
        assert!(!is_else("\"else\"") && !is_else(""));
    }
}
