//! Looking through a compiled script for what may not be in it, before it ever runs.
//!
//! Found are: calls of functions that do not exist, calls that reach outside, statements beside functions, and
//! anonymous functions that use variables from around them. The last would be allowed if they could not make a
//! value hold itself, which is never freed; arguments and `curry` do the same without that.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rhai::{AST, ASTNode, Engine, Expr, FnCallExpr, Position, Stmt};

use super::host::{LIBRARY, ScriptHost};

/// Words of Rhai that reach outside; they are not even parsed.
pub(super) const OUTSIDE_WORDS: [&str; 3] = ["eval", "import", "export"];

/// Functions of Rhai's other packages that would reach outside or end the script; they are not there, and a call
/// of one deserves better than "unknown function".
pub(super) const OUTSIDE_FUNCTIONS: [&str; 6] = ["sleep", "timestamp", "exit", "rand", "open_file", "now"];

/// Functions that are part of Rhai's language.
const BUILT_IN: [&str; 7] = ["type_of", "call", "curry", "Fn", "is_def_fn", "is_def_var", "is_shared"];

/// Something that may not be in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// A call of a function that nobody defined.
    UnknownFunction { name: String, position: Position },
    /// A call behind a dot that nobody defined. What it is called on may say more of it.
    UnknownMethod { name: String, position: Position },
    /// A call that reaches outside.
    Outside { name: String, position: Position },
    /// A statement that is in no function.
    TopLevel { position: Position },
    /// An anonymous function that uses a variable from around it.
    Capture { name: String, position: Position },
}

impl Finding {
    pub(super) const fn position(&self) -> Position {
        match self {
            Finding::UnknownFunction { position, .. }
            | Finding::UnknownMethod { position, .. }
            | Finding::Outside { position, .. }
            | Finding::TopLevel { position }
            | Finding::Capture { position, .. } => *position,
        }
    }
}

/// Everything that may not be in a script, in the order of the file.
///
/// `own` are the names of functions that the file defines, also in parts that did not compile.
pub(super) fn inspect(ast: &AST, own: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(statement) = ast.statements().iter().find(|statement| !matches!(statement, Stmt::Noop(_))) {
        findings.push(Finding::TopLevel { position: statement.position() });
    }
    ast.walk(&mut |path| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::FnCall(call, position)))
            | Some(ASTNode::Expr(Expr::FnCall(call, position))) => {
                findings.extend(judge(call, *position, own));
            }
            Some(ASTNode::Expr(Expr::MethodCall(call, position))) => {
                findings.extend(judge(call, *position, own).map(|finding| match finding {
                    Finding::UnknownFunction { name, position } => Finding::UnknownMethod { name, position },
                    other => other,
                }));
            }
            Some(ASTNode::Stmt(Stmt::Share(variables))) => {
                findings.extend(variables.iter().map(|(variable, _)| Finding::Capture {
                    name: variable.name.to_string(),
                    position: variable.pos,
                }));
            }
            _ => {}
        }
        true
    });
    findings.sort_by_key(|finding| {
        let position = finding.position();
        (position.line(), position.position())
    });
    findings.dedup();
    findings
}

fn judge(call: &FnCallExpr, position: Position, own: &BTreeSet<String>) -> Option<Finding> {
    let name = call.name.as_str();
    if call.op_token.is_some() {
        return None;
    }
    if OUTSIDE_FUNCTIONS.contains(&name) || OUTSIDE_WORDS.contains(&name) || !call.namespace.is_empty() {
        return Some(Finding::Outside { name: name.to_owned(), position });
    }
    let known = own.contains(name) || KNOWN.contains(name) || BUILT_IN.contains(&name);
    (!known).then(|| Finding::UnknownFunction { name: name.to_owned(), position })
}

/// The names of all functions that the packages and our own modules have.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let engine: Engine = ScriptHost::default().engine();
    let from_engine = engine.gen_fn_signatures(true);
    let signatures = LIBRARY.gen_fn_signatures_with_mapper(std::borrow::Cow::Borrowed);
    from_engine.into_iter().chain(signatures).filter_map(|signature| name_of(&signature)).collect()
});

/// `len(string: &str) -> INT` to `len`.
fn name_of(signature: &str) -> Option<String> {
    let (name, _) = signature.split_once('(')?;
    Some(name.trim().to_owned())
}

/// Names that an unknown one may have been meant for.
pub(super) fn known_functions(own: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    own.iter().chain(KNOWN.iter()).map(String::as_str)
}
