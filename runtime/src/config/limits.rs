//! `[limits]`: every bound of the server, each with its default, its range and its reason.
//!
//! One table makes the struct, the defaults, the checks and the reference page. A new bound is a new row.

use std::time::Duration;

use switchboard_grammar::diagnostic::Text;

use crate::config::reader::Reader;
use crate::config::settings::Setting;
use crate::config::value::{Bytes, Count, Value};

/// Makes [`Limits`], its defaults, its reader and its rows of the reference from one table.
macro_rules! limits {
    ($($name:ident: $kind:ty = $default:expr, $least:expr => $most:expr, $en:literal, $ru:literal;)*) => {
        /// Every bound of the server; `docs/configuration.md` is made from the same table.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct Limits {
            $(#[doc = $en] pub $name: $kind,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Limits {
            /// Reads the section; what is not said has its default, what is out of range is a problem.
            pub(crate) fn read(reader: &mut Reader<'_, '_>) -> Self {
                Self { $($name: reader.bounded(stringify!($name), $default, $least, $most),)* }
            }

            /// The rows of the reference.
            pub(crate) fn settings() -> Vec<Setting> {
                vec![$(Setting {
                    key: stringify!($name),
                    kind: Text::new(<$kind>::EXPECTED.0, <$kind>::EXPECTED.1),
                    default: Some(<$kind>::show($default)),
                    range: Some((<$kind>::show($least), <$kind>::show($most))),
                    required: false,
                    doc: Text::new($en, $ru),
                },)*]
            }
        }
    };
}

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn kib(number: u64) -> Bytes {
    Bytes(number << 10)
}

const fn mib(number: u64) -> Bytes {
    Bytes(number << 20)
}

limits! {
    connections: Count = Count(4096), Count(1) => Count(65_536),
        "Connections open at once on a listener; a further one is closed unread.",
        "Сколько соединений открыто на одном адресе одновременно; лишнее закрывается, не читаясь.";
    connections_per_address: Count = Count(64), Count(1) => Count(65_536),
        "Connections open at once from one IP address; trusted proxies are not counted.",
        "Сколько соединений открыто с одного IP-адреса; доверенные прокси не считаются.";
    connection_lifetime: Duration = s(600), s(1) => s(24 * 3600),
        "How long a connection may live; what it is doing then is finished.",
        "Сколько живёт соединение; начатое при этом завершается.";
    head_bytes: Bytes = kib(16), kib(8) => mib(1),
        "The longest head of a request: its first line and its headers.",
        "Наибольшая длина начала запроса: первой строки и заголовков.";
    head_count: Count = Count(64), Count(8) => Count(1024),
        "The most headers of a request.",
        "Наибольшее число заголовков запроса.";
    head_timeout: Duration = s(5), ms(50) => s(300),
        "How long the head of a request may take, and how long a connection may be idle between requests.",
        "Сколько может приходить начало запроса и сколько соединение может простаивать между запросами.";
    body_bytes: Bytes = kib(256), kib(1) => mib(16),
        "The longest body, and the longest query; more is answered 413.",
        "Наибольшая длина тела и строки параметров; на большее ответ 413.";
    body_timeout: Duration = s(10), ms(50) => s(300),
        "How long a body may take; a slower one is answered 408.",
        "Сколько может приходить тело; на более медленное ответ 408.";
    retry_after: Duration = s(5), s(1) => s(3600),
        "What a sender is told to wait when the queue is full (503, `Retry-After`).",
        "Сколько просят подождать отправителя, когда очередь полна (503, `Retry-After`).";
    accept_queue: Count = Count(8192), Count(1) => Count(1_000_000),
        "Notifications that wait for their commit; a further one is answered 503.",
        "Сколько уведомлений ждёт записи на диск; на лишнее ответ 503.";
    store_readers: Count = Count(4), Count(1) => Count(64),
        "Connections that read the store beside the one that writes.",
        "Сколько соединений читает хранилище рядом с пишущим.";
    wal_bytes: Bytes = mib(64), mib(1) => mib(4096),
        "The size of the write-ahead log above which the writer itself clears it.",
        "Размер журнала упреждающей записи, после которого его сбрасывает сам писатель.";
    workers: Count = Count(8), Count(1) => Count(256),
        "Lanes that are worked on at once.",
        "Сколько очередей контактов обрабатывается одновременно.";
    lease: Duration = s(30), s(1) => s(3600),
        "How long a worker owns a lane before another may take it; at least `crm_timeout` and five seconds.",
        "Сколько обработчик владеет очередью контакта; не меньше `crm_timeout` и пяти секунд.";
    worker_poll: Duration = s(1), ms(10) => s(60),
        "How often a worker that heard of no work looks for it anyway.",
        "Как часто обработчик, не слышавший о работе, всё же ищет её.";
    in_flight_per_account: Count = Count(64), Count(1) => Count(1024),
        "Lanes of one account that are worked on at once.",
        "Сколько очередей одного аккаунта обрабатывается одновременно.";
    popup_calls: Count = Count(4096), Count(1) => Count(100_000),
        "Calls with a pop-up at once, in all accounts; a further one gets none.",
        "Сколько звонков одновременно бывает с карточками, во всех аккаунтах; лишний её не получает.";
    crm_connect_timeout: Duration = s(5), ms(50) => s(60),
        "How long connecting to the CRM may take.",
        "Сколько может длиться соединение с CRM.";
    crm_timeout: Duration = s(10), ms(50) => s(120),
        "How long a request to the CRM or to UIS may take in all; afterwards its outcome is unknown.",
        "Сколько всего может длиться запрос к CRM или UIS; после этого исход неизвестен.";
    crm_answer_bytes: Bytes = mib(4), kib(64) => mib(64),
        "The longest answer that is read from the CRM or from UIS.",
        "Наибольший ответ CRM или UIS, который читается.";
    crm_rate: Count = Count(10), Count(1) => Count(100),
        "Requests a second with one CRM key; the CRM allows 10.",
        "Запросов в секунду с одним ключом CRM; CRM допускает 10.";
    crm_telephony_rate: Count = Count(40), Count(1) => Count(400),
        "Requests a second with one CRM key under `/telephony`; the CRM allows 40.",
        "Запросов в секунду с одним ключом CRM к `/telephony`; CRM допускает 40.";
    uis_rate: Count = Count(5), Count(1) => Count(100),
        "Requests a second with one UIS token; UIS itself counts points a minute and a day.",
        "Запросов в секунду с одним ключом UIS; сама UIS считает баллы за минуту и за сутки.";
    uis_points_reserve: Count = Count(10), Count(0) => Count(90),
        "The share of the UIS points of a minute or a day, in percent, that reports leave to requests that cannot wait.",
        "Доля баллов UIS за минуту или сутки в процентах, которую отчёты оставляют неотложным запросам.";
    retry_horizon: Duration = s(72 * 3600), s(1) => s(30 * 24 * 3600),
        "How long a failing effect is tried again, on average, before it is parked for a person; the time in which its account is stopped does not count.",
        "Сколько в среднем повторяется неудачное действие, прежде чем его отложат для человека; пока аккаунт остановлен, время не идёт.";
    employees_refresh: Duration = s(2 * 3600), s(1) => s(7 * 24 * 3600),
        "How old the list of employees and users may become.",
        "Насколько может устареть список сотрудников и пользователей.";
    module_check: Duration = s(60), ms(10) => s(24 * 3600),
        "How often it is looked whether the module is in the CRM as it was registered, and whether it must be registered anew: one request, and nothing is sent when nothing differs.",
        "Как часто проверяется, на месте ли модуль в CRM и не пора ли зарегистрировать его заново: один запрос, а без отличий ничего не отправляется.";
    reload_debounce: Duration = ms(200), ms(1) => s(60),
        "How long a folder of rules must have been left alone before it is read again.",
        "Сколько папка правил должна пролежать без изменений, чтобы её перечитали.";
    reload_max_wait: Duration = s(2), ms(1) => s(300),
        "How long a folder that is never left alone is waited for before that is shown as a problem; the rules in force stay.",
        "Сколько ждут папку, в которой всё время что-то меняется, прежде чем показать это как ошибку; действуют прежние правила.";
    reload_poll: Duration = s(10), ms(10) => s(3600),
        "How often folders of rules are looked at although nothing was heard of them.",
        "Как часто папки правил просматриваются, хотя о них ничего не слышно.";
    script_operations: Count = Count(100_000), Count(1_000) => Count(10_000_000),
        "Operations of one call of a script.",
        "Операций за один вызов скрипта.";
    script_decision_operations: Count = Count(1_000_000), Count(1_000) => Count(100_000_000),
        "Operations of all scripts of one decision together.",
        "Операций всех скриптов одного решения вместе.";
    script_time: Duration = ms(250), ms(10) => s(10),
        "Time of all scripts of one decision together.",
        "Время всех скриптов одного решения вместе.";
    script_memory: Bytes = mib(16), mib(1) => mib(256),
        "Memory that one call of a script may hold; a single operation can take it to twice as much at most.",
        "Память, которую может занять один вызов скрипта; одна операция может превысить её не больше чем вдвое.";
    script_calls: Count = Count(24), Count(2) => Count(32),
        "Calls of functions inside one another in a script.",
        "Вложенность вызовов функций в скрипте.";
    script_text: Bytes = kib(8), kib(1) => mib(1),
        "Bytes of a text in a script; a call whose arguments are longer gets as much more as they have.",
        "Длина текста в скрипте; если аргументы длиннее, предел растёт на их длину.";
    script_elements: Count = Count(512), Count(16) => Count(100_000),
        "Elements of a list in a script, those of lists in it included.",
        "Элементов списка в скрипте вместе с вложенными.";
    script_entries: Count = Count(128), Count(16) => Count(100_000),
        "Entries of a dictionary in a script, those of dictionaries in it included.",
        "Записей словаря в скрипте вместе с вложенными.";
    script_variables: Count = Count(64), Count(8) => Count(1_000),
        "Variables of one call of a function in a script.",
        "Переменных в одном вызове функции скрипта.";
    script_functions: Count = Count(256), Count(1) => Count(1_000),
        "Functions of one script.",
        "Функций в одном скрипте.";
    script_source: Bytes = kib(256), kib(1) => mib(1),
        "The longest script.",
        "Наибольший размер файла скрипта.";
    shadow_queue: Count = Count(1_000), Count(1) => Count(100_000),
        "Decisions that wait to be compared with those of shadow rules; further ones are not compared.",
        "Сколько решений ждёт сравнения с теневыми правилами; лишние не сравниваются.";
    shadow_script_time: Duration = ms(250), ms(10) => s(10),
        "Time of all scripts of one decision of shadow rules together.",
        "Время всех скриптов одного решения теневых правил вместе.";
    shadow_candidates: Count = Count(20), Count(1) => Count(1_000),
        "Versions of shadow rules of one account whose comparisons are kept; the one that was tried longest ago is forgotten first.",
        "Сколько версий теневых правил одного аккаунта хранят итоги сравнения; первой забывается та, что проверялась раньше всех.";
    shadow_groups: Count = Count(200), Count(10) => Count(5_000),
        "Kinds of differences that are counted for one version; the rest are counted together.",
        "Сколько видов отличий считается отдельно для одной версии; остальные считаются вместе.";
    shadow_examples: Count = Count(5), Count(0) => Count(100),
        "Communications that are remembered as examples of one kind of difference.",
        "Сколько обращений запоминается как примеры одного вида отличий.";
    shadow_days: Count = Count(90), Count(1) => Count(3_650),
        "Days for which comparisons with shadow rules are kept.",
        "Сколько дней хранятся итоги сравнения с теневыми правилами.";
    shutdown_answers: Duration = s(2), ms(1) => s(60),
        "How long requests in progress may take to be answered when the server stops.",
        "Сколько при остановке ждут ответа на начатые запросы.";
    shutdown_sends: Duration = s(15), ms(1) => s(300),
        "How long effects in progress may take to finish when the server stops.",
        "Сколько при остановке ждут завершения начатых действий.";
    console_rows: Count = Count(100), Count(1) => Count(500),
        "Rows on a page of the console.",
        "Строк на странице консоли.";
}
