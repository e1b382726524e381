//! Every figure of the server, in one table.
//!
//! `docs/metrics.md` is made from it, and a test holds that what the code counts and what stands here are the same. Whoever
//! counts something new adds its row.

use std::fmt::Write as _;

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Many measurements.
    Histogram,
}

/// One figure.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [&'static str],
    en: &'static str,
    ru: &'static str,
}

impl Metric {
    /// What it says.
    pub fn doc(&self) -> Text {
        Text::new(self.en, self.ru)
    }
}

macro_rules! metrics {
    ($($id:ident: $kind:ident $name:literal [$($label:literal),*] $en:literal $ru:literal;)*) => {
        $(pub(crate) const $id: Metric =
            Metric { name: $name, kind: Kind::$kind, labels: &[$($label),*], en: $en, ru: $ru };)*

        /// Every figure there is.
        pub const ALL: &[Metric] = &[$($id),*];
    };
}

metrics! {
    CONNECTIONS: Gauge "switchboard_http_connections" ["listener"]
        "Connections that are open." "Открытые соединения.";
    CONNECTIONS_REFUSED: Counter "switchboard_http_connections_refused_total" ["listener", "limit"]
        "Connections that were closed unread, by the limit that was reached: `total` or `address`."
        "Соединения, закрытые без чтения, по достигнутой границе: `total` или `address`.";
    REQUESTS: Counter "switchboard_http_requests_total" ["listener", "status"]
        "Requests that were answered, by status." "Запросы, на которые ответили, по статусу.";
    INGEST: Counter "switchboard_ingest_total" ["account", "event", "outcome"]
        "Notifications that were answered 200: `new`, `duplicate` or `unparsed`."
        "Уведомления, на которые ответили 200: `new`, `duplicate` или `unparsed`.";
    INGEST_REFUSED: Counter "switchboard_ingest_refused_total" ["reason"]
        "Notifications that were refused: `not_found`, `method`, `too_large`, `slow`, `broken`, `full`, `store`."
        "Отвергнутые уведомления: `not_found`, `method`, `too_large`, `slow`, `broken`, `full`, `store`.";
    INGEST_SECONDS: Histogram "switchboard_ingest_seconds" []
        "From the last byte of a notification to its answer, the commit included."
        "От последнего байта уведомления до ответа, вместе с записью на диск.";
    UNPARSED: Counter "switchboard_unparsed_total" ["account", "reason"]
        "Notifications that were not understood, by reason." "Непонятые уведомления, по причине.";
    EVENTS: Gauge "switchboard_events" ["account", "state"]
        "Events that are not finished: `available`, `unparsed`, `parked`."
        "Незавершённые события: `available`, `unparsed`, `parked`.";
    OLDEST_EVENT: Gauge "switchboard_oldest_event_age_seconds" ["account"]
        "Age of the oldest event that waits for a worker, in stopped accounts too; 0 when none waits."
        "Возраст старейшего ждущего события, и в остановленных аккаунтах; 0, если ничего не ждёт.";
    COMMUNICATIONS: Gauge "switchboard_communications" ["account", "phase"]
        "Calls that are not finished: `open`, `ending`, `decided`."
        "Незавершённые звонки: `open`, `ending`, `decided`.";
    EFFECTS: Gauge "switchboard_effects" ["account", "state"]
        "Effects that are not done: `ready`, `in_flight`, `unknown`, `held`, `dead`."
        "Невыполненные действия: `ready`, `in_flight`, `unknown`, `held`, `dead`.";
    ACCOUNT_STOPPED: Gauge "switchboard_account_stopped" ["account"]
        "1 while the work on an account is stopped, for example because its key was refused."
        "1, пока работа аккаунта остановлена, например из-за отвергнутого ключа.";
    RULES_RELOADS: Counter "switchboard_rules_reloads_total" ["account", "outcome"]
        "Looks at a folder of rules: `swapped`, `unchanged`, `refused`, `unreadable`, `unsettled`."
        "Просмотры папки правил: `swapped`, `unchanged`, `refused`, `unreadable`, `unsettled`.";
    RULES_STALE: Gauge "switchboard_rules_stale" ["account"]
        "1 while the rules on disk are not the ones in force."
        "1, пока действуют не те правила, что лежат на диске.";
    RULINGS: Counter "switchboard_rulings_total" ["kind", "outcome"]
        "What rules said of calls to be put through (`forward`), pop-ups (`popup`) and orders (`deal`): `kept` for backtests, or `lost` (too many were waiting, or the store did not take them)."
        "Что правила сказали о переводе звонков (`forward`), карточках (`popup`) и заказах (`deal`): `kept` — сохранено для бэктеста, `lost` — потеряно (слишком много ждало, или хранилище не приняло).";
    SHADOW: Counter "switchboard_shadow_total" ["account", "outcome"]
        "Decisions that shadow rules were asked about: `same`, `differ`, `unjudged` (they need what nobody asked for), `failed`, `dropped` (too many were waiting)."
        "Решения, о которых спросили теневые правила: `same`, `differ`, `unjudged` (им нужны данные, которых никто не запрашивал), `failed`, `dropped` (слишком много ждало).";
    SHADOW_SECONDS: Histogram "switchboard_shadow_seconds" ["account"]
        "How long a decision of shadow rules took." "Длительность решения теневых правил.";
    SHADOW_RELOADS: Counter "switchboard_shadow_reloads_total" ["account", "outcome"]
        "Looks at a folder of shadow rules, with the outcomes of `switchboard_rules_reloads_total`."
        "Просмотры папки теневых правил, с исходами из `switchboard_rules_reloads_total`.";
    SHADOW_STALE: Gauge "switchboard_shadow_stale" ["account"]
        "1 while the shadow rules on disk are not the ones that are tried."
        "1, пока пробуются не те теневые правила, что лежат на диске.";
    STORE_BATCH_WRITES: Histogram "switchboard_store_batch_writes" []
        "Writes that shared one transaction." "Записи, попавшие в одну транзакцию.";
    STORE_BATCH_SECONDS: Histogram "switchboard_store_batch_seconds" []
        "From the start of a transaction to its sync." "От начала транзакции до её сохранения.";
    STORE_BATCH_FAILURES: Counter "switchboard_store_batch_failures_total" []
        "Transactions that failed as a whole." "Транзакции, не удавшиеся целиком.";
    STORE_LOG_BYTES: Gauge "switchboard_store_log_bytes" []
        "Size of the write-ahead log on the disk." "Размер журнала упреждающей записи на диске.";
    CRM_REQUESTS: Counter "switchboard_crm_requests_total" ["account", "method", "outcome"]
        "Requests to RetailCRM: `ok` or what went wrong." "Запросы к RetailCRM: `ok` или что не так.";
    CRM_SECONDS: Histogram "switchboard_crm_request_seconds" ["account"]
        "How long requests to RetailCRM took." "Длительность запросов к RetailCRM.";
    UPLOAD_CALLS: Histogram "switchboard_upload_calls" ["account"]
        "Calls that went into the history in one request." "Звонки, переданные в историю одним запросом.";
    UIS_REQUESTS: Counter "switchboard_uis_requests_total" ["account", "method", "outcome"]
        "Requests to UIS: `ok` or what went wrong." "Запросы к UIS: `ok` или что не так.";
    UIS_POINTS: Gauge "switchboard_uis_points_remaining" ["account", "period"]
        "Points that UIS has left to the token, as it said last: `minute`, `hour`, `day`."
        "Баллы, оставшиеся у ключа UIS, по её последнему слову: `minute`, `hour`, `day`.";
    UIS_DEFERRED: Counter "switchboard_uis_deferred_total" ["account"]
        "Times that reports were not asked for, to leave the reserve of points alone."
        "Сколько раз отчёты не запрашивались, чтобы не тронуть запас баллов.";
    REPORT_POLLS: Counter "switchboard_report_polls_total" ["account", "outcome"]
        "Windows of reports that were read: `ok` or what went wrong." "Прочитанные окна отчётов: `ok` или что не так.";
    REPORT_ROWS: Counter "switchboard_report_rows_total" ["account", "outcome"]
        "Rows of the report of calls: `found` (nobody had told of the call, or not to its end), `completed` (the call waited for it), `known`, `early`, `before`, `unreadable`."
        "Строки отчёта о звонках: `found` (о звонке или о его конце никто не сообщил), `completed` (звонок ждал), `known`, `early`, `before`, `unreadable`.";
    REPORT_LAG: Gauge "switchboard_report_lag_seconds" ["account"]
        "Up to how long ago the report of calls was read." "До какого времени назад прочитан отчёт о звонках.";
    FAILED_DELIVERIES: Counter "switchboard_uis_failed_deliveries_total" ["account"]
        "Notifications that UIS says it could not deliver." "Уведомления, которые UIS, по её словам, не доставила.";
    MARKETING: Counter "switchboard_marketing_total" ["account", "outcome"]
        "Calls whose rules read marketing data that no notification brought: `came`, `late`, `no_points`, `refused`."
        "Звонки, для правил которых не хватало маркетинговых данных: `came`, `late`, `no_points`, `refused`.";
    FORWARD_ANSWERS: Counter "switchboard_forward_answers_total" ["account", "outcome", "knowledge"]
        "Answers to UIS about whom a call is put through to: `phones`, `branch` (a code of the rules), `no_manager`, `not_synchronised`, `no_phone`, `silent`, `off`; and where the knowledge came from: `memory`, `asked`, `stale`, `nothing`, `not_needed`."
        "Ответы UIS о том, кому перевести звонок: `phones`, `branch` (код из правил), `no_manager`, `not_synchronised`, `no_phone`, `silent`, `off`; и откуда известен клиент: `memory`, `asked`, `stale`, `nothing`, `not_needed`.";
    FORWARD_SECONDS: Histogram "switchboard_forward_answer_seconds" []
        "How long such an answer took." "Сколько занял такой ответ.";
    MODULE_REGISTRATIONS: Counter "switchboard_module_registrations_total" ["account", "outcome"]
        "Registrations of the module in RetailCRM: `accepted`, `withheld` because a list is not known or has become empty, or what went wrong; `gone` and `changed` when it was found deleted or changed there."
        "Регистрации модуля в RetailCRM: `accepted`, `withheld`, если список неизвестен или опустел, или что не так; `gone` и `changed`, если он там удалён или изменён.";
    MARKETPLACE: Counter "switchboard_marketplace_registrations_total" ["outcome"]
        "Shops that connected themselves: `new`, `known`, `key` (known, with another key), or why not."
        "Магазины, которые подключались сами: `new`, `known`, `key` (известный, с другим ключом) или почему нет.";
    CALLBACKS: Counter "switchboard_callbacks_total" ["account", "callback"]
        "Calls of RetailCRM on the module: `call`, `status`, `activity`, `settings`, `account`."
        "Обращения RetailCRM к модулю: `call`, `status`, `activity`, `settings`, `account`.";
    CHAT_CALLBACKS: Counter "switchboard_chat_callbacks_total" ["account", "outcome"]
        "Callbacks of the Chat API: `hint` (a chat or a visitor is read sooner), `other`."
        "Обращения Chat API: `hint` (чат или посетитель читается раньше), `other`.";
    WORKPLACE: Counter "switchboard_workplace_total" ["account", "outcome"]
        "The operator workplace: `given` (a ticket), `opened`, or why something was refused."
        "Рабочее место оператора: `given` (билет), `opened` или почему отказано.";
    CLICKS: Counter "switchboard_clicks_total" ["account", "outcome"]
        "Clicks on a phone in the CRM: `started`, `double`, `unknown`, or why no call was made."
        "Клики по телефону в CRM: `started`, `double`, `unknown` или почему звонка не было.";
    CLICK_SECONDS: Histogram "switchboard_click_seconds" ["account"]
        "From a click to the answer of UIS that the call has begun."
        "От клика до ответа UIS о начале звонка.";
    DEAL_TRIGGERS: Counter "switchboard_deal_triggers_total" ["account", "outcome"]
        "Triggers of RetailCRM about orders: `kept`, or `unparsed` when no order is named."
        "Триггеры RetailCRM о заказах: `kept` или `unparsed`, если заказ не назван.";
    DEALS: Gauge "switchboard_deals" ["account", "state"]
        "Orders by what became of them: `waiting`, `done`, `not_passed` (by the rules), `parked`, `gone` (deleted)."
        "Заказы по тому, что с ними стало: `waiting`, `done`, `not_passed` (по правилам), `parked`, `gone` (удалены).";
    DEAL_ORDERS: Counter "switchboard_deal_orders_total" ["account", "outcome"]
        "Orders that were taken up: `sent`, `unchanged`, `not_passed`, `gone`, `again`, `parked`."
        "Взятые в работу заказы: `sent`, `unchanged`, `not_passed`, `gone`, `again`, `parked`.";
    DEAL_UPLOADS: Counter "switchboard_deal_uploads_total" ["account", "outcome"]
        "Uploads of deals to UIS: `taken`, `refused` (and cut in halves), `failed`."
        "Передачи сделок в UIS: `taken`, `refused` (и разделены пополам), `failed`.";
    DEAL_ROWS: Counter "switchboard_deal_rows_total" ["account"]
        "Rows of deals that UIS has taken." "Строки сделок, принятые UIS.";
    DEAL_PROCESSING: Gauge "switchboard_deals_in_processing" ["account"]
        "Deals that UIS has taken and not processed yet, as it said last."
        "Сделки, принятые UIS и ещё не обработанные, по её последнему слову.";
    DEAL_HISTORY_ROWS: Counter "switchboard_deal_history_rows_total" ["account"]
        "Rows of the history of orders that were read." "Прочитанные строки истории заказов.";
    TURNS: Counter "switchboard_turns_total" ["account", "end"]
        "Times that a worker took a contact's lane, by how it ended."
        "Сколько раз обработчик брал очередь контакта, по тому, чем кончилось.";
    EVENTS_MERGED: Counter "switchboard_events_merged_total" ["account"]
        "Events that were merged into calls." "События, объединённые в звонки.";
    EVENTS_PARKED: Counter "switchboard_events_parked_total" ["account"]
        "Events that workers gave up on." "События, отложенные обработчиками.";
    DECISIONS: Counter "switchboard_decisions_total" ["account", "stage", "accepted"]
        "Decisions, by whether the filter let the call in." "Решения, по тому, пропустил ли звонок фильтр.";
    DECISION_SECONDS: Histogram "switchboard_decision_seconds" ["account"]
        "How long a decision took." "Длительность решения.";
    EFFECT_STEPS: Counter "switchboard_effects_total" ["account", "kind", "outcome"]
        "Steps of effects, by what came of them." "Шаги действий, по тому, что вышло.";
    EFFECT_PROBES: Counter "switchboard_effect_probes_total" ["account", "kind", "found"]
        "Looks for records whose request got no answer." "Поиски записей, на запрос о которых не ответили.";
    FIELDS_DROPPED: Counter "switchboard_fields_dropped_total" ["account"]
        "Values of fields that RetailCRM would refuse, left out." "Значения полей, которые RetailCRM отвергла бы; пропущены.";
    POPUPS: Counter "switchboard_popups_total" ["account", "event", "outcome"]
        "Pop-ups, one for each user. `in` and `out`: `shown`, `stranger` (RetailCRM does not know the user), `unknown` (the answer was lost). `hangup`: `taken_off`, `swept`, `retry`, `given_up`. `show`, of rings without a pop-up: `old`, `off`, `stranger` (the employee is not synchronised), `hidden` number, `internal`, `rejected` by the filter, `failed`, `full`."
        "Всплывающие карточки, по одной на пользователя. `in` и `out`: `shown`, `stranger` (RetailCRM не знает пользователя), `unknown` (ответ потерян). `hangup`: `taken_off`, `swept`, `retry`, `given_up`. `show`, о вызовах без карточки: `old`, `off`, `stranger` (сотрудник не синхронизирован), `hidden` (номер скрыт), `internal`, `rejected` (не пропустил фильтр), `failed`, `full`.";
    POPUP_SECONDS: Histogram "switchboard_popup_seconds" ["account"]
        "From the arrival of a ring to the answer to its pop-up." "От прихода вызова до ответа на показ карточки.";
    ACCOUNT_STOPS: Counter "switchboard_account_stops_total" ["account"]
        "How often an account was stopped." "Сколько раз аккаунт останавливали.";
}

/// Writes the table as a page of Markdown.
pub fn metrics_page(lang: Lang) -> String {
    let (name, kind, labels, what) =
        lang.pick(("name", "kind", "labels", "what it says"), ("имя", "вид", "метки", "что показывает"));
    let mut page = format!("| {name} | {kind} | {labels} | {what} |\n| --- | --- | --- | --- |\n");
    for metric in ALL {
        let kind = match metric.kind {
            Kind::Counter => lang.pick("counter", "счётчик"),
            Kind::Gauge => lang.pick("gauge", "показание"),
            Kind::Histogram => lang.pick("histogram", "гистограмма"),
        };
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {kind} | {} | {} |",
            metric.name,
            labels.join(", "),
            metric.doc().get(lang)
        );
    }
    page
}
