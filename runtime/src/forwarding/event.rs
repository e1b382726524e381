//! A call that has only begun, in the words of the rules: most fields are missing, and a rule that looks at them says so
//! by not matching.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use switchboard_engine::event::{Event, EventBuilder, EventError};
use switchboard_engine::moment::Moment;
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::{Direction, EventKind};
use switchboard_engine::value::Value;

use crate::communication::Contact;
use crate::source::uis::{LocalTime, Number, Question};

/// Puts a question into the words of the rules.
///
/// # Errors
///
/// What the schema refuses; a question should never give it a reason to.
pub(super) fn event(
    question: &Question,
    contact: Contact,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Event, Vec<EventError>> {
    let phone = |number: &Option<Number>| {
        let phone = number.as_ref().and_then(Number::as_phone).and_then(|phone| Phone::parse(phone).ok());
        phone.map_or(Value::Missing, Value::Phone)
    };
    let instant = match question.started {
        Some(LocalTime::Instant(instant)) => instant,
        Some(LocalTime::Local(local)) => zone.to_ambiguous_timestamp(local).compatible().unwrap_or(now),
        None => now,
    };
    EventBuilder::new(EventKind::Call, Some(Direction::Incoming))
        .set_json("contact", &json!(contact.as_str()))
        .set("phone", phone(&question.caller))
        .set("virtual_number", phone(&question.dialled))
        .set("started", Moment::new(instant, zone.to_offset(instant)))
        .build()
}
