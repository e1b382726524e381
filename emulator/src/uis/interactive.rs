//! Interactive call processing: a scenario asks an address of the customer's and obeys the answer, if it is one.
//!
//! Known of the operation: GET or POST, the names of the parameters, and the keys of the answer with their documented
//! combinations. How a POST is encoded is not documented, so a test chooses. What the answer may hold is checked here to
//! the letter; with anything else the scenario goes on as if nobody had answered.

use http::Method;
use serde_json::{Map, Value, json};

use super::handle::Uis;
use super::state::UisState;
use crate::outbound::{Delivery, Outgoing, send};

/// Longest internal number.
const EXTENSION_DIGITS: usize = 5;
/// Keys of an answer.
const KEYS: &[&str] = &["phones", "message_name", "text", "operator_message", "returned_code"];

/// How the operation sends its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskBy {
    /// GET, in the query.
    Get,
    /// POST, as a form.
    Form,
    /// POST, as a JSON object of texts.
    Json,
}

/// A call that has reached the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The session.
    pub session: u64,
    /// Who calls, E.164 digits; `None` for a hidden number.
    pub caller: Option<String>,
    /// Which number was dialled, E.164 digits.
    pub dialled: String,
    /// How the parameters are sent.
    pub by: AskBy,
}

/// What the scenario does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It calls these numbers, in order.
    Calls(Vec<String>),
    /// It goes on by the branch with this code.
    Branch(u64),
    /// It goes on as if nobody had answered, for this reason.
    GoesOn(String),
}

/// What was asked, what came back, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The request and its answer.
    pub delivery: Delivery,
    /// What follows.
    pub next: Next,
}

impl Uis {
    /// A scenario asks `url` about a call, once.
    pub async fn ask(&self, asking: &Asking, url: &str) -> Asked {
        let mut parameters = vec![
            ("cdr_id", (asking.session + 7).to_string()),
            ("call_session_id", asking.session.to_string()),
            ("start_time", "1200".to_owned()),
            ("input_result", "None".to_owned()),
            ("numb", asking.dialled.clone()),
        ];
        parameters.push(("numa", asking.caller.clone().unwrap_or_else(|| "anonymous".to_owned())));
        let form = || form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters).finish();
        let (method, url, content_type, body) = match asking.by {
            AskBy::Get => (Method::GET, format!("{url}?{}", form()), None, String::new()),
            AskBy::Form => (Method::POST, url.to_owned(), Some("application/x-www-form-urlencoded"), form()),
            AskBy::Json => {
                let all: Map<String, Value> =
                    parameters.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
                (Method::POST, url.to_owned(), Some("application/json"), Value::Object(all).to_string())
            }
        };
        let outgoing = Outgoing {
            from: "uis",
            what: "interactive".to_owned(),
            method,
            url,
            content_type: content_type.map(str::to_owned),
            body,
        };
        let delivery = send(self.world(), outgoing, 0, std::time::Duration::ZERO).await;
        let next = match &delivery.status {
            Some(200) => obey(&delivery.answer, &self.world().uis()).unwrap_or_else(Next::GoesOn),
            Some(status) => Next::GoesOn(format!("status {status}")),
            None => Next::GoesOn("no answer".to_owned()),
        };
        Asked { delivery, next }
    }
}

/// What an answer makes the scenario do, or why it is none.
fn obey(answer: &str, state: &UisState) -> Result<Next, String> {
    let answer: Value = serde_json::from_str(answer).map_err(|_| "no JSON".to_owned())?;
    let answer = answer.as_object().ok_or("no object")?;
    if let Some(unknown) = answer.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("unknown key `{unknown}`"));
    }
    match (answer.get("phones"), answer.get("returned_code")) {
        (Some(_), Some(_)) => Err("`phones` beside `returned_code`".to_owned()),
        (None, None) => Err("neither `phones` nor `returned_code`".to_owned()),
        (None, Some(code)) if answer.len() == 1 => {
            code.as_u64().map(Next::Branch).ok_or_else(|| "`returned_code` is no whole number".to_owned())
        }
        (None, Some(_)) => Err("`returned_code` stands alone".to_owned()),
        (Some(phones), None) => {
            let phones = phones.as_array().ok_or("`phones` is no list")?;
            if phones.is_empty() {
                return Err("`phones` is empty".to_owned());
            }
            let phones: Result<Vec<String>, String> =
                phones.iter().map(|phone| called(phone, state)).collect();
            phones.map(Next::Calls)
        }
    }
}

/// A telephone number, or an internal one that the account has.
fn called(phone: &Value, state: &UisState) -> Result<String, String> {
    let phone = phone.as_str().ok_or("a phone is no text")?;
    if !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{phone}` is no number"));
    }
    let internal = phone.len() <= EXTENSION_DIGITS;
    let known = state.employees.iter().any(|employee| employee.extension.as_deref() == Some(phone))
        || state
            .rows("group_employees")
            .iter()
            .any(|group| group.get("group_phone_number") == Some(&json!(phone)));
    match (internal, known) {
        (true, false) => Err(format!("there is no internal number `{phone}`")),
        (true, true) => Ok(phone.to_owned()),
        (false, _) if (10..=15).contains(&phone.len()) => Ok(phone.to_owned()),
        (false, _) => Err(format!("`{phone}` is no telephone number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Seed;

    fn next(answer: &str) -> Result<Next, String> {
        obey(answer, &UisState::seeded(Seed::Romashka))
    }

    #[test]
    fn documented_answers_are_obeyed() {
        assert_eq!(next(r#"{"phones":["101"]}"#), Ok(Next::Calls(vec!["101".to_owned()])));
        assert_eq!(
            next(r#"{"phones":["79000000020","102"],"text":"Минуту"}"#),
            Ok(Next::Calls(vec!["79000000020".to_owned(), "102".to_owned()]))
        );
        assert_eq!(next(r#"{"returned_code":2}"#), Ok(Next::Branch(2)));
    }

    #[test]
    fn anything_else_is_not() {
        for (answer, why) in [
            ("", "no JSON"),
            ("[]", "no object"),
            ("{}", "neither `phones` nor `returned_code`"),
            (r#"{"phones":[]}"#, "`phones` is empty"),
            (r#"{"phones":"101"}"#, "`phones` is no list"),
            (r#"{"phones":[101]}"#, "a phone is no text"),
            (r#"{"phones":["+79000000020"]}"#, "`+79000000020` is no number"),
            (r#"{"phones":["999"]}"#, "there is no internal number `999`"),
            (r#"{"phones":["0160101"]}"#, "`0160101` is no telephone number"),
            (r#"{"returned_code":"2"}"#, "`returned_code` is no whole number"),
            (r#"{"returned_code":2,"text":"x"}"#, "`returned_code` stands alone"),
            (r#"{"phones":["101"],"returned_code":2}"#, "`phones` beside `returned_code`"),
            (r#"{"code":2}"#, "unknown key `code`"),
        ] {
            assert_eq!(next(answer), Err(why.to_owned()), "{answer}");
        }
    }
}
