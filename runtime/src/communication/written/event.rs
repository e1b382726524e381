//! A chat or a request in the words of the rules.

use serde_json::json;
use switchboard_engine::decimal::Decimal;
use switchboard_engine::event::{Event, EventBuilder, EventError};
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::EventKind;
use switchboard_engine::value::Value;

use super::whole::Whole;
use crate::communication::event::{Contact, EmployeeLookup};
use crate::communication::traffic::set_traffic;
use crate::source::uis::WrittenKind;

/// The most fields of a form that rules can see.
const MAX_PROPERTIES: usize = 50;

/// Puts a chat or a request into the words of the rules.
///
/// # Errors
///
/// What the schema refuses; a whole should never give it a reason to.
pub fn written_event(
    whole: &Whole,
    contact: Contact,
    employee: &EmployeeLookup<'_>,
) -> Result<Event, Vec<EventError>> {
    let values = &whole.values;
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Missing, Value::text);
    let number = |number: Option<u32>| number.map_or(Value::Missing, |n| Value::Number(Decimal::from(n)));
    let kind = match whole.kind {
        WrittenKind::Chat => EventKind::Chat,
        WrittenKind::Request => EventKind::Request,
    };
    let phone = whole.contacts.phones.first().and_then(|phone| Phone::parse(phone).ok());
    let answered_by = values.employee_id.and_then(|id| employee(id, None));
    let mut builder = EventBuilder::new(kind, None)
        .set_json("contact", &json!(contact.as_str()))
        .set("phone", phone.map_or(Value::Missing, Value::Phone))
        .set(
            "email",
            whole.contacts.emails.first().map_or(Value::Missing, |email| Value::text(email.as_str())),
        )
        .set("name", text(&whole.name))
        .set("started", whole.started)
        .set("finished", whole.finished)
        .set("answered_by", answered_by.map_or(Value::Missing, Value::text));
    builder = set_traffic!(
        builder, values,
        tags: values.tag_names.iter().flatten(),
        segments: values.segments.iter().flatten(),
        region: values.visitor_region.as_ref()
    );
    builder = match whole.kind {
        WrittenKind::Chat => builder
            // Enums of UIS are open; names that we do not know pass as texts.
            .set_json("channel", &json!(values.chat_channel_type.as_deref().unwrap_or("comagic")))
            .set_json("status", &json!(values.status))
            .set_json("stage", &json!(whole.stage.map(super::Stage::as_str)))
            .set_json("initiator", &json!(values.initiator))
            .set_json("release_cause", &json!(values.release_cause))
            .set("messages", number(values.messages_count))
            .set("visitor_messages", number(whole.visitor_messages))
            .set("missed", whole.missed),
        WrittenKind::Request => {
            let builder = builder
                .set_json("request_type", &json!(values.form_type))
                .set("form_name", text(&values.form_name))
                .set(
                    "text",
                    values.text.as_ref().map_or(Value::Missing, |text| Value::text(text.0.as_str())),
                );
            let properties = values.properties.iter().flatten().take(MAX_PROPERTIES);
            let named = properties.filter_map(|property| Some((property_name(&property.0)?, &property.1)));
            named.fold(builder, |builder, (name, value)| {
                builder.set(&format!("properties.{name}"), Value::text(value.as_str()))
            })
        }
    };
    builder.build()
}

/// A field of a form as rules can name it: what is neither a letter nor a digit becomes `_`.
fn property_name(name: &str) -> Option<String> {
    let name: String =
        name.trim().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    let name = name.trim_matches('_');
    (!name.is_empty()).then(|| name.to_owned())
}

/// What of an event may change a decision, without what counts up all the while: two looks at the same need only one
/// question to the CRM.
pub fn written_values(event: &Event) -> String {
    let mut json = event.to_json();
    if let Some(fields) = json.as_object_mut() {
        for counter in ["messages", "visitor_messages", "finished", "contact"] {
            fields.remove(counter);
        }
    }
    blake3::hash(json.to_string().as_bytes()).to_hex().to_string()
}
