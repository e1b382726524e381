//! `[account.workplace]`: the operator workplace of UIS on a page of RetailCRM.
//!
//! Struct, defaults, reading and rows of the reference stand together, so that a new setting is one place. Off by default:
//! the vendor switches JavaScript modules on for each partner, and where UIS has its workplace it does not publish.

use std::time::Duration;

use crate::config::error::both;
use crate::config::load::Around;
use crate::config::reader::Reader;
use crate::config::settings::{FLAG, Section, Setting, TEXT, TIME, URL, bounded_row, row, section};
use crate::config::urls::{api_url, origin};
use crate::config::value::{Count, Value};

/// The page of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Workplace {
    /// Whether the module has the page.
    pub active: bool,
    /// The workplace of UIS that is framed; without one the page shows the panel alone.
    pub address: Option<String>,
    /// Where the workplace of UIS may go inside its frame besides its own origin: to its log-in page, say.
    pub frames: Vec<String>,
    /// Who may frame the page besides the account's own address: origins such as `https://crm.example.ru`.
    pub ancestors: Vec<String>,
    /// The menu of RetailCRM in which the page stands.
    pub menu: String,
    /// How long a ticket may be used.
    pub ticket_lifetime: Duration,
    /// How long a page may ask for data after it was opened.
    pub session_lifetime: Duration,
    /// How often an open page asks.
    pub refresh: Duration,
    /// How long after the last word about it a conversation is listed.
    pub shown_for: Duration,
    /// The most conversations that are listed.
    pub conversations: Count,
    /// How long what RetailCRM says of a client is believed.
    pub client_lasts: Duration,
    /// Tickets of one user in a minute.
    pub tickets_per_minute: Count,
    /// Requests for data of one user in a minute.
    pub requests_per_minute: Count,
}

type Span<T> = (T, T, T);

const ORIGINS: (&str, &str) = ("list of addresses without a path", "список адресов без пути");
const MENU: &str = "activity_main_menu";
const MAX_MENU: usize = 64;
const TICKET_LIFETIME: Span<Duration> = (seconds(60), seconds(5), seconds(600));
const SESSION_LIFETIME: Span<Duration> = (seconds(12 * 3600), seconds(60), seconds(7 * 24 * 3600));
const REFRESH: Span<Duration> = (seconds(5), seconds(1), seconds(300));
const SHOWN_FOR: Span<Duration> = (seconds(12 * 3600), seconds(600), seconds(7 * 24 * 3600));
const CLIENT_LASTS: Span<Duration> = (seconds(60), seconds(5), seconds(3600));
const CONVERSATIONS: Span<Count> = (Count(30), Count(1), Count(200));
const TICKETS: Span<Count> = (Count(10), Count(1), Count(600));
const REQUESTS: Span<Count> = (Count(180), Count(10), Count(6000));

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl Default for Workplace {
    fn default() -> Self {
        Self {
            active: false,
            address: None,
            frames: Vec::new(),
            ancestors: Vec::new(),
            menu: MENU.to_owned(),
            ticket_lifetime: TICKET_LIFETIME.0,
            session_lifetime: SESSION_LIFETIME.0,
            refresh: REFRESH.0,
            shown_for: SHOWN_FOR.0,
            conversations: CONVERSATIONS.0,
            client_lasts: CLIENT_LASTS.0,
            tickets_per_minute: TICKETS.0,
            requests_per_minute: REQUESTS.0,
        }
    }
}

impl Workplace {
    pub(super) fn read(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Self {
        fn bounded<V: Value + Copy>(reader: &mut Reader<'_, '_>, key: &'static str, span: Span<V>) -> V {
            reader.bounded(key, span.0, span.1, span.2)
        }
        Self {
            active: reader.flag("active", false),
            address: reader.parsed("address", |text| framed(text, around)),
            frames: reader.list("frames", |text| origin(text, around)).unwrap_or_default(),
            ancestors: reader.list("ancestors", |text| origin(text, around)).unwrap_or_default(),
            menu: reader.parsed("menu", menu).unwrap_or_else(|| MENU.to_owned()),
            ticket_lifetime: bounded(reader, "ticket_lifetime", TICKET_LIFETIME),
            session_lifetime: bounded(reader, "session_lifetime", SESSION_LIFETIME),
            refresh: bounded(reader, "refresh", REFRESH),
            shown_for: bounded(reader, "shown_for", SHOWN_FOR),
            conversations: bounded(reader, "conversations", CONVERSATIONS),
            client_lasts: bounded(reader, "client_lasts", CLIENT_LASTS),
            tickets_per_minute: bounded(reader, "tickets_per_minute", TICKETS),
            requests_per_minute: bounded(reader, "requests_per_minute", REQUESTS),
        }
    }

    pub(super) fn section() -> Section {
        fn ranged<V: Value + Copy>(
            key: &'static str,
            kind: (&str, &str),
            span: Span<V>,
            en: &str,
            ru: &str,
        ) -> Setting {
            bounded_row(key, kind, span.0.show(), (span.1.show(), span.2.show()), en, ru)
        }
        let settings = vec![
            row(
                "active",
                FLAG,
                Some("false"),
                "Whether the module has the page. It needs `[account.retailcrm.module]` and `[account.uis]`.",
                "Есть ли у модуля эта страница. Для неё нужны `[account.retailcrm.module]` и `[account.uis]`.",
            ),
            row(
                "address",
                URL,
                None,
                "The workplace of UIS, shown in a frame; without it the page shows the panel alone.",
                "Рабочее место UIS, которое показывается во фрейме; без него на странице только панель.",
            ),
            row(
                "frames",
                ORIGINS,
                Some("[]"),
                "Where the workplace of UIS may go inside the frame besides the host of `address`: to a log-in page elsewhere, say.",
                "Куда рабочее место UIS может переходить внутри фрейма, кроме хоста из `address`: например, на страницу входа.",
            ),
            row(
                "ancestors",
                ORIGINS,
                Some("[]"),
                "Who may frame the page besides `retailcrm.url`: for a CRM with an address of its own.",
                "Кто может встроить страницу, кроме `retailcrm.url`: для CRM на собственном адресе.",
            ),
            row(
                "menu",
                TEXT,
                Some(&format!("\"{MENU}\"")),
                "The code of the menu of RetailCRM in which the page stands.",
                "Код меню RetailCRM, в котором стоит страница.",
            ),
            ranged(
                "ticket_lifetime",
                TIME,
                TICKET_LIFETIME,
                "How long the one-time ticket that opens the page is good.",
                "Сколько действует одноразовый билет, которым открывается страница.",
            ),
            ranged(
                "session_lifetime",
                TIME,
                SESSION_LIFETIME,
                "How long an open page may ask for data; then it is to be opened anew.",
                "Сколько открытая страница может запрашивать данные; потом её нужно открыть заново.",
            ),
            ranged(
                "refresh",
                TIME,
                REFRESH,
                "How often an open page asks for news.",
                "Как часто открытая страница спрашивает новости.",
            ),
            ranged(
                "shown_for",
                TIME,
                SHOWN_FOR,
                "How long after the last word about it a conversation stays in the list.",
                "Сколько обращение остаётся в списке после последней вести о нём.",
            ),
            ranged(
                "conversations",
                Count::EXPECTED,
                CONVERSATIONS,
                "The most conversations in the list of one operator.",
                "Наибольшее число обращений в списке одного оператора.",
            ),
            ranged(
                "client_lasts",
                TIME,
                CLIENT_LASTS,
                "How long what RetailCRM says of a client and the orders is believed without asking again.",
                "Сколько верить сведениям RetailCRM о клиенте и заказах, не спрашивая снова.",
            ),
            ranged(
                "tickets_per_minute",
                Count::EXPECTED,
                TICKETS,
                "How often one user may open the page in a minute.",
                "Сколько раз в минуту один пользователь может открыть страницу.",
            ),
            ranged(
                "requests_per_minute",
                Count::EXPECTED,
                REQUESTS,
                "Requests for data of one user in a minute, all open pages together.",
                "Запросов данных одного пользователя в минуту, со всех открытых страниц вместе.",
            ),
        ];
        section(
            "[account.workplace]",
            "The operator workplace of UIS on a page of RetailCRM, with the client, the orders and what the rules did beside it.",
            "Рабочее место оператора UIS на странице RetailCRM; рядом клиент, заказы и то, что сделали правила.",
            settings,
        )
    }
}

/// An address that is framed: like that of an API, with its path as it is.
fn framed(text: &str, around: &Around<'_>) -> Result<String, (String, String)> {
    // It stands in a header between words that `;` and spaces would end.
    let breaks = |letter: char| letter.is_whitespace() || letter.is_control() || ";,'\"<>".contains(letter);
    if text.contains(breaks) {
        return Err(both("has a letter that an address has not", "есть символ, которого в адресе не бывает"));
    }
    api_url(text, around)?;
    Ok(text.to_owned())
}

fn menu(text: &str) -> Result<String, (String, String)> {
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    if !text.is_empty() && text.len() <= MAX_MENU && text.chars().all(letters) {
        return Ok(text.to_owned());
    }
    Err(both(
        "expected the code of a menu, such as `activity_main_menu`",
        "ожидается код меню, например `activity_main_menu`",
    ))
}
