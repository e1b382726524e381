//! Reads `[[account]]` and the sections below it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::account::{Account, LateRecords, PopUp, RetailCrm, Transcript, TranscriptForm, Uis};
use crate::config::address_book::AddressBook;
use crate::config::deals::Deals;
use crate::config::error::both;
use crate::config::forwarding::Forwarding;
use crate::config::load::{Around, network};
use crate::config::read_credentials::{CrmKey, UisKey, crm_of, uis_of};
use crate::config::read_module::{click_to_call, module};
use crate::config::read_secret::{hook_secrets, secret};
use crate::config::reader::Reader;
use crate::config::reports::Reports;
use crate::config::shadow::Shadow;
use crate::config::value::Count;
use crate::config::workplace::Workplace;

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
    let shadow = Shadow::read(reader, &around.base, bundle.as_deref());
    let hook_secrets = hook_secrets(reader, around);
    let body_key = secret(reader, "body_key", around);
    let allow_from = reader.list("allow_from", network).unwrap_or_default();
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    let settle = reader.bounded("settle", Duration::from_secs(3), Duration::ZERO, minutes(10));
    let record_wait = reader.bounded("record_wait", minutes(10), Duration::ZERO, minutes(24 * 60));
    let late_records = reader.parsed("late_records", late_records).unwrap_or_default();
    let open_wait = reader.bounded("open_wait", minutes(4 * 60), Duration::from_secs(1), minutes(48 * 60));
    let timezone = zone(reader);
    let popup = reader.section("popup", popup);
    let employees = reader.list("employees", email).unwrap_or_default();
    let employee_groups = reader.list("employee_groups", group).unwrap_or_default();
    let forwarding = reader.section("forwarding", Forwarding::read);
    if reader.get("retailcrm").is_none() {
        reader.missing("retailcrm");
    }
    let retailcrm = match name.as_deref() {
        Some(name) => reader.section("retailcrm", |reader| retailcrm(reader, name, around)),
        None => reader.section("retailcrm", |reader| retailcrm(reader, "account", around)),
    };
    let click_to_call = reader.section("click_to_call", click_to_call);
    let deals = reader.section("deals", Deals::read);
    let workplace = reader.section("workplace", |reader| Workplace::read(reader, around));
    let uis = match reader.get("uis") {
        Some(_) => Some(reader.section("uis", |reader| uis(reader, around))?),
        None => None,
    };
    let is_module = retailcrm.as_ref().is_none_or(|crm| crm.module.as_ref().is_some_and(|one| one.active));
    if workplace.active && !(is_module && uis.is_some()) {
        let span = reader.get("workplace").map_or(reader.span(), toml::Spanned::span);
        reader.wrong(
            "workplace",
            &span,
            "needs `[account.retailcrm.module]` and `[account.uis]`: the page is the module's, its operators are employees of UIS",
            "нужны `[account.retailcrm.module]` и `[account.uis]`: страница принадлежит модулю, операторы – сотрудники UIS",
        );
    }
    Some(Account {
        name: name?,
        bundle: bundle?,
        shadow,
        hook_secrets: hook_secrets?,
        body_key,
        allow_from,
        settle,
        record_wait,
        late_records,
        open_wait,
        timezone,
        popup,
        retailcrm: retailcrm?,
        uis,
        employees,
        employee_groups,
        forwarding,
        click_to_call,
        deals,
        workplace,
    })
}

fn late_records(text: &str) -> Result<LateRecords, (String, String)> {
    match text {
        "note" => Ok(LateRecords::Note),
        "upload" => Ok(LateRecords::Upload),
        _ => Err(both("expected `note` or `upload`", "ожидается `note` или `upload`")),
    }
}

fn email(text: &str) -> Result<String, (String, String)> {
    match text.trim().split_once('@') {
        Some((name, domain)) if !name.is_empty() && !domain.is_empty() => Ok(text.trim().to_owned()),
        _ => Err(both("expected an e-mail", "ожидается адрес электронной почты")),
    }
}

fn group(text: &str) -> Result<String, (String, String)> {
    match text.trim() {
        "" => Err(both("expected the name of a group of UIS", "ожидается название группы UIS")),
        name => Ok(name.to_owned()),
    }
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

fn retailcrm(reader: &mut Reader<'_, '_>, account: &str, around: &Around<'_>) -> Option<RetailCrm> {
    let key = crm_of(reader, around);
    let site = reader.required_text("site").map(|(text, _)| text.to_owned());
    let timezone = zone(reader);
    let module = match reader.get("module") {
        Some(_) => reader.section("module", |reader| module(reader, account, around)).map(Some),
        None => Some(None),
    };
    let transcript = transcript(reader);
    let CrmKey { url, key } = key?;
    Some(RetailCrm { url, key, site: site?, timezone, transcript, module: module? })
}

fn transcript(reader: &mut Reader<'_, '_>) -> Option<Transcript> {
    let form = reader.parsed("chat_transcript", |text| match text {
        "none" => Ok(None),
        "note" => Ok(Some(TranscriptForm::Note)),
        "file" => Ok(Some(TranscriptForm::File)),
        _ => Err(both("expected `none`, `note` or `file`", "ожидается `none`, `note` или `file`")),
    });
    let note = reader.bounded("chat_transcript_letters", Count(10_000), Count(200), Count(60_000));
    let file = reader.bounded("chat_transcript_file_letters", Count(200_000), Count(200), Count(500_000));
    let form = form.flatten()?;
    let letters = if form == TranscriptForm::Note { note } else { file };
    Some(Transcript { form, letters: letters.as_usize() })
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
    let key = uis_of(reader, around);
    let call_token = secret(reader, "call_token", around);
    let chat_token = secret(reader, "chat_token", around);
    let reports = Reports::read(reader);
    let address_book = reader.section("address_book", AddressBook::read);
    let UisKey { data_api, call_api, token } = key?;
    Some(Uis { data_api, call_api, token, call_token, chat_token, reports, address_book })
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
