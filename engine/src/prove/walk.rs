//! Conditions and values, taken apart down to questions about fields.
//!
//! What is done with the questions is the affair of a [`Logic`]: one collects them, so that classes can be made, one
//! builds decision diagrams of them. `x else y` becomes "x is there and …, or it is not and …"; a table's name the
//! rows that would give what is asked for, as long as there are few.

use super::ask;
use super::diagram::Node;
use super::limits::Undecided;
use super::scope::{Meaning, Scope};
use crate::program::{Check, Cond, Expr, Hit, Row, Table, Test};
use crate::value::Value;

/// Rows of a table that are looked through for a question about what it gives; of a longer one the result counts as
/// unknown.
const MAX_ROWS_OPENED: usize = 60;
/// How many tables and settings are looked through one in another.
const MAX_OPENED: usize = 6;

/// What is done with questions about fields.
pub(crate) trait Logic {
    /// A question about a field, or about a value that is not looked into.
    fn ask(&mut self, scope: &Scope<'_>, value: &Expr, check: &Check) -> Result<Node, Undecided>;
    /// Both.
    fn and(&mut self, a: Node, b: Node) -> Result<Node, Undecided>;
    /// Either.
    fn or(&mut self, a: Node, b: Node) -> Result<Node, Undecided>;
    /// The opposite.
    fn not(&mut self, node: Node) -> Result<Node, Undecided>;
}

/// A walk through the rules of a scope.
pub(crate) struct Walker<'w, 'p, L> {
    pub(crate) scope: &'w Scope<'p>,
    pub(crate) logic: &'w mut L,
    opened: usize,
}

impl<'w, 'p, L: Logic> Walker<'w, 'p, L> {
    /// Begins.
    pub(crate) fn new(scope: &'w Scope<'p>, logic: &'w mut L) -> Walker<'w, 'p, L> {
        Walker { scope, logic, opened: 0 }
    }

    /// A condition.
    pub(crate) fn cond(&mut self, cond: &Cond) -> Result<Node, Undecided> {
        match cond {
            Cond::Truth(value) => self.ask(value, &Check::Test(Test::Is(Expr::Const(Value::Bool(true))))),
            Cond::Not(inner) => {
                let inner = self.cond(inner)?;
                self.logic.not(inner)
            }
            Cond::All(parts) => {
                let mut all = constant(true);
                for part in parts {
                    let part = self.cond(part)?;
                    all = self.logic.and(all, part)?;
                }
                Ok(all)
            }
            Cond::Any(parts) => {
                let mut any = constant(false);
                for part in parts {
                    let part = self.cond(part)?;
                    any = self.logic.or(any, part)?;
                }
                Ok(any)
            }
            Cond::Ask { left, check } => self.ask(left, check),
        }
    }

    /// A question about a value.
    pub(crate) fn ask(&mut self, value: &Expr, check: &Check) -> Result<Node, Undecided> {
        match value {
            Expr::Const(value) => match ask::check(check, value) {
                Some(holds) => Ok(constant(holds)),
                None => self.logic.ask(self.scope, &Expr::Const(value.clone()), check),
            },
            Expr::Else(options) => {
                let mut rest = constant(ask::check(check, &Value::Missing).unwrap_or(false));
                for option in options.iter().rev() {
                    let present = self.ask(option, &Check::Test(Test::Present))?;
                    let holds = self.ask(option, check)?;
                    rest = self.choose(present, holds, rest)?;
                }
                Ok(rest)
            }
            Expr::Named(reference) if self.opened < MAX_OPENED => match self.scope.meaning(*reference) {
                Meaning::Value(value) => self.ask(&Expr::Const(value.clone()), check),
                Meaning::Setting(setting) => {
                    self.opened += 1;
                    let node = self.ask(setting, check);
                    self.opened -= 1;
                    node
                }
                Meaning::Table { table, column } => {
                    let program = self.scope.program;
                    match program.tables.get(table as usize) {
                        Some(table) if table.hit != Hit::All && table.rows.len() <= MAX_ROWS_OPENED => {
                            self.opened += 1;
                            let node = self.table(table, column, check);
                            self.opened -= 1;
                            node
                        }
                        _ => self.logic.ask(self.scope, value, check),
                    }
                }
                Meaning::Unknown => self.logic.ask(self.scope, value, check),
            },
            Expr::Field(_)
            | Expr::Named(_)
            | Expr::Local(_)
            | Expr::Call(_)
            | Expr::Template(_)
            | Expr::List(_) => self.logic.ask(self.scope, value, check),
        }
    }

    /// What a table's column gives, as the first row that matches says.
    fn table(&mut self, table: &'p Table, column: usize, check: &Check) -> Result<Node, Undecided> {
        let missing = Expr::Const(Value::Missing);
        let result = |row: Option<&'p Row>| row.and_then(|row| row.results.get(column));
        let mut node = self.ask(result(table.otherwise.as_ref()).unwrap_or(&missing), check)?;
        for (row, number) in table.rows.iter().zip(0u32..).collect::<Vec<_>>().into_iter().rev() {
            let matches = self.row(table, number)?;
            let gives = self.ask(result(Some(row)).unwrap_or(&missing), check)?;
            node = self.choose(matches, gives, node)?;
        }
        Ok(node)
    }

    /// Whether a row matches.
    pub(crate) fn row(&mut self, table: &Table, row: u32) -> Result<Node, Undecided> {
        let mut matches = constant(true);
        for input in &table.inputs {
            if let Some(check) = input.check_of(row) {
                let cell = self.ask(&input.value, check)?;
                matches = self.logic.and(matches, cell)?;
            }
        }
        Ok(matches)
    }

    /// One thing if a condition holds, else the other.
    fn choose(&mut self, when: Node, then: Node, otherwise: Node) -> Result<Node, Undecided> {
        let not = self.logic.not(when)?;
        let then = self.logic.and(when, then)?;
        let otherwise = self.logic.and(not, otherwise)?;
        self.logic.or(then, otherwise)
    }
}

const fn constant(holds: bool) -> Node {
    super::diagram::Diagrams::constant(holds)
}
