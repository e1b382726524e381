//! `[account.forwarding]`: how incoming calls are put through to the client's manager.
//!
//! Struct, defaults, reading and rows of the reference stand together, so that a new setting is one place.

use std::time::Duration;

use crate::config::error::both;
use crate::config::reader::Reader;
use crate::config::settings::{FLAG, Setting, TIME, bounded_row, row};
use crate::config::value::{Count, Value as _};

/// How calls are put through, beyond what the rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forwarding {
    /// The longest that an answer waits for RetailCRM.
    pub budget: Duration,
    /// How old what is known of a client may be before RetailCRM is asked again.
    pub fresh: Duration,
    /// How old it may be when RetailCRM does not answer in time.
    pub stale: Duration,
    /// Whom to ask who the manager is.
    pub ask: Ask,
    /// Whether a manager counts who is not free in RetailCRM just now; only for [`Ask::Telephony`].
    pub ignore_status: bool,
    /// Which number of an employee the call goes to.
    pub dial: Dial,
    /// What UIS is told when there is nobody to put the call through to.
    pub codes: Codes,
    /// Clients that are remembered.
    pub memory: Count,
    /// Questions to RetailCRM under way at once.
    pub questions: Count,
}

/// Whom to ask who a client's manager is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The client's card; the rules then know all of it.
    Customer,
    /// The method for telephony, which also knows who is free; the rules then know the manager and the name.
    Telephony,
}

/// Which number of an employee a call goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dial {
    /// The internal number; without one the telephone numbers.
    Extension,
    /// The telephone numbers in their order; without one the internal number.
    Phones,
}

/// Return codes by reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codes {
    /// The client has no manager, or is not known.
    pub no_manager: u32,
    /// The manager is no synchronised employee.
    pub not_synchronised: u32,
    /// The manager has no number in UIS.
    pub no_phone: u32,
    /// RetailCRM did not say in time, and nothing is remembered.
    pub silent: u32,
    /// The rules do not put this call through.
    pub off: u32,
}

const MOST_CODE: u32 = 65_535;
const CODE: Count = Count(1);
const BUDGET: (Duration, Duration) = (Duration::from_millis(150), Duration::from_secs(2));
const FRESH: Duration = Duration::from_secs(5 * 60);
const STALE: Duration = Duration::from_secs(24 * 3600);
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
const MEMORY: Count = Count(10_000);
const QUESTIONS: Count = Count(32);

impl Default for Forwarding {
    fn default() -> Self {
        let code = CODE.0;
        Self {
            budget: BUDGET.0,
            fresh: FRESH,
            stale: STALE,
            ask: Ask::Customer,
            ignore_status: true,
            dial: Dial::Extension,
            codes: Codes {
                no_manager: code,
                not_synchronised: code,
                no_phone: code,
                silent: code,
                off: code,
            },
            memory: MEMORY,
            questions: QUESTIONS,
        }
    }
}

impl Forwarding {
    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        let default = Self::default();
        let second = Duration::from_secs(1);
        let ask = reader.parsed("ask", |text| match text {
            "customer" => Ok(Ask::Customer),
            "telephony" => Ok(Ask::Telephony),
            _ => Err(both("expected `customer` or `telephony`", "ожидается `customer` или `telephony`")),
        });
        let dial = reader.parsed("dial", |text| match text {
            "extension" => Ok(Dial::Extension),
            "phones" => Ok(Dial::Phones),
            _ => Err(both("expected `extension` or `phones`", "ожидается `extension` или `phones`")),
        });
        let mut code = |key, default: u32| reader.bounded(key, Count(default), Count(0), Count(MOST_CODE)).0;
        let no_manager = code("code_no_manager", CODE.0);
        let codes = Codes {
            no_manager,
            not_synchronised: code("code_not_synchronised", no_manager),
            no_phone: code("code_no_phone", no_manager),
            silent: code("code_silent", no_manager),
            off: code("code_off", no_manager),
        };
        Self {
            budget: reader.bounded("budget", default.budget, Duration::ZERO, BUDGET.1),
            fresh: reader.bounded("fresh", default.fresh, second, LONGEST),
            stale: reader.bounded("stale", default.stale, second, LONGEST),
            ask: ask.unwrap_or(default.ask),
            ignore_status: reader.flag("ignore_status", default.ignore_status),
            dial: dial.unwrap_or(default.dial),
            codes,
            memory: reader.bounded("memory", default.memory, Count(1), Count(1_000_000)),
            questions: reader.bounded("questions", default.questions, Count(1), Count(1024)),
        }
    }

    pub(super) fn settings() -> Vec<Setting> {
        let second = Duration::from_secs(1);
        let time = |key, default: Duration, (least, most): (Duration, Duration), en: &str, ru: &str| {
            bounded_row(key, TIME, default.show(), (least.show(), most.show()), en, ru)
        };
        let count = |key, default: Count, most: u32, en: &str, ru: &str| {
            bounded_row(key, Count::EXPECTED, default.show(), (Count(1).show(), Count(most).show()), en, ru)
        };
        let choice = |key, kind: (&str, &str), default: &str, en: &str, ru: &str| {
            row(key, kind, Some(default), en, ru)
        };
        let mut rows = vec![
            time(
                "budget",
                BUDGET.0,
                (Duration::ZERO, BUDGET.1),
                "The longest that an answer to UIS waits for RetailCRM; the client is on the line.",
                "Сколько самое большее ответ UIS ждёт RetailCRM: клиент на линии.",
            ),
            time(
                "fresh",
                FRESH,
                (second, LONGEST),
                "How old what is known of a client may be before RetailCRM is asked again.",
                "Насколько старым может быть известное о клиенте, прежде чем RetailCRM спросят снова.",
            ),
            time(
                "stale",
                STALE,
                (second, LONGEST),
                "How old it may be when RetailCRM does not answer in time.",
                "Насколько старым оно может быть, если RetailCRM не отвечает вовремя.",
            ),
            choice(
                "ask",
                ("`\"customer\"` or `\"telephony\"`", "`\"customer\"` или `\"telephony\"`"),
                "\"customer\"",
                "Where the manager is looked up: in the client's card, or by the method for telephony, which knows who is free.",
                "Где искать менеджера: в карточке клиента или методом телефонии, который знает, кто свободен.",
            ),
            choice(
                "ignore_status",
                FLAG,
                "true",
                "With `ask = \"telephony\"`: whether a manager counts who is not free in RetailCRM just now.",
                "При `ask = \"telephony\"`: считается ли менеджер, который сейчас в RetailCRM не свободен.",
            ),
            choice(
                "dial",
                ("`\"extension\"` or `\"phones\"`", "`\"extension\"` или `\"phones\"`"),
                "\"extension\"",
                "Which number of the employee the call goes to first: the internal one, or the telephone numbers in their order.",
                "На какой номер сотрудника идёт звонок: сначала на внутренний или на телефоны по порядку.",
            ),
            bounded_row(
                "code_no_manager",
                Count::EXPECTED,
                CODE.show(),
                (Count(0).show(), Count(MOST_CODE).show()),
                "The return code when the client has no manager or is not known.",
                "Код возврата, когда у клиента нет менеджера или клиент неизвестен.",
            ),
        ];
        for (key, en, ru) in [
            (
                "code_not_synchronised",
                "The return code when the manager is no synchronised employee; as `code_no_manager` when not set.",
                "Код возврата, когда менеджер не синхронизирован; если не задан, как `code_no_manager`.",
            ),
            (
                "code_no_phone",
                "The return code when the manager has no number in UIS; as `code_no_manager` when not set.",
                "Код возврата, когда у менеджера нет номера в UIS; если не задан, как `code_no_manager`.",
            ),
            (
                "code_silent",
                "The return code when RetailCRM did not say in time; as `code_no_manager` when not set.",
                "Код возврата, когда RetailCRM не ответила вовремя; если не задан, как `code_no_manager`.",
            ),
            (
                "code_off",
                "The return code when the rules do not put the call through; as `code_no_manager` when not set.",
                "Код возврата, когда правила звонок не переводят; если не задан, как `code_no_manager`.",
            ),
        ] {
            rows.push(row(key, Count::EXPECTED, None, en, ru));
        }
        rows.push(count(
            "memory",
            MEMORY,
            1_000_000,
            "Clients that are remembered; the one not asked about for longest is forgotten first.",
            "Сколько клиентов помнится; первым забывается тот, о ком дольше всех не спрашивали.",
        ));
        rows.push(count(
            "questions",
            QUESTIONS,
            1024,
            "Questions to RetailCRM about callers that are under way at once.",
            "Сколько вопросов к RetailCRM о звонящих задаётся одновременно.",
        ));
        rows
    }
}
