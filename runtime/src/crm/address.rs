//! The address of a RetailCRM account.
//!
//! Goes in: what somebody typed into the settings. Comes out: one normalised form, or why it is refused. The server
//! itself will call this address, so it may only name a host of the vendor: scheme `https`, no port, no path, no
//! query, no user, and a known domain (reference, section 1). Tests and the demo may name loopback, with a port.

use std::fmt;

use crate::config::Security;

/// Domains under which the vendor runs accounts. The setting `security.allowed_crm_domains` replaces the list.
pub const VENDOR_DOMAINS: &[&str] = &["retailcrm.ru", "retailcrm.pro", "retailcrm.es", "simla.com"];

/// Longest host name of the domain name system.
const MAX_HOST_CHARS: usize = 253;

/// Which addresses are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRules {
    /// Domains under which an account may live.
    pub domains: Vec<String>,
    /// Whether loopback is accepted.
    pub allow_loopback: bool,
}

/// A checked address: scheme and host, no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address(String);

/// Why an address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It has another scheme than `https`.
    #[error("the address `{given}` must begin with `https://`, or have no scheme")]
    Scheme {
        /// What was given.
        given: String,
    },
    /// It has a port, path, query, fragment or user.
    #[error("the address `{given}` must be a host name only: no port, path, query or user")]
    NotOnlyHost {
        /// What was given.
        given: String,
    },
    /// The host is not a name below one of the allowed domains.
    #[error("the host `{host}` is not below an allowed domain ({allowed})")]
    Domain {
        /// The host.
        host: String,
        /// The allowed domains.
        allowed: String,
    },
}

impl Default for AddressRules {
    fn default() -> Self {
        Self {
            domains: VENDOR_DOMAINS.iter().map(|&domain| domain.to_owned()).collect(),
            allow_loopback: false,
        }
    }
}

impl AddressRules {
    /// Those of the settings.
    pub fn of(security: &Security) -> Self {
        Self { domains: security.allowed_crm_domains.clone(), allow_loopback: security.allow_loopback }
    }
}

impl Address {
    /// Reads `name.retailcrm.ru`, `https://name.retailcrm.ru` and `https://name.retailcrm.ru/`.
    ///
    /// # Errors
    ///
    /// [`AddressError`], one variant for each rule.
    pub fn parse(given: &str, rules: &AddressRules) -> Result<Self, AddressError> {
        let trimmed = given.trim();
        let (scheme, rest) = match trimmed.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("https".to_owned(), trimmed),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        if rules.allow_loopback && is_loopback(&authority) && matches!(scheme.as_str(), "http" | "https") {
            return Ok(Self(format!("{scheme}://{authority}")));
        }
        if scheme != "https" {
            return Err(AddressError::Scheme { given: shown(trimmed) });
        }
        if authority.contains(['/', ':', '?', '#', '@', '\\', '[', '%'])
            || authority.contains(char::is_whitespace)
        {
            return Err(AddressError::NotOnlyHost { given: shown(trimmed) });
        }
        let below = |domain: &String| {
            authority.strip_suffix(domain.trim_start_matches('.')).and_then(|name| name.strip_suffix('.'))
        };
        match rules.domains.iter().find_map(below) {
            Some(name) if is_name(name) && authority.len() <= MAX_HOST_CHARS => {
                Ok(Self(format!("https://{authority}")))
            }
            _ => Err(AddressError::Domain { host: shown(&authority), allowed: rules.domains.join(", ") }),
        }
    }

    /// The address of a path of the API, which begins with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `localhost`, `127.0.0.1` or `[::1]`, with or without a port.
fn is_loopback(authority: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| match authority.strip_prefix(host) {
        Some("") => true,
        Some(port) => port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()),
        None => false,
    })
}

/// One or more labels of a host name.
fn is_name(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

/// What was given, without a key or password that somebody pasted along, and not endlessly long.
fn shown(given: &str) -> String {
    let cut = given.split(['?', '#']).next().unwrap_or_default();
    let host = cut.rsplit_once('@').map_or(cut, |(_, host)| host);
    host.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn accept(given: &str, normal: &str) {
        assert_eq!(Address::parse(given, &AddressRules::default()).expect(given).as_str(), normal);
    }

    #[test]
    fn three_spellings_are_one_address() {
        for given in ["shop.retailcrm.ru", "https://shop.retailcrm.ru", " HTTPS://Shop.RetailCRM.ru/ "] {
            accept(given, "https://shop.retailcrm.ru");
        }
        accept("a-1.simla.com", "https://a-1.simla.com");
    }

    #[test]
    fn everything_but_a_host_of_the_vendor_is_refused() {
        for given in [
            "",
            "http://shop.retailcrm.ru",
            "ftp://shop.retailcrm.ru",
            "https://shop.retailcrm.ru:8443",
            "https://shop.retailcrm.ru/api",
            "https://shop.retailcrm.ru//",
            "https://shop.retailcrm.ru?x=1",
            "https://shop.retailcrm.ru#x",
            "https://user:secret@shop.retailcrm.ru",
            "https://evil.example\\.retailcrm.ru",
            "https://evil.example%2f.retailcrm.ru",
            "retailcrm.ru",
            ".retailcrm.ru",
            "shop.retailcrm.ru.evil.example",
            "shopretailcrm.ru",
            "sh op.retailcrm.ru",
            "-shop.retailcrm.ru",
            "127.0.0.1",
            "http://127.0.0.1:8080",
            "localhost",
            "https://[::1]",
            "шоп.retailcrm.ru",
        ] {
            assert!(Address::parse(given, &AddressRules::default()).is_err(), "{given}");
        }
    }

    #[test]
    fn loopback_passes_when_allowed() {
        let rules = AddressRules { allow_loopback: true, ..AddressRules::default() };
        for (given, normal) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://[::1]:1", "https://[::1]:1"),
        ] {
            assert_eq!(Address::parse(given, &rules).expect(given).as_str(), normal);
        }
        for given in
            ["http://127.0.0.1.evil.example", "http://localhost:99999", "http://10.0.0.1", "ftp://localhost"]
        {
            assert!(Address::parse(given, &rules).is_err(), "{given}");
        }
    }

    #[test]
    fn a_pasted_secret_is_not_repeated() {
        for given in ["http://user:secret@shop.retailcrm.ru", "http://shop.retailcrm.ru?apiKey=secret"] {
            let error = Address::parse(given, &AddressRules::default()).expect_err(given);
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
