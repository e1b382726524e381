//! Looking at policies before they run: names and values that cannot be, lines that never run, and which fields of the
//! event are looked at.
//!
//! Types are followed as far as Rhai lets them be seen: the three parameters by their place, variables that were given a
//! part of them, elements of facts, and through calls of the file's own functions. What cannot be followed is left to the
//! run, where the same names are refused in the same words.

mod assign;
mod chain;
mod kinds;
mod returns;
mod told;
mod unreachable;
mod walk;

use rhai::{AST, ASTNode, Position, Stmt};
use switchboard_grammar::codes::Code;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::source::FileId;

use super::compile::{Script, offset_of, span_at};
use crate::catalog::Hook;
use crate::program::{Need, Reads, Slots};

pub(super) use unreachable::unreachable;

/// A policy as the checker knows it.
pub(crate) struct Policy<'a> {
    pub(crate) function: &'a str,
    pub(crate) hook: Hook,
    pub(crate) slots: Slots,
    pub(crate) needs: &'a [Need],
}

/// A finding in a script.
#[derive(Clone, Debug)]
pub(super) struct Found {
    code: &'static Code,
    position: Position,
    text: Text,
}

impl Script {
    /// Looks through a policy: everything that is wrong with it, and what it looks at. `source` is the script's text.
    pub(crate) fn look_through(
        &self,
        policy: &Policy<'_>,
        file: FileId,
        source: &str,
    ) -> (Vec<Diagnostic>, Reads) {
        let (mut found, reads) = walk::walk(&self.ast, policy);
        found.extend(returns::returns(&self.ast, policy));
        found.sort_by_key(|found| (found.position.line(), found.position.position()));
        let told = found.into_iter().map(|found| found.told(file, source)).collect();
        (told, reads)
    }
}

/// The statements of a function. Rhai shows them only while it walks, so they are copied.
fn body(ast: &AST, name: &str, parameters: usize) -> Vec<Stmt> {
    // Copying with a filter copies everything into an empty one (rhai 1.27), so the others are taken out afterwards.
    let mut one = ast.clone_functions_only();
    one.retain_functions(|_, _, known, count| known == name && count == parameters);
    let mut statements = Vec::new();
    one.walk(&mut |path| {
        if let [ASTNode::Stmt(statement)] = path {
            statements.push((*statement).clone());
        }
        true
    });
    statements
}

impl Found {
    pub(super) const fn new(code: &'static Code, position: Position, text: Text) -> Found {
        Found { code, position, text }
    }

    pub(super) fn told(self, file: FileId, source: &str) -> Diagnostic {
        let span = span_at(source, offset_of(source, self.position));
        Diagnostic::new(self.code, self.text, Label::bare(file, span))
    }
}
