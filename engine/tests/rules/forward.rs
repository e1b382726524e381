//! Whom an incoming call is put through to while it waits.

use serde_json::json;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Forward;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{call, check, check_ru, event, found, rules, said};

#[track_caller]
fn forward(bundle: &Bundle, client: serde_json::Value) -> Forward {
    forward_event(bundle, json!({}), client)
}

#[track_caller]
fn forward_event(bundle: &Bundle, fields: serde_json::Value, client: serde_json::Value) -> Forward {
    let facts = Facts::from_json(&json!({ "client": client })).unwrap();
    let now = "2026-03-02T12:00:00+03:00".parse().unwrap();
    bundle.forward(&call(fields), &facts, now).to
}

fn employee(email: &str) -> Forward {
    Forward::Employee(email.into())
}

#[test]
fn without_a_table_the_setting_says_whether() {
    let on = rules("settings for calls\n  forward_to_manager: yes\n");
    assert!(on.forwards());
    assert_eq!(forward(&on, json!({ "manager": "olga@x.ru" })), employee("olga@x.ru"));
    assert_eq!(forward(&on, json!({ "manager": null })), Forward::Nobody);
    for off in ["settings for calls\n  forward_to_manager: no\n", "filter for calls\n  else accept\n"] {
        let off = rules(off);
        assert!(!off.forwards());
        assert_eq!(forward(&off, json!({ "manager": "olga@x.ru" })), Forward::Nobody);
    }
}

#[test]
fn the_filter_is_about_the_crm_and_not_about_forwarding() {
    let bundle =
        rules("filter for incoming calls\n  else reject\n\nsettings for calls\n  forward_to_manager: yes\n");
    assert_eq!(forward(&bundle, json!({ "manager": "olga@x.ru" })), employee("olga@x.ru"));
}

#[test]
fn a_table_sends_some_to_their_manager_others_to_a_group_and_others_on() {
    let bundle = rules(
        "table forward for incoming calls\n\
         \x20 | client.tags    | client.manager | virtual_number   || employee       | to_number | return_code |\n\
         \x20 |----------------|----------------|------------------||----------------|-----------|-------------|\n\
         \x20 | contains \"VIP\" | present        | -                || client.manager | -         | -           |\n\
         \x20 | contains \"VIP\" | -              | -                || -              | \"600\"     | -           |\n\
         \x20 | -              | -              | +7 495 123-45-67 || -              | -         | 7           |\n\
         \x20 | else                                               || -              | -         | -           |\n",
    );
    assert!(bundle.forwards());
    let vip = json!({ "manager": "olga@x.ru", "tags": ["VIP"] });
    assert_eq!(forward(&bundle, vip), employee("olga@x.ru"));
    assert_eq!(forward(&bundle, json!({ "tags": ["vip"] })), Forward::Number("600".into()));
    assert_eq!(forward(&bundle, json!({ "manager": "olga@x.ru" })), Forward::Nobody);
    let dialled = json!({ "virtual_number": "+74951234567" });
    assert_eq!(forward_event(&bundle, dialled, json!({})), Forward::Code(7));
}

#[test]
fn the_trace_names_the_row() {
    let bundle = rules(
        "table forward for incoming calls\n  | contact || employee |\n  | repeat || client.manager |\n  | else || - |\n",
    );
    let facts = Facts::from_json(&json!({ "client": { "manager": "olga@x.ru" } })).unwrap();
    let now = "2026-03-02T12:00:00+03:00".parse().unwrap();
    let made = bundle.forward(&call(json!({ "contact": "repeat" })), &facts, now);
    assert_eq!(made.to, employee("olga@x.ru"));
    let steps = made.trace.render(Lang::En);
    assert_eq!(steps.iter().map(|step| step.outcome).collect::<Vec<_>>(), ["row"]);
}

#[test]
fn outgoing_calls_are_put_through_to_nobody() {
    let bundle = rules("settings for calls\n  forward_to_manager: yes\n");
    let outgoing = event(json!({
        "kind": "call", "direction": "outgoing", "contact": "repeat", "talk_time": 0, "missed": true,
        "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:05+03:00",
    }));
    let facts = Facts::from_json(&json!({ "client": { "manager": "olga@x.ru" } })).unwrap();
    let made = bundle.forward(&outgoing, &facts, "2026-03-02T12:00:00+03:00".parse().unwrap());
    assert_eq!(made.to, Forward::Nobody);
}

#[test]
fn a_fraction_is_no_branch() {
    let bundle = rules(
        "table forward for incoming calls\n  | contact || return_code |\n  | repeat || 1.5 |\n  | else || 99999999 |\n",
    );
    for contact in ["repeat", "first"] {
        assert_eq!(forward_event(&bundle, json!({ "contact": contact }), json!({})), Forward::Nobody);
    }
}

#[test]
fn the_table_is_for_calls_and_has_no_other_columns() {
    let chats = check("table forward for chats\n  | contact || employee |\n  | else || - |\n");
    assert_eq!(found(&chats), ["field-not-on-this-event"]);
    assert!(said(&chats, Lang::Ru).contains("переводятся только звонки"));
    let russian = check_ru(
        "таблица переадресация для входящих звонков\n  | обращение || сотрудник | на_номер | код_возврата |\n\
         \x20 | повторное || клиент.менеджер | - | - |\n  | иначе || - | \"600\" | 3 |\n",
    );
    assert_eq!(found(&russian), Vec::<&str>::new(), "{}", said(&russian, Lang::Ru));
    let other = check("table forward for incoming calls\n  | contact || whom |\n  | else || \"a@x.ru\" |\n");
    assert!(found(&other).contains(&"unknown-property"), "{:?}", found(&other));
}
