//! The checking of one entity against its schema.

use serde_json::{Map, Value};

use super::{Field, Kind, Schema};
use crate::retailcrm::answer::Errors;
use crate::retailcrm::state::{DATE_TIME, State, exact_date, exact_date_time};

const EXTRA: &str = "This form should not contain extra fields.";
const INVALID: &str = "This value is not valid.";
const BLANK: &str = "This value should not be blank.";
const NOT_CHOICE: &str = "The value you selected is not a valid choice.";
const NOT_DATE_TIME: &str = "This value is not a valid datetime.";
const NOT_DATE: &str = "This value is not a valid date.";
const NOT_EMAIL: &str = "This value is not a valid email address.";
const NOT_URL: &str = "This value is not a valid URL.";

/// What is being done with the entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::retailcrm) enum Checked {
    /// Required members must be there.
    Create,
    /// Only what is sent is looked at.
    Edit,
}

/// The rules that `entity` breaks.
pub(in crate::retailcrm) fn check(
    entity: &Map<String, Value>,
    schema: &Schema,
    state: &State,
    checked: Checked,
) -> Errors {
    let mut errors = Errors::default();
    object(entity, schema, state, checked, "", &mut errors);
    errors
}

fn object(
    value: &Map<String, Value>,
    schema: &Schema,
    state: &State,
    checked: Checked,
    path: &str,
    errors: &mut Errors,
) {
    for (name, member) in value {
        let at = join(path, name);
        match schema.fields.iter().find(|field| field.name == name) {
            None => errors.add(at, EXTRA),
            Some(_) if member.is_null() => {}
            Some(field) => kind(member, field, state, checked, &at, errors),
        }
    }
    if checked == Checked::Edit {
        return;
    }
    for field in schema.fields {
        let demanded =
            field.required || state.required.contains(&(schema.entity.to_owned(), field.name.to_owned()));
        if demanded && value.get(field.name).is_none_or(is_blank) {
            errors.add(join(path, field.name), BLANK);
        }
    }
    if !schema.entity.is_empty() {
        for custom in
            state.custom_fields.iter().filter(|custom| custom.entity == schema.entity && custom.required)
        {
            let given = value.get("customFields").and_then(|fields| fields.get(&custom.code));
            if given.is_none_or(is_blank) {
                errors.add(join(path, &format!("customFields.{}", custom.code)), BLANK);
            }
        }
    }
}

fn kind(value: &Value, field: &Field, state: &State, checked: Checked, at: &str, errors: &mut Errors) {
    let wrong = match (field.kind, value) {
        (Kind::Any | Kind::Ignored, _) => None,
        (Kind::Text(longest), Value::String(text)) => {
            let too_long = text.chars().count() > longest;
            if too_long {
                errors
                    .add(at, format!("This value is too long. It should have {longest} characters or less."));
            }
            None
        }
        (Kind::Int, value) => (!value.is_u64()).then_some(INVALID),
        (Kind::Number, value) => (!value.is_number()).then_some(INVALID),
        (Kind::Bool, value) => (!value.is_boolean()).then_some(INVALID),
        (Kind::DateTime, Value::String(text)) => {
            exact_date_time(text, DATE_TIME).is_none().then_some(NOT_DATE_TIME)
        }
        (Kind::Minute, Value::String(text)) => {
            exact_date_time(text, "%Y-%m-%d %H:%M").is_none().then_some(NOT_DATE_TIME)
        }
        (Kind::Date, Value::String(text)) => exact_date(text).is_none().then_some(NOT_DATE),
        (Kind::Email, Value::String(text)) => (!is_email(text)).then_some(NOT_EMAIL),
        (Kind::Url, Value::String(text)) => (!is_url(text)).then_some(NOT_URL),
        (Kind::OneOf(choices), Value::String(text)) => {
            (!choices.contains(&text.as_str())).then_some(NOT_CHOICE)
        }
        (Kind::Site, Value::String(text)) => state.site(text).is_none().then_some(NOT_CHOICE),
        (Kind::Code(reference), Value::String(text)) => {
            let known = state.rows(reference).iter().any(|row| row.code == *text && row.active);
            (!known).then_some(NOT_CHOICE)
        }
        (Kind::User { active }, value) => {
            let user = value.as_u64().and_then(|id| state.user(id));
            let known = user.is_some_and(|user| user.active || !active);
            (!known).then_some(if value.is_u64() { NOT_CHOICE } else { INVALID })
        }
        (Kind::Texts, Value::Array(list)) => list.iter().any(|item| !item.is_string()).then_some(INVALID),
        (Kind::Ints, Value::Array(list)) => list.iter().any(|item| !item.is_u64()).then_some(INVALID),
        (Kind::Object(schema), Value::Object(inner)) => {
            object(inner, schema, state, checked, at, errors);
            None
        }
        (Kind::Objects(schema), Value::Array(list)) => {
            for (n, item) in list.iter().enumerate() {
                let at = format!("{at}[{n}]");
                match item {
                    Value::Object(inner) => object(inner, schema, state, checked, &at, errors),
                    _ => errors.add(at, INVALID),
                }
            }
            None
        }
        (Kind::Custom(entity), Value::Object(fields)) => {
            for (code, value) in fields {
                custom(entity, code, value, state, &join(at, code), errors);
            }
            None
        }
        // An empty list is how the vendor itself writes an empty map, so it comes back from careless callers.
        (Kind::Custom(_), Value::Array(list)) => (!list.is_empty()).then_some(INVALID),
        (Kind::Customer, Value::Object(link)) => {
            reference(link, &["id", "externalId"], state, at, errors);
            None
        }
        (Kind::Order, Value::Object(link)) => {
            reference(link, &["id", "externalId", "number"], state, at, errors);
            None
        }
        _ => Some(INVALID),
    };
    if let Some(text) = wrong {
        errors.add(at, text);
    }
}

/// A link to another record: one of `keys`, each of its type, nothing unknown beside it.
fn reference(link: &Map<String, Value>, keys: &[&str], state: &State, at: &str, errors: &mut Errors) {
    const BESIDE: &[&str] = &["site", "type", "browserId"];
    for (name, value) in link {
        let fits = match name.as_str() {
            "id" if keys.contains(&"id") => value.is_u64() || value.is_null(),
            "site" => value.as_str().is_none_or(|code| state.site(code).is_some()),
            name if keys.contains(&name) || BESIDE.contains(&name) => value.is_string() || value.is_null(),
            _ => {
                errors.add(join(at, name), EXTRA);
                continue;
            }
        };
        if !fits {
            errors.add(join(at, name), INVALID);
        }
    }
    if keys.iter().all(|key| link.get(*key).is_none_or(is_blank)) {
        errors.add(at, format!("Set one of the following fields: {}", keys.join(", ")));
    }
}

fn custom(entity: &str, code: &str, value: &Value, state: &State, at: &str, errors: &mut Errors) {
    let Some(field) = state.custom_field(entity, code) else {
        errors.add(at, EXTRA);
        return;
    };
    if value.is_null() {
        return;
    }
    let element = |value: &Value| {
        let dictionary =
            state.dictionaries.iter().find(|known| Some(&known.code) == field.dictionary.as_ref());
        let code = value.as_str();
        code.is_some()
            && dictionary
                .is_some_and(|known| known.elements.iter().any(|one| Some(one.code.as_str()) == code))
    };
    let text = value.as_str();
    let fits = match field.kind.as_str() {
        "string" => text.is_some_and(|text| text.chars().count() <= 255),
        "text" => text.is_some(),
        "email" => text.is_some_and(|text| text.is_empty() || is_email(text)),
        "integer" => value.is_i64() || value.is_u64(),
        "numeric" => value.is_number(),
        "boolean" => value.is_boolean(),
        "date" => text.is_some_and(|text| exact_date(text).is_some()),
        "datetime" => text.is_some_and(|text| exact_date_time(text, DATE_TIME).is_some()),
        "dictionary" => element(value),
        "multiselect_dictionary" => value.as_array().is_some_and(|list| list.iter().all(element)),
        _ => false,
    };
    if !fits {
        errors.add(at, INVALID);
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !text.contains(char::is_whitespace)
    })
}

fn is_url(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    })
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
