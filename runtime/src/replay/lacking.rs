//! What rules would have to know of an event that nobody asked for.
//!
//! Facts and fields are asked for because the rules in force read them. What only other rules read is asked for on behalf
//! of nobody: neither when shadow rules are tried (it would cost requests and points, and could make a call wait), nor when
//! a decision is made again (today's orders are not those of that day). Such events cannot be judged, and it is said what
//! for. One answer for both, so that shadow rules and a backtest of the same rules leave out the same events.

use switchboard_engine::bundle::{Bundle, Need, Slot};
use switchboard_engine::catalog::{Fact, schema};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::schema::FieldKey;
use switchboard_engine::value::Value;

use super::Circumstances;
use crate::worker::REPORT_FIELDS;

/// Something that nobody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lacking {
    /// Its English name: `crm.open_orders`, `campaign`.
    pub en: &'static str,
    /// Its Russian name.
    pub ru: &'static str,
}

/// Under what a decision was made, as far as it matters to what could be known.
#[derive(Clone, Copy, Debug)]
pub struct Then<'a> {
    /// What was asked for and was in; None of records that are older than this was kept.
    pub circumstances: Option<&'a Circumstances>,
    /// The rules that decided, when they are at hand.
    pub rules: Option<&'a Bundle>,
}

/// What the candidate reads of an event that was not asked for, each once; nothing when the event can be judged.
///
/// Of a client whom RetailCRM does not know nothing is missing: there is nothing to be asked for. Neither is anything of a
/// list that was not full, however many entries the candidate would look at.
pub fn lacking(candidate: &Bundle, event: &Event, facts: &Facts, then: Then<'_>) -> Vec<Lacking> {
    let slot = Slot::of(event.kind(), event.direction());
    let mut lacking = missing(candidate.needs(slot), event, facts, &then.asked(slot));
    if then.is_read() {
        return lacking;
    }
    match slot {
        Slot::Chat => {
            if wants_messages(candidate) && !then.rules.is_some_and(wants_messages) {
                lacking
                    .push(Lacking { en: "visitor_messages", ru: "сообщений_посетителя" });
            }
        }
        _ => {
            // The report was not waited for, unless the rules that decided read the field, too, and it did not come.
            let waited = |key: &FieldKey| then.rules.is_some_and(|rules| rules.reads(slot).contains(key));
            let unread = candidate.reads(slot).iter().filter(|key| {
                let name = schema().field_name(key.id);
                REPORT_FIELDS.contains(&name) && event.value(key).is_missing() && !waited(key)
            });
            let specs = unread.filter_map(|key| Some(schema().field(event.kind(), key.id)?.spec));
            lacking.extend(specs.map(|spec| Lacking { en: spec.name, ru: spec.ru }));
        }
    }
    lacking.dedup();
    lacking
}

/// Which of the facts that rules need were not asked for.
pub(super) fn missing(needs: &[Need], event: &Event, facts: &Facts, asked: &[Need]) -> Vec<Lacking> {
    let is_known = |need: &&Need| {
        let is_asked = |asked: &Need| {
            asked.fact == need.fact
                && (asked.count >= need.count || facts.entries(need.fact) < usize::from(asked.count))
        };
        // Records of old do not say what was asked for; what is there was.
        let is_there = || asked.is_empty() && facts.has_asked(need.fact);
        (is_of_crm(need.fact) && is_stranger(event)) || asked.iter().any(is_asked) || is_there()
    };
    let lacking = needs.iter().filter(|need| !is_known(need));
    lacking.map(|need| Lacking { en: need.fact.spec().name, ru: need.fact.spec().ru }).collect()
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

impl Then<'_> {
    fn asked(&self, slot: Slot) -> Vec<Need> {
        match (self.circumstances, self.rules) {
            (Some(circumstances), _) => circumstances.asked.clone(),
            (None, Some(rules)) => rules.needs(slot).to_vec(),
            (None, None) => Vec::new(),
        }
    }

    /// Whether everything was in that reports of UIS can tell. Of old records nobody knows, and most have it.
    fn is_read(&self) -> bool {
        self.circumstances.is_none_or(|circumstances| circumstances.reported)
    }
}

/// Whether RetailCRM knew no client, so that there was nobody to ask about.
fn is_stranger(event: &Event) -> bool {
    let contact = schema().field_id("contact").map(|id| event.get(id));
    matches!(contact, Some(Value::Enum(contact)) if contact.en() == "first")
}

pub(super) fn is_of_crm(fact: Fact) -> bool {
    match fact {
        Fact::Client | Fact::OpenOrders | Fact::LastOrders | Fact::CustomFields => true,
        Fact::CallLegs | Fact::ChatMessages => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};
    use switchboard_engine::bundle::{BundleSource, LoadOptions, load};

    use super::*;

    const RULES: &str = "rules 1\n\ntable entities for calls\n  | contact || create        | responsible |\n  |---------||---------------|-------------|\n  | first   || client, order | \"a@x.ru\"    |\n  | repeat  || order         | \"a@x.ru\"    |\n";

    fn loaded(rules: &str, script: Option<&str>) -> Arc<Bundle> {
        let mut source = BundleSource::single(rules.to_owned());
        if let Some(script) = script {
            source.add("s.rhai", script).unwrap();
        }
        let loaded = load(&source, &LoadOptions::default());
        loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    }

    fn needing(needs: &str) -> Arc<Bundle> {
        let rules =
            format!("{RULES}\nscript \"s.rhai\"\n  policy entities for incoming calls needs {needs}\n");
        loaded(&rules, Some("fn entities(event, proposal, facts) { proposal }"))
    }

    fn plain() -> Arc<Bundle> {
        loaded(RULES, None)
    }

    fn event(json: Json) -> Event {
        Event::from_json(&json).unwrap()
    }

    fn call(contact: &str) -> Event {
        event(json!({"kind": "call", "direction": "incoming", "contact": contact}))
    }

    fn orders(count: usize) -> Facts {
        let orders: Vec<Json> = (0..count).map(|number| json!({"number": number.to_string()})).collect();
        Facts::from_json(&json!({"crm": {"open_orders": orders}})).unwrap()
    }

    fn circumstances(asked: &[Need], reported: bool) -> Circumstances {
        let now = "2026-03-02T10:00:00+03:00".parse().unwrap();
        Circumstances { now, asked: asked.to_vec(), reported }
    }

    /// The same question in the four ways in which it is asked: of a decision just made, of a record beside the rules that
    /// decided and without them, and of a record that is older than circumstances are.
    #[track_caller]
    fn check(
        (candidate, decided): (&Bundle, &Bundle),
        event: &Event,
        facts: &Facts,
        reported: bool,
        wanted: &[&str],
    ) {
        let slot = Slot::of(event.kind(), event.direction());
        let circumstances = circumstances(decided.needs(slot), reported);
        let names =
            |then| -> Vec<&str> { lacking(candidate, event, facts, then).iter().map(|one| one.en).collect() };
        let kept = Some(&circumstances);
        assert_eq!(names(Then { circumstances: kept, rules: Some(decided) }), wanted, "beside its rules");
        if reported {
            assert_eq!(names(Then { circumstances: kept, rules: None }), wanted, "without its rules");
            assert_eq!(names(Then { circumstances: None, rules: Some(decided) }), wanted, "an old record");
        }
    }

    #[test]
    fn facts_that_only_the_candidate_needs_are_lacking() {
        let (known, stranger, none) = (call("repeat"), call("first"), Facts::none());
        let (plain, open, last) = (plain(), needing("crm.open_orders(5)"), needing("crm.last_orders"));
        check((&open, &plain), &known, &none, true, &["crm.open_orders"]);
        check((&open, &open), &known, &none, true, &[]);
        check((&plain, &last), &known, &none, true, &[]);
        check((&needing("crm.open_orders(3)"), &open), &known, &orders(3), true, &[]);
        let (six, both) = (needing("crm.open_orders(6)"), needing("crm.last_orders, crm.open_orders"));
        check((&six, &open), &known, &orders(5), true, &["crm.open_orders"]);
        check((&six, &open), &known, &orders(4), true, &[]);
        check((&both, &open), &known, &orders(4), true, &["crm.last_orders"]);
        // Of somebody whom RetailCRM does not know there is nothing to ask; UIS knows its calls all the same.
        check((&open, &plain), &stranger, &none, true, &[]);
        check((&needing("uis.call_legs"), &plain), &stranger, &none, true, &["uis.call_legs"]);
    }

    #[test]
    fn what_an_old_record_without_its_rules_holds_was_asked() {
        let open = needing("crm.open_orders");
        let then = Then { circumstances: None, rules: None };
        assert_eq!(lacking(&open, &call("repeat"), &orders(1), then), []);
        assert_eq!(lacking(&open, &call("repeat"), &Facts::none(), then).len(), 1);
    }

    #[test]
    fn marketing_that_only_the_candidate_reads_is_lacking_until_it_was_read() {
        let campaign = loaded(&format!("{RULES}\nfields of client for calls\n  x from campaign\n"), None);
        let (plain, none) = (plain(), Facts::none());
        let told =
            event(json!({"kind": "call", "direction": "incoming", "contact": "first", "campaign": "x"}));
        check((&campaign, &plain), &call("first"), &none, false, &["campaign"]);
        check((&campaign, &plain), &told, &none, false, &[]);
        check((&campaign, &plain), &call("first"), &none, true, &[]);
        check((&campaign, &campaign), &call("first"), &none, false, &[]);
        check((&plain, &campaign), &call("first"), &none, false, &[]);
    }

    #[test]
    fn messages_that_only_the_candidate_reads_are_lacking_where_they_were_not_read() {
        let rules = "rules 1\n\ntable entities for chats\n  | contact || create | responsible |\n  |---------||--------|-------------|\n  | first   || client | -           |\n  | repeat  || nothing | -           |\n";
        let reads = format!("{rules}\nfields of client for chats\n  x from visitor_messages\n");
        let (plain, reads) = (loaded(rules, None), loaded(&reads, None));
        let (chat, none) = (event(json!({"kind": "chat", "contact": "first"})), Facts::none());
        check((&reads, &plain), &chat, &none, false, &["visitor_messages"]);
        check((&reads, &reads), &chat, &none, false, &[]);
        check((&reads, &plain), &chat, &none, true, &[]);
    }
}
