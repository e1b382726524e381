//! `a.b[0].c(d)` as a root and its steps.
//!
//! Rhai nests such chains to the right: `a.(b[(0.(c(d)))])`. Here they are laid flat, in the order of writing.

use rhai::{ASTFlags, Expr, FnCallExpr, Position};

/// One step of a chain.
pub(super) enum Step<'a> {
    /// `.name`.
    Property(&'a str, Position),
    /// `.name(…)`.
    Method(&'a FnCallExpr, Position),
    /// `[…]`.
    Index(&'a Expr),
    /// Something that cannot be told.
    Other(&'a Expr),
}

/// A chain's root and steps; None for what is no chain.
pub(super) fn chain(expr: &Expr) -> Option<(&Expr, Vec<Step<'_>>)> {
    let (Expr::Dot(parts, flags, _) | Expr::Index(parts, flags, _)) = expr else { return None };
    let mut steps = Vec::new();
    let mut indexes = matches!(expr, Expr::Index(..));
    let mut flags = *flags;
    let mut rest = &parts.rhs;
    loop {
        // An index that ends its chain may hold a chain of its own.
        let goes_on = !(indexes && flags.contains(ASTFlags::BREAK));
        match rest {
            Expr::Dot(next, inner, _) | Expr::Index(next, inner, _) if goes_on => {
                steps.push(step(&next.lhs, indexes));
                indexes = matches!(rest, Expr::Index(..));
                flags = *inner;
                rest = &next.rhs;
            }
            last => {
                steps.push(step(last, indexes));
                return Some((&parts.lhs, steps));
            }
        }
    }
}

fn step(expr: &Expr, indexes: bool) -> Step<'_> {
    match expr {
        _ if indexes => Step::Index(expr),
        Expr::Property(property, position) => Step::Property(property.2.as_str(), *position),
        Expr::MethodCall(call, position) => Step::Method(call, *position),
        other => Step::Other(other),
    }
}
