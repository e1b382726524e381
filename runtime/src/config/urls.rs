//! Addresses that accounts may name: one form each, and none that leads inside.
//!
//! The server itself calls these addresses, so a setting must not be able to point it at its own neighbours. What a name
//! resolves to is checked again when it is called (`outbound`).

use std::net::IpAddr;

use http::Uri;

use crate::config::error::both;
use crate::config::load::Around;

/// The one normal form of a CRM address, or why it may not be called.
pub(super) fn crm_url(text: &str, around: &Around<'_>) -> Result<String, (String, String)> {
    let expected = || {
        both(
            "expected an address such as `name.retailcrm.ru`",
            "ожидается адрес, например `name.retailcrm.ru`",
        )
    };
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let parts = split_url(&with_scheme).ok_or_else(expected)?;
    if parts.loopback && around.allow_loopback {
        return Ok(format!("{}://{}", parts.scheme, parts.authority));
    }
    if parts.scheme != "https" || parts.authority != parts.host || parts.path != "/" {
        return Err(both(
            "must be `https` without a port, a path or a user",
            "должен быть `https` без порта, пути и пользователя",
        ));
    }
    let host = parts.host.to_ascii_lowercase();
    let allowed = |domain: &String| {
        host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if !around.domains.iter().any(allowed) {
        return Err((
            format!("`{host}` is not below a domain of `security.allowed_crm_domains`"),
            format!("`{host}` не лежит под доменом из `security.allowed_crm_domains`"),
        ));
    }
    Ok(format!("https://{host}"))
}

/// An API address: `https`, or anything on loopback where that is allowed.
pub(super) fn api_url(text: &str, around: &Around<'_>) -> Result<String, (String, String)> {
    let expected = || {
        both("expected an address that starts with `https://`", "ожидается адрес, начинающийся с `https://`")
    };
    let parts = split_url(text).ok_or_else(expected)?;
    if parts.scheme != "https" && !(parts.loopback && around.allow_loopback) {
        return Err(expected());
    }
    if parts.loopback && !around.allow_loopback {
        return Err(both(
            "loopback may be called only with `security.allow_loopback`",
            "свой компьютер доступен только с `security.allow_loopback`",
        ));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// The scheme, the host and the port of an address that has nothing else: who may frame a page of ours.
pub(super) fn origin(text: &str, around: &Around<'_>) -> Result<String, (String, String)> {
    let address = api_url(text, around)?;
    let parts = split_url(&address).filter(|parts| parts.path == "/");
    let plain = |authority: &str| authority.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    match parts {
        Some(parts) if plain(&parts.authority) => {
            Ok(format!("{}://{}", parts.scheme, parts.authority.to_ascii_lowercase()))
        }
        _ => Err(both("expected an address without a path", "ожидается адрес без пути")),
    }
}

struct UrlParts {
    scheme: String,
    authority: String,
    host: String,
    path: String,
    loopback: bool,
}

fn split_url(text: &str) -> Option<UrlParts> {
    let uri: Uri = text.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?.to_owned();
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    if uri.query().is_some() {
        return None;
    }
    let host = authority.host().to_owned();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    Some(UrlParts {
        scheme,
        authority: authority.as_str().to_owned(),
        host,
        path: uri.path().to_owned(),
        loopback,
    })
}
