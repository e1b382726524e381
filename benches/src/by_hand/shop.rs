//! What the English example bundle says about calls, as code.

use std::collections::HashSet;

use jiff::fmt::strtime;
use switchboard_engine::decide::{Decision, Entity, FieldWrite};
use switchboard_engine::moment::{Moment, Seconds};
use switchboard_engine::phone::Phone;
use switchboard_engine::text::Text;
use switchboard_engine::value::{Value, is_smuggled};

use super::Call;

/// The constants of the shop, read once.
#[derive(Clone, Debug)]
pub struct Shop {
    blocked: HashSet<Phone>,
    spam: Text,
    brand: Text,
    scenarios: [Text; 2],
    site: Text,
    wholesale: Text,
    moscow: Phone,
    petersburg: Phone,
}

/// What is decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Whether the call is taken.
    pub accepted: bool,
    /// Whether a client and whether an order are created.
    pub create: (bool, bool),
    /// Whose they are.
    pub responsible: Option<String>,
    /// The store.
    pub store: Option<String>,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Fields of the client.
    pub client: Vec<(&'static str, String)>,
    /// Fields of the order.
    pub order: Vec<(&'static str, String)>,
    /// To whom the call goes.
    pub forward_to: Option<String>,
}

/// A task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The title.
    pub title: String,
    /// Whose it is.
    pub assign: Option<String>,
    /// When it is due.
    pub due: Option<Moment>,
}

/// Who is responsible when nobody else is.
const DEFAULT: &str = "anna@romashka.ru";

impl Default for Shop {
    fn default() -> Self {
        let phone = |digits| Phone::from_digits(digits).expect("a phone");
        Self {
            blocked: [79_001_112_233, 79_002_223_344, 79_003_334_455].into_iter().map(phone).collect(),
            spam: Text::new("Спам"),
            brand: Text::new("Бренд"),
            scenarios: [Text::new("Продажи"), Text::new("Опт")],
            site: Text::new("romashka.ru"),
            wholesale: Text::new("opt.romashka.ru"),
            moscow: phone(74_951_234_567),
            petersburg: phone(78_121_234_567),
        }
    }
}

impl Shop {
    /// Decides about a call.
    #[must_use]
    pub fn decide(&self, call: &Call, manager: Option<&Text>) -> Answer {
        let mut answer = Answer { accepted: self.accepts(call), ..Answer::default() };
        if !answer.accepted {
            return answer;
        }
        let manager = manager.map(Text::as_str);
        let answered = call.answered_by.as_ref().map(Text::as_str);
        let talk = call.talk_time.unwrap_or(-1);
        let named = if call.incoming {
            let (create, responsible) = match (call.first, call.talk_time.is_some()) {
                (Some(true), _) => ((true, true), Some(answered.unwrap_or_else(|| self.desk(call)))),
                (Some(false), true) if talk >= 30 => ((false, true), manager.or(answered)),
                (Some(false), true) => ((false, false), None),
                _ => ((true, false), Some(DEFAULT)),
            };
            answer.create = create;
            responsible
        } else {
            None
        };
        let created = answer.create.0 || answer.create.1;
        answer.responsible = named.or(created.then_some(DEFAULT)).map(str::to_owned);
        answer.store = Some(self.store(call).to_owned());
        answer.tasks.extend(self.task(call, manager));
        if let Some(campaign) = &call.campaign {
            answer.client.push(("uis_campaign", clean(campaign.as_str())));
        }
        if answer.create.0 {
            if let Some(site) = &call.site {
                answer.client.push(("uis_site", clean(site.as_str())));
            }
            let city = call.visitor.city.as_ref().map_or("не определён", Text::as_str);
            answer.client.push(("uis_city", clean(city)));
        }
        if let Some(record) = &call.record_url {
            answer.order.push(("uis_record", clean(record.as_str())));
        }
        if answer.create.1 {
            answer.order.push(("uis_marketing", clean(&marketing(call))));
        }
        answer.forward_to = manager.filter(|_| call.incoming).map(str::to_owned);
        answer
    }

    fn accepts(&self, call: &Call) -> bool {
        let is = |value: &Option<Text>, text: &Text| value.as_ref().is_some_and(|value| value.same(text));
        if !call.incoming {
            return true;
        }
        if is(&call.source, &self.spam) || call.phone.is_some_and(|phone| self.blocked.contains(&phone)) {
            return false;
        }
        self.scenarios.iter().any(|scenario| is(&call.scenario, scenario))
            || (is(&call.site, &self.site) && !is(&call.campaign, &self.brand))
    }

    /// The employee of the table `incoming_responsible`.
    fn desk(&self, call: &Call) -> &'static str {
        if call.site.as_ref().is_some_and(|site| site.same(&self.wholesale)) {
            "ivan@romashka.ru"
        } else if call.campaign.as_ref().is_some_and(|campaign| campaign.folded().starts_with("vip")) {
            "olga@romashka.ru"
        } else {
            DEFAULT
        }
    }

    fn store(&self, call: &Call) -> &'static str {
        match call.virtual_number {
            Some(number) if number == self.moscow => "romashka-msk",
            Some(number) if number == self.petersburg => "romashka-spb",
            _ => "romashka-main",
        }
    }

    fn task(&self, call: &Call, manager: Option<&str>) -> Option<Task> {
        let missed = call.missed == Some(true);
        let due = |hours: i64| call.finished.and_then(|finished| finished.plus(Seconds(hours * 3_600)));
        if call.incoming {
            return missed.then(|| Task {
                title: title(call),
                assign: Some(manager.unwrap_or_else(|| self.desk(call)).to_owned()),
                due: due(2),
            });
        }
        let failed = missed || call.talk_time.unwrap_or(0) <= 0;
        (failed && call.first == Some(true)).then(|| Task {
            title: format!("Call {} again: nobody answered {}", phone(call), started(call)),
            assign: Some(call.caller.as_ref().map_or(DEFAULT, Text::as_str).to_owned()),
            due: due(4),
        })
    }
}

/// The title of the task for a missed call.
#[must_use]
pub fn title(call: &Call) -> String {
    let scenario = call.scenario.as_ref().map_or("без сценария", Text::as_str);
    let title = format!("Перезвонить {}: {}, {}", phone(call), clean(scenario).trim(), started(call));
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.char_indices().nth(255) {
        None => title,
        Some(_) => title.chars().take(254).chain(['…']).collect(),
    }
}

/// A text without what a visitor could smuggle into the CRM.
fn clean(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_smuggled(*c)).collect()
}

fn phone(call: &Call) -> String {
    call.phone.map_or_else(|| "hidden number".to_owned(), |phone| phone.to_string())
}

fn started(call: &Call) -> String {
    let Some(started) = call.started else { return String::new() };
    strtime::format("%d.%m %H:%M", started.civil()).unwrap_or_default()
}

fn marketing(call: &Call) -> String {
    let Some(source) = &call.utm.source else { return "direct".to_owned() };
    let medium = call.utm.medium.as_ref().map_or("нет", Text::as_str);
    format!("{} / {}", source.as_str().to_lowercase(), medium.to_lowercase())
}

impl From<&Decision> for Answer {
    /// What rules decided, without the trace.
    fn from(decision: &Decision) -> Self {
        let text = |value: &Option<_>| value.as_ref().map(|text: &smol_str::SmolStr| text.to_string());
        let codes = ["uis_campaign", "uis_site", "uis_city", "uis_record", "uis_marketing"];
        let fields = |fields: &[FieldWrite]| {
            let there = fields.iter().filter(|field| !field.value.is_missing());
            let field = |field: &FieldWrite| {
                let code = codes.into_iter().find(|code| *code == field.code).unwrap_or("unknown");
                (
                    code,
                    if let Value::Text(text) = &field.value {
                        text.as_str().to_owned()
                    } else {
                        format!("{:?}", field.value)
                    },
                )
            };
            there.map(field).collect()
        };
        Self {
            accepted: decision.accepted,
            create: (decision.creates(Entity::Client), decision.creates(Entity::Order)),
            responsible: text(&decision.responsible),
            store: text(&decision.store),
            tasks: decision
                .tasks
                .iter()
                .map(|task| Task { title: task.title.clone(), assign: text(&task.assign), due: task.due })
                .collect(),
            client: fields(&decision.fields.client),
            order: fields(&decision.fields.order),
            forward_to: text(&decision.forward_to),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;
    use switchboard_engine::event::Event;
    use switchboard_engine::facts::Facts;

    use super::*;
    use crate::by_hand::{read, read_manager};
    use crate::examples;

    #[test]
    fn code_and_rules_decide_alike() {
        let bundle = examples::bundle(&examples::source("romashka-en"));
        let shop = Shop::default();
        let calls = examples::events().into_iter().filter(|(_, event, _)| event["kind"] == "call");
        let mut compared = 0;
        for (name, event, facts) in calls {
            let facts = facts.unwrap_or_else(|| Json::Object(serde_json::Map::new()));
            let read_facts = Facts::from_json(&facts).expect("facts");
            let read_event = Event::from_json(&event).expect("an event");
            let decision = bundle.decide(&read_event, &read_facts, examples::now());
            let call = read(event.to_string().as_bytes()).expect("a call");
            let manager = read_manager(facts.to_string().as_bytes()).expect("facts");
            assert_eq!(shop.decide(&call, manager.as_ref()), Answer::from(&decision), "{name}");
            compared += 1;
        }
        assert!(compared >= 20, "{compared}");
    }
}
