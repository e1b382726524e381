//! Settings of `[account.uis]` about reports: calls that nobody told of, marketing data, chats and requests.
//!
//! One table makes the struct, the defaults, the checks and the rows of the reference.

use std::time::Duration;

use switchboard_grammar::diagnostic::Text;

use crate::config::reader::Reader;
use crate::config::settings::Setting;
use crate::config::value::Value;

macro_rules! reports {
    ($($name:ident = $default:expr, $least:expr => $most:expr, $en:literal, $ru:literal;)*) => {
        /// How the reports of UIS are read.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Reports {
            /// Whether the report of calls is searched for calls that no notification told of.
            pub find_missed: bool,
            /// Whether the report of notifications is searched for those that did not arrive.
            pub failed_deliveries: bool,
            /// Whether chats are read, when the rules are about chats.
            pub chats: bool,
            /// Whether requests are read, when the rules are about requests.
            pub requests: bool,
            $(#[doc = $en] pub $name: Duration,)*
        }

        impl Reports {
            /// Reads the settings; what is not said has its default.
            pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
                let reports = Self {
                    find_missed: reader.flag("find_missed", true),
                    failed_deliveries: reader.flag("failed_deliveries", true),
                    chats: reader.flag("chats", true),
                    requests: reader.flag("requests", true),
                    $($name: reader.bounded(stringify!($name), $default, $least, $most),)*
                };
                reports.check(reader);
                reports
            }

            /// The rows of the reference.
            pub(super) fn settings(flag: (&str, &str)) -> Vec<Setting> {
                let row = |key, kind: (&str, &str), default: String, range, doc| Setting {
                    key, kind: Text::new(kind.0, kind.1), default: Some(default), range, required: false, doc,
                };
                vec![
                    row("find_missed", flag, "true".to_owned(), None, Text::new(
                        "Whether calls that no notification told of are looked for in the report of calls.",
                        "Искать ли в отчёте о звонках звонки, о которых не пришло уведомлений.",
                    )),
                    row("failed_deliveries", flag, "true".to_owned(), None, Text::new(
                        "Whether UIS is asked which notifications it could not deliver.",
                        "Спрашивать ли UIS, какие уведомления она не смогла доставить.",
                    )),
                    row("chats", flag, "true".to_owned(), None, Text::new(
                        "Whether chats are read from the report of UIS. They are read only while the rules are about chats.",
                        "Читать ли чаты из отчёта UIS. Они читаются, только пока в правилах есть чаты.",
                    )),
                    row("requests", flag, "true".to_owned(), None, Text::new(
                        "Whether requests are read from the report of UIS. They are read only while the rules are about requests.",
                        "Читать ли заявки из отчёта UIS. Они читаются, только пока в правилах есть заявки.",
                    )),
                    $(row(
                        stringify!($name),
                        Duration::EXPECTED,
                        Duration::show($default),
                        Some((Duration::show($least), Duration::show($most))),
                        Text::new($en, $ru),
                    ),)*
                ]
            }
        }
    };
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

const DAY: Duration = minutes(24 * 60);

reports! {
    reports_interval = minutes(10), ms(50) => DAY,
        "The time between two readings of the reports; each costs one to three points.",
        "Время между чтениями отчётов; каждое стоит от одного до трёх баллов.";
    reports_overlap = minutes(120), Duration::from_secs(1) => minutes(30 * 24 * 60),
        "How far a window reaches back into the one before; a call that lasts longer is followed by its number, at one point each quarter of this time.",
        "Насколько окно заходит на предыдущее; за более длинным звонком следят по его номеру, по баллу за каждую четверть этого времени.";
    reports_grace = minutes(2), Duration::ZERO => DAY,
        "How long ago a call must have ended to be looked for: its notifications may still be under way.",
        "Сколько должно пройти с конца звонка, чтобы его искали: уведомления ещё могут быть в пути.";
    reports_first = Duration::ZERO, Duration::ZERO => minutes(30 * 24 * 60),
        "How far back the very first reading of an account looks; nothing before it is ever taken.",
        "Насколько назад смотрит самое первое чтение аккаунта; более раннее не берётся никогда.";
    reports_reach = minutes(7 * 24 * 60), minutes(1) => minutes(80 * 24 * 60),
        "The furthest back any reading looks, after an outage for example.",
        "Насколько назад самое большее смотрит чтение, например после простоя.";
    marketing_wait = minutes(2), Duration::ZERO => DAY,
        "How long a decision waits for marketing data that the rules read and no notification brought; `\"0 s\"` decides without.",
        "Сколько решение ждёт маркетинговые данные, которые читают правила и не принесло уведомление; `\"0 s\"` — не ждать.";
    marketing_pause = Duration::from_secs(10), ms(10) => minutes(10),
        "The least time between two requests for marketing data; calls that are due share one.",
        "Наименьшее время между запросами маркетинговых данных; созревшие звонки делят один запрос.";
    written_interval = minutes(1), ms(50) => DAY,
        "The time between two readings of chats and requests; each costs one point when nothing is new and no chat goes on.",
        "Время между чтениями чатов и заявок; каждое стоит одного балла, если нового нет и открытых чатов нет.";
    written_overlap = minutes(30), Duration::from_secs(1) => DAY,
        "How far a reading of chats and requests reaches back into the one before.",
        "Насколько чтение чатов и заявок заходит на предыдущее.";
    visitor_pause = minutes(5), Duration::ZERO => DAY,
        "How long a visitor is not asked about again while the chat stays as it is; a name and an e-mail come from there, at one point each time.",
        "Сколько о посетителе не спрашивают снова, пока состояние чата прежнее; оттуда берутся имя и почта, по баллу за раз.";
    late_contacts = minutes(60), Duration::ZERO => minutes(7 * 24 * 60),
        "How long a chat that is over is looked at: a contact that is left late is written to the client.",
        "Сколько завершённый чат ещё читается: контакт, оставленный позже, запишется клиенту.";
}

impl Reports {
    fn check(&self, reader: &mut Reader<'_, '_>) {
        if self.reports_overlap <= self.reports_grace {
            let span = reader.span();
            let en = "`reports_overlap` must be longer than `reports_grace`, or ended calls fall between two windows";
            let ru =
                "`reports_overlap` должно быть больше `reports_grace`, иначе звонки выпадут между окнами";
            reader.wrong("reports_overlap", &span, en.to_owned(), ru.to_owned());
        }
    }
}
