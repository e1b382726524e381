//! What is personal in one event, and hidden wherever rules have put it.
//!
//! [`mask_text`] knows numbers and addresses by their form; names and what somebody wrote have none. So their words are
//! taken from the event and the facts, and looked for in what rules made of them: titles, notes, fields. Of a name every
//! word counts; of a longer text two of its words in a row, so that ordinary words of a title stay. A word that a script
//! has changed is not recognised.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;

use super::mask::mask_text;

/// Letters of the shortest word of a name that is hidden.
const WORD: usize = 2;
/// The most words that are looked for; what a client wrote beyond is not.
const MAX_WORDS: usize = 5_000;

/// The words of one event that say something about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Personal {
    /// Every word that is hidden by itself.
    words: BTreeSet<String>,
    /// Those of them that are of names.
    names: BTreeSet<String>,
    pairs: BTreeSet<(String, String)>,
}

impl Personal {
    /// Where names stand in events and facts.
    pub const NAMES: [&str; 6] = [
        "/name",
        "/client/name",
        "/order/client/name",
        "/crm/client/name",
        "/crm/client/first_name",
        "/crm/client/last_name",
    ];
    /// Where longer texts stand; the messages of a chat are a list of them.
    pub const TEXTS: [&str; 2] = ["/text", "/uis/chat_messages"];
    /// Where custom fields of clients stand, which may hold anything.
    pub const CUSTOM: [&str; 4] =
        ["/client/custom", "/order/client/custom", "/crm/client/custom", "/crm/custom_fields"];

    /// Takes them out of an event and its facts.
    pub fn of(event: &Event, facts: &Facts) -> Personal {
        let mut personal = Personal::default();
        for json in [event.to_json(), facts.to_json()] {
            let at = |path: &'static str| json.pointer(path);
            Personal::NAMES.iter().filter_map(|path| at(path)).for_each(|name| personal.name(name));
            Personal::TEXTS.iter().filter_map(|path| at(path)).for_each(|text| personal.text(text));
            Personal::CUSTOM.iter().filter_map(|path| at(path)).for_each(|custom| personal.text(custom));
        }
        personal
    }

    /// Hides them in a text, and whatever [`mask_text`] hides.
    pub fn mask(&self, text: &str) -> String {
        if self.words.is_empty() && self.pairs.is_empty() {
            return mask_text(text);
        }
        let parts: Vec<&str> = parts(text).collect();
        let words: Vec<(usize, String)> = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.starts_with(char::is_alphanumeric))
            .map(|(at, part)| (at, part.to_lowercase()))
            .collect();
        let mut hidden = BTreeSet::new();
        hidden.extend(words.iter().filter(|(_, word)| self.words.contains(word)).map(|(at, _)| *at));
        for ((at, one), (next, other)) in words.iter().zip(words.iter().skip(1)) {
            if self.pairs.contains(&(one.clone(), other.clone())) {
                hidden.extend([*at, *next]);
            }
        }
        let shown = parts.iter().enumerate().map(|(at, part)| match hidden.contains(&at) {
            true => format!("{}***", part.chars().take(1).collect::<String>()),
            false => (*part).to_owned(),
        });
        mask_text(&shown.collect::<String>())
    }

    /// Hides the words of names in a text, and whatever [`mask_text`] hides; a text of somebody's stays readable.
    pub fn mask_names(&self, text: &str) -> String {
        let names = Personal { words: self.names.clone(), ..Personal::default() };
        names.mask(text)
    }

    fn name(&mut self, json: &Json) {
        let Some(name) = json.as_str() else { return };
        self.names.extend(words(name).filter(|word| word.chars().count() >= WORD));
        self.words.extend(self.names.iter().cloned());
    }

    /// A text, or all texts of a list or an object.
    fn text(&mut self, json: &Json) {
        match json {
            Json::String(text) => {
                let words: Vec<String> = words(text).take(MAX_WORDS).collect();
                match words.as_slice() {
                    [only] if only.chars().count() >= WORD => self.words.extend([only.clone()]),
                    _ => self.pairs.extend(words.iter().cloned().zip(words.iter().skip(1).cloned())),
                }
            }
            // What an employee or a program said is not the client's, and holds his words all the same.
            Json::Object(object) => match object.get("text") {
                Some(text) => self.text(text),
                None => object.values().for_each(|value| self.text(value)),
            },
            Json::Array(values) => values.iter().for_each(|value| self.text(value)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

/// The words of a text in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    parts(text).filter(|part| part.starts_with(char::is_alphanumeric)).map(str::to_lowercase)
}

/// A text cut where words begin and end; nothing is lost.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|letter: char| letter.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (part, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn personal(event: Json, facts: Json) -> Personal {
        Personal::of(&Event::from_json(&event).unwrap(), &Facts::from_json(&facts).unwrap())
    }

    #[test]
    fn names_are_hidden_in_whatever_rules_make_of_them() {
        let call =
            json!({"kind": "call", "direction": "incoming", "name": "Анна Петрова", "phone": "+79000000010"});
        let facts = json!({"client": {"name": "Петрова А. В."}, "crm": {"client": {"first_name": "Анна"}}});
        let personal = personal(call, facts);
        let mask = |text: &str| personal.mask(text);
        assert_eq!(mask("Перезвонить: Анна ПЕТРОВА, +79000000010"), "Перезвонить: А*** П***, +7900***0010");
        // Words that only begin like the name, and single letters, stay.
        assert_eq!(mask("Анналы. А теперь в Москву"), "Анналы. А теперь в Москву");
        assert_eq!(mask(""), "");
    }

    #[test]
    fn of_what_somebody_wrote_two_words_in_a_row_are_hidden() {
        let request = json!({"kind": "request", "text": "Перезвонить мне, живу на улице Тихой!"});
        let personal = personal(request, json!({}));
        assert_eq!(personal.mask("Перезвонить по заявке"), "Перезвонить по заявке");
        assert_eq!(personal.mask("Заявка: перезвонить мне, живу на ул…"), "Заявка: п*** м***, ж*** н*** ул…");
    }

    #[test]
    fn messages_and_custom_fields_are_texts_too() {
        let chat = json!({"kind": "chat", "channel": "site"});
        let facts = json!({
            "crm": {"custom_fields": {"address": "Тихая 5", "level": "gold"}},
            "uis": {"chat_messages": [{"from": "visitor", "name": "Олег", "text": "зовут меня Олег"}]},
        });
        let personal = personal(chat, facts);
        assert_eq!(
            personal.mask("Чат: зовут меня Олег (Gold), Тихая 5"),
            "Чат: з*** м*** О*** (G***), Т*** 5***"
        );
    }
}
