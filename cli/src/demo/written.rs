//! The chats and requests of the day, as `fixtures/demo/written.csv` has them.
//!
//! The columns are explained in the README beside that file. Unlike calls they are read from reports, and a report is about
//! the last hours; so they begin at a moment that the caller gives (the start of the demo), ten seconds apart.

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};
use serde::Deserialize;
use serde_json::{Value, json};
use switchboard_emulator::Uis;
use switchboard_runtime::store::record::SessionKey;

use super::day::{Call, Employee};

/// The table.
const WRITTEN: &str = include_str!("../../../fixtures/demo/written.csv");
/// How long a chat lasts.
pub(crate) const LASTS: SignedDuration = SignedDuration::from_secs(50);
/// How far two beginnings are apart.
const APART: SignedDuration = SignedDuration::from_secs(10);
/// How long before the demo the first one begins, so that none of them is over in the future.
const BEFORE: SignedDuration = SignedDuration::from_mins(10);
/// The communication of a chat has another number than the chat.
const COMMUNICATION: u64 = 900_000;

/// A chat or a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Written {
    /// Time of day, which says what it comes before and after.
    pub(crate) time: Time,
    /// Its number in UIS.
    pub(crate) id: u64,
    /// Which of the two it is.
    pub(crate) kind: Kind,
    /// Where the chat was opened, or the name of the form.
    pub(crate) channel: String,
    /// The visitor's name.
    pub(crate) name: Option<String>,
    /// The phone that was left, digits.
    pub(crate) phone: Option<String>,
    /// The e-mail that was left.
    pub(crate) email: Option<String>,
    /// Site that the visitor came from.
    pub(crate) site: Option<String>,
    /// Advertising campaign.
    pub(crate) campaign: Option<String>,
    /// Source of traffic.
    pub(crate) source: Option<String>,
    /// Who answered.
    pub(crate) employee: Option<Employee>,
    /// Whether nobody answered.
    #[serde(deserialize_with = "super::day::yes")]
    pub(crate) lost: bool,
    /// What the visitor wrote.
    pub(crate) asked: String,
    /// What was answered.
    pub(crate) answered: Option<String>,
    /// What happened, for the reader.
    pub(crate) story: String,
    /// Which of the day it is, from 0.
    #[serde(skip)]
    index: i32,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A conversation.
    Chat,
    /// A form.
    Request,
}

impl Kind {
    /// What UIS calls it.
    pub(crate) const fn communication_type(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Request => "offline_message",
        }
    }
}

/// Reads them.
///
/// # Errors
/// When the table built into the program is damaged, which a test excludes.
pub(crate) fn written() -> Result<Vec<Written>, csv::Error> {
    let rows = csv::Reader::from_reader(WRITTEN.as_bytes()).into_deserialize();
    rows.zip(0..).map(|(row, index)| row.map(|row| Written { index, ..row })).collect()
}

/// Those that come before the end of a day that was cut short.
pub(crate) fn until(day: &[Call], written: Vec<Written>) -> Vec<Written> {
    let Some(last) = day.last().map(|call| call.started().time()) else { return Vec::new() };
    written.into_iter().filter(|one| one.time <= last).collect()
}

impl Written {
    /// The number of the communication.
    pub(crate) fn communication(&self) -> u64 {
        match self.kind {
            Kind::Chat => self.id + COMMUNICATION,
            Kind::Request => self.id,
        }
    }

    /// The session as the store knows it.
    pub(crate) fn session(&self) -> SessionKey {
        let kind = match self.kind {
            Kind::Chat => "chat",
            Kind::Request => "request",
        };
        SessionKey::from(format!("{kind}:{}", self.communication()))
    }

    /// What the client is known by.
    pub(crate) fn contact(&self) -> Option<&str> {
        self.phone.as_deref().or(self.email.as_deref())
    }

    /// When it began, on the shop's clock, of a demo that began then.
    pub(crate) fn began(&self, demo: DateTime) -> DateTime {
        demo.saturating_sub(BEFORE).saturating_add(APART * self.index)
    }

    /// Shows it in UIS: the visitor, the messages, the row of the report. A chat is shown while it goes on or when it is
    /// over.
    pub(crate) fn show(&self, uis: &Uis, demo: DateTime, over: bool) {
        let at = |seconds| self.began(demo).saturating_add(SignedDuration::from_secs(seconds)).to_string();
        let employee = self.employee.and_then(|employee| uis.employee_by_email(employee.email()));
        let employees = uis.employees();
        let full_name = employees
            .iter()
            .find(|one| Some(one.id) == employee)
            .map(|one| format!("{} {}", one.last_name, one.first_name));
        let phone = self.phone.as_deref().and_then(|phone| phone.parse::<u64>().ok());
        let mut row = json!({
            "id": self.id, "communication_id": self.communication(), "date_time": spaced(&at(0)),
            "site_domain_name": self.site, "campaign_name": self.campaign, "source_name": self.source,
            "employee_id": employee, "employee_full_name": full_name, "visitor_phone_number": phone,
        });
        let own = match self.kind {
            Kind::Request => json!({
                "communication_type": "offline_message", "status": "not_processed", "form_type": "Пользовательская",
                "form_name": self.channel, "text": self.asked, "visitor_name": self.name, "visitor_email": self.email,
            }),
            Kind::Chat => self.chat(uis, &at, full_name.as_deref(), over),
        };
        if let (Value::Object(row), Value::Object(own)) = (&mut row, own) {
            row.extend(own);
        }
        let noun = if self.kind == Kind::Chat { "chats" } else { "offline_messages" };
        uis.put_row(noun, row);
    }

    fn chat(&self, uis: &Uis, at: &dyn Fn(i64) -> String, employee: Option<&str>, over: bool) -> Value {
        let visitor = self.id + 5_000;
        let phones: Vec<&str> = self.phone.as_deref().into_iter().collect();
        let emails: Vec<&str> = self.email.as_deref().into_iter().collect();
        uis.put_row(
            "visitors",
            json!({"id": visitor, "name": self.name, "phone_numbers": phones, "emails": emails, "properties": []}),
        );
        let said = [Some(("visitor", &self.asked)), self.answered.as_ref().map(|text| ("operator", text))];
        for ((source, text), n) in said.into_iter().flatten().zip(1_i64..) {
            let who = employee.filter(|_| source == "operator");
            uis.put_row(
                "chat_messages",
                json!({"id": self.id.saturating_mul(10).saturating_add_signed(n), "chat_id": self.id,
                    "date_time": spaced(&at(n * 10)), "source": source, "text": text, "employee_full_name": who}),
            );
        }
        let answers = u8::from(self.answered.is_some());
        let status = match (over, self.lost, self.employee) {
            (true, true, _) => "lost",
            (true, false, _) => "succeed",
            (false, _, Some(_)) => "active",
            (false, _, None) => "new",
        };
        json!({
            "communication_type": "chat", "status": status, "initiator": "visitor", "is_group_chat": false,
            "is_transfer": false, "chat_channel_id": 7, "chat_channel_type": self.channel,
            "chat_channel_name": self.channel, "messages_count": answers + 1, "employee_messages_count": answers,
            "visitor_ids": [visitor], "tags": [], "release_cause": over.then_some("closed_by_operator"),
            "duration": over.then(|| LASTS.as_secs().to_string()),
        })
    }
}

/// A moment as UIS writes it.
fn spaced(at: &str) -> String {
    at.replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::super::day::day;
    use super::*;

    #[test]
    fn they_stand_in_the_order_of_the_day_and_are_told_apart() {
        let written = written().unwrap();
        assert!(written.is_sorted_by_key(|one| one.time), "in the order of the day");
        let numbers: std::collections::BTreeSet<u64> = written.iter().map(Written::communication).collect();
        assert_eq!(numbers.len(), written.len());
        assert!(written.iter().all(|one| one.lost || one.kind == Kind::Request || one.employee.is_some()));
        assert!(written.iter().all(|one| !one.lost || one.answered.is_none()));
    }

    #[test]
    fn a_day_cut_short_has_fewer_of_them() {
        let day = day().unwrap();
        assert_eq!(until(&day, written().unwrap()).len(), written().unwrap().len());
        assert_eq!(until(&day[..4], written().unwrap()).len(), 1);
        assert!(until(&[], written().unwrap()).is_empty());
    }

    #[test]
    fn none_of_them_is_over_in_the_future() {
        let demo: DateTime = "2026-03-02T12:00:00".parse().unwrap();
        let ends = written().unwrap().into_iter().map(|one| one.began(demo).saturating_add(LASTS));
        assert!(ends.max() < Some(demo));
    }
}
