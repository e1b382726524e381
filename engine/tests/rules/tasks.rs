//! Tasks, fields, chats and deals: what the sections after the tables do.

use serde_json::{Value as Json, json};
use switchboard_engine::decide::Outcome;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{call, decide, event, now, plain, rules};

#[track_caller]
fn titles(header: &str, fields: Json) -> Vec<String> {
    let bundle = rules(&format!("task for {header}\n  title:  \"it\"\n  assign: \"anna@romashka.ru\"\n"));
    let event = if fields.get("kind").is_some() { event(fields) } else { call(fields) };
    decide(&bundle, &event).tasks.into_iter().map(|task| task.title).collect()
}

#[test]
fn missed_failed_and_answered() {
    let incoming = |missed: bool, talk: i64| json!({ "missed": missed, "talk_time": talk });
    let outgoing = |talk: Json| json!({ "direction": "outgoing", "talk_time": talk });
    let cases = [
        ("missed incoming calls", incoming(true, 0), true),
        ("missed incoming calls", incoming(false, 0), false),
        ("missed calls", incoming(true, 0), true),
        ("missed calls", outgoing(json!(0)), false),
        ("failed outgoing calls", outgoing(json!(0)), true),
        ("failed outgoing calls", outgoing(json!(null)), true),
        ("failed outgoing calls", outgoing(json!(1)), false),
        ("failed calls", incoming(true, 0), false),
        ("answered calls", incoming(false, 5), true),
        ("answered calls", incoming(true, 0), false),
        ("answered calls", outgoing(json!(5)), true),
        ("answered calls", outgoing(json!(0)), false),
        ("calls", incoming(true, 0), true),
        ("missed calls, answered calls", incoming(true, 0), true),
        ("missed chats", json!({ "kind": "chat", "phone": "+79000000010", "missed": true }), true),
        ("answered chats", json!({ "kind": "chat", "phone": "+79000000010", "missed": true }), false),
        ("missed incoming calls, requests", json!({ "kind": "request" }), true),
    ];
    for (header, fields, expected) in cases {
        assert_eq!(titles(header, fields.clone()).len(), usize::from(expected), "{header}: {fields}");
    }
}

#[test]
fn names_of_tasks_stay_and_are_different() {
    let task =
        |when: &str| format!("task for calls{when}\n  title:  \"it\"\n  assign: \"anna@romashka.ru\"\n\n");
    let bundle = rules(&format!("{}{}{}", task(""), task(" when  missed"), task("")));
    let names: Vec<String> = bundle.tasks().into_iter().map(|task| task.name.to_string()).collect();
    assert_eq!(names, ["calls", "calls when missed", "calls #2"]);
}

#[track_caller]
fn due(written: &str, finished: &str) -> Option<String> {
    let bundle = rules(&format!(
        "schedule office in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n  2026-03-09: closed\n\n\
         task for calls when started in office or started not in office\n  title:  \"it\"\n  assign: \"anna@romashka.ru\"\n  due: {written}\n"
    ));
    let event = call(json!({ "started": finished, "finished": finished }));
    let task = decide(&bundle, &event).tasks.into_iter().next().unwrap();
    task.due.map(|due| due.to_string())
}

#[test]
fn due_times() {
    let friday = "2026-03-06T17:30:00+03:00";
    let cases = [
        ("2 hours after finished", "2026-03-06T19:30:00+03:00"),
        ("1 day after finished", "2026-03-07T17:30:00+03:00"),
        ("1 hour 30 min after finished", "2026-03-06T19:00:00+03:00"),
        ("2 working hours after finished by office", "2026-03-10T10:30:00+03:00"),
        ("30 working min after finished", "2026-03-06T18:00:00+03:00"),
        ("1 working day after finished", "2026-03-10T17:30:00+03:00"),
        ("finished", "2026-03-06T17:30:00+03:00"),
        ("2026-03-08 10:00", "2026-03-08T10:00:00+03:00"),
    ];
    for (written, expected) in cases {
        assert_eq!(due(written, friday).as_deref(), Some(expected), "{written}");
    }
    assert_eq!(
        due("2 working hours after finished by office", "2026-03-06T21:30:00+07:00").as_deref(),
        Some("2026-03-10T14:30:00+07:00"),
        "the schedule's hours, the event's clock"
    );
}

#[test]
fn what_is_missing_leaves_a_due_time_out() {
    let bundle = rules(
        "task for calls\n  title:  \"it\"\n  assign: \"anna@romashka.ru\"\n  due:    2 hours after finished\n",
    );
    assert_eq!(decide(&bundle, &call(json!({}))).tasks[0].due, None);
}

#[test]
fn titles_are_one_short_line_and_notes_keep_theirs() {
    let bundle = rules(
        "task for requests\n  title:  \"{{ text else \"-\" }}\"\n  assign: \"anna@romashka.ru\"\n  note:   \"{{ text else \"-\" }}\\nend\"\n  cancel when reached\n",
    );
    let long = format!("  first \u{202e}line\r\n{}", "слово ".repeat(100));
    let decision = decide(&bundle, &event(json!({ "kind": "request", "text": long })));
    let task = &decision.tasks[0];
    assert_eq!(task.title.chars().count(), 255);
    assert!(task.title.starts_with("first line слово") && task.title.ends_with('…'), "{}", task.title);
    assert!(task.title_cut && task.cancel_when_reached);
    let note = task.note.as_deref().unwrap();
    assert!(note.starts_with("first line\nслово") && note.ends_with("слово\nend"), "{note}");
}

#[test]
fn plain_values_speak_the_language_of_the_file() {
    let bundle = rules(
        "task for calls\n  title:  \"it\"\n  assign: \"anna@romashka.ru\"\n  note:   talk_time else 0 s\n\n\
         task for calls when missed\n  title:  default\n  assign: \"anna@romashka.ru\"\n",
    );
    let decision = decide(
        &bundle,
        &call(json!({ "talk_time": 65, "missed": true, "started": "2026-03-02T12:00:00+03:00" })),
    );
    assert_eq!(decision.tasks[0].note.as_deref(), Some("1 min 5 s"));
    assert_eq!(decision.tasks[1].title, "After the call from hidden number, 02.03 12:00");
}

#[test]
fn fields_are_written_while_creating_or_always() {
    let bundle = rules(
        "table entities for calls\n  | contact || create |\n  | first || client |\n  | repeat || nothing |\n\n\
         fields of client for calls\n  once from site\n  ever from site, always\n\nfields of order for calls\n  once from site\n",
    );
    let fields = |contact: &str| {
        plain(&decide(&bundle, &call(json!({ "contact": contact, "site": "a.ru" }))))["fields"].clone()
    };
    assert_eq!(fields("first"), json!({ "client": { "once": "a.ru", "ever": "a.ru" }, "order": {} }));
    assert_eq!(fields("repeat"), json!({ "client": { "ever": "a.ru" }, "order": {} }));
}

#[test]
fn nobody_responsible_is_the_setting_if_something_is_created() {
    let bundle = rules(
        "settings for calls\n  default_responsible: \"anna@romashka.ru\"\n  default_store: \"main\"\n\n\
         table entities for calls\n  | contact || create | responsible |\n  | first || client | answered_by |\n  | repeat || nothing | - |\n",
    );
    let of = |fields: Json| {
        let decision = decide(&bundle, &call(fields));
        (decision.responsible.map(String::from), decision.store.map(String::from))
    };
    let main = Some("main".to_owned());
    assert_eq!(
        of(json!({ "contact": "first", "answered_by": "olga@x.ru" })),
        (Some("olga@x.ru".to_owned()), main.clone())
    );
    assert_eq!(of(json!({ "contact": "first" })), (Some("anna@romashka.ru".to_owned()), main.clone()));
    assert_eq!(of(json!({ "contact": "repeat" })), (None, main));
}

#[test]
fn calls_go_to_the_clients_own_manager_when_switched_on() {
    let manager = json!({ "client": { "manager": "ivan@x.ru" } });
    let facts = Facts::from_json(&manager).unwrap();
    let on = rules("settings for calls\n  forward_to_manager: yes\n");
    let off = rules("settings for calls\n  forward_to_manager: no\n");
    let forward = |bundle: &switchboard_engine::bundle::Bundle, fields: Json| {
        bundle.decide(&call(fields), &facts, now()).forward_to.map(String::from)
    };
    assert_eq!(forward(&on, json!({})), Some("ivan@x.ru".to_owned()));
    assert_eq!(forward(&on, json!({ "direction": "outgoing" })), None);
    assert_eq!(forward(&off, json!({})), None);
    assert_eq!(decide(&on, &call(json!({}))).forward_to, None, "no manager is known");
    let both = call(json!({ "client": { "manager": "olga@x.ru" } }));
    assert_eq!(
        on.decide(&both, &facts, now()).forward_to.as_deref(),
        Some("ivan@x.ru"),
        "facts go before the event"
    );
}

#[test]
fn chats_wait_for_their_stage_and_need_contacts() {
    let bundle = |settings: &str| {
        rules(&format!(
            "settings for chats\n{settings}\ntable entities for chats\n  | contact || create |\n  | - || client, order |\n"
        ))
    };
    let chat = |settings: &str, mut fields: Json| {
        fields["kind"] = "chat".into();
        let decision = decide(&bundle(settings), &event(fields));
        (decision.accepted, decision.create.len())
    };
    let phone = |stage: &str| json!({ "stage": stage, "phone": "+79000000010" });
    assert_eq!(chat("  create_at: accepted\n", phone("first_message")), (true, 0));
    assert_eq!(chat("  create_at: accepted\n", phone("accepted")), (true, 2));
    assert_eq!(
        chat("  create_at: accepted\n", json!({ "phone": "+79000000010" })),
        (true, 2),
        "a whole chat"
    );
    assert_eq!(chat("  create_at: contact_left\n", phone("started")), (true, 2), "the contact is there");
    assert_eq!(chat("  pass_without_contacts: no\n", json!({ "stage": "finished" })), (false, 0));
    assert_eq!(chat("  pass_without_contacts: yes\n", json!({ "stage": "finished" })), (true, 2));
    assert_eq!(
        chat("  pass_without_contacts: no\n", json!({ "stage": "finished", "email": "a@b.ru" })),
        (true, 2)
    );
}

#[test]
fn orders_become_deals() {
    let bundle = rules(
        "transfer orders\n  only when order.total > 0\n  funnel: default\n  amount: total_without_delivery\n  pass: promo\n\
         \x20 won: order.status_group is \"complete\"\n  lost: order.status_group is \"cancel\"\n",
    );
    let deal = |order: Json| {
        plain(&decide(&bundle, &event(json!({ "kind": "order", "order": order }))))["deal"].clone()
    };
    let order =
        json!({ "total": 100.5, "status_group": "complete", "custom": { "promo": "MAY", "other": 1 } });
    assert_eq!(
        deal(order),
        json!({ "funnel": "default", "store": null, "amount": 100.5, "outcome": "won", "pass": { "promo": "MAY" } })
    );
    assert_eq!(deal(json!({ "total": 5, "status_group": "cancel" }))["outcome"], "lost");
    assert_eq!(deal(json!({ "total": 5 }))["outcome"], "open");
    assert_eq!(deal(json!({ "total": 0 })), Json::Null);
    // One that is a deal already is told of all the same; what is no order never is.
    let was = |total: u32, group: &str| {
        let order = json!({ "total": total, "status_group": group, "custom": { "promo": "MAY" } });
        bundle
            .deal_of(&event(json!({ "kind": "order", "order": order })), &Facts::none(), now())
            .expect("a deal")
    };
    let (free, dear) = (was(0, "cancel"), was(7, "cancel"));
    assert_eq!((free.outcome, free.amount), (Outcome::Lost, Some(0.into())));
    assert_eq!((&free.funnel, &free.pass, free.outcome), (&dear.funnel, &dear.pass, dear.outcome));
    assert!(bundle.deal_of(&call(json!({})), &Facts::none(), now()).is_none());
    assert!(
        rules("filter for calls\n  else reject\n")
            .deal_of(&event(json!({ "kind": "order" })), &Facts::none(), now())
            .is_none()
    );
}

#[test]
fn a_rejected_event_leaves_nothing_behind() {
    let bundle = rules(
        "filter for calls\n  else reject\n\ntable entities for calls\n  | contact || create |\n  | - || client |\n\n\
         task for calls\n  title:  \"it\"\n  assign: \"anna@romashka.ru\"\n\nfields of client for calls\n  x from site, always\n",
    );
    let decision = decide(&bundle, &call(json!({ "site": "a.ru" })));
    assert_eq!(
        plain(&decision),
        json!({
            "accepted": false, "create": [], "responsible": null, "store": null, "tasks": [],
            "fields": { "client": {}, "order": {} }, "forward_to": null, "deal": null,
        })
    );
    assert_eq!(decision.trace.render(Lang::En)[0].why, "no line above held");
}
