//! Templates to pages. The one place that names the template engine in this crate.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri, header};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use switchboard_grammar::lang::Lang;

use crate::http::pages::guard;
use crate::http::pages::look::Look;
use crate::http::pages::words;
use crate::http::state::Shared;
use crate::store::StoreError;

const STYLE: &str = include_str!("templates/console.css");

const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("templates/base.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("overview.html", include_str!("templates/overview.html")),
    ("calls.html", include_str!("templates/calls.html")),
    ("call.html", include_str!("templates/call.html")),
    ("unparsed.html", include_str!("templates/unparsed.html")),
    ("parked.html", include_str!("templates/parked.html")),
    ("forwarded.html", include_str!("templates/forwarded.html")),
    ("employees.html", include_str!("templates/employees.html")),
    ("names.html", include_str!("templates/names.html")),
    ("setup.html", include_str!("templates/setup.html")),
    ("module.html", include_str!("templates/module.html")),
    ("accounts.html", include_str!("templates/accounts.html")),
    ("shadow.html", include_str!("templates/shadow.html")),
    ("deals.html", include_str!("templates/deals.html")),
    ("failure.html", include_str!("templates/failure.html")),
    ("workplace.html", include_str!("templates/workplace.html")),
    ("workplace_refused.html", include_str!("templates/workplace_refused.html")),
    ("workplace_list.html", include_str!("templates/workplace_list.html")),
    ("workplace_client.html", include_str!("templates/workplace_client.html")),
    ("workplace_rules.html", include_str!("templates/workplace_rules.html")),
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("urlencode", |text: String| {
        form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    });
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    Ok(environment)
});

/// What every page needs besides its own.
#[derive(Serialize)]
struct Page<'p, T> {
    /// The words of the language, by name.
    t: &'p words::Words,
    lang: &'static str,
    other_lang: &'static str,
    unmasked: bool,
    local: bool,
    token: String,
    /// The address of this page, to come back to.
    here: &'p str,
    /// The first part of the address, to mark where one is.
    area: &'p str,
    #[serde(flatten)]
    own: T,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Nothing is known of what was asked for.
    #[error("nothing is known of it")]
    Unknown,
    /// The form is not one of this process, or not one at all.
    #[error("form is too old")]
    Form,
    /// The store does not answer.
    #[error("store does not answer")]
    Store(#[from] StoreError),
    /// The page could not be made.
    #[error("page could not be made")]
    Template(#[from] minijinja::Error),
}

/// One request for a page.
pub(super) struct Asked<'a> {
    pub(super) shared: &'a Shared,
    pub(super) uri: &'a Uri,
    pub(super) look: Look,
}

impl<'a> Asked<'a> {
    pub(super) fn new(shared: &'a Shared, uri: &'a Uri, headers: &HeaderMap) -> Self {
        Self { shared, uri, look: Look::of(shared, headers) }
    }

    /// Makes the page, or the page that says why not.
    pub(super) fn answer<T: Serialize>(&self, template: &str, made: Result<T, Failure>) -> Response {
        let page = made.and_then(|own| self.render(template, own));
        match page {
            Ok(page) => page.into_response(),
            Err(failure) => self.fail(&failure),
        }
    }

    /// The page that says why there is none.
    pub(super) fn fail(&self, failure: &Failure) -> Response {
        #[derive(Serialize)]
        struct Own {
            message: &'static str,
        }
        let words = words::of(self.look.lang);
        let (status, message) = match failure {
            Failure::Unknown => (StatusCode::NOT_FOUND, "failure_unknown"),
            Failure::Form => (StatusCode::FORBIDDEN, "failure_form"),
            Failure::Store(StoreError::NotFound { .. }) => (StatusCode::NOT_FOUND, "failure_unknown"),
            Failure::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "failure_store"),
            Failure::Template(_) => (StatusCode::INTERNAL_SERVER_ERROR, "failure_page"),
        };
        if status.is_server_error() {
            tracing::error!(error = %failure, cause = std::error::Error::source(failure), "no page");
        }
        let message = words.get(message).copied().unwrap_or("");
        match self.render("failure.html", Own { message }) {
            Ok(page) => (status, page).into_response(),
            Err(error) => (status, error.to_string()).into_response(),
        }
    }

    fn render<T: Serialize>(&self, template: &str, own: T) -> Result<Html<String>, Failure> {
        let environment =
            ENVIRONMENT.as_ref().map_err(|error| minijinja::Error::new(error.kind(), error.to_string()))?;
        let here = self.uri.path_and_query().map_or("/", |here| here.as_str());
        let page = Page {
            t: words::of(self.look.lang),
            lang: self.look.lang.code(),
            other_lang: self.look.lang.other().code(),
            unmasked: self.look.unmasked,
            local: self.look.local,
            token: guard::token(self.shared),
            here,
            area: self.uri.path().split('/').nth(1).unwrap_or_default(),
            own,
        };
        Ok(Html(environment.get_template(template)?.render(Serde(&page))?))
    }
}

/// A template with the words of a language and nothing else that pages of the console have.
pub(super) fn plain<T: Serialize>(template: &str, lang: Lang, own: T) -> Result<Html<String>, Failure> {
    #[derive(Serialize)]
    struct Plain<'p, T> {
        t: &'p words::Words,
        lang: &'static str,
        #[serde(flatten)]
        own: T,
    }
    let page = Plain { t: words::of(lang), lang: lang.code(), own };
    let environment =
        ENVIRONMENT.as_ref().map_err(|error| minijinja::Error::new(error.kind(), error.to_string()))?;
    Ok(Html(environment.get_template(template)?.render(Serde(&page))?))
}

/// The look of all pages.
pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// Any other address.
pub(super) async fn not_found(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    Asked::new(&shared, &uri, &headers).fail(&Failure::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_valid_and_every_word_exists_and_is_used() {
        assert!(ENVIRONMENT.is_ok());
        let mut used = std::collections::BTreeSet::new();
        for (name, text) in TEMPLATES {
            let pieces: Vec<&str> = text.split("t.").collect();
            for pair in pieces.windows(2) {
                // `event.x` and the like end in the same letters.
                if pair[0].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let rest = pair[1];
                let word: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                assert!(
                    words::of(switchboard_grammar::lang::Lang::Ru).contains_key(word.as_str()),
                    "{name}: t.{word}"
                );
                used.insert(word);
            }
        }
        assert!(used.len() > 20);
    }
}
