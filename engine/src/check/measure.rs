//! How long a value's text can get, and how deep working it out nests.

use switchboard_grammar::lang::Lang;

use super::checker::Checker;
use super::scope::Decl;
use super::value::Typed;
use crate::catalog::schema;
use crate::filters::Filter;
use crate::program::{Check, Expr, Hit, Part, RefId, Table, Template, Test};
use crate::schema::{EventKind, FieldKey};
use crate::ty::{Scalar, Type};
use crate::value::{Value, max_rendered_chars};

/// Characters between the elements of a list that no filter joins.
const BETWEEN: usize = 2;

impl Checker<'_> {
    /// The most characters that a value can have as text; None when there is no bound.
    pub(crate) fn longest(&self, expr: &Expr, lang: Lang) -> Option<usize> {
        match expr {
            Expr::Const(value) => Some(value.render(lang).chars().count()),
            Expr::Local(_) => Some("00.00.0000 00:00".len()),
            Expr::Field(key) => self.longest_field(key),
            Expr::Named(reference) => self.longest_named(*reference),
            Expr::Call(call) => {
                let function = self.scope.functions.get(call.function)?;
                max_rendered_chars(function.gives, None)
            }
            Expr::Else(options) => {
                let lengths: Option<Vec<usize>> =
                    options.iter().map(|option| self.longest(option, lang)).collect();
                lengths?.into_iter().max()
            }
            Expr::Template(template) => self.longest_template(template),
            Expr::List(items) => {
                let lengths: Option<Vec<usize>> = items.iter().map(|item| self.longest(item, lang)).collect();
                Some(
                    lengths?
                        .into_iter()
                        .map(|length| length.saturating_add(BETWEEN))
                        .fold(0, usize::saturating_add),
                )
            }
        }
    }

    /// The most characters that a text with holes can have.
    pub(crate) fn longest_template(&self, template: &Template) -> Option<usize> {
        let mut total: usize = 0;
        for part in &template.parts {
            total = total.saturating_add(match part {
                Part::Text(text) => text.chars().count(),
                Part::Hole { value, ty, filters } => self.longest_hole(value, *ty, filters, template.lang)?,
            });
        }
        Some(total)
    }

    /// The fewest characters that a text with holes has: its plain text.
    pub(crate) fn shortest_template(template: &Template) -> usize {
        let plain = template.parts.iter().map(|part| match part {
            Part::Text(text) => text.chars().count(),
            Part::Hole { .. } => 0,
        });
        plain.fold(0, usize::saturating_add)
    }

    fn longest_hole(&self, value: &Expr, ty: Type, filters: &[Filter], lang: Lang) -> Option<usize> {
        let mut ty = ty;
        let mut longest = self.longest(value, lang);
        for filter in filters {
            longest = filter.max_chars(ty, longest);
            ty = Type::of(Scalar::Text);
        }
        longest
    }

    fn longest_field(&self, key: &FieldKey) -> Option<usize> {
        let field = EventKind::ALL.into_iter().find_map(|kind| schema().field(kind, key.id))?;
        max_rendered_chars(field.ty(), field.spec.max_chars.and_then(|most| usize::try_from(most).ok()))
    }

    fn longest_named(&self, reference: RefId) -> Option<usize> {
        let ((name, column), ()) = self.refs.get_index(reference.0 as usize)?;
        let mut longest = 0;
        for decl in self.scope.named(name) {
            longest = longest.max(match *decl {
                Decl::Setting(at) => self.scope.settings.get(at)?.longest?,
                Decl::Table(at) => {
                    let columns = self.scope.tables.get(at)?.columns.as_ref()?;
                    columns.iter().find(|found| Some(&found.name) == column.as_ref())?.longest?
                }
            });
        }
        Some(longest)
    }

    /// The most characters that a result column can give.
    pub(crate) fn longest_of_cells(&self, cells: &[Option<Vec<Typed>>], ty: Type, hit: Hit) -> Option<usize> {
        if ty.list && hit == Hit::All {
            return None;
        }
        let mut longest: usize = 0;
        for cell in cells.iter().flatten() {
            let mut length: usize = 0;
            for typed in cell {
                length = length.saturating_add(self.longest(&typed.expr, Lang::Ru)?).saturating_add(BETWEEN);
            }
            longest = longest.max(length.saturating_sub(BETWEEN));
        }
        Some(longest)
    }

    /// How deep working out a value nests.
    pub(crate) fn depth(&self, expr: &Expr) -> usize {
        let below = match expr {
            Expr::Const(_) | Expr::Local(_) | Expr::Field(_) => 0,
            Expr::Named(reference) => self.depth_of_named(*reference),
            Expr::Call(call) => self.deepest(&call.args),
            Expr::Else(parts) | Expr::List(parts) => self.deepest(parts),
            Expr::Template(template) => {
                let holes = template.parts.iter().filter_map(|part| match part {
                    Part::Hole { value, .. } => Some(self.depth(value)),
                    Part::Text(_) => None,
                });
                holes.max().unwrap_or(0)
            }
        };
        below.saturating_add(1)
    }

    /// How deep working out a table nests.
    pub(crate) fn depth_of_table(&self, table: &Table) -> usize {
        let inputs = table.inputs.iter().map(|input| {
            let checks = input.checks.iter().map(|check| self.depth_of_check(check)).max().unwrap_or(0);
            self.depth(&input.value).max(checks)
        });
        let rows = table.rows.iter().chain(&table.otherwise);
        let results = rows.map(|row| self.deepest(&row.results));
        inputs.chain(results).max().unwrap_or(0).saturating_add(1)
    }

    /// How deep answering a question nests.
    fn depth_of_check(&self, check: &Check) -> usize {
        let below = match check {
            Check::Test(test) => match test {
                Test::Is(of)
                | Test::Exactly(of)
                | Test::Among(of)
                | Test::Contains(of)
                | Test::StartsWith(of)
                | Test::EndsWith(of)
                | Test::Order(_, of) => self.depth(of),
                Test::Present | Test::InSet(_) | Test::InSchedule(_) | Test::Like(_) => 0,
            },
            Check::Not(inner) => self.depth_of_check(inner),
            Check::All(parts) | Check::Any(parts) => {
                parts.iter().map(|part| self.depth_of_check(part)).max().unwrap_or(0)
            }
        };
        below.saturating_add(1)
    }

    fn deepest(&self, parts: &[Expr]) -> usize {
        parts.iter().map(|part| self.depth(part)).max().unwrap_or(0)
    }

    fn depth_of_named(&self, reference: RefId) -> usize {
        let Some(((name, _), ())) = self.refs.get_index(reference.0 as usize) else { return 0 };
        let depths = self.scope.named(name).iter().filter_map(|decl| match *decl {
            Decl::Setting(at) => self.scope.settings.get(at).map(|setting| setting.depth),
            Decl::Table(at) => self.scope.tables.get(at).map(|table| table.depth),
        });
        depths.max().unwrap_or(0)
    }
}

/// The value of a constant.
pub(crate) const fn constant(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::Const(value) => Some(value),
        _ => None,
    }
}
