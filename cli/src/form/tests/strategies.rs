//! Forms and events by chance: every member of the form, every kind of event.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value as Json, json};
use switchboard_engine::value::Value;

use crate::form::condition::{Condition, Parameter};
use crate::form::kind::{Kind, Person};
use crate::form::model::{
    CallFilter, CallResponsible, CallTasks, Chat, ClickToCall, Created, Deals, Entities, Entity, Field,
    Fields, Funnel, Incoming, MAX_HOURS, NumberStores, Responsible, ResponsibleFilter, Settings, SiteStores,
    Task, Telephony, Written, WrittenFilter,
};

pub(super) const NUMBERS: [&str; 3] = ["+74951234567", "+78121234567", "+442079460018"];
const STAGES: [&str; 5] = ["started", "first_message", "accepted", "contact_left", "finished"];
const TEXTS: [&str; 3] = ["a", "b", "лето"];
const CHANNELS: [&str; 3] = ["telegram", "site", "odnoklassniki"];
const REQUEST_TYPES: [&str; 2] = ["custom_form", "callback"];
const EMAILS: [&str; 3] = ["anna@romashka.ru", "ivan@romashka.ru", "olga@romashka.ru"];

/// Texts as people may write them, and such as would be something else in rules.
pub(super) fn any_text() -> BoxedStrategy<String> {
    let odd = select(vec![
        "-",
        "else",
        "yes",
        "is {{ phone }}",
        "{",
        "\\",
        "\"",
        "# no",
        "a | b",
        "1 hour",
        "+74951234567",
        "a, b",
    ]);
    let random = "[a-zA-Zа-яА-ЯёЁ0-9{}\"\\\\|#(),.*?%№«»—😀-][a-zа-яё {}\"\\\\|]{0,8}[a-zа-яё0-9}\"\\\\]";
    prop_oneof![select(TEXTS.to_vec()).prop_map(str::to_owned), odd.prop_map(str::to_owned), random]
        .prop_filter("a text that rules take for no value", |text| !Value::text(text.as_str()).is_missing())
        .boxed()
}

/// A few texts, so that events and forms meet.
pub(super) fn few_texts() -> BoxedStrategy<String> {
    select(TEXTS.to_vec()).prop_map(str::to_owned).boxed()
}

pub(super) fn settings(text: BoxedStrategy<String>) -> impl Strategy<Value = Settings> {
    (
        option::weighted(0.8, telephony(text.clone())),
        option::weighted(0.8, written(Kind::Requests, text.clone())),
        option::weighted(0.8, written(Kind::Chats, text)),
        option::of(deals()),
    )
        .prop_map(|(telephony, requests, chats, deals)| Settings { telephony, requests, chats, deals })
}

fn telephony(text: BoxedStrategy<String>) -> impl Strategy<Value = Telephony> {
    let filter = (
        option::of(condition(Kind::Incoming, text.clone())),
        option::of(condition(Kind::Outgoing, text.clone())),
    )
        .prop_map(|(incoming, outgoing)| CallFilter { incoming, outgoing });
    let click = (select(NUMBERS.to_vec()), any::<bool>())
        .prop_map(|(number, always_show)| ClickToCall { number: number.to_owned(), always_show });
    let incoming = (entities(Kind::Incoming), any::<bool>())
        .prop_map(|(entities, forward_to_manager)| Incoming { entities, forward_to_manager });
    let responsible = (responsible(Kind::Incoming, text.clone()), option::of(email()))
        .prop_map(|(incoming, default)| (incoming, Responsible { filters: Vec::new(), default }));
    let stores =
        (option::of(text.clone()), btree_map(select(NUMBERS.to_vec()).prop_map(str::to_owned), text, 0..3))
            .prop_map(|(default, by_virtual_number)| NumberStores { default, by_virtual_number });
    let tasks = (option::of(task(Kind::Incoming)), option::of(task(Kind::Outgoing)));
    (
        option::of(filter),
        option::of(click),
        incoming,
        entities(Kind::Outgoing),
        tasks,
        stores,
        responsible,
        fields(Kind::Incoming),
    )
        .prop_map(
            |(
                filter,
                click_to_call,
                incoming,
                outgoing,
                tasks,
                stores,
                (of_incoming, of_outgoing),
                fields,
            )| {
                Telephony {
                    filter,
                    click_to_call,
                    incoming,
                    outgoing,
                    tasks: CallTasks {
                        missed_incoming: tasks.0.map(|task| somebodys(task, &of_incoming)),
                        failed_outgoing: tasks.1.map(|task| somebodys(task, &of_outgoing)),
                    },
                    stores,
                    responsible: CallResponsible { incoming: of_incoming, outgoing: of_outgoing },
                    fields,
                }
            },
        )
}

fn written(kind: Kind, text: BoxedStrategy<String>) -> impl Strategy<Value = Written> {
    let filter = option::of(condition(kind, text.clone())).prop_map(WrittenFilter);
    let stores = (option::of(text.clone()), btree_map(text.clone(), text.clone(), 0..3))
        .prop_map(|(default, by_site)| SiteStores { default, by_site });
    let chat = (select(STAGES.to_vec()), any::<bool>(), option::of(task(kind)));
    (option::of(filter), entities(kind), chat, stores, responsible(kind, text), fields(kind)).prop_map(
        move |(filter, entities, (create_at, without_contacts, task), stores, responsible, fields)| Written {
            filter,
            entities,
            chat: (kind == Kind::Chats).then(|| Chat {
                create_at: create_at.to_owned(),
                without_contacts,
                missed_task: task.map(|task| somebodys(task, &responsible)),
            }),
            stores,
            responsible,
            fields,
        },
    )
}

fn deals() -> impl Strategy<Value = Deals> {
    let fields = vec("f_[a-z0-9_]{1,6}", 0..4).prop_map(|mut codes: Vec<String>| {
        codes.sort();
        codes.dedup();
        codes
    });
    (fields, select(vec![Funnel::Single, Funnel::PerStore]), any::<bool>())
        .prop_map(|(fields, funnel, with_delivery)| Deals { fields, funnel, with_delivery })
}

fn condition(kind: Kind, text: BoxedStrategy<String>) -> impl Strategy<Value = Condition> {
    let test = select(kind.parameters().to_vec()).prop_flat_map(move |field| {
        value(field, text.clone()).prop_map(move |is| Condition::Is { field, is })
    });
    test.prop_recursive(3, 12, 4, |inner| {
        (any::<bool>(), vec(inner, 1..4)).prop_map(|(all, terms)| {
            let group = if all { Condition::all(terms) } else { Condition::any(terms) };
            group.expect("there are terms")
        })
    })
}

/// A value of a parameter, in its normal form.
fn value(parameter: Parameter, text: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let known = match parameter {
        Parameter::VirtualNumber => return select(NUMBERS.to_vec()).prop_map(str::to_owned).boxed(),
        Parameter::Channel => CHANNELS.to_vec(),
        Parameter::RequestType => REQUEST_TYPES.to_vec(),
        _ => return text,
    };
    prop_oneof![3 => select(known).prop_map(str::to_owned), 1 => text]
        .prop_map(move |value| parameter.normal(&value).expect("a text has a normal form"))
        .boxed()
}

fn entities(kind: Kind) -> impl Strategy<Value = Entities> {
    let created = move || {
        (subsequence(vec![Entity::Client, Entity::Order], 0..=2), people(kind))
            .prop_map(|(create, responsible)| Created { create, responsible })
    };
    (created(), created()).prop_map(|(first, repeat)| Entities { first, repeat })
}

fn people(kind: Kind) -> impl Strategy<Value = Vec<Person>> {
    let words = kind.people().to_vec();
    let most = words.len();
    (subsequence(words, 0..=most).prop_shuffle(), option::of(email())).prop_map(|(mut people, email)| {
        people.extend(email.map(Person::Employee));
        people
    })
}

fn email() -> impl Strategy<Value = String> {
    prop_oneof![3 => select(EMAILS.to_vec()).prop_map(str::to_owned), 1 => "[a-z.]{1,5}@[a-z]{1,5}[.]ru"]
}

fn responsible(kind: Kind, text: BoxedStrategy<String>) -> impl Strategy<Value = Responsible> {
    let when = subsequence(kind.parameters().to_vec(), 1..=3).prop_flat_map(move |parameters| {
        let values: Vec<_> = parameters
            .into_iter()
            .map(|parameter| {
                vec(value(parameter, text.clone()), 1..3)
                    .prop_map(move |values| (parameter, distinct(values)))
            })
            .collect();
        values.prop_map(|values| values.into_iter().collect::<BTreeMap<_, _>>())
    });
    let filter = (when, email()).prop_map(|(when, employee)| ResponsibleFilter { when, employee });
    (vec(filter, 0..4), option::of(email())).prop_map(|(filters, default)| Responsible { filters, default })
}

fn distinct(mut values: Vec<String>) -> Vec<String> {
    values.sort();
    values.dedup();
    values
}

fn task(kind: Kind) -> impl Strategy<Value = Task> {
    (option::of(title(kind)), people(kind), 1..=MAX_HOURS).prop_map(|(title, assignee, hours)| Task {
        title,
        assignee,
        hours,
    })
}

/// A task that is not nobody's.
fn somebodys(mut task: Task, responsible: &Responsible) -> Task {
    if responsible.default.is_none() && !matches!(task.assignee.last(), Some(Person::Employee(_))) {
        task.assignee.push(Person::Employee(EMAILS[0].to_owned()));
    }
    task
}

/// Text and holes in turns.
fn title(kind: Kind) -> impl Strategy<Value = String> {
    let mut holes = vec![
        r#"{{ started | date "DD.MM HH:mm" }}"#,
        r#"{{ campaign else "no \"name\" }}" | cut 40 }}"#,
        r#"{{ name else phone else "guest" }}"#,
    ];
    if kind == Kind::Chats {
        holes.push("{{ channel }}");
    }
    let text = r#"[a-zа-я"\\:,}#-][a-zа-я "\\|]{0,6}"#;
    (prop_oneof![Just(String::new()), text], vec((select(holes), text), 0..3))
        .prop_map(|(first, rest)| {
            let rest: String = rest.into_iter().map(|(hole, text)| format!("{hole}{text}")).collect();
            format!("{first}{rest}").trim().to_owned()
        })
        .prop_filter("an empty title", |title| !title.is_empty())
}

fn fields(kind: Kind) -> impl Strategy<Value = Fields> {
    let of_kind = match kind {
        Kind::Incoming | Kind::Outgoing => ["scenario", "virtual_number"],
        Kind::Requests => ["form_name", "properties.Way_of_delivery"],
        Kind::Chats => ["channel", "tags"],
    };
    let from = select([["site", "campaign"], ["utm.source", "client.custom.vip"], of_kind].concat());
    let field = ("[a-z0-9_][a-z0-9_-]{0,6}", from, any::<bool>());
    let list = move || {
        vec(field.clone(), 0..4).prop_map(|rows| {
            let rows: BTreeMap<String, _> =
                rows.into_iter().map(|(field, from, always)| (field, (from.to_owned(), always))).collect();
            rows.into_iter().map(|(field, (from, always))| Field { field, from, always }).collect()
        })
    };
    (list(), list()).prop_map(|(client, order)| Fields { client, order })
}

/// Something that happened, of any kind that the form is about.
pub(super) fn event() -> impl Strategy<Value = Json> {
    let text = || option::of(select(TEXTS.to_vec()));
    let marketing = (text(), text(), text(), text(), vec(select(TEXTS.to_vec()), 0..3));
    let person = || option::of(select(EMAILS.to_vec()));
    let people = (person(), person(), person());
    let happened = (
        any::<bool>(),
        any::<bool>(),
        select(vec![0, 30]),
        option::of(Just("+79000000010")),
        select(STAGES.to_vec()),
    );
    let of_kind = (
        option::of(select(NUMBERS.to_vec())),
        select(CHANNELS.to_vec()),
        option::of(select(REQUEST_TYPES.to_vec())),
    );
    (select(vec![Kind::Incoming, Kind::Outgoing, Kind::Requests, Kind::Chats]), marketing, people, happened, of_kind).prop_map(
        |(kind, (site, campaign, source, scenario, tags), (manager, answered_by, caller), happened, of_kind)| {
            let (first, missed, talk_time, phone, stage) = happened;
            let (virtual_number, channel, request_type) = of_kind;
            let mut event = json!({
                "contact": if first { "first" } else { "repeat" },
                "site": site, "campaign": campaign, "source": source, "tags": tags, "answered_by": answered_by,
                "client": {"manager": manager},
                "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:10:00+03:00",
            });
            let more = match kind {
                Kind::Incoming | Kind::Outgoing => json!({
                    "kind": "call", "direction": if kind == Kind::Incoming { "incoming" } else { "outgoing" },
                    "phone": phone.unwrap_or("+79000000011"), "virtual_number": virtual_number, "scenario": scenario,
                    "missed": missed, "talk_time": talk_time, "caller": caller,
                }),
                Kind::Requests => json!({"kind": "request", "phone": phone, "request_type": request_type}),
                Kind::Chats => json!({
                    "kind": "chat", "phone": phone, "channel": channel, "stage": stage, "missed": missed,
                }),
            };
            let (Json::Object(event), Json::Object(more)) = (&mut event, more) else { panic!("objects") };
            event.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
            event.retain(|_, value| !value.is_null());
            Json::Object(event.clone())
        },
    )
}
