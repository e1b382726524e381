//! Tables: columns, cells, rows, and the types of what they give.

use std::collections::HashMap;

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, CellKind, ResultCell};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Text};

use super::checker::{Checker, problem};
use super::condition::{field_of, needs_presence, opposite};
use super::ctx::Ctx;
use super::scope::ColumnDecl;
use super::unknown::Candidates;
use super::value::{Typed, folded, join};
use crate::catalog::{self, ResultTable};
use crate::limits::MAX_ROWS;
use crate::program::{Check, Expr, Hit, Input, Row, Table};
use crate::schema::FieldKey;
use crate::ty::{Scalar, Type};
use crate::value::Value;

/// A result column while its rows are read.
struct Results {
    name: SmolStr,
    /// The type that the server expects, if it reads this column.
    known: Option<Type>,
    /// One entry a row, the `else` row last; None where a cell was wrong.
    cells: Vec<Option<Vec<Typed>>>,
}

impl<'a> Checker<'a> {
    /// Checks a table; its columns are known afterwards, even when some rows are wrong.
    pub(crate) fn table(&mut self, at: usize) -> Option<Table> {
        let (section, ast) = self.scope.tables.get(at).map(|table| (table.section, table.ast))?;
        let placed = *self.sections.get(section)?;
        let slots = self.scope.tables.get(at)?.slots;
        let ctx = Ctx::new(placed.file, placed.lang, slots);
        let head = ast.head.as_ref()?;
        if !self.table_size(ast, placed.section.head, &ctx) {
            return None;
        }
        let inputs: Vec<Option<Typed>> =
            head.item.inputs.iter().map(|column| self.value(&column.value, None, &ctx)).collect();
        let known = catalog::result_table(&self.scope.tables.get(at)?.name);
        let mut results = self.result_columns(&head.item.results, known, &ctx);

        let mut checks: Vec<Column<'a>> = inputs.iter().map(|_| Column::default()).collect();
        let mut complete = inputs.iter().all(Option::is_some);
        for line in ast.rows.iter().filter(|line| line.item.otherwise.is_none()) {
            let present = self.row_inputs(&line.item, &inputs, &mut checks, &ctx, &mut complete);
            let row_ctx = if present.is_empty() { ctx.clone() } else { ctx.with_present(present) };
            self.row_results(&line.item.results, &mut results, &row_ctx);
        }
        let otherwise = ast.rows.iter().find(|line| line.item.otherwise.is_some());
        if let Some(line) = otherwise {
            self.row_results(&line.item.results, &mut results, &ctx);
        }

        let anything = |row: &ast::Row| row.inputs.iter().all(|cell| cell.kind == CellKind::Any);
        let catches_all = placed.section.broken || ast.rows.iter().any(|line| anything(&line.item));
        let hit = hit(ast.hit);
        let mut built: Vec<Option<Vec<Expr>>> = Vec::new();
        let mut columns = Vec::new();
        for column in results {
            let (decl, exprs) = self.finish_column(column, hit, catches_all, &ctx);
            columns.push(decl);
            built.push(exprs);
        }
        let names: Box<[SmolStr]> = columns.iter().map(|column| column.name.clone()).collect();
        let built: Option<Vec<Vec<Expr>>> = built.into_iter().collect();
        if let Some(table) = self.scope.tables.get_mut(at) {
            table.columns = Some(columns);
        }
        let (true, Some(built)) = (complete, built) else { return None };
        let inputs: Option<Vec<Typed>> = inputs.into_iter().collect();
        let inputs = inputs?
            .into_iter()
            .zip(checks)
            .zip(&head.item.inputs)
            .map(|((value, column), head)| Input::new(value.expr, head.span, column.checks, column.of_row))
            .collect();
        let mut rows: Vec<Row> = Vec::with_capacity(ast.rows.len());
        let mut last = None;
        let mut cells: Vec<std::vec::IntoIter<Expr>> = built.into_iter().map(Vec::into_iter).collect();
        let plain = ast.rows.iter().filter(|line| line.item.otherwise.is_none());
        for line in plain.chain(otherwise) {
            let row = Row {
                line: self.line(ctx.file, line.span),
                cells: line.item.inputs.iter().map(|cell| cell.span).collect(),
                results: cells.iter_mut().filter_map(Iterator::next).collect(),
            };
            if line.item.otherwise.is_some() { last = Some(row) } else { rows.push(row) }
        }
        let section = u32::try_from(section).unwrap_or(u32::MAX);
        Some(Table { section, hit, inputs, results: names, rows: rows.into(), otherwise: last })
    }

    /// Whether a table is within the limits; reports when not.
    fn table_size(&mut self, ast: &ast::Table, head: switchboard_grammar::span::Span, ctx: &Ctx) -> bool {
        if ast.rows.len() <= MAX_ROWS {
            return true;
        }
        self.report(problem(
            &codes::TOO_LARGE,
            ctx,
            head,
            Text::new("this table has too many rows", "в этой таблице слишком много строк"),
            Text::new(format!("{MAX_ROWS} are the most"), format!("не больше {MAX_ROWS}")),
        ));
        false
    }

    fn result_columns(
        &mut self,
        names: &[ast::Name],
        table: Option<&'static ResultTable>,
        ctx: &Ctx,
    ) -> Vec<Results> {
        let mut columns: Vec<Results> = Vec::with_capacity(names.len());
        for written in names {
            let known = catalog::result_column(&written.text);
            let name = known.map_or_else(|| written.text.clone(), |known| known.name.into());
            if let Some(known) = known {
                let right = ctx.lang.pick(known.name, known.ru);
                if written.text != right {
                    self.foreign_name(ctx, written.span, right);
                }
            }
            if let Some(table) = table
                && !table.columns.iter().any(|column| column.name == name)
            {
                self.unknown_column(table, written, ctx);
            }
            if columns.iter().any(|column| column.name == name) {
                let first = names.iter().find(|first| first.text == written.text).map(|first| first.span);
                let mut found = problem(
                    &codes::DUPLICATE_NAME,
                    ctx,
                    written.span,
                    Text::new(
                        format!("`{}` is declared twice", written.text),
                        format!("`{}` объявлено дважды", written.text),
                    ),
                    Text::new("the second one", "второй раз — здесь"),
                );
                if let Some(first) = first {
                    found = found.label(Label::new(
                        ctx.file,
                        first,
                        Text::new("the first one", "первый раз — здесь"),
                    ));
                }
                self.report(found);
            }
            columns.push(Results { name, known: known.map(|known| known.ty), cells: Vec::new() });
        }
        columns
    }

    /// A table that the server reads has no other columns: a misspelt one would be silently without effect.
    fn unknown_column(&mut self, table: &'static ResultTable, written: &ast::Name, ctx: &Ctx) {
        let shown = ctx.lang.pick(table.name, table.ru);
        let columns = |en: bool| {
            let names = table.columns.iter().map(|column| if en { column.name } else { column.ru });
            names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        let found = problem(
            &codes::UNKNOWN_PROPERTY,
            ctx,
            written.span,
            Text::new(
                format!("table `{shown}` gives no `{}`", written.text),
                format!("таблица `{shown}` не даёт `{}`", written.text),
            ),
            Text::new("nobody would read this column", "этот столбец никто не прочтёт"),
        )
        .note(Text::new(
            format!("its result columns are {}", columns(true)),
            format!("её столбцы результата: {}", columns(false)),
        ));
        let mut candidates = Candidates::default();
        candidates.add_all(table.columns.iter().map(|column| ctx.lang.pick(column.name, column.ru)));
        let found = match self.search(&written.text, |_| candidates) {
            Some(meant) => super::unknown::offer(found, ctx, written.span, &meant),
            None => found,
        };
        self.report(found);
    }

    /// Checks the input cells of a row; gives the fields that are there whenever it matches.
    fn row_inputs(
        &mut self,
        row: &'a ast::Row,
        inputs: &[Option<Typed>],
        columns: &mut [Column<'a>],
        ctx: &Ctx,
        complete: &mut bool,
    ) -> Vec<FieldKey> {
        let mut present = Vec::new();
        for ((cell, input), column) in row.inputs.iter().zip(inputs).zip(columns.iter_mut()) {
            let number = match (&cell.kind, input) {
                (CellKind::Any, _) => Some(Input::ANY),
                (CellKind::Tests { .. }, None) => None,
                (CellKind::Tests { .. }, Some(input)) => self.cell(cell, input, column, ctx),
            };
            let Some(number) = number else {
                *complete = false;
                continue;
            };
            column.of_row.push(number);
            if let (Some(input), Some(check)) = (input, column.checks.get(number as usize))
                && needs_presence(check)
            {
                present.extend(field_of(&input.expr));
            }
        }
        present
    }

    /// The number of a cell's check; equal cells of a column share one.
    fn cell(&mut self, cell: &ast::Cell, input: &Typed, column: &mut Column<'a>, ctx: &Ctx) -> Option<u32> {
        let written = self.text(ctx.file, cell.span);
        if let Some(number) = column.known.get(written) {
            return Some(*number);
        }
        let CellKind::Tests { not, alternatives } = &cell.kind else { return Some(Input::ANY) };
        let mut parts = Vec::with_capacity(alternatives.len());
        for alternative in alternatives {
            let tests: Vec<Option<Check>> = alternative
                .tests
                .iter()
                .map(|test| self.question(input, test.operator.as_ref(), &test.operand, test.span, ctx))
                .collect();
            parts.push(tests.into_iter().collect::<Option<Vec<Check>>>());
        }
        let parts: Option<Vec<Vec<Check>>> = parts.into_iter().collect();
        let mut parts: Vec<Check> = parts?.into_iter().map(all_of).collect();
        let check = if parts.len() == 1 { parts.pop()? } else { Check::Any(parts.into()) };
        let check = if not.is_some() { opposite(check) } else { check };
        let number = u32::try_from(column.checks.len()).unwrap_or(Input::ANY);
        column.checks.push(check);
        column.known.insert(written, number);
        Some(number)
    }

    fn row_results(&mut self, cells: &[ResultCell], columns: &mut [Results], ctx: &Ctx) {
        for (cell, column) in cells.iter().zip(columns.iter_mut()) {
            let expected = column.known.map(|ty| ty.scalar);
            cell.values.iter().for_each(|value| self.known_number_of_result(&column.name, value, ctx));
            let values: Vec<Option<Typed>> =
                cell.values.iter().map(|value| self.value(value, expected, ctx)).collect();
            let mut values: Option<Vec<Typed>> = values.into_iter().collect();
            if let Some(found) = values.take() {
                values = if self.nothing_and_something(&found, ctx) { None } else { Some(found) };
            }
            column.cells.push(values);
        }
    }

    /// `nothing` beside something else is a contradiction.
    fn nothing_and_something(&mut self, values: &[Typed], ctx: &Ctx) -> bool {
        let is_nothing = |value: &Typed| {
            matches!(&value.expr, Expr::Const(Value::Enum(value))
                if *value.of() == catalog::enums::CREATE && value.en() == "nothing")
        };
        let Some(nothing) = values.iter().find(|value| is_nothing(value)) else { return false };
        if values.len() == 1 {
            return false;
        }
        let written = self.text(ctx.file, nothing.span);
        self.report(problem(
            &codes::TYPE_MISMATCH,
            ctx,
            nothing.span,
            Text::new(
                format!("`{written}` stands beside something that is to be created"),
                format!("`{written}` стоит рядом с тем, что нужно создать"),
            ),
            Text::new("either nothing or something", "или ничего, или что-то"),
        ));
        true
    }

    /// One type for a column, and its cells as values of that type.
    fn finish_column(
        &mut self,
        column: Results,
        hit: Hit,
        catches_all: bool,
        ctx: &Ctx,
    ) -> (ColumnDecl, Option<Vec<Expr>>) {
        let mut wrong = column.cells.iter().any(Option::is_none);
        let several = column.cells.iter().flatten().any(|cell| cell.len() > 1);
        let mut optional = !catches_all || column.cells.iter().flatten().any(Vec::is_empty);
        let mut ty = column.known.map(|known| Type { optional: false, ..known });
        for typed in column.cells.iter().flatten().flatten() {
            optional |= typed.ty.optional;
            if matches!(typed.expr, Expr::Const(Value::Missing)) {
                continue;
            }
            let found = typed.ty.required();
            let joined = match ty {
                None => Some(found),
                Some(known) if column.known.is_some() => {
                    let fits = known.scalar.accepts(found.scalar) && (known.list || !found.list);
                    fits.then_some(known)
                }
                Some(first) => {
                    let mixed = Type { list: first.list || found.list, ..first };
                    join(mixed, Type { list: mixed.list, ..found })
                }
            };
            match joined {
                Some(joined) => ty = Some(joined),
                None => {
                    self.mismatch(typed.span, found, ty.unwrap_or(found), ctx);
                    wrong = true;
                }
            }
        }
        let mut ty = ty.unwrap_or(Type::of(Scalar::Text));
        ty.list |= several || hit == Hit::All;
        ty.optional = optional;
        let longest = self.longest_of_cells(&column.cells, ty, hit);
        let decl = ColumnDecl { name: column.name, ty, longest };
        if wrong {
            return (decl, None);
        }
        let exprs = column.cells.into_iter().flatten().map(|cell| {
            let mut values: Vec<Expr> = cell.into_iter().map(|typed| typed.expr).collect();
            match (values.pop(), values.is_empty()) {
                (None, _) => Expr::Const(Value::Missing),
                (Some(only), true) if !ty.list => only,
                (Some(last), _) => {
                    values.push(last);
                    folded(Expr::List(values.into()))
                }
            }
        });
        (decl, Some(exprs.collect()))
    }
}

/// A column's checks while its rows are read.
#[derive(Default)]
struct Column<'a> {
    checks: Vec<Check>,
    of_row: Vec<u32>,
    /// Numbers of checks by the text of the cell.
    known: HashMap<&'a str, u32>,
}

const fn hit(policy: ast::HitPolicy) -> Hit {
    match policy {
        ast::HitPolicy::First => Hit::First,
        ast::HitPolicy::Only => Hit::Only,
        ast::HitPolicy::All => Hit::All,
    }
}

fn all_of(mut checks: Vec<Check>) -> Check {
    match (checks.pop(), checks.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            checks.push(last);
            Check::All(checks.into())
        }
        (None, _) => Check::All(Box::new([])),
    }
}
