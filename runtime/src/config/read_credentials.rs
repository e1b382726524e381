//! `[[credentials]]`: keys that several accounts use, written once and named.
//!
//! An account refers to them with `credentials = "name"` in place of the address and the key of one side. A name that nobody
//! has, a side that the named credentials lack, and an address or a key beside a reference are problems.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::config::load::Around;
use crate::config::read_secret::required_secret;
use crate::config::reader::Reader;
use crate::config::secret::Secret;
use crate::config::urls::{api_url, crm_url};

/// What stands under one name.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    retailcrm: Option<CrmKey>,
    uis: Option<UisKey>,
}

impl Named {
    /// Whether there are keys of UIS among them.
    pub(super) fn has_uis(&self) -> bool {
        self.uis.is_some()
    }
}

/// Address and key of RetailCRM.
#[derive(Clone, Debug)]
pub(super) struct CrmKey {
    pub(super) url: String,
    pub(super) key: Secret,
}

/// Addresses and key of UIS.
#[derive(Clone, Debug)]
pub(super) struct UisKey {
    pub(super) data_api: String,
    pub(super) call_api: Option<String>,
    pub(super) token: Secret,
}

/// All named credentials.
pub(super) type Credentials = BTreeMap<String, Named>;

/// Reads one `[[credentials]]` into the others.
pub(super) fn credentials(reader: &mut Reader<'_, '_>, around: &Around<'_>, all: &mut Credentials) {
    let name = reader.required_text("name").map(|(text, span)| (text.trim().to_owned(), span));
    let retailcrm = match reader.get("retailcrm") {
        Some(_) => reader.section("retailcrm", |reader| crm_key(reader, around)),
        None => None,
    };
    let uis = match reader.get("uis") {
        Some(_) => reader.section("uis", |reader| uis_key(reader, around)),
        None => None,
    };
    if reader.get("retailcrm").is_none() && reader.get("uis").is_none() {
        let span = reader.span();
        let (en, ru) = (
            "there is neither `[credentials.retailcrm]` nor `[credentials.uis]`",
            "нет ни `[credentials.retailcrm]`, ни `[credentials.uis]`",
        );
        reader.wrong("name", &span, en, ru);
    }
    let Some((name, span)) = name else { return };
    if name.is_empty() {
        reader.wrong("name", &span, "the name is empty", "имя пусто");
        return;
    }
    match all.entry(name) {
        Entry::Vacant(place) => {
            place.insert(Named { retailcrm, uis });
        }
        Entry::Occupied(there) => {
            let name = there.key();
            let en = format!("there are other credentials `{name}`");
            reader.wrong("name", &span, en, format!("уже есть ключи `{name}`"));
        }
    }
}

/// Address and key of RetailCRM, written here or named.
pub(super) fn crm_of(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<CrmKey> {
    match named(reader, around, &["url", "key"])? {
        Some(named) => side(reader, named.retailcrm, "retailcrm"),
        None => crm_key(reader, around),
    }
}

/// Addresses and key of UIS, written here or named.
pub(super) fn uis_of(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<UisKey> {
    match named(reader, around, &["data_api", "call_api", "token"])? {
        Some(named) => side(reader, named.uis, "uis"),
        None => uis_key(reader, around),
    }
}

/// The credentials that a section refers to; `Some(None)` when it refers to none, `None` when it does so wrongly.
fn named(reader: &mut Reader<'_, '_>, around: &Around<'_>, own: &[&'static str]) -> Option<Option<Named>> {
    let (name, span) = match reader.get("credentials") {
        Some(_) => reader.text("credentials")?,
        None => return Some(None),
    };
    let mut is_well = true;
    for key in own {
        if let Some(value) = reader.get(key) {
            let span = value.span();
            let (en, ru) =
                ("stands in the credentials that are named here", "стоит в названных здесь ключах");
            reader.wrong(key, &span, en, ru);
            is_well = false;
        }
    }
    let Some(found) = around.credentials.get(name.trim()) else {
        let names: Vec<String> = around.credentials.keys().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        let (en, ru) = if names.is_empty() {
            ("there is no `[[credentials]]` at all".to_owned(), "нет ни одного `[[credentials]]`".to_owned())
        } else {
            (
                format!("there are no such credentials; there are: {names}"),
                format!("таких ключей нет; есть: {names}"),
            )
        };
        reader.wrong("credentials", &span, en, ru);
        return None;
    };
    is_well.then(|| Some(found.clone()))
}

fn side<T>(reader: &mut Reader<'_, '_>, side: Option<T>, name: &str) -> Option<T> {
    if side.is_none() {
        let span = reader.get("credentials").map_or(reader.span(), toml::Spanned::span);
        let en = format!("these credentials have no `[credentials.{name}]`");
        let ru = format!("в этих ключах нет `[credentials.{name}]`");
        reader.wrong("credentials", &span, en, ru);
    }
    side
}

fn crm_key(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<CrmKey> {
    let url = match reader.required_text("url") {
        Some(_) => reader.parsed("url", |text| crm_url(text, around)),
        None => None,
    };
    let key = required_secret(reader, "key", around);
    Some(CrmKey { url: url?, key: key? })
}

fn uis_key(reader: &mut Reader<'_, '_>, around: &Around<'_>) -> Option<UisKey> {
    let data_api = match reader.required_text("data_api") {
        Some(_) => reader.parsed("data_api", |text| api_url(text, around)),
        None => None,
    };
    let call_api = reader.parsed("call_api", |text| api_url(text, around));
    let token = required_secret(reader, "token", around);
    Some(UisKey { data_api: data_api?, call_api, token: token? })
}
