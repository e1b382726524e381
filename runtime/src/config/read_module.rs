//! Reads `[account.retailcrm.module]` and `[account.click_to_call]`.

use std::time::Duration;

use switchboard_engine::phone::Phone;
use toml::Spanned;

use crate::config::account::{ClickToCall, Module};
use crate::config::error::both;
use crate::config::load::Around;
use crate::config::reader::Reader;
use crate::config::urls::api_url;
use crate::config::value::Count;

/// What people see of the module when the settings say nothing else.
pub(super) const NAME: &str = "UIS";
/// With what numbers begin that may be dialled by a click when the settings say nothing else: Russia.
pub(super) const ALLOWED_PREFIXES: [&str; 1] = ["7"];
/// The longest code of a module.
const MAX_CODE: usize = 64;

/// Reads the module of an account.
pub(super) fn module(reader: &mut Reader<'_, '_>, account: &str, around: &Around<'_>) -> Option<Module> {
    let active = reader.flag("active", true);
    let code = code(reader, "code").unwrap_or_else(|| format!("uis-{account}"));
    let integration_code = code_prefix(reader, &code);
    let name = reader.text("name").map_or(NAME, |(text, _)| text).to_owned();
    if reader.get("public_url").is_none() {
        reader.missing("public_url");
    }
    let public_url = reader.parsed("public_url", |text| api_url(text, around));
    let external_phones = external_phones(reader);
    Some(Module { active, code, integration_code, name, public_url: public_url?, external_phones })
}

/// Reads a code of a module.
pub(super) fn code(reader: &mut Reader<'_, '_>, key: &'static str) -> Option<String> {
    reader.parsed(key, |text| {
        let letters =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        if !text.is_empty() && text.len() <= MAX_CODE && text.chars().all(letters) {
            return Ok(text.to_owned());
        }
        Err(both(
            "expected small Latin letters, digits, `-` or `_`",
            "ожидаются строчные латинские буквы, цифры, `-` или `_`",
        ))
    })
}

fn code_prefix(reader: &mut Reader<'_, '_>, module: &str) -> String {
    let Some(code) = code(reader, "integration_code") else { return module.to_owned() };
    if module.starts_with(&code) {
        return code;
    }
    let span = reader.get("integration_code").map_or(reader.span(), Spanned::span);
    reader.wrong(
        "integration_code",
        &span,
        format!("the module's code `{module}` must begin with it"),
        format!("код модуля `{module}` должен с него начинаться"),
    );
    module.to_owned()
}

fn external_phones(reader: &mut Reader<'_, '_>) -> Vec<(String, Phone)> {
    const KEY: &str = "external_phones";
    let Some(value) = reader.get(KEY) else { return Vec::new() };
    let Some(table) = value.get_ref().as_table() else {
        let (en, ru) = ("expected `{ shop = \"number\" }`", "ожидается `{ магазин = \"номер\" }`");
        reader.wrong(KEY, &value.span(), en, ru);
        return Vec::new();
    };
    let mut phones = Vec::new();
    for (shop, number) in table.iter() {
        match number.get_ref().as_str().and_then(|text| Phone::parse(text).ok()) {
            Some(phone) => phones.push((shop.get_ref().to_string(), phone)),
            None => reader.wrong(
                KEY,
                &number.span(),
                "expected a telephone number in quotes",
                "ожидается телефонный номер в кавычках",
            ),
        }
    }
    phones
}

/// Reads how clicks are turned into calls.
pub(super) fn click_to_call(reader: &mut Reader<'_, '_>) -> ClickToCall {
    let seconds = Duration::from_secs;
    let prefixes = reader.list("allowed_prefixes", |text| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(digits.to_owned());
        }
        Err(both("expected digits such as `7`", "ожидаются цифры, например `7`"))
    });
    ClickToCall {
        double_click: reader.bounded("double_click", seconds(5), Duration::ZERO, seconds(600)),
        max_age: reader.bounded("max_age", seconds(10), seconds(1), seconds(300)),
        allowed_prefixes: prefixes.unwrap_or_else(|| ALLOWED_PREFIXES.map(str::to_owned).to_vec()),
        per_minute_user: reader.bounded("per_minute_user", Count(10), Count(1), Count(600)),
        per_minute_account: reader.bounded("per_minute_account", Count(60), Count(1), Count(6000)),
        employee_sees_virtual_number: reader.flag("employee_sees_virtual_number", false),
        employee_hears_ringing: reader.flag("employee_hears_ringing", true),
    }
}
