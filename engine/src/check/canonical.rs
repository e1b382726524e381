//! The text of a condition, whatever the language and layout of its file.
//!
//! Part of the name of a task, which tells in the world outside whether a task was set already. So it must not change when
//! a file is translated or laid out anew: keywords, units and known names are written in English, in one form each; what
//! the author made up, and everything in quotes, stays as it is.

use std::collections::BTreeMap;

use switchboard_grammar::ast::{
    Condition, ConditionKind, Name, Path, Test, Value, ValueKind, Visitor, walk_value,
};

use crate::catalog;
use crate::filters;
use crate::schema::{EnumType, EventKind};
use crate::ty::Scalar;

/// A condition in its one form.
pub(super) fn condition(condition: &Condition) -> String {
    let mut names = Names::default();
    names.condition(condition);
    switchboard_grammar::canonical(condition, &mut |path| names.english.get(&path.span.start).cloned())
}

/// What names are called in English, by their first byte.
#[derive(Default)]
struct Names {
    english: BTreeMap<u32, String>,
}

/// Looks names of a value up; `beside` is the set of the value that it is compared with.
struct Look<'n> {
    names: &'n mut Names,
    beside: Option<&'static EnumType>,
}

impl Names {
    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::Or { terms, .. } | ConditionKind::And { terms, .. } => {
                terms.iter().for_each(|term| self.condition(term));
            }
            ConditionKind::Not { inner, .. } => self.condition(inner),
            ConditionKind::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test) {
        Look { names: self, beside: None }.value(&test.subject);
        let beside = set_of(&test.subject);
        for item in test.operand.items() {
            Look { names: self, beside }.value(&item.value);
        }
    }
}

impl Visitor for Look<'_> {
    fn value(&mut self, value: &Value) {
        walk_value(self, value);
    }

    fn path(&mut self, path: &Path) {
        let name = path.dotted();
        let item = self.beside.and_then(|set| set.find(&name)).map(|(value, _)| value.en().to_owned());
        if let Some(english) = item.or_else(|| known(&name)) {
            self.names.english.insert(path.span.start, english);
        }
    }

    fn name(&mut self, name: &Name) {
        if let Some((filter, _)) = filters::find(&name.text) {
            self.names.english.insert(name.span.start, filter.name.to_owned());
        }
    }
}

/// A field, a setting or a table that the language knows.
fn known(name: &str) -> Option<String> {
    let schema = catalog::schema();
    let field = || EventKind::ALL.into_iter().find_map(|kind| schema.find_field(kind, name));
    let setting = || EventKind::ALL.into_iter().find_map(|kind| schema.find_setting(kind, name));
    field()
        .map(|found| found.field.name_with(found.key))
        .or_else(|| setting().map(|found| found.setting.spec.name.to_owned()))
        .or_else(|| catalog::result_table(name).map(|table| table.name.to_owned()))
}

/// The set of values that a field or setting has.
fn set_of(subject: &Value) -> Option<&'static EnumType> {
    let ValueKind::Path(path) = &subject.kind else { return None };
    let (schema, name) = (catalog::schema(), path.dotted());
    let fields =
        EventKind::ALL.into_iter().filter_map(|kind| Some(schema.find_field(kind, &name)?.field.ty()));
    let settings =
        EventKind::ALL.into_iter().filter_map(|kind| Some(schema.find_setting(kind, &name)?.setting.spec.ty));
    fields.chain(settings).find_map(|ty| match ty.scalar {
        Scalar::Enum(set) => Some(set),
        _ => None,
    })
}
