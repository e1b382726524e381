//! UIS: key, allowed address, bought options, points, time zone.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use switchboard_grammar::diagnostic::Text;

use super::finding::{Level, Report};
use crate::config::{Account, Config, Uis as UisSettings};
use crate::directory::UisPart;
use crate::outbound::{NotSent, Transport};
use crate::uis::{Client, ClientSettings, Points, PointsSettings, UisError};

/// Methods that some part of the program asks, and what is missing without them.
const PROBES: [(&str, &str, &str); 4] = [
    (
        "get.calls_report",
        "calls of which no notification told are not found, and their marketing data is missing",
        "звонки без уведомлений не находятся, и их маркетинговых данных нет",
    ),
    ("get.virtual_numbers", "virtual numbers cannot be checked", "виртуальные номера нельзя проверить"),
    (
        "get.contacts",
        "managers cannot be written into the address book",
        "менеджеров нельзя записать в адресную книгу",
    ),
    ("get.sales_funnel", "orders do not become deals", "заказы не становятся сделками"),
];
/// Fewer points than this are soon used up.
const FEW_POINTS: u64 = 20;

/// A client of the account's Data API.
pub(super) fn client(
    config: &Config,
    account: &Account,
    uis: &UisSettings,
    transport: &Arc<dyn Transport>,
) -> Client {
    let settings = ClientSettings {
        account: account.name.clone(),
        data_api: uis.data_api.clone(),
        token: uis.token.clone(),
        timeout: config.limits.crm_timeout,
        points: Arc::new(Points::new(&PointsSettings::default())),
    };
    Client::new(settings, Arc::clone(transport))
}

/// Asks UIS; gives what it listed, when it listed it.
pub(super) async fn check(
    config: &Config,
    account: &Account,
    transport: &Arc<dyn Transport>,
    now: Timestamp,
    report: &mut Report,
) -> Option<UisPart> {
    let Some(uis) = &account.uis else {
        report.add(
            Level::Warning,
            "uis-not-set",
            Text::new("there is no key of UIS in the settings", "в настройках нет ключа UIS"),
            (
                "Add `[account.uis]`: without it nobody knows which employee is which user of RetailCRM.",
                "Добавьте `[account.uis]`: без него неизвестно, кто из сотрудников кто в RetailCRM.",
            ),
        );
        return None;
    };
    let client = client(config, account, uis, transport);
    let timezone = match client.timezone().await {
        Ok(timezone) => timezone,
        Err(error) => {
            explain("get.account", None, &error, report);
            return None;
        }
    };
    let address = &uis.data_api;
    report.fine(
        "uis-token",
        format!("UIS at {address} takes the key"),
        format!("UIS по адресу {address} принимает ключ"),
    );
    let employees = match client.employees().await {
        Ok(employees) => Some(employees),
        Err(error) => {
            explain("get.employees", None, &error, report);
            None
        }
    };
    for (method, en, ru) in PROBES {
        if let Err(error) = client.probe(method, params(method, now)).await {
            explain(method, Some((en, ru)), &error, report);
        }
    }
    points(&client, report);
    let employees = employees?.into_iter().map(Into::into).collect();
    Some(UisPart { taken_at: now, employees, timezone })
}

/// The least that a method wants to be told.
fn params(method: &str, now: Timestamp) -> Map<String, Value> {
    let mut params = Map::from_iter([("limit".to_owned(), json!(1))]);
    if method.ends_with("_report") {
        let format = "%Y-%m-%d %H:%M:%S";
        let hour_ago = now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(now);
        params.insert("date_from".to_owned(), json!(hour_ago.strftime(format).to_string()));
        params.insert("date_till".to_owned(), json!(now.strftime(format).to_string()));
    }
    params
}

fn points(client: &Client, report: &mut Report) {
    for period in client.limits().periods {
        let (left, reset) = (period.remaining, period.reset.as_secs());
        let (en, ru) = match period.name {
            "minute" => ("this minute", "в эту минуту"),
            "hour" => ("this hour", "в этот час"),
            _ => ("today", "сегодня"),
        };
        let what = Text::new(
            format!("UIS allows {left} more requests {en}"),
            format!("UIS допускает {ru} ещё запросов: {left}"),
        );
        if left >= FEW_POINTS {
            report.fine("uis-points", what.en.to_string(), what.ru.to_string());
        } else {
            let wait = format!("; reset in {reset} s");
            let what = Text::new(format!("{}{wait}", what.en), format!("{}; сброс через {reset} с", what.ru));
            report.add(
                Level::Warning,
                "uis-points-few",
                what,
                (
                    "See what else uses this key, or buy more points of the Data API.",
                    "Посмотрите, что ещё использует этот ключ, или докупите баллы Data API.",
                ),
            );
        }
    }
}

/// An error of UIS, as something to be done.
fn explain(method: &str, missing: Option<(&str, &str)>, error: &UisError, report: &mut Report) {
    let (code, todo) = match error {
        UisError::Refused { mnemonic } => match mnemonic.as_str() {
            "ip_not_whitelisted" => (
                "uis-address-not-allowed",
                (
                    "In the office of UIS open the security settings of the API and allow the address of this server.",
                    "В личном кабинете UIS откройте Правила и настройки безопасности → API и разрешите адрес этого сервера.",
                ),
            ),
            "account_inactive" => (
                "uis-account-inactive",
                ("Have the account of UIS switched on again.", "Включите аккаунт UIS: он отключён."),
            ),
            "forbidden" => (
                "uis-rights",
                (
                    "In the office of UIS give the user of this key the right to this method.",
                    "В личном кабинете UIS дайте пользователю этого ключа право на этот метод.",
                ),
            ),
            _ => (
                "uis-token-refused",
                (
                    "In the office of UIS open Account → Users, make a key of the Data API and put it into the settings.",
                    "В личном кабинете UIS откройте Аккаунт → Управление пользователями, создайте ключ Data API и впишите его в настройки.",
                ),
            ),
        },
        UisError::OptionMissing { .. } => (
            "uis-option-missing",
            (
                "Ask UIS for the option that this method belongs to.",
                "Подключите в UIS опцию, к которой относится этот метод.",
            ),
        ),
        UisError::LimitExceeded { .. } => (
            "uis-points-used-up",
            (
                "Wait for the reset; if it comes often, buy more points of the Data API.",
                "Дождитесь сброса; если это бывает часто, докупите баллы Data API.",
            ),
        ),
        UisError::NotSent(NotSent::Unresolved) => (
            "uis-address",
            (
                "Check `data_api` of `[account.uis]`; each product line has an address of its own.",
                "Проверьте `data_api` в `[account.uis]`; у каждой линейки продуктов свой адрес.",
            ),
        ),
        UisError::NotSent(_) | UisError::Unanswered(_) => (
            "uis-not-reached",
            (
                "See whether this machine can reach the address over HTTPS; a firewall may be in the way.",
                "Проверьте, доступен ли этот адрес с этой машины по HTTPS; может мешать межсетевой экран.",
            ),
        ),
        UisError::Outage { .. } | UisError::TooLate => (
            "uis-out-of-order",
            (
                "UIS is out of order: try again in a few minutes.",
                "В UIS неполадки: повторите через несколько минут.",
            ),
        ),
        UisError::Unreadable { .. } | UisError::Misuse { .. } => (
            "uis-answer",
            (
                "UIS answered something that is not understood: check `data_api`, or ask its support.",
                "Ответ UIS непонятен: проверьте `data_api` или спросите поддержку UIS.",
            ),
        ),
    };
    let what = match missing {
        Some((en, ru)) => {
            Text::new(format!("`{method}`: {error}; {en}"), format!("`{method}`: {error}; {ru}"))
        }
        None => Text::same(format!("`{method}`: {error}")),
    };
    let level = if missing.is_some() { Level::Warning } else { Level::Error };
    report.add(level, code, what, todo);
}
