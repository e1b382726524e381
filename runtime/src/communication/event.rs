//! A merged call in the words of the rules.
//!
//! What only others know is handed in: whether the client is new, and which user of the CRM an employee is.

use std::fmt;

use serde_json::json;
use switchboard_engine::decimal::Decimal;
use switchboard_engine::event::{Event, EventBuilder, EventError};
use switchboard_engine::moment::Seconds;
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::{Direction as EngineDirection, EventKind};
use switchboard_engine::value::Value;

use crate::communication::merged::Merged;
use crate::communication::people::Employee;
use crate::communication::traffic::set_traffic;
use crate::source::uis::Direction;

/// Whether the CRM knew the client before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// It did not.
    First,
    /// It did.
    Repeat,
}

impl Contact {
    /// The name in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Repeat => "repeat",
        }
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Finds the e-mail of the CRM user that an employee of UIS is; `None` when he is none. Gets the employee's number and
/// what notifications said about him.
pub type EmployeeLookup<'l> = dyn Fn(u64, Option<&Employee>) -> Option<String> + 'l;

/// Puts a call into the words of the rules.
///
/// # Errors
///
/// What the schema refuses; a merged call should never give it a reason to.
pub fn event(
    merged: &Merged,
    contact: Contact,
    employee: &EmployeeLookup<'_>,
) -> Result<Event, Vec<EventError>> {
    let direction = match merged.direction {
        Direction::In => EngineDirection::Incoming,
        Direction::Out => EngineDirection::Outgoing,
    };
    let values = &merged.values;
    let people = &merged.people;
    let email = |id: u64| employee(id, people.employees.get(&id));
    let user = |id: Option<u64>| id.and_then(email).map_or(Value::Missing, Value::text);
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Missing, Value::text);
    let phone = |phone: Option<&str>| {
        phone.and_then(|phone| Phone::parse(phone).ok()).map_or(Value::Missing, Value::Phone)
    };
    let seconds =
        |seconds: Option<u32>| seconds.map_or(Value::Missing, |s| Value::Duration(Seconds(s.into())));

    let mut builder = EventBuilder::new(EventKind::Call, Some(direction))
        .set_json("contact", &json!(contact.as_str()))
        .set("phone", phone(merged.phone()))
        .set("virtual_number", phone(merged.virtual_number.as_deref()))
        .set("email", text(&values.visitor_email))
        .set(
            "name",
            values
                .contact_full_name
                .as_deref()
                .or(values.visitor_name.as_deref())
                .map_or(Value::Missing, Value::text),
        )
        .set("started", merged.started)
        .set("finished", merged.finished)
        .set("talk_time", seconds(Some(merged.talk)))
        .set("wait_time", seconds(merged.wait))
        .set("total_time", seconds(merged.total))
        .set("missed", merged.missed)
        .set("answered_by", user(merged.answered_by()))
        .set("caller", user(people.caller))
        .set("rung", Value::list(people.rung.iter().map(|id| user(Some(*id)))))
        .set("transferred", merged.transferred.map_or(Value::Missing, Value::Bool))
        .set(
            "record_url",
            merged.recording().map_or(Value::Missing, |record| Value::text(record.link.as_str())),
        )
        .set(
            "rating",
            values.operator_rating.map_or(Value::Missing, |mark| Value::Number(Decimal::from(mark))),
        )
        .set("scenario", text(&values.scenario_name));
    builder = set_traffic!(
        builder, values,
        tags: merged.tags.iter(),
        segments: merged.segments.iter(),
        region: values.visitor_region.as_ref().or(values.cpn_region_name.as_ref())
    );
    let reason = values.finish_reason.as_ref().or(values.lost_reason.as_ref()).cloned();
    // Enums of UIS are open; names that we do not know pass as texts.
    for (name, value) in [("call_source", &values.call_source), ("finish_reason", &reason)] {
        builder = builder.set_json(name, &json!(value));
    }
    builder.build()
}
