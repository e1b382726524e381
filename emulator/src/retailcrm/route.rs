//! Which function answers which path.
//!
//! Every resource file has its own list of [`Route`]s; this file joins the lists and looks a request up.

use http::Method;

use super::answer::Refusal;
use super::call::Handler;

/// One method of the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    pub(super) method: Verb,
    /// Path with `{…}` for variable segments.
    pub(super) path: &'static str,
    /// Permission that the key needs; empty for none.
    pub(super) scope: &'static str,
    /// Names of parameters that may come, in the query or the form.
    pub(super) params: &'static [&'static str],
    pub(super) handler: Handler,
}

/// The two HTTP methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

/// Parameters of a list.
pub(super) const LIST: &[&str] = &["filter", "limit", "page"];
/// Parameters of a read by identifier.
pub(super) const READ: &[&str] = &["by", "site"];
/// No parameters.
pub(super) const NONE: &[&str] = &[];

/// A reading method.
pub(super) const fn get(
    path: &'static str,
    scope: &'static str,
    params: &'static [&'static str],
    handler: Handler,
) -> Route {
    Route { method: Verb::Get, path, scope, params, handler }
}

/// A writing method.
pub(super) const fn post(
    path: &'static str,
    scope: &'static str,
    params: &'static [&'static str],
    handler: Handler,
) -> Route {
    Route { method: Verb::Post, path, scope, params, handler }
}

/// The method for a request, and the values of its variable segments.
///
/// # Errors
/// 404 `API method not found` for an unknown path, 405 `Method Not Allowed` for a known one asked wrongly.
pub(super) fn find(method: &Method, path: &str) -> Result<(Route, Vec<String>), Refusal> {
    let mut best: Option<(Route, Vec<String>)> = None;
    let mut known_path = false;
    for route in super::ROUTES.iter().copied().flatten().copied().flatten() {
        let Some(args) = matches(route.path, path) else { continue };
        known_path = true;
        let fits = matches!((route.method, method), (Verb::Get, &Method::GET) | (Verb::Post, &Method::POST));
        // A literal segment beats a variable one: `customers/notes` is not the customer called `notes`.
        if fits && best.as_ref().is_none_or(|(_, found)| args.len() < found.len()) {
            best = Some((*route, args));
        }
    }
    match best {
        Some(found) => Ok(found),
        None if known_path => Err(Refusal::new(405, "Method Not Allowed")),
        None => Err(Refusal::new(404, "API method not found")),
    }
}

fn matches(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut args = Vec::new();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = segments.next()?;
        if expected.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            args.push(decoded(segment));
        } else if expected != segment {
            return None;
        }
    }
    segments.next().is_none().then_some(args)
}

/// A path segment without percent signs; `+` stays a plus here.
fn decoded(segment: &str) -> String {
    let plus_kept = segment.replace('+', "%2B");
    form_urlencoded::parse(plus_kept.as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}
