//! An event of somebody as an event of nobody: numbers, addresses and names made up, the same ones for the same people.
//!
//! What rules may look at stays as far as it can: of a number its country and the three digits after it, of what somebody
//! wrote everything but numbers, addresses and names. Whether rules still decide the same about it is for the caller to
//! see.

use std::collections::HashMap;

use serde_json::Value;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::observe::{Personal, mask_text};

/// Where numbers and addresses stand; of a list each entry.
const PHONES: [&str; 3] = ["/phone", "/order/client/phone", "/crm/client/phones"];
const EMAILS: [&str; 3] = ["/email", "/order/client/email", "/crm/client/email"];
/// Where recordings are: in a link numbers and addresses are hidden, as in custom fields.
const LINKS: [&str; 1] = ["/record_url"];

/// Digits of a number that stay: of a Russian one its country and its code.
const KEPT_DIGITS: usize = 4;

/// People who were made up.
#[derive(Debug, Default)]
pub(crate) struct MadeUp {
    numbers: HashMap<String, usize>,
}

impl MadeUp {
    /// Makes an event and its facts those of nobody; None when they cannot be read any more then.
    pub(crate) fn of(&mut self, event: &Event, facts: &Facts, lang: Lang) -> Option<(Event, Facts)> {
        let personal = Personal::of(event, facts);
        let (mut event, mut facts) = (event.to_json(), facts.to_json());
        for json in [&mut event, &mut facts] {
            each_at(json, &PHONES, &mut |phone| self.phone(phone));
            each_at(json, &EMAILS, &mut |email| self.email(email));
            each_at(json, &Personal::NAMES, &mut |name| self.name(name, lang));
            // Names and no texts: a text is not to hide itself.
            each_at(json, &Personal::TEXTS, &mut |text| personal.mask_names(text));
            each_at(json, &Personal::CUSTOM, &mut |text| mask_text(text));
            each_at(json, &LINKS, &mut |text| mask_text(text));
        }
        Some((Event::from_json(&event).ok()?, Facts::from_json(&facts).ok()?))
    }

    fn phone(&mut self, phone: &str) -> String {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        let left = digits.len().saturating_sub(KEPT_DIGITS);
        let kept: String = digits.chars().take(KEPT_DIGITS).collect();
        format!("+{kept}{:0left$}", self.number(&digits))
    }

    fn email(&mut self, email: &str) -> String {
        format!("client{}@example.com", self.number(email))
    }

    fn name(&mut self, name: &str, lang: Lang) -> String {
        format!("{} {}", lang.pick("Client", "Клиент"), self.number(name))
    }

    /// The same number for the same text.
    fn number(&mut self, of: &str) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(of.to_owned()).or_insert(next)
    }
}

/// Changes the texts that stand in these places.
fn each_at(json: &mut Value, paths: &[&str], change: &mut dyn FnMut(&str) -> String) {
    for path in paths {
        if let Some(value) = json.pointer_mut(path) {
            each_text(value, change);
        }
    }
}

/// Changes a text, each of a list, or each value of an object.
fn each_text(value: &mut Value, change: &mut dyn FnMut(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(values) => values.iter_mut().for_each(|value| each_text(value, change)),
        Value::Object(object) => {
            let keys = object.iter_mut().filter(|(key, _)| !matches!(key.as_str(), "from" | "at"));
            keys.for_each(|(_, value)| each_text(value, change));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn somebody_becomes_nobody_and_stays_the_same_nobody() {
        let event = json!({
            "kind": "request", "phone": "+78121234567", "email": "anna@example.org", "name": "Анна Петрова",
            "text": "Анна, доставка на 15:00, звоните +78121234567",
        });
        let facts = json!({"client": {"name": "Анна Петрова", "manager": "olga@romashka.ru"},
            "crm": {"client": {"phones": ["+78121234567", "+79161234567"]}}});
        let (event, facts) = (Event::from_json(&event).unwrap(), Facts::from_json(&facts).unwrap());
        let (event, facts) = MadeUp::default().of(&event, &facts, Lang::Ru).unwrap();
        let (event, facts) = (event.to_json(), facts.to_json());
        assert_eq!(event["phone"], "+78120000001");
        assert_eq!(event["email"], "client2@example.com");
        assert_eq!(event["name"], "Клиент 3");
        assert_eq!(event["text"], "А***, доставка на 15:00, звоните +7812***4567");
        assert_eq!(facts["client"], json!({"name": "Клиент 3", "manager": "olga@romashka.ru"}));
        assert_eq!(facts["crm"]["client"]["phones"], json!(["+78120000001", "+79160000004"]));
    }
}
