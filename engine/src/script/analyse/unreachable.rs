//! Lines that never run: behind `return`, `throw`, `break`, `continue`, and behind an `if` that leaves in both branches.

use rhai::{AST, ASTFlags, Expr, Position, Stmt};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;

use super::{Found, body};

/// Everything that never runs, in the order of the file.
pub(in crate::script) fn unreachable(ast: &AST) -> Vec<Found> {
    let mut found = Vec::new();
    for function in ast.iter_fn_def() {
        block(&body(ast, function.name.as_str(), function.params.len()), &mut found);
    }
    found.sort_by_key(|found| (found.position.line(), found.position.position()));
    found
}

/// Whether a block never comes to its end.
fn block(statements: &[Stmt], found: &mut Vec<Found>) -> bool {
    let mut left: bool = false;
    let mut told = false;
    for statement in statements {
        if matches!(statement, Stmt::Noop(_)) {
            continue;
        }
        if left && !told {
            told = true;
            found.push(Found::new(
                &codes::UNREACHABLE_CODE,
                place(statement),
                Text::new(
                    "this line never runs: the lines above always leave before it",
                    "эта строка никогда не выполняется: до неё дело не доходит",
                ),
            ));
        }
        left |= leaves(statement, found);
    }
    left
}

/// Whether nothing behind a statement runs.
pub(super) fn leaves(statement: &Stmt, found: &mut Vec<Found>) -> bool {
    match statement {
        Stmt::Return(..) | Stmt::BreakLoop(..) => true,
        Stmt::If(flow, _) => {
            let body = block(flow.body.as_ref(), found);
            let branch = block(flow.branch.as_ref(), found);
            let has_branch = !flow.branch.as_ref().is_empty();
            match flow.expr {
                Expr::BoolConstant(true, _) => body,
                Expr::BoolConstant(false, _) => branch && has_branch,
                _ => body && branch && has_branch,
            }
        }
        Stmt::Block(inner) => block(inner.as_ref().as_ref(), found),
        Stmt::While(flow, _) => {
            block(flow.body.as_ref(), found);
            // `loop` without a way out never ends; its limit ends the script.
            matches!(flow.expr, Expr::Unit(_)) && !breaks(flow.body.as_ref())
        }
        Stmt::Do(flow, _, _) => {
            block(flow.body.as_ref(), found);
            false
        }
        Stmt::For(of, _) => {
            block(of.2.body.as_ref(), found);
            false
        }
        Stmt::TryCatch(flow, _) => {
            let body = block(flow.body.as_ref(), found);
            let branch = block(flow.branch.as_ref(), found);
            body && branch
        }
        _ => false,
    }
}

/// Whether a block has a `break` of its own loop.
fn breaks(statements: &[Stmt]) -> bool {
    statements.iter().any(|statement| match statement {
        Stmt::BreakLoop(_, flags, _) => flags.contains(ASTFlags::BREAK),
        Stmt::If(flow, _) | Stmt::TryCatch(flow, _) => {
            breaks(flow.body.as_ref()) || breaks(flow.branch.as_ref())
        }
        Stmt::Block(inner) => breaks(inner.as_ref().as_ref()),
        // A `switch` may hold one in an expression.
        Stmt::Switch(..) => true,
        _ => false,
    })
}

/// Where a statement begins.
fn place(statement: &Stmt) -> Position {
    match statement {
        Stmt::Expr(expr) => expr.start_position(),
        Stmt::Assignment(parts) => parts.1.lhs.start_position(),
        other => other.position(),
    }
}
