//! `[marketplace]`: shops that connect themselves from the marketplace of RetailCRM.
//!
//! Struct, defaults, reading and rows of the reference stand together, so that a new setting is one place.

use std::time::Duration;

use switchboard_grammar::lang::Lang;
use toml::Spanned;

use crate::config::Secret;
use crate::config::error::both;
use crate::config::load::Around;
use crate::config::read_module::{self, code};
use crate::config::read_secret::required_secret;
use crate::config::reader::Reader;
use crate::config::settings::{SECRET, Setting, TEXT, TIME, URL, bounded_row, required, row};
use crate::config::urls::api_url;
use crate::config::value::{Count, Value as _};

/// How shops connect themselves.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Marketplace {
    /// The code of the module in the marketplace; codes of its instances begin with it.
    pub code: String,
    /// The secret of the module, which proves that RetailCRM sent a registration.
    pub secret: Secret,
    /// Where RetailCRM reaches the listener of notifications; no slash at the end.
    pub public_url: String,
    /// The folder of rules with which shops begin, as it is written: relative to the file of settings.
    pub bundle: String,
    /// What people see of the module.
    pub name: String,
    /// Named credentials of UIS with which shops begin.
    pub uis_credentials: Option<String>,
    /// The language of what the user is told.
    pub language: Lang,
    /// How many accounts the settings may have for another to be connected.
    pub accounts: Count,
    /// Registrations under way at once.
    pub at_once: Count,
    /// How long an answer waits for the module to be registered.
    pub wait: Duration,
}

const ACCOUNTS: (Count, Count) = (Count(1000), Count(100_000));
const AT_ONCE: (Count, Count) = (Count(4), Count(64));
const WAIT: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(60));
const LANGUAGE: Lang = Lang::Ru;
/// The longest code: an instance adds the name of its account.
const MAX_CODE: usize = 30;

impl Marketplace {
    pub(super) fn read(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<Self> {
        if reader.get("code").is_none() {
            reader.missing("code");
        }
        let code = code(reader, "code").filter(|code| fits(reader, code));
        let secret = required_secret(reader, "secret", around);
        if reader.get("public_url").is_none() {
            reader.missing("public_url");
        }
        let public_url = reader.parsed("public_url", |text| api_url(text, around));
        let bundle = reader.required_text("bundle").map(|(text, _)| text.to_owned());
        let name = reader.text("name").map_or(read_module::NAME, |(text, _)| text).to_owned();
        let uis_credentials = reader.parsed("uis_credentials", |text| {
            let name = text.trim();
            match around.credentials.get(name).is_some_and(|named| named.has_uis()) {
                true => Ok(name.to_owned()),
                false => Err(both(
                    "there are no such credentials with `[credentials.uis]`",
                    "таких ключей с `[credentials.uis]` нет",
                )),
            }
        });
        let language = reader.parsed("language", |text| {
            Lang::from_code(text).ok_or_else(|| both("expected `ru` or `en`", "ожидается `ru` или `en`"))
        });
        let accounts = reader.bounded("accounts", ACCOUNTS.0, Count(1), ACCOUNTS.1);
        let at_once = reader.bounded("at_once", AT_ONCE.0, Count(1), AT_ONCE.1);
        let wait = reader.bounded("wait", WAIT.0, Duration::ZERO, WAIT.1);
        Some(Self {
            code: code?,
            secret: secret?,
            public_url: public_url?,
            bundle: bundle?,
            name,
            uis_credentials,
            language: language.unwrap_or(LANGUAGE),
            accounts,
            at_once,
            wait,
        })
    }

    pub(super) fn settings() -> Vec<Setting> {
        let count = |key, (default, most): (Count, Count), en: &str, ru: &str| {
            bounded_row(key, Count::EXPECTED, default.show(), (Count(1).show(), most.show()), en, ru)
        };
        vec![
            required(
                "code",
                TEXT,
                "The code of the module in the marketplace, of 30 letters at most. Instances are called after it and the account.",
                "Код модуля в маркетплейсе, не длиннее 30 букв. Экземпляры называются по нему и по аккаунту.",
            ),
            required(
                "secret",
                SECRET,
                "The secret of the module, from the marketplace. It proves that a registration comes from RetailCRM.",
                "Секрет модуля из маркетплейса. Он доказывает, что регистрация пришла от RetailCRM.",
            ),
            required(
                "public_url",
                URL,
                "Where RetailCRM reaches the listener of notifications.",
                "По какому адресу RetailCRM достаёт до адреса уведомлений.",
            ),
            required(
                "bundle",
                TEXT,
                "The folder of rules with which shops begin, relative to this file; they share it until their account names another.",
                "Папка правил, с которой магазины начинают, относительно этого файла; она общая, пока аккаунт не назовёт другую.",
            ),
            row(
                "name",
                TEXT,
                Some(&format!("{:?}", read_module::NAME)),
                "What people see of the module in the CRM.",
                "Что видят люди в CRM.",
            ),
            row(
                "uis_credentials",
                TEXT,
                None,
                "Named credentials of UIS with which shops begin; without them UIS is added to the account afterwards.",
                "Названные ключи UIS, с которыми магазины начинают; без них UIS добавляют в аккаунт потом.",
            ),
            row(
                "language",
                ("`\"ru\"` or `\"en\"`", "`\"ru\"` или `\"en\"`"),
                Some(&format!("{:?}", LANGUAGE.code())),
                "The language in which a user is told why a connection failed.",
                "На каком языке пользователю говорится, почему подключение не удалось.",
            ),
            count(
                "accounts",
                ACCOUNTS,
                "How many accounts there may be; a further shop is refused.",
                "Сколько может быть аккаунтов; следующему магазину отказывают.",
            ),
            count(
                "at_once",
                AT_ONCE,
                "Registrations that are under way at once; a further one is told to come again.",
                "Сколько регистраций идёт одновременно; лишнюю просят повторить.",
            ),
            bounded_row(
                "wait",
                TIME,
                WAIT.0.show(),
                (Duration::ZERO.show(), WAIT.1.show()),
                "How long an answer waits for the module to be registered; it is registered afterwards all the same.",
                "Сколько ответ ждёт регистрации модуля; он регистрируется и после этого.",
            ),
        ]
    }
}

/// Whether a code leaves room for the name of an account.
fn fits(reader: &mut Reader<'_, '_>, code: &str) -> bool {
    let is_short = code.len() <= MAX_CODE;
    if !is_short {
        let span = reader.get("code").map_or(reader.span(), Spanned::span);
        let (en, ru) = (
            format!("must have {MAX_CODE} letters at most"),
            format!("должно быть не длиннее {MAX_CODE} букв"),
        );
        reader.wrong("code", &span, en, ru);
    }
    is_short
}
