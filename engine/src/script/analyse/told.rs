//! Findings of policies in words.

use rhai::{Dynamic, Expr, Position};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;

use super::Found;
use crate::catalog::{HookSpec, Method, Property, RecordSpec};
use crate::schema::{EnumType, EventKind};
use crate::script::convert::from_dynamic;
use crate::script::refusal::unknown;
use crate::script::views::{kind, unknown_event_name};
use crate::suggest::{near, sentence};
use crate::ty::{Scalar, Type};

pub(super) fn no_event_name(kinds: &[EventKind], path: &str, position: Position) -> Found {
    Found::new(&codes::UNKNOWN_SCRIPT_FIELD, position, unknown_event_name(kinds, path))
}

pub(super) fn no_record_name(spec: &'static RecordSpec, name: &str, position: Position) -> Found {
    let text = unknown(name, spec.title.en, "этой записи", spec.names());
    Found::new(&codes::UNKNOWN_SCRIPT_FIELD, position, text)
}

pub(super) fn no_fact(name: &str, position: Position) -> Found {
    let names = crate::catalog::FACTS.iter().map(|spec| spec.script_name()).chain(["now"]);
    Found::new(&codes::UNKNOWN_SCRIPT_FIELD, position, unknown(name, "facts", "facts", names))
}

pub(super) fn of_a_list(list: &str, name: &str, position: Position) -> Found {
    let text = Text::new(
        format!("`{list}` is a list: `{name}` is there in each of its entries, such as `{list}[0].{name}`"),
        format!("`{list}` — список: `{name}` есть у каждой его записи, например `{list}[0].{name}`"),
    );
    Found::new(&codes::UNKNOWN_SCRIPT_FIELD, position, text)
}

/// A property or method that a proposal does not have.
pub(super) fn no_proposal_name(spec: &'static HookSpec, name: &str, position: Position, call: bool) -> Found {
    let properties = spec.properties.iter().map(|property| property.name);
    let methods = spec.methods.iter().map(|method| method.name);
    let mut text = unknown(name, "this proposal", "этого предложения", []);
    if let Some(meant) = near(name, properties.chain(methods)) {
        let is_method = spec.method(meant.name).is_some();
        let shown = if is_method && !call { format!("{}()", meant.name) } else { meant.name.to_owned() };
        let meant = sentence(meant.likeness, &shown);
        text = Text::new(format!("{}; {}", text.en, meant.en), format!("{}; {}", text.ru, meant.ru));
    }
    Found::new(&codes::UNKNOWN_SCRIPT_FIELD, position, text)
}

pub(super) fn only_read(name: &str, position: Position) -> Found {
    Found::new(
        &codes::WRONG_SCRIPT_VALUE,
        position,
        Text::new(format!("`{name}` is only there to be read"), format!("`{name}` можно только читать")),
    )
}

/// A value that is written in the script and that a property does not take.
pub(super) fn wrong_value(property: &Property, given: &Expr) -> Option<Found> {
    wrong(property.name, property.ty, given)
}

/// The same for what a method takes.
pub(super) fn wrong_argument(method: &Method, at: usize, given: &Expr) -> Option<Found> {
    let (name, ty) = method.parameters.get(at)?;
    wrong(&format!("{}({name})", method.name), *ty, given)
}

fn wrong(name: &str, ty: Type, given: &Expr) -> Option<Found> {
    let value: Dynamic = given.get_literal_value(None)?;
    if from_dynamic(&value, ty).is_some() {
        return None;
    }
    let found = kind(&value);
    let text = Text::new(
        format!("`{name}` takes {}, and this is {}", ty.to_en(), found.en),
        format!("`{name}` принимает: {}; а здесь {}", ty.to_ru(), found.ru),
    );
    Some(Found::new(&codes::WRONG_SCRIPT_VALUE, given.start_position(), text))
}

pub(super) fn wrong_count(method: &Method, given: usize, position: Position) -> Found {
    let wanted = method.parameters.len();
    Found::new(
        &codes::WRONG_SCRIPT_VALUE,
        position,
        Text::new(
            format!("`{}` takes {wanted} values, and here are {given}", method.name),
            format!("`{}` принимает значений: {wanted}, а здесь {given}", method.name),
        ),
    )
}

/// A value that is written out and compared with something of another type.
pub(super) fn never_equal(ty: Type, written: &Expr) -> Option<Found> {
    let literal: Dynamic = written.get_literal_value(None)?;
    let is_text = literal.is_string() || literal.is_char();
    let is_number = literal.is_int() || literal.is_decimal();
    let (fits, en, ru) = match ty.scalar {
        _ if literal.is_unit() => return None,
        _ if ty.list => (literal.is_array(), "a list: ask `… in …`", "список: спросите `… in …`"),
        Scalar::Number => (is_number, "a number", "число"),
        Scalar::Duration => (is_number, "a number of seconds", "число секунд"),
        Scalar::YesNo => (literal.is_bool(), "true or false", "true или false"),
        Scalar::Moment => (false, "a moment", "момент"),
        Scalar::Date => (false, "a date", "дата"),
        Scalar::Time => (false, "a time", "время"),
        Scalar::Text | Scalar::Phone | Scalar::Enum(_) | Scalar::Reference(_) => (is_text, "a text", "текст"),
        Scalar::Any => return None,
    };
    if fits {
        return None;
    }
    let found = kind(&literal);
    let text = Text::new(
        format!("this is compared with {}, and the other side is {en}", found.en),
        format!("здесь {}, а с другой стороны {ru}", found.ru),
    );
    Some(Found::new(&codes::TYPE_MISMATCH, written.start_position(), text))
}

/// A text compared with an enum that has no such value: the answer would be the same for every event.
pub(super) fn no_value(of: &'static EnumType, written: &str, position: Position) -> Found {
    let mut text = Text::new(
        format!("`{written}` is no value of `{}`", of.name),
        format!("`{written}` — не значение для `{}`", of.ru),
    );
    let names = of.values().flat_map(|value| [value.en(), value.ru()]);
    if let Some(meant) = near(written, names) {
        let item = of.values().find(|value| value.en() == meant.name || value.ru() == meant.name);
        let shown = item.map_or(meant.name, |value| value.en());
        text.en.push_str(&format!("; did you mean `{shown}`?"));
        text.ru.push_str(&format!("; возможно, имелось в виду `{shown}`?"));
    }
    Found::new(&codes::UNKNOWN_VALUE, position, text)
}
