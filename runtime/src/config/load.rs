//! Reads `switchboard.toml` into a [`Config`].
//!
//! The text is parsed once, every table is walked by a [`Reader`], and all problems are reported together. Files
//! and the environment are asked through [`Environment`], so that tests need neither.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::Uri;
use jiff::tz::TimeZone;
use switchboard_grammar::diagnostic::Text;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::account::{Account, RetailCrm, Uis};
use crate::config::error::ConfigError;
use crate::config::limits::Limits;
use crate::config::network::Network;
use crate::config::reader::{Problems, Reader};
use crate::config::secret::{MAX_SECRET_BYTES, Secret};
use crate::config::types::{Config, Log, LogFormat, Security, Server};
use crate::config::value::show_duration;

pub(crate) const LISTEN: &str = "127.0.0.1:8080";
pub(crate) const CONSOLE_LISTEN: &str = "127.0.0.1:8081";
pub(crate) const DATA: &str = "data";
pub(crate) const LEVEL: &str = "info";
pub(crate) const CRM_DOMAINS: [&str; 4] = ["retailcrm.ru", "retailcrm.pro", "retailcrm.es", "simla.com"];

/// The largest settings file that is read.
const MAX_FILE_BYTES: u64 = 1 << 20;
/// The longest name of an account.
const MAX_NAME: usize = 64;
/// The shortest hook secret: 22 letters of base64 hold the 128 bits that cannot be guessed.
const MIN_HOOK_SECRET: usize = 22;
/// What a lease must have beyond one request, so that its owner stops sending before it is lost.
const LEASE_MARGIN: Duration = Duration::from_secs(5);

/// Where secrets may come from besides the file itself.
pub trait Environment {
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// The text of a file of at most [`MAX_SECRET_BYTES`].
    ///
    /// # Errors
    ///
    /// When the file is not there, cannot be read, is too large or is no UTF-8.
    fn file(&self, path: &Path) -> std::io::Result<String>;
}

/// The environment and the files of this process.
struct Process;

impl Environment for Process {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn file(&self, path: &Path) -> std::io::Result<String> {
        read_text(path, MAX_SECRET_BYTES)
    }
}

/// Reads the settings file at `path`.
///
/// # Errors
///
/// [`ConfigError::Unreadable`] when the file cannot be read, [`ConfigError::Invalid`] with every problem otherwise.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    let text = read_text(path, MAX_FILE_BYTES)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    parse(&text, path, &Process)
}

/// Reads settings from a text; `path` names it in problems and is where relative paths start.
///
/// # Errors
///
/// [`ConfigError::Invalid`] with every problem of the text.
pub fn parse(text: &str, path: &Path, environment: &dyn Environment) -> Result<Config, ConfigError> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems = Problems::new(text);
    for error in errors {
        let message = error.message().trim_end_matches('.').to_owned();
        let ru = format!("это не TOML: {message}");
        problems.add("", &error.span().unwrap_or_default(), Text::new(message, ru));
    }
    let config = if problems.is_empty() { whole(&table, path, environment, &mut problems) } else { None };
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError::Invalid { path: path.to_owned(), problems: problems.into_list() }),
    }
}

/// What the sections need to know beyond their own table.
struct Around<'e> {
    base: PathBuf,
    environment: &'e dyn Environment,
    domains: Vec<String>,
    allow_loopback: bool,
}

fn whole<'i>(
    table: &Spanned<DeTable<'i>>,
    path: &Path,
    environment: &dyn Environment,
    problems: &mut Problems<'i>,
) -> Option<Config> {
    let mut reader = Reader::new(Some(table.get_ref()), "", 0..0, problems);
    let base = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let security = reader.section("security", security);
    let around = Around {
        base,
        environment,
        domains: security.allowed_crm_domains.clone(),
        allow_loopback: security.allow_loopback,
    };
    let server = reader.section("server", |reader| server(reader, &around, &security));
    let limits = reader.section("limits", |reader| limits(reader));
    let log = reader.section("log", log);
    let mut names = BTreeSet::new();
    let accounts = reader.tables("account", |reader| account(reader, &around, &mut names));
    if accounts.is_empty() && reader.get("account").is_none_or(|value| value.get_ref().is_array()) {
        let (en, ru) =
            ("there is no account; add `[[account]]`", "нет ни одного аккаунта; добавьте `[[account]]`");
        reader.wrong("account", &(0..0), en, ru);
    }
    reader.finish();
    let accounts = accounts.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Config { server: server?, limits, log, security, accounts })
}

fn server(reader: &mut Reader<'_, '_>, around: &Around<'_>, security: &Security) -> Option<Server> {
    let listen = address(reader, "listen", LISTEN);
    let console_listen = address(reader, "console_listen", CONSOLE_LISTEN);
    let data = reader.text("data").map_or(DATA, |(text, _)| text);
    let trusted_proxies = reader.list("trusted_proxies", network).unwrap_or_default();
    if let Some(console) = console_listen
        && !console.ip().is_loopback()
        && !security.remote_console
    {
        let span = reader.get("console_listen").map_or(reader.span(), Spanned::span);
        reader.wrong(
            "console_listen",
            &span,
            "the console has no log-in, so it listens on loopback only, unless `security.remote_console` is `true`",
            "у консоли нет входа по паролю, поэтому она слушает только свой компьютер, если `security.remote_console` не `true`",
        );
    }
    if let (Some(listen), Some(console)) = (listen, console_listen)
        && listen == console
        && listen.port() != 0
    {
        let span = reader.get("listen").map_or(reader.span(), Spanned::span);
        reader.wrong(
            "listen",
            &span,
            "notifications and the console cannot share an address",
            "уведомления и консоль не могут быть на одном адресе",
        );
    }
    Some(Server {
        listen: listen?,
        console_listen: console_listen?,
        data: around.base.join(data),
        trusted_proxies,
    })
}

fn address(reader: &mut Reader<'_, '_>, key: &'static str, default: &str) -> Option<SocketAddr> {
    if reader.get(key).is_none() {
        return default.parse().ok();
    }
    reader.parsed(key, |text| {
        text.parse().map_err(|_| {
            both(
                "expected an IP address and a port, such as `127.0.0.1:8080`",
                "ожидается IP-адрес и порт, например `127.0.0.1:8080`",
            )
        })
    })
}

fn network(text: &str) -> Result<Network, (String, String)> {
    text.parse().map_err(|_| {
        both(
            "expected an IP address or a network such as `10.0.0.0/8`",
            "ожидается IP-адрес или сеть, например `10.0.0.0/8`",
        )
    })
}

fn limits(reader: &mut Reader<'_, '_>) -> Limits {
    let limits = Limits::read(reader);
    let least = limits.crm_timeout + LEASE_MARGIN;
    if limits.lease < least {
        let span = reader.get("lease").or(reader.get("crm_timeout")).map_or(reader.span(), Spanned::span);
        reader.wrong(
            "lease",
            &span,
            format!("must be at least `crm_timeout` and five seconds: {}", show_duration(least)),
            format!("должно быть не меньше `crm_timeout` и пяти секунд: {}", show_duration(least)),
        );
    }
    limits
}

fn log(reader: &mut Reader<'_, '_>) -> Log {
    let format = reader.parsed("format", |text| match text {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        _ => Err(both("expected `human` or `json`", "ожидается `human` или `json`")),
    });
    let level = reader.parsed("level", |text| {
        tracing_subscriber::EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| {
            (format!("not a level and not directives: {error}"), format!("не уровень и не указания: {error}"))
        })
    });
    Log { format: format.unwrap_or_default(), level: level.unwrap_or_else(|| LEVEL.to_owned()) }
}

fn security(reader: &mut Reader<'_, '_>) -> Security {
    let domains = reader.list("allowed_crm_domains", |text| {
        let letters =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-.".contains(letter);
        if !text.is_empty() && text.chars().all(letters) && !text.starts_with('.') {
            return Ok(text.to_owned());
        }
        Err(both("expected a domain such as `retailcrm.ru`", "ожидается домен, например `retailcrm.ru`"))
    });
    Security {
        allowed_crm_domains: domains.unwrap_or_else(|| CRM_DOMAINS.map(str::to_owned).to_vec()),
        allow_loopback: reader.flag("allow_loopback", false),
        remote_console: reader.flag("remote_console", false),
    }
}

fn account(
    reader: &mut Reader<'_, '_>,
    around: &Around<'_>,
    names: &mut BTreeSet<String>,
) -> Option<Account> {
    let name = account_name(reader, names);
    let bundle = reader.required_text("bundle").map(|(text, _)| around.base.join(text));
    let hook_secrets = hook_secrets(reader, around);
    let body_key = secret(reader, "body_key", around);
    let allow_from = reader.list("allow_from", network).unwrap_or_default();
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let settle = reader.bounded("settle", Duration::from_secs(3), Duration::ZERO, minutes(10));
    let record_wait = reader.bounded("record_wait", minutes(10), Duration::ZERO, minutes(24 * 60));
    let open_wait = reader.bounded("open_wait", minutes(4 * 60), Duration::from_secs(1), minutes(48 * 60));
    let timezone = zone(reader);
    if reader.get("retailcrm").is_none() {
        reader.missing("retailcrm");
    }
    let retailcrm = reader.section("retailcrm", |reader| retailcrm(reader, around));
    let uis = match reader.get("uis") {
        Some(_) => Some(reader.section("uis", |reader| uis(reader, around))?),
        None => None,
    };
    Some(Account {
        name: name?,
        bundle: bundle?,
        hook_secrets: hook_secrets?,
        body_key,
        allow_from,
        settle,
        record_wait,
        open_wait,
        timezone,
        retailcrm: retailcrm?,
        uis,
    })
}

fn account_name(reader: &mut Reader<'_, '_>, names: &mut BTreeSet<String>) -> Option<String> {
    let (text, span) = reader.required_text("name")?;
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    if text.is_empty() || text.len() > MAX_NAME || !text.chars().all(letters) {
        let en = format!("expected 1 to {MAX_NAME} small Latin letters, digits, `-` or `_`");
        let ru = format!("ожидается от 1 до {MAX_NAME} строчных латинских букв, цифр, `-` или `_`");
        reader.wrong("name", &span, en, ru);
        return None;
    }
    if !names.insert(text.to_owned()) {
        let en = format!("there is another account `{text}`");
        reader.wrong("name", &span, en, format!("уже есть аккаунт `{text}`"));
        return None;
    }
    Some(text.to_owned())
}

fn retailcrm(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<RetailCrm> {
    let url = match reader.required_text("url") {
        Some(_) => reader.parsed("url", |text| crm_url(text, around)),
        None => None,
    };
    let key = required_secret(reader, "key", around);
    let site = reader.required_text("site").map(|(text, _)| text.to_owned());
    let timezone = zone(reader);
    Some(RetailCrm { url: url?, key: key?, site: site?, timezone })
}

fn uis(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<Uis> {
    let data_api = match reader.required_text("data_api") {
        Some(_) => reader.parsed("data_api", |text| api_url(text, around)),
        None => None,
    };
    let call_api = reader.parsed("call_api", |text| api_url(text, around));
    let token = required_secret(reader, "token", around);
    Some(Uis { data_api: data_api?, call_api, token: token? })
}

fn zone(reader: &mut Reader<'_, '_>) -> Option<TimeZone> {
    reader.parsed("timezone", |text| {
        TimeZone::get(text).map_err(|_| {
            both(
                "expected the name of a time zone such as `Europe/Moscow`",
                "ожидается часовой пояс, например `Europe/Moscow`",
            )
        })
    })
}

/// One or two secrets, each long enough and fit to stand in an address.
fn hook_secrets(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<Vec<Secret>> {
    const KEY: &str = "hook_secret";
    let Some(value) = reader.get(KEY) else {
        reader.missing(KEY);
        return None;
    };
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref().as_array() {
        Some(items) => items.iter().collect(),
        None => vec![value],
    };
    if items.is_empty() || items.len() > 2 {
        reader.wrong(KEY, &value.span(), "expected one secret or two", "ожидается один секрет или два");
        return None;
    }
    let fit = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
    let mut secrets = Vec::new();
    for item in items {
        let secret = read_secret(reader, KEY, item, around)?;
        if secret.expose().len() < MIN_HOOK_SECRET || !secret.expose().chars().all(fit) {
            let en = format!("must be at least {MIN_HOOK_SECRET} letters, digits, `-`, `_`, `.` or `~`");
            let ru = format!("должно быть не короче {MIN_HOOK_SECRET} букв, цифр, `-`, `_`, `.` или `~`");
            reader.wrong(KEY, &item.span(), en, ru);
            return None;
        }
        secrets.push(secret);
    }
    Some(secrets)
}

fn required_secret(reader: &mut Reader<'_, '_>, key: &'static str, around: &Around<'_>) -> Option<Secret> {
    if reader.get(key).is_none() {
        reader.missing(key);
    }
    secret(reader, key, around)
}

fn secret(reader: &mut Reader<'_, '_>, key: &'static str, around: &Around<'_>) -> Option<Secret> {
    let value = reader.get(key)?;
    read_secret(reader, key, value, around)
}

/// A secret in any of its three forms. Its text is in no message.
fn read_secret(
    reader: &mut Reader<'_, '_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    around: &Around<'_>,
) -> Option<Secret> {
    let read = match value.get_ref() {
        DeValue::String(text) => Ok(Secret::new(text)),
        DeValue::Table(table) => from_elsewhere(table, around),
        _ => Err(wrong_form()),
    };
    let read = read.and_then(|secret| {
        if secret.expose().is_empty() {
            Err(both("the secret is empty", "секрет пуст"))
        } else {
            Ok(secret)
        }
    });
    read.map_err(|(en, ru)| reader.wrong(key, &value.span(), en, ru)).ok()
}

fn from_elsewhere(table: &DeTable<'_>, around: &Around<'_>) -> Result<Secret, (String, String)> {
    let mut entries = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref().as_str()));
    match (entries.next(), entries.next()) {
        (Some(("env", Some(name))), None) => {
            around.environment.variable(name).map(|text| Secret::new(&text)).ok_or_else(|| {
                (
                    format!("there is no environment variable `{name}`"),
                    format!("нет переменной окружения `{name}`"),
                )
            })
        }
        (Some(("file", Some(path))), None) => {
            around.environment.file(&around.base.join(path)).map(|text| Secret::new(&text)).map_err(|error| {
                (
                    format!("file `{path}` cannot be read: {error}"),
                    format!("файл `{path}` не читается: {error}"),
                )
            })
        }
        _ => Err(wrong_form()),
    }
}

fn wrong_form() -> (String, String) {
    both(
        "expected a text, `{ env = \"NAME\" }` or `{ file = \"path\" }`",
        "ожидается текст, `{ env = \"NAME\" }` или `{ file = \"путь\" }`",
    )
}

/// The one normal form of a CRM address, or why it may not be called.
fn crm_url(text: &str, around: &Around<'_>) -> Result<String, (String, String)> {
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
fn api_url(text: &str, around: &Around<'_>) -> Result<String, (String, String)> {
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

fn both(en: &str, ru: &str) -> (String, String) {
    (en.to_owned(), ru.to_owned())
}

fn read_text(path: &Path, most: u64) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(std::io::Error::new(
            std::io::ErrorKind::FileTooLarge,
            format!("longer than {most} bytes"),
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::reference;

    struct Nothing;

    impl Environment for Nothing {
        fn variable(&self, _: &str) -> Option<String> {
            None
        }

        fn file(&self, _: &Path) -> std::io::Result<String> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }

    #[test]
    fn what_is_asked_for_is_what_is_documented() {
        let text = "[[account]]\n[account.retailcrm]\n[account.uis]\n";
        let (table, _) = DeTable::parse_recoverable(text);
        let mut problems = Problems::new(text);
        whole(&table, Path::new("s.toml"), &Nothing, &mut problems);
        let mut documented: BTreeSet<String> =
            ["server", "limits", "log", "security", "account", "account[1].retailcrm", "account[1].uis"]
                .map(str::to_owned)
                .into();
        for section in reference() {
            let path = section.header.trim_matches(['[', ']']).replacen("account", "account[1]", 1);
            documented.extend(section.settings.iter().map(|row| format!("{path}.{}", row.key)));
        }
        assert_eq!(problems.asked, documented);
    }
}
