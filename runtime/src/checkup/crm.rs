//! RetailCRM: address, key, scopes, shops, version, telephony, time zone.

use std::sync::Arc;

use jiff::Timestamp;
use switchboard_engine::phone::Phone;
use switchboard_grammar::diagnostic::Text;

use super::finding::{Level, Report};
use crate::config::{Account, Config, RetailCrm, TranscriptForm};
use crate::crm::{
    Address, AddressRules, BreakerSettings, Client, ClientSettings, Credentials, CrmError, FILE_SCOPES,
    MODULE_SCOPES, Pace, PaceSettings, Priority, Urgency,
};
use crate::directory::CrmPart;
use crate::outbound::{NotSent, Transport};

/// A number that belongs to nobody, to ask telephony about.
const NOBODY: u64 = 70_000_000_000;

/// Asks RetailCRM; gives what it listed, when it listed it.
pub(super) async fn check(
    config: &Config,
    account: &Account,
    transport: &Arc<dyn Transport>,
    now: Timestamp,
    report: &mut Report,
) -> Option<CrmPart> {
    let client = match client(config, account, transport) {
        Ok(client) => client,
        Err(error) => {
            report.add(
                Level::Error,
                "crm-settings",
                Text::same(error),
                (
                    "Mend `[account.retailcrm]` of the settings.",
                    "Исправьте `[account.retailcrm]` в настройках.",
                ),
            );
            return None;
        }
    };
    let urgency = Urgency::first(Priority::Live);
    let credentials = match client.credentials(urgency).await {
        Ok(credentials) => credentials,
        Err(error) => {
            explain(&error, report);
            return None;
        }
    };
    let url = &account.retailcrm.url;
    report.fine(
        "crm-key",
        format!("RetailCRM at {url} takes the key"),
        format!("RetailCRM по адресу {url} принимает ключ"),
    );
    rights(&credentials, account, report);
    version(&client, urgency, report).await;
    telephony(&client, account.retailcrm.module.is_some(), urgency, report).await;
    let listed = async {
        Ok::<_, CrmError>(CrmPart {
            taken_at: now,
            timezone: client.account_settings(urgency).await?.timezone,
            users: client.users(urgency).await?.into_iter().map(Into::into).collect(),
            sites: client.sites(urgency).await?,
            ..CrmPart::default()
        })
    };
    match listed.await {
        Ok(part) => {
            site(account, &part, report);
            Some(part)
        }
        Err(error) => {
            explain(&error, report);
            None
        }
    }
}

/// A client of the account's RetailCRM, or what is wrong with its settings.
pub(super) fn client(
    config: &Config,
    account: &Account,
    transport: &Arc<dyn Transport>,
) -> Result<Client, String> {
    let rules = AddressRules {
        domains: config.security.allowed_crm_domains.clone(),
        allow_loopback: config.security.allow_loopback,
    };
    let address = Address::parse(&account.retailcrm.url, &rules).map_err(|error| error.to_string())?;
    let settings = ClientSettings {
        account: account.name.clone(),
        address,
        key: account.retailcrm.key.clone(),
        timeout: config.limits.crm_timeout,
        pace: Arc::new(Pace::new(&PaceSettings::default())),
        breaker: BreakerSettings::default(),
    };
    Client::new(settings, Arc::clone(transport)).map_err(|error| error.to_string())
}

fn rights(credentials: &Credentials, account: &Account, report: &mut Report) {
    let RetailCrm { module, transcript, .. } = &account.retailcrm;
    let mut missing = credentials.missing_scopes();
    if module.is_some() {
        missing.extend(credentials.lacks(MODULE_SCOPES));
    }
    if transcript.is_some_and(|transcript| transcript.form == TranscriptForm::File) {
        missing.extend(credentials.lacks(FILE_SCOPES));
    }
    for scope in &missing {
        report.add(
            Level::Error,
            "crm-scope-missing",
            Text::new(
                format!("the key lacks the scope `{scope}`"),
                format!("ключу не хватает права `{scope}`"),
            ),
            (
                "In RetailCRM open Settings → Integration → API access keys and give the key this scope.",
                "В RetailCRM откройте Настройки → Интеграция → Ключи доступа к API и дайте ключу это право.",
            ),
        );
    }
    if credentials.scopes.is_empty() {
        report.add(
            Level::Warning,
            "crm-scopes-unknown",
            Text::new("RetailCRM does not say what the key may do", "RetailCRM не говорит, что можно ключу"),
            (
                "The key is an old one: make a new one, so that its scopes can be checked.",
                "Ключ старый: создайте новый, чтобы его права можно было проверить.",
            ),
        );
    } else if missing.is_empty() {
        report.fine("crm-scopes", "the key has all scopes that are needed", "у ключа есть все нужные права");
    }
    if let Some(sites) = &credentials.sites {
        let sites = sites.join(", ");
        report.add(
            Level::Warning,
            "crm-selective-access",
            Text::new(
                format!("the key sees only some shops: {sites}"),
                format!("ключу видны не все магазины: {sites}"),
            ),
            (
                "Clients and orders of other shops will not be found: give the key access to all shops.",
                "Клиенты и заказы других магазинов не найдутся: дайте ключу доступ ко всем магазинам.",
            ),
        );
    }
}

async fn version(client: &Client, urgency: Urgency, report: &mut Report) {
    match client.speaks_our_version(urgency).await {
        Ok(true) => {}
        Ok(false) => report.add(
            Level::Error,
            "crm-version",
            Text::new(
                "RetailCRM does not speak version 5 of its API",
                "RetailCRM не поддерживает версию 5 своего API",
            ),
            ("Update the installation of RetailCRM.", "Обновите RetailCRM."),
        ),
        Err(error) => explain(&error, report),
    }
}

/// Asked with a number that belongs to nobody: whether the methods for telephony answer this key at all.
async fn telephony(client: &Client, with_module: bool, urgency: Urgency, report: &mut Report) {
    let Some(nobody) = Phone::from_digits(NOBODY) else { return };
    match client.call_manager(nobody, true, urgency).await {
        Ok(_) => {
            report.fine("crm-telephony", "telephony answers in RetailCRM", "телефония в RetailCRM отвечает");
        }
        // Told by name among the scopes.
        Err(CrmError::AccessDenied(_)) => {}
        Err(CrmError::TelephonyOff(_)) if with_module => report.add(
            Level::Warning,
            "crm-telephony-not-yet",
            Text::new("telephony is not on in RetailCRM yet", "телефония в RetailCRM ещё не включена"),
            (
                "It is on once the module of this account is registered, which the server does by itself.",
                "Она включится, когда модуль этого аккаунта зарегистрируется; сервер делает это сам.",
            ),
        ),
        Err(error) => explain(&error, report),
    }
}

fn site(account: &Account, part: &CrmPart, report: &mut Report) {
    let site = &account.retailcrm.site;
    if part.sites.iter().any(|known| known.code == *site) {
        report.fine("crm-site", format!("the shop `{site}` is there"), format!("магазин `{site}` есть"));
        return;
    }
    let codes: Vec<&str> = part.sites.iter().map(|site| site.code.as_str()).collect();
    let codes = codes.join(", ");
    report.add(
        Level::Error,
        "crm-site-unknown",
        Text::new(
            format!("the key sees no shop `{site}`; it sees: {codes}"),
            format!("ключу не виден магазин `{site}`; видны: {codes}"),
        ),
        (
            "Put the code of the shop into `site` of `[account.retailcrm]`.",
            "Укажите код магазина в `site` раздела `[account.retailcrm]`.",
        ),
    );
}

/// An error of RetailCRM, as something to be done.
fn explain(error: &CrmError, report: &mut Report) {
    let (code, todo) = match error {
        CrmError::NotSent(NotSent::Unresolved) | CrmError::NoAccount(_) | CrmError::NotAnApi { .. } => (
            "crm-address",
            (
                "Check `url` of `[account.retailcrm]`: it is the address in the browser, such as `name.retailcrm.ru`.",
                "Проверьте `url` в `[account.retailcrm]`: это адрес из браузера, например `name.retailcrm.ru`.",
            ),
        ),
        CrmError::NotSent(_) | CrmError::Unanswered(_) | CrmError::Paused { .. } => (
            "crm-not-reached",
            (
                "See whether this machine can reach the address over HTTPS; a firewall may be in the way.",
                "Проверьте, доступен ли этот адрес с этой машины по HTTPS; может мешать межсетевой экран.",
            ),
        ),
        CrmError::BadKey(_) => (
            "crm-key-refused",
            (
                "In RetailCRM open Settings → Integration → API access keys, copy the key and put it into the settings.",
                "В RetailCRM откройте Настройки → Интеграция → Ключи доступа к API, скопируйте ключ и впишите его в настройки.",
            ),
        ),
        CrmError::TelephonyOff(_) => (
            "crm-telephony-off",
            (
                "Register the telephony module of this program in RetailCRM, or switch it on there.",
                "Зарегистрируйте модуль телефонии этой программы в RetailCRM или включите его там.",
            ),
        ),
        CrmError::AccessDenied(_) => (
            "crm-access-denied",
            (
                "Give the key all scopes and access to all shops.",
                "Дайте ключу все права и доступ ко всем магазинам.",
            ),
        ),
        CrmError::RateLimited { .. } | CrmError::Outage { .. } => (
            "crm-out-of-order",
            (
                "RetailCRM is busy: try again in a few minutes.",
                "RetailCRM занята: повторите через несколько минут.",
            ),
        ),
        _ => (
            "crm-answer",
            (
                "RetailCRM answered something that is not understood: see its status page, or ask its support.",
                "Ответ RetailCRM непонятен: посмотрите страницу её состояния или спросите её поддержку.",
            ),
        ),
    };
    if report.findings.iter().all(|finding| finding.code != code) {
        report.add(Level::Error, code, Text::same(error.to_string()), todo);
    }
}
