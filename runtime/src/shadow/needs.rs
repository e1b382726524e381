//! What a candidate would need that nobody asked for.
//!
//! Facts and fields are asked for because the rules in force read them. What only the candidate reads is not asked for on
//! its behalf: that would cost requests and points, and could make a call wait. Such events cannot be judged, and it is
//! said what for.

use switchboard_engine::bundle::{Bundle, Need, Slot};
use switchboard_engine::catalog::{FACTS, Fact, schema};
use switchboard_engine::event::Event;
use switchboard_engine::value::Value;

use crate::worker::REPORT_FIELDS;

/// What was so around a decision, as far as it matters to what could be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether RetailCRM knew the client: of strangers there is nothing to be asked for.
    pub knows_client: bool,
    /// Whether everything was read that the report of UIS could tell, or nobody could have read it.
    pub is_read: bool,
}

/// Something that nobody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Its English name: `crm.open_orders`, `campaign`.
    pub en: &'static str,
    /// Its Russian name.
    pub ru: &'static str,
}

/// What the candidate reads of such an event that was not asked for, because the rules in force do not read it.
pub fn lacking(
    candidate: &Bundle,
    in_force: &Bundle,
    event: &Event,
    surroundings: Surroundings,
) -> Vec<Lacking> {
    let slot = Slot::of(event.kind(), event.direction());
    let asked = in_force.needs(slot);
    let mut lacking: Vec<Lacking> = candidate
        .needs(slot)
        .iter()
        .filter(|need| surroundings.knows_client || !is_of_crm(need.fact))
        .filter(|need| !covers(asked, need))
        .filter_map(|need| FACTS.iter().find(|spec| spec.fact == need.fact))
        .map(|spec| Lacking { en: spec.name, ru: spec.ru })
        .collect();
    if surroundings.is_read {
        return lacking;
    }
    if slot == Slot::Chat {
        if wants_messages(candidate) && !wants_messages(in_force) {
            lacking.push(Lacking { en: "visitor_messages", ru: "сообщений_посетителя" });
        }
        return lacking;
    }
    let read = in_force.reads(slot);
    let fields = candidate
        .reads(slot)
        .iter()
        .filter(|field| REPORT_FIELDS.contains(&schema().field_name(field.id)))
        .filter(|field| !read.contains(*field) && event.value(field).is_missing());
    let specs = fields.filter_map(|field| Some(schema().field(event.kind(), field.id)?.spec));
    lacking.extend(specs.map(|spec| Lacking { en: spec.name, ru: spec.ru }));
    lacking
}

/// Whether rules need to know what was written in a chat.
pub fn wants_messages(bundle: &Bundle) -> bool {
    let read = bundle.reads(Slot::Chat).iter().map(|field| schema().field_name(field.id));
    let reads_messages = read.into_iter().any(|field| field == "visitor_messages" || field == "stage");
    let needs_messages = bundle.needs(Slot::Chat).iter().any(|need| need.fact == Fact::ChatMessages);
    let stage = bundle.setting(Slot::Chat, "create_at");
    let at_first_message = matches!(stage, Value::Enum(stage) if stage.en() == "first_message");
    at_first_message || reads_messages || needs_messages
}

fn covers(asked: &[Need], need: &Need) -> bool {
    asked.iter().any(|asked| asked.fact == need.fact && asked.count >= need.count)
}

fn is_of_crm(fact: Fact) -> bool {
    match fact {
        Fact::Client | Fact::OpenOrders | Fact::LastOrders | Fact::CustomFields => true,
        Fact::CallLegs | Fact::ChatMessages => false,
    }
}
