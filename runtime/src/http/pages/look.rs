//! How somebody wants to see the pages: in which language, masked or not. Kept in cookies, chosen by a form.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use switchboard_grammar::lang::Lang;

use crate::http::pages::{errors, guard};
use crate::http::state::Shared;
use crate::observe::{mask_email, mask_name, mask_phone, mask_text};

/// How long data stays unmasked before it must be asked for again, in seconds.
const UNMASKED: u32 = 30 * 60;
/// How long the choice of a language is kept, in seconds.
const CHOSEN: u32 = 365 * 24 * 3600;

/// How the pages are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) lang: Lang,
    pub(super) unmasked: bool,
    /// Whether anything can be changed or unmasked at all.
    pub(super) local: bool,
}

/// What the form of choices says.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    token: String,
    /// Where to go back to.
    back: String,
    lang: Option<String>,
    unmask: Option<String>,
}

impl Look {
    /// Reads the cookies, and the languages of the browser where no choice was made.
    pub(super) fn of(shared: &Shared, headers: &HeaderMap) -> Self {
        let local = guard::is_local(shared);
        let lang = cookie(headers, "lang").and_then(Lang::from_code).unwrap_or_else(|| accepted(headers));
        Self { lang, unmasked: local && cookie(headers, "unmask") == Some("1"), local }
    }

    pub(super) fn phone(self, text: &str) -> String {
        if self.unmasked { text.to_owned() } else { mask_phone(text) }
    }

    /// A number if it is one, another text as it is.
    pub(super) fn phone_or(self, text: &str) -> String {
        if text.starts_with('+') { self.phone(text) } else { self.text(text) }
    }

    pub(super) fn email(self, text: &str) -> String {
        if self.unmasked { text.to_owned() } else { mask_email(text) }
    }

    pub(super) fn name(self, text: &str) -> String {
        if self.unmasked { text.to_owned() } else { mask_name(text) }
    }

    /// An error, in the language of the reader.
    pub(super) fn error(self, error: &str) -> String {
        errors::said(&self.text(error), self.lang)
    }

    pub(super) fn text(self, text: &str) -> String {
        if self.unmasked { text.to_owned() } else { mask_text(text) }
    }
}

/// Takes a choice and goes back.
pub(super) async fn choose(State(shared): State<Arc<Shared>>, Form(choice): Form<Choice>) -> Response {
    if !guard::shows_token(&shared, &choice.token) {
        return (StatusCode::FORBIDDEN, "the page is too old; load it again\n").into_response();
    }
    // A path of this console and nothing else: `//` would be another site.
    let is_path =
        choice.back.starts_with('/') && !choice.back.starts_with("//") && !choice.back.contains('\\');
    let back = if is_path { choice.back.as_str() } else { "/" };
    let mut response = Redirect::to(back).into_response();
    let mut set = |name: &str, value: &str, seconds: u32| {
        let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    };
    if let Some(lang) = choice.lang.as_deref().and_then(Lang::from_code) {
        set("lang", lang.code(), CHOSEN);
    }
    match choice.unmask.as_deref() {
        Some("1") => set("unmask", "1", UNMASKED),
        Some(_) => set("unmask", "0", 0),
        None => {}
    }
    response
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (there, value) = pair.trim().split_once('=')?;
        (there == name).then_some(value)
    })
}

/// The first language that is spoken here and that the browser accepts, weights left aside: browsers list by preference.
pub(super) fn accepted(headers: &HeaderMap) -> Lang {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let codes = text.split(',').filter_map(|range| range.trim().split(['-', ';']).next());
    codes.filter_map(|code| Lang::from_code(&code.to_ascii_lowercase())).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_known_language_is_taken() {
        let lang = |text: &'static str| {
            accepted(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text))]))
        };
        assert_eq!(lang("ru-RU,ru;q=0.9,en;q=0.8"), Lang::Ru);
        assert_eq!(lang("de, ru;q=0.9"), Lang::Ru);
        assert_eq!(lang("EN-us"), Lang::En);
        assert_eq!(lang("de"), Lang::En);
        assert_eq!(accepted(&HeaderMap::new()), Lang::En);
    }

    #[test]
    fn cookies_are_found_by_name() {
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("a=1; lang=ru;unmask=1"))]);
        assert_eq!(cookie(&headers, "lang"), Some("ru"));
        assert_eq!(cookie(&headers, "unmask"), Some("1"));
        assert_eq!(cookie(&headers, "mask"), None);
    }
}
