//! Values of the language inside a note.
//!
//! Texts, whole numbers, yes/no and lists become what minijinja has; enums their name in the language of the
//! rules; everything else keeps its type and prints as people read it, so that filters still know a moment.

use std::fmt;
use std::sync::Arc;

use minijinja::Value as Jinja;
use minijinja::value::{Object, ObjectRepr};
use switchboard_grammar::lang::Lang;

use crate::value::{Value, is_smuggled};

/// A value that keeps its type inside a note.
pub(super) struct Held {
    pub(super) value: Value,
    lang: Lang,
}

/// A value for a note.
pub(super) fn to_jinja(value: &Value, lang: Lang) -> Jinja {
    match value {
        Value::Missing => Jinja::from(()),
        Value::Text(text) => Jinja::from(clean(text.as_str())),
        Value::Bool(answer) => Jinja::from(*answer),
        Value::Enum(value) => Jinja::from(lang.pick(value.en(), value.ru())),
        Value::List(values) => values.iter().map(|value| to_jinja(value, lang)).collect(),
        Value::Number(number) => match i64::try_from(*number) {
            Ok(whole) if number.is_integer() => Jinja::from(whole),
            _ => held(value, lang),
        },
        other => held(other, lang),
    }
}

/// A value of a note as a value of the language, for its filters.
pub(super) fn from_jinja(jinja: &Jinja) -> Value {
    if let Some(held) = jinja.downcast_object_ref::<Held>() {
        return held.value.clone();
    }
    if let Some(text) = jinja.as_str() {
        return Value::text(text);
    }
    if let Ok(answer) = bool::try_from(jinja.clone()) {
        return Value::Bool(answer);
    }
    if let Ok(whole) = i64::try_from(jinja.clone()) {
        return Value::Number(whole.into());
    }
    match jinja.try_iter() {
        Ok(items) if jinja.kind() == minijinja::value::ValueKind::Seq => {
            Value::list(items.map(|item| from_jinja(&item)))
        }
        _ => Value::Missing,
    }
}

/// Whether a value says nothing.
pub(super) fn is_missing(jinja: &Jinja) -> bool {
    jinja.is_undefined() || jinja.is_none() || jinja.as_str().is_some_and(crate::value::is_missing_text)
}

fn held(value: &Value, lang: Lang) -> Jinja {
    Jinja::from_object(Held { value: value.clone(), lang })
}

/// What a visitor could smuggle in is taken out; line breaks stay, for a note has lines.
fn clean(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || *c == '\t' || !is_smuggled(*c)).collect()
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value, f)
    }
}

impl Object for Held {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn custom_cmp(self: &Arc<Self>, other: &minijinja::value::DynObject) -> Option<std::cmp::Ordering> {
        let other = other.downcast_ref::<Held>()?;
        if self.value.same(&other.value) {
            Some(std::cmp::Ordering::Equal)
        } else {
            self.value.order(&other.value)
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value.render(self.lang))
    }
}
