//! The environment of a note: filters, tests, and how values are printed.

use minijinja::value::Rest;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value as Jinja, filters as builtin,
};
use switchboard_grammar::lang::Lang;

use super::values::{from_jinja, is_missing, to_jinja};
use crate::filters::{self, Filter, FilterSpec};
use crate::text::Text;
use crate::value::Value;

/// Work that a note may make: instructions, and 64 bytes of text each.
const FUEL: u64 = 50_000;
/// Macros and blocks inside one another.
const RECURSION: usize = 32;

/// An environment without a template, without functions and without a loader.
pub(super) fn environment(lang: Lang) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(RECURSION);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // Strict about names, lenient about values: what is missing prints nothing.
    environment.set_formatter(|out, state, value| {
        if value.is_none() { Ok(()) } else { minijinja::escape_formatter(out, state, value) }
    });
    for spec in &filters::ALL {
        environment.add_filter(spec.name, template_filter(spec, lang));
        environment.add_filter(spec.ru, template_filter(spec, lang));
    }
    environment.add_filter("trim", builtin::trim);
    environment.add_filter("replace", builtin::replace);
    environment.add_filter("length", builtin::length);
    environment.add_filter("first", builtin::first);
    environment.add_filter("last", builtin::last);
    environment.add_filter("sort", builtin::sort);
    environment.add_filter("unique", builtin::unique);
    for name in ["default", "иначе"] {
        environment.add_filter(name, or_else);
    }
    for name in ["missing", "пусто"] {
        environment.add_test(name, |value: Jinja| is_missing(&value));
    }
    for name in ["present", "указано"] {
        environment.add_test(name, |value: Jinja| !is_missing(&value));
    }
    environment
}

/// `x | default("y")`: unlike minijinja's own, for missing values and not for unknown names.
fn or_else(value: Jinja, other: Jinja) -> Jinja {
    if is_missing(&value) { other } else { value }
}

/// A filter of templates with its arguments checked at every use: there is no other place for it in a note.
fn template_filter(
    spec: &'static FilterSpec,
    lang: Lang,
) -> impl Fn(Jinja, Rest<Jinja>) -> Result<Jinja, Error> + Send + Sync + 'static {
    move |value, arguments| {
        let arguments: Vec<Value> = arguments.iter().map(argument).collect();
        let filter = Filter::new(spec, &arguments).map_err(|error| {
            Error::new(ErrorKind::InvalidOperation, lang.pick(error.to_string(), error.ru()))
        })?;
        Ok(to_jinja(&filter.apply(&from_jinja(&value), lang), lang))
    }
}

/// Arguments are taken as they are: a separator may be a blank.
fn argument(jinja: &Jinja) -> Value {
    match jinja.as_str() {
        Some(text) => Value::Text(Text::new(text)),
        None => from_jinja(jinja),
    }
}
