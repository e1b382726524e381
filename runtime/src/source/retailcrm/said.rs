//! What single callbacks say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::params::Params;

/// Longest text of a click that is kept, in characters.
const MAX_CHARS: usize = 64;

/// A user clicked on a phone (reference, section 4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClickAsked {
    /// The user of the CRM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<u64>,
    /// His extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whom to call, as it stands in the card.
    pub phone: String,
    /// The outside number of the shop that the card belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_phone: Option<String>,
}

/// Whether the module works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Whether it is switched on.
    pub active: bool,
    /// Whether it is suspended.
    pub freeze: bool,
}

impl ClickAsked {
    /// Reads a click. Everything may be missing: what came is kept, and why it is no call is said later.
    pub fn read(params: &Params) -> Self {
        let text = |name: &str| params.get(name).map(|text| text.chars().take(MAX_CHARS).collect::<String>());
        Self {
            user: params.get("userId").and_then(|user| user.parse().ok()),
            code: text("code"),
            phone: text("phone").unwrap_or_default(),
            external_phone: text("externalPhone"),
        }
    }

    /// What makes two clicks the same: who wants to talk to whom.
    pub fn identity(&self) -> String {
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        // A leading 8 and a leading 7 are two spellings of one number.
        let tail = digits.get(digits.len().saturating_sub(10)..).unwrap_or(&digits);
        match (self.user, &self.code) {
            (Some(user), _) => format!("u{user} {tail}"),
            (None, Some(code)) => format!("c{code} {tail}"),
            (None, None) => format!("? {tail}"),
        }
    }
}

impl Activity {
    /// Reads `activity`, JSON inside a parameter, or the two flags as parameters of their own. `None` when neither says
    /// whether the module is switched on.
    pub fn read(params: &Params) -> Option<Self> {
        let inside: Value =
            params.get("activity").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let said = |name: &str| {
            inside.get(name).and_then(flag).or_else(|| flag(&Value::String(params.get(name)?.to_owned())))
        };
        Some(Self { active: said("active")?, freeze: said("freeze").unwrap_or(false) })
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => number.as_u64().map(|number| number != 0),
        Value::String(text) => match text.as_str() {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        Params::read(Some(query), "", b"")
    }

    #[test]
    fn clicks_on_one_number_are_one_however_it_is_written() {
        let one = |query: &str| ClickAsked::read(&params(query)).identity();
        let same = one("userId=27&phone=%2B7+(999)+000-11-22");
        assert_eq!(one("userId=27&code=101&phone=89990001122"), same);
        for other in
            ["userId=28&phone=89990001122", "userId=27&phone=89990001123", "code=27&phone=89990001122"]
        {
            assert_ne!(one(other), same, "{other}");
        }
    }

    #[test]
    fn activity_is_read_from_json_and_from_flags() {
        let read = |query: &str| Activity::read(&params(query)).map(|said| (said.active, said.freeze));
        assert_eq!(read("activity=%7B%22active%22%3Atrue%2C%22freeze%22%3Afalse%7D"), Some((true, false)));
        assert_eq!(read("activity={\"active\":0}"), Some((false, false)));
        assert_eq!(read("active=1&freeze=true"), Some((true, true)));
        for nothing in ["", "activity=true", "activity=%7B%7D", "active=maybe"] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
