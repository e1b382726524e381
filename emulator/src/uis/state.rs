//! The UIS account: people, numbers, dictionaries, communications, deals.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::deals::Deals;

/// How date-times are written.
pub(super) const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S";

/// An employee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// Number.
    pub id: u64,
    /// Last name.
    pub last_name: String,
    /// First name.
    pub first_name: String,
    /// E-mail; users of the CRM are matched by it.
    pub email: Option<String>,
    /// Numbers that ring, in order: E.164 digits, or a SIP login.
    pub phone_numbers: Vec<String>,
    /// Internal number.
    pub extension: Option<String>,
}

/// A rented number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VirtualNumber {
    /// Number of the row.
    pub id: u64,
    /// The number, E.164 digits.
    pub number: String,
    /// `va`, `call_tracking`, `dynamic_call_tracking`.
    pub kind: String,
    /// `active`, `waiting`, …
    pub status: String,
    /// Name for people.
    pub name: String,
    /// Scenario that processes its calls.
    pub scenario: Option<u64>,
    /// Advertising campaign.
    pub campaign: Option<u64>,
}

/// Something that has a number and a name: a scenario, a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Number.
    pub id: u64,
    /// Name.
    pub name: String,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Number.
    pub id: u64,
    /// Domain.
    pub domain: String,
    /// Name for people.
    pub name: String,
}

/// An advertising campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Number.
    pub id: u64,
    /// Name.
    pub name: String,
    /// Its site.
    pub site: Option<u64>,
}

/// An access token and what it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The token itself.
    pub value: String,
    /// When it stops working; `None` for a permanent one.
    pub expires: Option<Timestamp>,
    /// Methods that the account has not bought, as beginnings of their names.
    pub disabled: Vec<String>,
}

/// Points used by a token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Points {
    /// Minute and day since the epoch, and points used in each.
    pub(super) minute: (i64, u32),
    pub(super) day: (i64, u32),
}

/// Rows of a report or a dictionary, by the API's names.
pub(super) type Row = Map<String, Value>;

/// Everything the account holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct UisState {
    pub(super) app_id: u64,
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) active: bool,
    pub(super) address_allowed: bool,
    pub(super) tokens: Vec<Token>,
    pub(super) points: BTreeMap<String, Points>,
    pub(super) employees: Vec<Employee>,
    pub(super) numbers: Vec<VirtualNumber>,
    pub(super) scenarios: Vec<Named>,
    pub(super) sites: Vec<Site>,
    pub(super) campaigns: Vec<Campaign>,
    pub(super) tags: Vec<Named>,
    /// Everything kept as the API shows it, by its noun: `calls`, `call_legs`, `chats`, `sources`, `contacts`, …
    pub(super) rows: BTreeMap<String, Vec<Row>>,
    pub(super) deals: Deals,
    /// When calls were played, by session: the delay of the reports counts from then.
    #[serde(default)]
    pub(super) played: BTreeMap<u64, Timestamp>,
    /// What was sent to others, for the report of notifications.
    #[serde(skip)]
    pub(super) sent: Vec<Row>,
    /// Sessions that run now, started through the Call API.
    pub(super) live: Vec<Row>,
    /// Bodies of notifications, key included.
    pub(super) notification_key: String,
    pub(super) next_id: u64,
}

impl UisState {
    pub(super) fn tz(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// A moment as the account writes it, to the second.
    pub(super) fn local(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.tz()).strftime(DATE_TIME).to_string()
    }

    /// A moment as notifications write it, to the millisecond.
    pub(super) fn local_ms(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.tz()).strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
    }

    pub(super) fn employee(&self, id: u64) -> Option<&Employee> {
        self.employees.iter().find(|employee| employee.id == id)
    }

    pub(super) fn rows(&self, noun: &str) -> &[Row] {
        self.rows.get(noun).map_or(&[], Vec::as_slice)
    }

    /// A number that was never given before.
    pub(super) fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

impl Employee {
    /// Last name, first name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.last_name, self.first_name).trim().to_owned()
    }
}

/// Parses `YYYY-MM-DD hh:mm:ss` and insists on it.
pub(super) fn exact(text: &str) -> Option<DateTime> {
    let parsed = DateTime::strptime(DATE_TIME, text).ok()?;
    (parsed.strftime(DATE_TIME).to_string() == text).then_some(parsed)
}
