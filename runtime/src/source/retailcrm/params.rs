//! Names and texts of a call on the module.
//!
//! RetailCRM is known to use GET with a query for some callbacks and POST with a form for others, and which is which may
//! change (reference, section 4.3, mark [I]): everything is taken everywhere. Of a name that comes twice the first text
//! counts; the query goes before the body.

use std::collections::BTreeMap;

use serde_json::Value;

/// Most names that are kept.
const MAX_NAMES: usize = 64;

/// What was said.
#[derive(Clone, Default)]
pub struct Params {
    values: BTreeMap<String, String>,
}

impl Params {
    /// Reads a query and a body. What cannot be read is not there; that is no error.
    pub fn read(query: Option<&str>, content_type: &str, body: &[u8]) -> Self {
        let mut params = Self::default();
        params.add_form(query.unwrap_or_default().as_bytes());
        let json = content_type.to_ascii_lowercase().contains("json") || looks_like_json(body);
        match serde_json::from_slice::<Value>(body) {
            Ok(Value::Object(object)) if json => {
                for (name, value) in object {
                    params.add(name, text(value));
                }
            }
            _ => params.add_form(body),
        }
        params
    }

    /// The text of a name; blank ones are absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    fn add_form(&mut self, bytes: &[u8]) {
        for (name, value) in form_urlencoded::parse(bytes) {
            self.add(name.into_owned(), value.into_owned());
        }
    }

    fn add(&mut self, name: String, value: String) {
        if !value.trim().is_empty() && self.values.len() < MAX_NAMES {
            self.values.entry(name).or_insert_with(|| value.trim().to_owned());
        }
    }
}

/// Shows the names and no text: one of them is the secret.
impl std::fmt::Debug for Params {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.values.keys()).finish()
    }
}

fn looks_like_json(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// A value as a text; an object as its JSON, which is how a form carries one.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: Option<&str>, content_type: &str, body: &str) {
        let params = Params::read(query, content_type, body.as_bytes());
        let said = ["clientId", "userId", "phone", "code"].map(|name| params.get(name));
        assert_eq!(said, [Some("6c0f"), Some("27"), Some("+79990001122"), None], "{content_type} {body}");
    }

    #[test]
    fn a_call_says_the_same_in_every_wrapping() {
        let form = "clientId=6c0f&userId=27&code=&phone=%2B79990001122";
        check(Some(form), "", "");
        check(None, "application/x-www-form-urlencoded", form);
        check(None, "", form);
        let json = r#"{"clientId": "6c0f", "userId": 27, "code": null, "phone": "+79990001122"}"#;
        check(None, "application/json; charset=utf-8", json);
        check(None, "application/x-www-form-urlencoded", json);
        check(Some("clientId=6c0f"), "application/x-www-form-urlencoded", form);
        check(Some(form), "", "clientId=other&userId=99");
    }

    #[test]
    fn what_cannot_be_read_is_not_there() {
        for body in ["", "[1,2]", "{\"clientId\":", "%%%"] {
            assert_eq!(
                Params::read(None, "application/json", body.as_bytes()).get("clientId"),
                None,
                "{body}"
            );
        }
        let many: String = (0..1000).map(|number| format!("n{number}=1&")).collect();
        assert_eq!(Params::read(Some(&many), "", b"").values.len(), MAX_NAMES);
        assert!(!format!("{:?}", Params::read(Some("clientId=6c0f"), "", b"")).contains("6c0f"));
    }
}
