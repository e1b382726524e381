//! Reads `switchboard.toml` into a [`Config`].
//!
//! The text is parsed once, every table is walked by a [`Reader`], and all problems are reported together. Files
//! and the environment are asked through [`Environment`], so that tests need neither.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use switchboard_grammar::diagnostic::Text;
use toml::Spanned;
use toml::de::DeTable;

use crate::config::error::{ConfigError, both};
use crate::config::limits::Limits;
use crate::config::marketplace::Marketplace;
use crate::config::network::Network;
use crate::config::read_account::account;
use crate::config::read_credentials::{Credentials, credentials};
use crate::config::reader::{Problems, Reader};
use crate::config::secret::MAX_SECRET_BYTES;
use crate::config::types::{Config, Log, LogFormat, Security, Server};
use crate::config::value::show_duration;

pub(crate) const LISTEN: &str = "127.0.0.1:8080";
pub(crate) const CONSOLE_LISTEN: &str = "127.0.0.1:8081";
pub(crate) const DATA: &str = "data";
pub(crate) const LEVEL: &str = "info";
pub(crate) const CRM_DOMAINS: [&str; 4] = ["retailcrm.ru", "retailcrm.pro", "retailcrm.es", "simla.com"];

/// The largest settings file that is read.
const MAX_FILE_BYTES: u64 = 1 << 20;
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
#[derive(Debug, Clone, Copy)]
pub struct Process;

impl Environment for Process {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn file(&self, path: &Path) -> std::io::Result<String> {
        read_text(path, MAX_SECRET_BYTES)
    }
}

/// Stands in for every secret that is kept elsewhere: for who only wants to know what the settings say besides, and must
/// neither need the secrets nor learn them. Nothing can be sent with what it gives.
#[derive(Debug, Clone, Copy)]
struct NoSecrets;

/// What stands for a secret; as long as the longest that is asked for.
const NO_SECRET: &str = "this-is-not-a-secret-and-opens-nothing";

impl Environment for NoSecrets {
    fn variable(&self, _: &str) -> Option<String> {
        Some(NO_SECRET.to_owned())
    }

    fn file(&self, _: &Path) -> std::io::Result<String> {
        Ok(NO_SECRET.to_owned())
    }
}

/// Reads the settings file at `path` and no secret of it that is kept elsewhere: what it gives can be looked at and not
/// used to ask anybody.
///
/// # Errors
///
/// As [`load`].
pub fn load_without_secrets(path: &Path) -> Result<Config, ConfigError> {
    load_with(path, &NoSecrets)
}

/// Reads the settings file at `path`.
///
/// # Errors
///
/// [`ConfigError::Unreadable`] when the file cannot be read, [`ConfigError::Invalid`] with every problem otherwise.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    load_with(path, &Process)
}

fn load_with(path: &Path, environment: &dyn Environment) -> Result<Config, ConfigError> {
    let text = read_text(path, MAX_FILE_BYTES)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let config = parse(&text, path, environment)?;
    Ok(Config { file: Some(path.to_owned()), ..config })
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
pub(super) struct Around<'e> {
    pub(super) base: PathBuf,
    pub(super) environment: &'e dyn Environment,
    pub(super) domains: Vec<String>,
    pub(super) allow_loopback: bool,
    /// Filled before accounts are read.
    pub(super) credentials: Credentials,
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
    let mut around = Around {
        base,
        environment,
        domains: security.allowed_crm_domains.clone(),
        allow_loopback: security.allow_loopback,
        credentials: Credentials::new(),
    };
    let server = reader.section("server", |reader| server(reader, &around, &security));
    let limits = reader.section("limits", |reader| limits(reader));
    let log = reader.section("log", log);
    let mut named = Credentials::new();
    reader.tables("credentials", |reader| credentials(reader, &around, &mut named));
    around.credentials = named;
    let marketplace = reader
        .get("marketplace")
        .map(|_| reader.section("marketplace", |reader| Marketplace::read(reader, &around)));
    let mut names = BTreeSet::new();
    let accounts = reader.tables("account", |reader| account(reader, &around, &mut names));
    let needs_account = marketplace.is_none();
    if needs_account
        && accounts.is_empty()
        && reader.get("account").is_none_or(|value| value.get_ref().is_array())
    {
        let (en, ru) =
            ("there is no account; add `[[account]]`", "нет ни одного аккаунта; добавьте `[[account]]`");
        reader.wrong("account", &(0..0), en, ru);
    }
    reader.finish();
    let accounts = accounts.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Config {
        server: server?,
        limits,
        log,
        security,
        accounts,
        marketplace: marketplace.map_or(Some(None), |read| read.map(Some))?,
        file: None,
    })
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

pub(super) fn network(text: &str) -> Result<Network, (String, String)> {
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
        let text = "[marketplace]\n[[credentials]]\n[credentials.retailcrm]\n[credentials.uis]\n\
            [[account]]\n[account.retailcrm]\n[account.retailcrm.module]\n[account.uis]\n[account.click_to_call]\n\
            [account.workplace]\n";
        let (table, _) = DeTable::parse_recoverable(text);
        let mut problems = Problems::new(text);
        whole(&table, Path::new("s.toml"), &Nothing, &mut problems);
        let sections = [
            "server",
            "limits",
            "log",
            "security",
            "marketplace",
            "credentials",
            "credentials[1].retailcrm",
            "credentials[1].uis",
            "account",
            "account[1].popup",
            "account[1].retailcrm",
            "account[1].uis",
            "account[1].uis.address_book",
            "account[1].forwarding",
            "account[1].deals",
            "account[1].workplace",
            "account[1].retailcrm.module",
            "account[1].click_to_call",
        ];
        let mut documented: BTreeSet<String> = sections.map(str::to_owned).into();
        for section in reference() {
            let path = section.header.trim_matches(['[', ']']);
            let path = path.replacen("account", "account[1]", 1).replacen("credentials", "credentials[1]", 1);
            documented.extend(section.settings.iter().map(|row| format!("{path}.{}", row.key)));
        }
        assert_eq!(problems.asked, documented);
    }
}
