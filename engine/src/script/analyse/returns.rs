//! Whether a policy gives its proposal back, as far as its text shows.
//!
//! Told is only what is certain: a way through the function that ends in a value that is no proposal. What a variable, a
//! helper or a `switch` gives is left to the run, where the same is found and the tables' decision stands.

use rhai::{AST, ASTFlags, Expr, Position, Stmt};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;

use super::unreachable::leaves;
use super::{Found, Policy, body};

/// How many values a policy is given: event, proposal, facts.
const PARAMETERS: usize = 3;

/// Every place at which a policy ends without its proposal.
pub(super) fn returns(ast: &AST, policy: &Policy<'_>) -> Vec<Found> {
    let known = |name: &str, count: usize| name == policy.function && count == PARAMETERS;
    let Some(function) = ast.iter_fn_def().find(|one| known(one.name.as_str(), one.params.len())) else {
        return Vec::new();
    };
    let others = [function.params.first(), function.params.get(2)];
    let look = Look { policy, others: others.into_iter().flatten().map(|name| name.as_str()).collect() };
    let statements = body(ast, policy.function, PARAMETERS);
    let mut ends = Vec::new();
    look.early(&statements, &mut ends);
    look.block(&statements, function.body.start_position(), &mut ends);
    ends.into_iter().map(|position| Found::new(&codes::SCRIPT_SIGNATURE, position, text())).collect()
}

struct Look<'a> {
    policy: &'a Policy<'a>,
    /// The names of the parameters that are no proposal.
    others: Vec<&'a str>,
}

impl Look<'_> {
    /// What a block ends in: its last line, whether or not `;` stands behind it.
    fn block(&self, statements: &[Stmt], empty: Position, ends: &mut Vec<Position>) {
        // What leaves before its end ends nowhere else; `return` is looked at apart.
        if statements.iter().any(|statement| leaves(statement, &mut Vec::new())) {
            return;
        }
        match statements.iter().rev().find(|statement| !matches!(statement, Stmt::Noop(_))) {
            Some(last) => self.last(last, ends),
            None => ends.push(empty),
        }
    }

    fn last(&self, statement: &Stmt, ends: &mut Vec<Position>) {
        match statement {
            Stmt::Expr(expr) => self.value(expr, ends),
            Stmt::Block(inner) => self.block(inner.as_ref().as_ref(), statement.position(), ends),
            Stmt::If(flow, position) => {
                self.block(flow.body.as_ref(), *position, ends);
                self.block(flow.branch.as_ref(), *position, ends);
            }
            Stmt::TryCatch(flow, position) => {
                self.block(flow.body.as_ref(), *position, ends);
                self.block(flow.branch.as_ref(), *position, ends);
            }
            Stmt::Assignment(parts) => ends.push(parts.1.lhs.start_position()),
            Stmt::Var(_, _, position) | Stmt::For(_, position) | Stmt::Do(_, _, position) => {
                ends.push(*position);
            }
            // `loop` may give a value with `break`, or never end.
            Stmt::While(flow, position) if !matches!(flow.expr, Expr::Unit(_)) => ends.push(*position),
            _ => {}
        }
    }

    /// Whether an expression is certainly no proposal.
    fn value(&self, expr: &Expr, ends: &mut Vec<Position>) {
        let is_wrong = match expr {
            Expr::Stmt(block) => {
                self.block(block.as_ref().as_ref(), expr.start_position(), ends);
                false
            }
            Expr::Variable(variable, ..) => self.others.contains(&variable.1.as_str()),
            Expr::InterpolatedString(..) | Expr::Array(..) | Expr::Map(..) | Expr::And(..) | Expr::Or(..) => {
                true
            }
            Expr::Dot(parts, ..) => self.is_change(&parts.lhs, &parts.rhs),
            _ => expr.get_literal_value(None).is_some(),
        };
        if is_wrong {
            ends.push(expr.start_position());
        }
    }

    /// `proposal.skip()`: what changes a proposal gives nothing.
    fn is_change(&self, of: &Expr, step: &Expr) -> bool {
        let is_given =
            matches!(of, Expr::Variable(variable, ..) if !self.others.contains(&variable.1.as_str()));
        matches!(step, Expr::MethodCall(call, _)
            if is_given && self.policy.hook.spec().method(call.name.as_str()).is_some())
    }

    /// `return` before the end.
    fn early(&self, statements: &[Stmt], ends: &mut Vec<Position>) {
        for statement in statements {
            match statement {
                // `throw` is a `return` with a mark.
                Stmt::Return(value, flags, position) if !flags.contains(ASTFlags::BREAK) => match value {
                    Some(expr) => self.value(expr, ends),
                    None => ends.push(*position),
                },
                Stmt::If(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, _, _) | Stmt::TryCatch(flow, _) => {
                    self.early(flow.body.as_ref(), ends);
                    self.early(flow.branch.as_ref(), ends);
                }
                Stmt::For(parts, _) => self.early(parts.2.body.as_ref(), ends),
                Stmt::Block(inner) => self.early(inner.as_ref().as_ref(), ends),
                _ => {}
            }
        }
    }
}

fn text() -> Text {
    Text::new(
        "here the policy ends without giving its proposal back: let its last line be `proposal`",
        "здесь политика заканчивается, не вернув предложение: последней строкой напишите `proposal`",
    )
}
