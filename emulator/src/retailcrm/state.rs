//! The RetailCRM account: settings, people, reference data, records.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::record::{Record, Table};
use crate::clock::later;
use crate::switches::Switches;

/// How date-times are written.
pub(super) const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S";

/// A key and what it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// The key itself.
    pub value: String,
    /// Permissions; `None` opens everything.
    pub scopes: Option<BTreeSet<String>>,
    /// Codes of the shops it sees; `None` is all of them.
    pub sites: Option<Vec<String>>,
}

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Code, as in `site`.
    pub code: String,
    /// Name for people.
    pub name: String,
}

/// A user of the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Number.
    pub id: u64,
    /// E-mail; employees of UIS are matched by it.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name; may be missing, as in the vendor's own samples.
    pub last_name: Option<String>,
    /// Whether he still works here.
    pub active: bool,
    /// `free`, `busy`, `dinner`, `break`.
    pub status: String,
    /// Whether he is online.
    pub online: bool,
    /// Codes of his groups.
    pub groups: Vec<String>,
}

/// A row of a reference: a status, a method, a type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReferenceRow {
    /// Code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Whether it may be used.
    pub active: bool,
    /// Everything else, by the API's names: `group`, `ordering`, `defaultForApi`, …
    pub more: Map<String, Value>,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// `order`, `customer` or `loyalty_account`.
    pub entity: String,
    /// Code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// `boolean`, `date`, `datetime`, `dictionary`, `email`, `integer`, `multiselect_dictionary`, `numeric`, `string`, `text`.
    pub kind: String,
    /// Code of the dictionary, for the two dictionary types.
    pub dictionary: Option<String>,
    /// Whether it must be given when the entity is created.
    pub required: bool,
}

/// A custom dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dictionary {
    /// Code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Elements in order.
    pub elements: Vec<Element>,
}

/// An element of a custom dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Code, as written into fields.
    pub code: String,
    /// Name for people.
    pub name: String,
}

/// Everything the account holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct State {
    pub(super) account: String,
    pub(super) zone: String,
    pub(super) currency: String,
    pub(super) keys: Vec<ApiKey>,
    pub(super) sites: Vec<Shop>,
    pub(super) users: Vec<User>,
    pub(super) groups: BTreeMap<String, String>,
    /// Rows by the answer key of their reference: `statuses`, `statusGroups`, `orderMethods`, `orderTypes`, `paymentStatuses`.
    pub(super) reference: BTreeMap<String, Vec<ReferenceRow>>,
    pub(super) custom_fields: Vec<CustomField>,
    pub(super) dictionaries: Vec<Dictionary>,
    /// Fields that this account demands on create, as `(entity, field)`.
    pub(super) required: BTreeSet<(String, String)>,
    pub(super) customers: Table,
    /// Merged customers: the number that is gone, and the one that survived.
    pub(super) merged: BTreeMap<u64, Merged>,
    pub(super) corporate: Table,
    pub(super) orders: Table,
    pub(super) tasks: Table,
    pub(super) calls: Table,
    pub(super) notes: Table,
    pub(super) popups: Table,
    pub(super) files: Table,
    pub(super) notices: Table,
    /// Changes of orders, customers and tasks; the record's `fields` are the row.
    pub(super) order_history: Table,
    pub(super) customer_history: Table,
    pub(super) task_history: Table,
    /// Addresses that are called after every change of an order.
    pub(super) triggers: Vec<String>,
    /// Integration modules by code, as last written.
    pub(super) modules: BTreeMap<String, Map<String, Value>>,
    /// How many keys the marketplace was given.
    #[serde(default)]
    pub(super) marketplace_keys: u64,
}

/// Where a merged customer went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Merged {
    pub(super) external_id: Option<String>,
    pub(super) site: String,
    pub(super) into: u64,
}

impl State {
    /// An account with nothing in it, not even a key.
    pub(super) fn empty(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            zone: "Europe/Moscow".to_owned(),
            currency: "RUB".to_owned(),
            keys: Vec::new(),
            sites: Vec::new(),
            users: Vec::new(),
            groups: BTreeMap::new(),
            reference: BTreeMap::new(),
            custom_fields: Vec::new(),
            dictionaries: Vec::new(),
            required: BTreeSet::new(),
            // Distinct ranges: a customer's number in the place of an order's must not find anything.
            customers: Table::starting_at(4_001),
            merged: BTreeMap::new(),
            corporate: Table::starting_at(2_000_001),
            orders: Table::starting_at(1_000_001),
            tasks: Table::starting_at(3_000_001),
            calls: Table::starting_at(5_000_001),
            notes: Table::starting_at(6_000_001),
            popups: Table::starting_at(1),
            files: Table::starting_at(21),
            notices: Table::starting_at(1),
            order_history: Table::starting_at(7_001),
            customer_history: Table::starting_at(8_001),
            task_history: Table::starting_at(9_001),
            triggers: Vec::new(),
            modules: BTreeMap::new(),
            marketplace_keys: 0,
        }
    }

    pub(super) fn tz(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// A moment as the account writes it.
    pub(super) fn local(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.tz()).strftime(DATE_TIME).to_string()
    }

    /// A moment that was written in the account's zone.
    pub(super) fn moment(&self, text: &str) -> Option<Timestamp> {
        let civil: DateTime = exact_date_time(text, DATE_TIME)?;
        civil.to_zoned_datetime(self.tz()).ok().map(|zoned| zoned.timestamp())
    }

    pub(super) fn site(&self, code: &str) -> Option<&Shop> {
        self.sites.iter().find(|site| site.code == code)
    }

    pub(super) fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Rows of a reference by its answer key.
    pub(super) fn rows(&self, reference: &str) -> &[ReferenceRow] {
        self.reference.get(reference).map_or(&[], Vec::as_slice)
    }

    /// The code that is used when none is given.
    pub(super) fn default_code(&self, reference: &str) -> Option<&str> {
        let rows = self.rows(reference);
        let chosen = rows.iter().find(|row| row.more.get("defaultForApi") == Some(&Value::Bool(true)));
        chosen.or_else(|| rows.first()).map(|row| row.code.as_str())
    }

    /// Group of a status.
    pub(super) fn status_group(&self, status: &str) -> Option<&str> {
        let row = self.rows("statuses").iter().find(|row| row.code == status)?;
        row.more.get("group").and_then(Value::as_str)
    }

    pub(super) fn custom_field(&self, entity: &str, code: &str) -> Option<&CustomField> {
        self.custom_fields.iter().find(|field| field.entity == entity && field.code == code)
    }

    /// The telephony settings of an active module that has some; of several, of the first that takes clicks.
    pub(super) fn telephony(&self) -> Option<&Map<String, Value>> {
        let active = || {
            self.modules.values().filter_map(|module| {
                let on = module.get("active").and_then(Value::as_bool).unwrap_or(false)
                    && !module.get("freeze").and_then(Value::as_bool).unwrap_or(false);
                let telephony = module.get("integrations")?.get("telephony")?.as_object()?;
                on.then_some(telephony)
            })
        };
        active().find(|telephony| telephony.contains_key("makeCallUrl")).or_else(|| active().next())
    }

    /// The extension of a user in the telephony module.
    pub(super) fn extension(&self, user: u64) -> Option<String> {
        let telephony = self.telephony()?;
        let codes = telephony.get("additionalCodes")?.as_array()?;
        let code = codes.iter().find(|code| code.get("userId").and_then(Value::as_u64) == Some(user))?;
        code.get("code").and_then(Value::as_str).map(str::to_owned)
    }

    /// The user of an extension.
    pub(super) fn user_of_extension(&self, extension: &str) -> Option<u64> {
        let telephony = self.telephony()?;
        let codes = telephony.get("additionalCodes")?.as_array()?;
        let code = codes.iter().find(|code| code.get("code").and_then(Value::as_str) == Some(extension))?;
        code.get("userId").and_then(Value::as_u64)
    }

    /// Whether a list finds a record already.
    pub(super) fn is_indexed(&self, row: &Record, switches: &Switches, now: Timestamp) -> bool {
        later(row.stored_at, Duration::from_millis(switches.index_delay_ms)) <= now
    }

    /// Customers that have exactly this phone, compared by digits; Russian `8…` and `7…` are one.
    pub(super) fn customers_by_phone(&self, phone: &str) -> Vec<&Record> {
        let wanted = national(phone);
        // The last digit tells most of the others apart without making a text of each.
        let last = wanted.chars().next_back();
        let is_it = |phone: &&str| last_digit(phone) == last && national(phone) == wanted;
        self.customers.iter().filter(|row| row.phones().iter().any(is_it)).collect()
    }
}

/// Parses a date-time and insists that it is written exactly in `format`.
pub(super) fn exact_date_time(text: &str, format: &str) -> Option<DateTime> {
    let parsed = DateTime::strptime(format, text).ok()?;
    (parsed.strftime(format).to_string() == text).then_some(parsed)
}

/// Parses a date and insists on `Y-m-d`.
pub(super) fn exact_date(text: &str) -> Option<jiff::civil::Date> {
    let parsed = jiff::civil::Date::strptime("%Y-%m-%d", text).ok()?;
    (parsed.to_string() == text).then_some(parsed)
}

/// The digits of a text.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn last_digit(text: &str) -> Option<char> {
    text.chars().rev().find(char::is_ascii_digit)
}

fn national(phone: &str) -> String {
    let digits = digits(phone);
    match digits.strip_prefix('8') {
        Some(rest) if rest.len() == 10 => format!("7{rest}"),
        _ => digits,
    }
}
