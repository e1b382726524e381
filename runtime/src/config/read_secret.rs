//! Reading secrets: literal, from the environment, or from a file. No message holds one.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use switchboard_engine::outside::system_error;

use crate::config::error::both;
use crate::config::load::Around;
use crate::config::reader::Reader;
use crate::config::secret::Secret;

/// The shortest hook secret: 22 letters of base64 hold the 128 bits that cannot be guessed.
const MIN_HOOK_SECRET: usize = 22;

/// One or two secrets, each long enough and fit to stand in an address.
pub(super) fn hook_secrets(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<Vec<Secret>> {
    const KEY: &str = "hook_secret";
    let Some(value) = reader.get(KEY) else {
        reader.missing(KEY);
        return None;
    };
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref().as_array() {
        Some(items) => items.iter().collect(),
        None => vec![value],
    };
    if items.is_empty() || items.len() > 2 {
        reader.wrong(KEY, &value.span(), "expected one secret or two", "ожидается один секрет или два");
        return None;
    }
    let fit = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
    let mut secrets = Vec::new();
    for item in items {
        let secret = read_secret(reader, KEY, item, around)?;
        if secret.expose().len() < MIN_HOOK_SECRET || !secret.expose().chars().all(fit) {
            let en = format!("must be at least {MIN_HOOK_SECRET} letters, digits, `-`, `_`, `.` or `~`");
            let ru = format!("должно быть не короче {MIN_HOOK_SECRET} букв, цифр, `-`, `_`, `.` или `~`");
            reader.wrong(KEY, &item.span(), en, ru);
            return None;
        }
        secrets.push(secret);
    }
    Some(secrets)
}

pub(super) fn required_secret(
    reader: &mut Reader<'_, '_>,
    key: &'static str,
    around: &Around<'_>,
) -> Option<Secret> {
    if reader.get(key).is_none() {
        reader.missing(key);
    }
    secret(reader, key, around)
}

pub(super) fn secret(reader: &mut Reader<'_, '_>, key: &'static str, around: &Around<'_>) -> Option<Secret> {
    let value = reader.get(key)?;
    read_secret(reader, key, value, around)
}

/// A secret in any of its three forms. Its text is in no message.
fn read_secret(
    reader: &mut Reader<'_, '_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    around: &Around<'_>,
) -> Option<Secret> {
    let read = match value.get_ref() {
        DeValue::String(text) => Ok(Secret::new(text)),
        DeValue::Table(table) => from_elsewhere(table, around),
        _ => Err(wrong_form()),
    };
    let read = read.and_then(|secret| {
        if secret.expose().is_empty() {
            Err(both("the secret is empty", "секрет пуст"))
        } else {
            Ok(secret)
        }
    });
    read.map_err(|(en, ru)| reader.wrong(key, &value.span(), en, ru)).ok()
}

fn from_elsewhere(table: &DeTable<'_>, around: &Around<'_>) -> Result<Secret, (String, String)> {
    let mut entries = table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref().as_str()));
    match (entries.next(), entries.next()) {
        (Some(("env", Some(name))), None) => {
            around.environment.variable(name).map(|text| Secret::new(&text)).ok_or_else(|| {
                (
                    format!("there is no environment variable `{name}`"),
                    format!("нет переменной окружения `{name}`"),
                )
            })
        }
        (Some(("file", Some(path))), None) => {
            around.environment.file(&around.base.join(path)).map(|text| Secret::new(&text)).map_err(|error| {
                let why = system_error(&error);
                (
                    format!("file `{path}` cannot be read: {}", why.en),
                    format!("файл `{path}` не читается: {}", why.ru),
                )
            })
        }
        _ => Err(wrong_form()),
    }
}

fn wrong_form() -> (String, String) {
    both(
        "expected a text, `{ env = \"NAME\" }` or `{ file = \"path\" }`",
        "ожидается текст, `{ env = \"NAME\" }` или `{ file = \"путь\" }`",
    )
}
