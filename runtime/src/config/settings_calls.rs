//! The reference of the settings of the CRM's module and of calls by a click in the CRM.

use std::time::Duration;

use crate::config::settings::{FLAG, Section, Setting, TEXT, URL, required, row, section};
use crate::config::value::{Count, Value};

const CODE: (&str, &str) =
    ("small Latin letters, digits, `-`, `_`", "строчные латинские буквы, цифры, `-`, `_`");

/// A setting with a range.
fn ranged<V: Value>(key: &'static str, (default, least, most): (V, V, V), en: &str, ru: &str) -> Setting {
    let default = default.show();
    let range = Some((least.show(), most.show()));
    Setting { range, ..row(key, V::EXPECTED, Some(&default), en, ru) }
}

pub(super) fn module() -> Section {
    section(
        "[account.retailcrm.module]",
        "The integration module in the CRM of the account above: extensions, numbers of shops, calls by a click. Without this section none is registered.",
        "Модуль интеграции в CRM этого аккаунта: добавочные, номера магазинов, звонки по клику. Без раздела модуль не регистрируется.",
        vec![
            row(
                "active",
                FLAG,
                Some("true"),
                "Whether the module is registered and its callbacks are taken.",
                "Регистрировать ли модуль и принимать ли его вызовы.",
            ),
            row(
                "code",
                CODE,
                None,
                "The code of the module in the CRM; `uis-` and the account's name when not set.",
                "Код модуля в CRM; если не указан, `uis-` и имя аккаунта.",
            ),
            row(
                "integration_code",
                CODE,
                None,
                "The code of the module in the marketplace, with which `code` begins; `code` itself when not set.",
                "Код модуля в маркетплейсе, с которого начинается `code`; если не указан, сам `code`.",
            ),
            row(
                "name",
                TEXT,
                Some(&format!("\"{}\"", super::read_module::NAME)),
                "What people see in the CRM.",
                "Что видят люди в CRM.",
            ),
            required(
                "public_url",
                URL,
                "Where the CRM reaches this server's listener of notifications, such as `\"https://calls.example.ru\"`.",
                "Как CRM обращается к адресу уведомлений этого сервера, например `\"https://calls.example.ru\"`.",
            ),
            row(
                "external_phones",
                ("`{ shop = \"number\" }`", "`{ магазин = \"номер\" }`"),
                Some("{}"),
                "Outside numbers of shops, by the shop's code. Numbers that the table `store` gives to a shop are added.",
                "Внешние номера магазинов по коду магазина. Номера, которые даёт магазину таблица `магазин`, добавляются.",
            ),
        ],
    )
}

pub(super) fn click_to_call() -> Section {
    let seconds = Duration::from_secs;
    section(
        "[account.click_to_call]",
        "Calls by a click in the CRM. They need the module and `account.uis.call_api`.",
        "Звонки по клику в CRM. Для них нужны модуль и `account.uis.call_api`.",
        vec![
            ranged(
                "double_click",
                (seconds(5), Duration::ZERO, seconds(600)),
                "Clicks of one person on one number within so much time make one call.",
                "Клики одного человека по одному номеру в пределах этого времени – один звонок.",
            ),
            ranged(
                "max_age",
                (seconds(10), seconds(1), seconds(300)),
                "A click that is older is not dialled.",
                "Более старый клик не набирается.",
            ),
            row(
                "allowed_prefixes",
                ("list of digits", "список цифр"),
                Some(&format!("{:?}", super::read_module::ALLOWED_PREFIXES)),
                "With what a number with its country must begin to be dialled; an empty list allows every number.",
                "С чего должен начинаться номер с кодом страны, чтобы его набрали; пустой список разрешает любые.",
            ),
            ranged(
                "per_minute_user",
                (Count(10), Count(1), Count(600)),
                "Calls of one person in a minute.",
                "Звонков одного человека в минуту.",
            ),
            ranged(
                "per_minute_account",
                (Count(60), Count(1), Count(6000)),
                "Calls of the account in a minute.",
                "Звонков аккаунта в минуту.",
            ),
            row(
                "employee_sees_virtual_number",
                FLAG,
                Some("false"),
                "Whether the employee's phone shows the virtual number instead of the client's.",
                "Показывать ли на телефоне сотрудника виртуальный номер вместо номера клиента.",
            ),
            row(
                "employee_hears_ringing",
                FLAG,
                Some("true"),
                "Whether the employee hears the line while the client's phone rings.",
                "Слышит ли сотрудник линию, пока звонит телефон клиента.",
            ),
        ],
    )
}
