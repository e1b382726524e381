//! Reads `[[account]]` and the sections below it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::account::{Account, PopUp, RetailCrm, Uis};
use crate::config::error::both;
use crate::config::load::{Around, network};
use crate::config::read_secret::{hook_secrets, required_secret, secret};
use crate::config::reader::Reader;
use crate::config::reports::Reports;
use crate::config::urls::{api_url, crm_url};

/// The longest name of an account.
const MAX_NAME: usize = 64;

/// Reads one account; `names` are those of the accounts before it.
pub(super) fn account(
    reader: &mut Reader<'_, '_>,
    around: &Around<'_>,
    names: &mut BTreeSet<String>,
) -> Option<Account> {
    let name = account_name(reader, names);
    let bundle = reader.required_text("bundle").map(|(text, _)| around.base.join(text));
    let hook_secrets = hook_secrets(reader, around);
    let body_key = secret(reader, "body_key", around);
    let allow_from = reader.list("allow_from", network).unwrap_or_default();
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let settle = reader.bounded("settle", Duration::from_secs(3), Duration::ZERO, minutes(10));
    let record_wait = reader.bounded("record_wait", minutes(10), Duration::ZERO, minutes(24 * 60));
    let open_wait = reader.bounded("open_wait", minutes(4 * 60), Duration::from_secs(1), minutes(48 * 60));
    let timezone = zone(reader);
    let popup = reader.section("popup", popup);
    if reader.get("retailcrm").is_none() {
        reader.missing("retailcrm");
    }
    let retailcrm = reader.section("retailcrm", |reader| retailcrm(reader, around));
    let uis = match reader.get("uis") {
        Some(_) => Some(reader.section("uis", |reader| uis(reader, around))?),
        None => None,
    };
    Some(Account {
        name: name?,
        bundle: bundle?,
        hook_secrets: hook_secrets?,
        body_key,
        allow_from,
        settle,
        record_wait,
        open_wait,
        timezone,
        popup,
        retailcrm: retailcrm?,
        uis,
    })
}

fn account_name(reader: &mut Reader<'_, '_>, names: &mut BTreeSet<String>) -> Option<String> {
    let (text, span) = reader.required_text("name")?;
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    if text.is_empty() || text.len() > MAX_NAME || !text.chars().all(letters) {
        let en = format!("expected 1 to {MAX_NAME} small Latin letters, digits, `-` or `_`");
        let ru = format!("ожидается от 1 до {MAX_NAME} строчных латинских букв, цифр, `-` или `_`");
        reader.wrong("name", &span, en, ru);
        return None;
    }
    if !names.insert(text.to_owned()) {
        let en = format!("there is another account `{text}`");
        reader.wrong("name", &span, en, format!("уже есть аккаунт `{text}`"));
        return None;
    }
    Some(text.to_owned())
}

fn retailcrm(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<RetailCrm> {
    let url = match reader.required_text("url") {
        Some(_) => reader.parsed("url", |text| crm_url(text, around)),
        None => None,
    };
    let key = required_secret(reader, "key", around);
    let site = reader.required_text("site").map(|(text, _)| text.to_owned());
    let timezone = zone(reader);
    Some(RetailCrm { url: url?, key: key?, site: site?, timezone })
}

fn popup(reader: &mut Reader<'_, '_>) -> PopUp {
    let seconds = Duration::from_secs;
    PopUp {
        incoming: reader.flag("incoming", true),
        outgoing: reader.flag("outgoing", true),
        max_age: reader.bounded("max_age", seconds(15), seconds(1), seconds(600)),
        sweep: reader.bounded("sweep", seconds(600), seconds(1), seconds(24 * 3600)),
    }
}

fn uis(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<Uis> {
    let data_api = match reader.required_text("data_api") {
        Some(_) => reader.parsed("data_api", |text| api_url(text, around)),
        None => None,
    };
    let call_api = reader.parsed("call_api", |text| api_url(text, around));
    let token = required_secret(reader, "token", around);
    let reports = Reports::read(reader);
    Some(Uis { data_api: data_api?, call_api, token: token?, reports })
}

fn zone(reader: &mut Reader<'_, '_>) -> Option<TimeZone> {
    reader.parsed("timezone", |text| {
        TimeZone::get(text).map_err(|_| {
            both(
                "expected the name of a time zone such as `Europe/Moscow`",
                "ожидается часовой пояс, например `Europe/Moscow`",
            )
        })
    })
}
