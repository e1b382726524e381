//! The lists of a bundle in scripts: `in_list("vip", phone)` and `lookup("managers", phone, "email")`.
//!
//! Names of lists and columns are written out in quotes, so that what a script asks for is known before it runs: a name
//! that there is not is told when the rules are loaded, and of a file only those columns are kept that a script looks
//! into. What gets past that (a function called by its name) is refused when it runs. Nothing is copied for a call.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rhai::{
    ASTNode, Array, Dynamic, EvalAltResult, Expr, FnCallExpr, FuncRegistration, ImmutableString, Module,
    NativeCallContext, Position, Stmt,
};
use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::around::Around;
use super::compile::{Script, offset_of, span_at};
use super::convert::from_dynamic;
use super::refusal::{refuse, unknown};
use crate::lists::{ListTable, ValueList};
use crate::ty::{Scalar, Type};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// Whether a value is in a list.
pub(super) const IN_LIST: &str = "in_list";
/// What stands beside a value in the file of a list.
pub(super) const LOOKUP: &str = "lookup";

/// The lists that a script names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists(HashMap<SmolStr, Listed>);

#[derive(Clone, Debug)]
struct Listed {
    values: Arc<ValueList>,
    table: Option<Arc<ListTable>>,
}

impl Lists {
    /// Adds a list, and its table where something is looked up in it.
    pub(crate) fn add(&mut self, name: SmolStr, values: Arc<ValueList>, table: Option<Arc<ListTable>>) {
        self.0.insert(name, Listed { values, table });
    }

    /// Feeds what the lists say: their names, values and tables.
    pub(crate) fn hash(&self, hasher: &mut blake3::Hasher) {
        let mut lists: Vec<_> = self.0.iter().collect();
        lists.sort_unstable_by_key(|(name, _)| *name);
        for (name, listed) in lists {
            hasher.update(name.as_bytes()).update(&[0]);
            for entry in listed.values.entries() {
                hasher.update(entry.text.as_bytes()).update(&[0]);
            }
            listed.table.iter().for_each(|table| table.hash(hasher));
        }
    }

    fn get(&self, name: &str) -> Outcome<&Listed> {
        let known = || self.0.keys().map(SmolStr::as_str);
        self.0.get(name).ok_or_else(|| refuse(unknown(name, "this script", "этого скрипта", known())))
    }
}

/// A place where a script asks a list.
#[derive(Clone, Debug)]
pub(crate) struct ListUse {
    /// The name of the list and where it stands.
    pub(crate) list: (SmolStr, Span),
    /// The column that is looked into and where its name stands.
    pub(crate) column: Option<(SmolStr, Span)>,
}

/// A call that cannot be followed, and what to say of it.
#[derive(Clone, Debug)]
pub(crate) struct ListMisuse {
    pub(crate) span: Span,
    pub(crate) text: Text,
}

impl Script {
    /// Where the script asks lists, in the order of the file. `source` is its text.
    pub(crate) fn list_uses(&self, source: &str) -> (Vec<ListUse>, Vec<ListMisuse>) {
        let own: BTreeSet<(&str, usize)> =
            self.functions().map(|(name, parameters, _)| (name, parameters)).collect();
        let (mut uses, mut misuses) = (Vec::new(), Vec::new());
        self.ast.walk(&mut |path| {
            let (call, position, behind_dot) = match path.last() {
                Some(ASTNode::Stmt(Stmt::FnCall(call, position)))
                | Some(ASTNode::Expr(Expr::FnCall(call, position))) => (call, *position, false),
                Some(ASTNode::Expr(Expr::MethodCall(call, position))) => (call, *position, true),
                _ => return true,
            };
            let given = call.args.len() + usize::from(behind_dot);
            let is_ours = [IN_LIST, LOOKUP].contains(&call.name.as_str());
            if is_ours && !own.contains(&(call.name.as_str(), given)) {
                match list_use(call, behind_dot, source) {
                    Some(found) => uses.push(found),
                    None => misuses.push(ListMisuse {
                        span: span_at(source, offset_of(source, position)),
                        text: how_to_write(call.name.as_str()),
                    }),
                }
            }
            true
        });
        uses.sort_by_key(|found| found.list.1.start);
        misuses.sort_by_key(|found| found.span.start);
        (uses, misuses)
    }
}

fn list_use(call: &FnCallExpr, behind_dot: bool, source: &str) -> Option<ListUse> {
    let written = |expr: &Expr| match expr {
        Expr::StringConstant(text, position) => {
            Some((SmolStr::new(text.as_str()), in_quotes(source, *position, text.as_str())))
        }
        _ => None,
    };
    if behind_dot {
        return None;
    }
    match (call.name.as_str(), call.args.as_slice()) {
        (IN_LIST, [list, _]) => Some(ListUse { list: written(list)?, column: None }),
        (LOOKUP, [list, _, column]) => Some(ListUse { list: written(list)?, column: Some(written(column)?) }),
        _ => None,
    }
}

/// The place of a text inside its quotes, where it stands there as it is.
fn in_quotes(source: &str, position: Position, text: &str) -> Span {
    let start = offset_of(source, position) + 1;
    if source.get(start..).is_some_and(|rest| rest.starts_with(text)) {
        return Span::of(start..start + text.len());
    }
    span_at(source, start - 1)
}

fn how_to_write(function: &str) -> Text {
    let example = if function == IN_LIST {
        r#"in_list("vip", event.phone)"#
    } else {
        r#"lookup("managers", event.phone, "email")"#
    };
    let names = if function == IN_LIST {
        ("the name of the list", "имя списка")
    } else {
        ("the names of list and column", "имена списка и столбца")
    };
    Text::new(
        format!("`{function}` needs {} in quotes: `{example}`", names.0),
        format!("`{function}` пишут, указав {} в кавычках: `{example}`", names.1),
    )
}

/// Adds both functions.
pub(super) fn add(module: &mut Module) {
    FuncRegistration::new(IN_LIST)
        .set_into_module(module, |context: NativeCallContext<'_>, list: &str, value: Dynamic| {
            in_list(&context, list, &value)
        });
    FuncRegistration::new(LOOKUP).set_into_module(
        module,
        |context: NativeCallContext<'_>, list: &str, key: Dynamic, column: &str| {
            lookup(&context, list, &key, column)
        },
    );
}

fn in_list(context: &NativeCallContext<'_>, list: &str, value: &Dynamic) -> Outcome<bool> {
    with_lists(context, |lists| {
        let listed = lists.get(list)?;
        let ty = if value.is::<Array>() { Type::list_of(Scalar::Any) } else { Type::of(Scalar::Any) };
        let value = from_dynamic(value, ty.optional()).ok_or_else(|| no_value(IN_LIST, value))?;
        Ok(listed.values.contains_written(&value))
    })
}

fn lookup(context: &NativeCallContext<'_>, list: &str, key: &Dynamic, column: &str) -> Outcome<Dynamic> {
    with_lists(context, |lists| {
        let listed = lists.get(list)?;
        let Some(table) = listed.table.as_ref().filter(|table| table.has(column)) else {
            return Err(refuse(how_to_write(LOOKUP)));
        };
        let key = from_dynamic(key, Type::of(Scalar::Any).optional()).ok_or_else(|| no_value(LOOKUP, key))?;
        let found = table.find(&key, column).filter(|cell| !crate::value::is_missing_text(cell));
        Ok(found.map_or(Dynamic::UNIT, |cell| ImmutableString::from(cell).into()))
    })
}

fn with_lists<T>(context: &NativeCallContext<'_>, ask: impl FnOnce(&Lists) -> Outcome<T>) -> Outcome<T> {
    let none = Lists::default();
    let around = context.tag().and_then(|tag| tag.read_lock::<Around>());
    ask(around.as_ref().map_or(&none, |around| &around.lists))
}

/// What has no place in a list: the event, a dictionary.
fn no_value(function: &str, given: &Dynamic) -> Box<EvalAltResult> {
    let found = super::views::kind(given);
    refuse(Text::new(
        format!("`{function}` looks for a text, a number or a moment, and this is {}", found.en),
        format!("`{function}` ищет текст, число или момент, а здесь {}", found.ru),
    ))
}
