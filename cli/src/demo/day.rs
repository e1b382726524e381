//! The calls of the day, as `fixtures/demo/day.csv` has them.
//!
//! The columns are explained in the README beside that file. A call here is what happened, not what was said about it:
//! notifications are made of it elsewhere.

use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use switchboard_emulator::{CallScript, Direction, Quirk, Transfer, Uis};

/// The table.
const DAY: &str = include_str!("../../../fixtures/demo/day.csv");

/// The date of the day: a Monday.
pub(super) const DATE: Date = date(2026, 3, 2);

/// The zone of the shop, of its UIS and of its RetailCRM.
pub(crate) const ZONE: &str = "Europe/Moscow";

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Call {
    /// Start, time of day.
    time: Time,
    /// Number of the call in UIS.
    pub(crate) session: u64,
    /// Which way it went.
    pub(crate) direction: Direction,
    /// The client's number, digits; `None` when it is hidden.
    pub(crate) phone: Option<String>,
    /// The shop's number, digits.
    pub(crate) number: String,
    /// UIS scenario.
    pub(crate) scenario: Option<String>,
    /// Site that the client came from.
    pub(crate) site: Option<String>,
    /// Advertising campaign.
    pub(crate) campaign: Option<String>,
    /// Who talked last, or who called.
    pub(crate) employee: Option<Employee>,
    /// Whose phones rang, in order.
    #[serde(deserialize_with = "employees")]
    pub(crate) rung: Vec<Employee>,
    /// Seconds until the talk, or until somebody gave up.
    pub(crate) wait: u32,
    /// Seconds of talk; none when nobody answered.
    pub(crate) talk: u32,
    /// Whether it was handed on to another employee.
    #[serde(deserialize_with = "yes")]
    pub(crate) transferred: bool,
    /// What is odd about its notifications.
    pub(crate) quirk: Option<Quirk>,
    /// What happened, for the reader.
    pub(crate) story: String,
}

/// An employee of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Employee {
    /// Anna.
    Anna,
    /// Ivan.
    Ivan,
    /// Olga.
    Olga,
    /// One who has left: known to UIS, not an active user of the CRM.
    Fired,
}

impl Call {
    /// When it started.
    pub(crate) fn started(&self) -> DateTime {
        DATE.to_datetime(self.time)
    }

    /// When it ended.
    pub(crate) fn finished(&self) -> DateTime {
        self.after(self.wait + self.talk)
    }

    fn after(&self, seconds: u32) -> DateTime {
        self.started().saturating_add(SignedDuration::from_secs(i64::from(seconds)))
    }

    /// Whether somebody talked.
    pub(crate) fn answered(&self) -> bool {
        self.talk > 0
    }

    /// The call as the UIS stand-in plays it.
    pub(crate) fn script(&self, uis: &Uis) -> CallScript {
        let number = |employee: Employee| uis.employee_by_email(employee.email());
        let rung: Vec<u64> = self.rung.iter().filter_map(|employee| number(*employee)).collect();
        let talker = self.employee.filter(|_| self.answered()).and_then(number);
        // A transferred call is answered by whom it reached first, and `employee` is who talked last.
        let transfer = talker.filter(|_| self.transferred).map(|to| Transfer { after_s: self.talk / 2, to });
        let incoming = self.direction == Direction::In;
        CallScript {
            session: Some(self.session),
            direction: self.direction,
            client: self.phone.clone(),
            virtual_number: self.number.clone(),
            started: timestamp(self.started()),
            answered_by: if transfer.is_some() { rung.first().copied() } else { talker.filter(|_| incoming) },
            caller: self.employee.filter(|_| !incoming).and_then(number),
            rung,
            wait_s: self.wait,
            talk_s: self.talk,
            transfers: transfer.into_iter().collect(),
            recorded: self.answered(),
            scenario: self.scenario.clone(),
            site: self.site.clone(),
            campaign: self.campaign.clone(),
            ..CallScript::default()
        }
    }
}

/// A time on the shop's clock as a moment.
fn timestamp(at: DateTime) -> Option<Timestamp> {
    at.to_zoned_datetime(TimeZone::get(ZONE).ok()?).ok().map(|zoned| zoned.timestamp())
}

impl Employee {
    /// His e-mail, by which UIS and RetailCRM know him.
    pub(crate) const fn email(self) -> &'static str {
        match self {
            Self::Anna => "anna@romashka.ru",
            Self::Ivan => "ivan@romashka.ru",
            Self::Olga => "olga@romashka.ru",
            Self::Fired => "fired@romashka.ru",
        }
    }

    /// Whether RetailCRM knows him as an active user.
    pub(crate) const fn is_user(self) -> bool {
        !matches!(self, Self::Fired)
    }
}

/// Reads the day.
///
/// # Errors
/// When the table built into the program is damaged, which a test excludes.
pub(crate) fn day() -> Result<Vec<Call>, csv::Error> {
    csv::Reader::from_reader(DAY.as_bytes()).deserialize().collect()
}

fn employees<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Employee>, D::Error> {
    use serde::de::IntoDeserializer as _;
    let text = String::deserialize(from)?;
    text.split_whitespace().map(|name| Employee::deserialize(name.into_deserializer())).collect()
}

/// `yes` or nothing.
pub(super) fn yes<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(from)? == "yes")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_day_has_everything_that_a_day_has() {
        let day = day().unwrap();
        assert!(day.len() >= 60, "{} calls", day.len());
        let sessions: BTreeSet<u64> = day.iter().map(|call| call.session).collect();
        assert_eq!(sessions.len(), day.len(), "sessions are told apart by their number");
        assert!(day.is_sorted_by_key(Call::started), "calls stand in the order of the day");
        let quirks: BTreeSet<Quirk> = day.iter().filter_map(|call| call.quirk).collect();
        assert_eq!(quirks.len(), 10, "one of each: {quirks:?}");
        for story in
            ["first, missed", "first, transferred", "spam", "hidden number", "called back, not reached"]
        {
            assert!(day.iter().any(|call| call.story == story), "{story}");
        }
    }

    #[test]
    fn a_call_is_consistent() {
        let accounts = switchboard_emulator::Accounts::new(&switchboard_emulator::Settings::default());
        for call in day().unwrap() {
            let script = call.script(&accounts.uis());
            assert_eq!(script.is_answered(), call.answered(), "{call:?}");
            assert_eq!(script.rung.len(), call.rung.len(), "the stand-in knows every employee: {call:?}");
            assert!(call.wait > 0, "{call:?}");
            assert!(!call.answered() || call.employee.is_some(), "somebody talked: {call:?}");
            if call.direction == Direction::In {
                assert!(!call.rung.is_empty(), "somebody's phone rang: {call:?}");
                let answering = call.employee.filter(|_| call.answered());
                assert!(
                    answering.is_none_or(|who| call.rung.contains(&who)),
                    "who answered was rung: {call:?}"
                );
            }
            assert!(call.quirk != Some(Quirk::RecordFirst) || call.answered(), "there is a record: {call:?}");
            assert!(timestamp(call.finished()).is_some());
        }
    }
}
