//! Examples in words: `contact = first, site = "romashka.ru", campaign missing`.

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::witness::Witness;
use crate::catalog::schema;
use crate::schema::{EventKind, FieldKey};
use crate::value::Value;

/// Elements of a list, and fields of an example, that are shown.
const SHOWN: usize = 12;

impl Witness {
    /// The fields that matter, for a sentence.
    pub(crate) fn words(&self, lang: Lang) -> String {
        let kind = self.event.kind();
        let mut parts: Vec<String> =
            self.told.iter().take(SHOWN).map(|(key, value)| field_is(kind, key, value, lang)).collect();
        if self.told.len() > SHOWN {
            parts.push("…".to_owned());
        }
        if parts.is_empty() {
            return lang.pick("any event", "любое событие").to_owned();
        }
        parts.join(", ")
    }

    /// The fields that it has; None when it has none that matter.
    pub(crate) fn known(&self, lang: Lang) -> Option<String> {
        let kind = self.event.kind();
        let known = self.told.iter().filter(|(_, value)| !value.is_missing());
        let parts: Vec<String> =
            known.take(SHOWN).map(|(key, value)| field_is(kind, key, value, lang)).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The note under a finding.
    pub(crate) fn note(&self) -> Text {
        Text::new(
            format!("for example: {}", self.words(Lang::En)),
            format!("например: {}", self.words(Lang::Ru)),
        )
    }
}

/// The name of a field.
pub(crate) fn field_name(kind: EventKind, key: &FieldKey, lang: Lang) -> String {
    let name = |kind| {
        schema().field(kind, key.id).map(|field| match lang {
            Lang::En => field.name_with(key.key.as_deref()),
            Lang::Ru => field.ru_with(key.key.as_deref()),
        })
    };
    name(kind).or_else(|| EventKind::ALL.into_iter().find_map(name)).unwrap_or_default()
}

/// `site = "romashka.ru"`.
pub(crate) fn field_is(kind: EventKind, key: &FieldKey, value: &Value, lang: Lang) -> String {
    let name = field_name(kind, key, lang);
    match value {
        Value::Missing => format!("{name} {}", lang.pick("missing", "пусто")),
        value => format!("{name} = {}", shown(value, lang)),
    }
}

/// A value as rules write it, or nearly.
pub(crate) fn shown(value: &Value, lang: Lang) -> String {
    match value {
        Value::Missing => lang.pick("missing", "пусто").to_owned(),
        Value::Text(text) => format!("\"{}\"", text.as_str().trim()),
        Value::List(values) => {
            let mut parts: Vec<String> = values.iter().take(SHOWN).map(|value| shown(value, lang)).collect();
            if values.len() > SHOWN {
                parts.push("…".to_owned());
            }
            format!("({})", parts.join(", "))
        }
        other => other.render(lang),
    }
}
