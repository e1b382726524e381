//! What the page of the operator workplace says when it asks for a ticket.
//!
//! RetailCRM passes a call of the page on as a form: `clientId`, and `payload` with JSON (reference, section 14.1). What
//! stands in it comes from the browser: who says to be whom is no proof.

use serde_json::Value;
use switchboard_grammar::lang::Lang;

use super::params::Params;

/// The longest e-mail of the mail standards, in characters.
const MAX_EMAIL: usize = 254;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorAsked {
    /// The user of the CRM.
    pub user: u64,
    /// His e-mail there.
    pub email: String,
    /// The language of the CRM's pages, when it is one of ours.
    pub lang: Option<Lang>,
}

/// Why it cannot be told who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`payload` is not a JSON object with `userId` and `email`")]
pub struct Unreadable;

impl OperatorAsked {
    /// Reads the payload.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when it is missing, no JSON object, or lacks the user or the e-mail.
    pub fn read(params: &Params) -> Result<Self, Unreadable> {
        let payload: Value =
            serde_json::from_str(params.get("payload").ok_or(Unreadable)?).map_err(|_| Unreadable)?;
        let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::trim);
        let user = match payload.get("userId") {
            Some(Value::Number(number)) => number.as_u64(),
            // Identifiers come as texts, too.
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        let email = text("email").filter(|email| !email.is_empty() && email.chars().count() <= MAX_EMAIL);
        // `ru-RU`, `en-GB`.
        let lang = text("locale").and_then(|locale| Lang::from_code(locale.split(['-', '_']).next()?));
        Ok(Self { user: user.ok_or(Unreadable)?, email: email.ok_or(Unreadable)?.to_owned(), lang })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(payload: &str, expected: Result<(u64, &str, Option<Lang>), Unreadable>) {
        let body = form_urlencoded::Serializer::new(String::new()).append_pair("payload", payload).finish();
        let read =
            OperatorAsked::read(&Params::read(None, "application/x-www-form-urlencoded", body.as_bytes()));
        let expected =
            expected.map(|(user, email, lang)| OperatorAsked { user, email: email.to_owned(), lang });
        assert_eq!(read, expected, "{payload}");
    }

    #[test]
    fn a_user_and_an_email_are_wanted() {
        check(
            r#"{"userId":27,"email":" anna@romashka.ru ","locale":"ru-RU"}"#,
            Ok((27, "anna@romashka.ru", Some(Lang::Ru))),
        );
        check(r#"{"userId":"27","email":"a@b.ru","locale":"es-ES"}"#, Ok((27, "a@b.ru", None)));
        for wrong in [
            "",
            "null",
            "[]",
            "{",
            r#"{"userId":27}"#,
            r#"{"email":"a@b.ru"}"#,
            r#"{"userId":null,"email":"a@b.ru"}"#,
            r#"{"userId":-1,"email":"a@b.ru"}"#,
            r#"{"userId":27,"email":" "}"#,
            r#"{"userId":27,"email":["a@b.ru"]}"#,
        ] {
            check(wrong, Err(Unreadable));
        }
        check(&format!(r#"{{"userId":27,"email":"{}"}}"#, "a".repeat(MAX_EMAIL + 1)), Err(Unreadable));
    }
}
