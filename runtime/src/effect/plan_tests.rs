//! Plans, made from real rules and shown as a person would read them.

use serde_json::{Value, json};
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use super::*;
use crate::crm::{CustomField, FieldType};
use crate::directory::{CrmPart, Person};

const RULES: &str = r#"rules 1

table entities for calls
  | contact || create        | responsible                            |
  |---------||---------------|----------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru"    |
  | repeat  || order         | client.manager else "anna@romashka.ru" |

table store for calls
  | virtual_number   || store          |
  |------------------||----------------|
  | +7 812 123-45-67 || "romashka-spb" |
  | else             || "romashka-msk" |

task for missed incoming calls
  title:  "Перезвонить {{ phone else "?" }}"
  assign: client.manager else "olga@romashka.ru"
  due:    2 hours after finished
  note:   "Сценарий: {{ scenario else "нет" }}"

fields of client for calls
  uis_campaign from campaign, always
  uis_site     from site
  uis_calls    from campaign

fields of order for calls
  uis_record from record_url, always
  uis_talk   from talk_time
  nowhere    from campaign
"#;

fn directory() -> Snapshot {
    let field = |entity, code: &str, kind| CustomField {
        entity,
        code: code.to_owned(),
        kind,
        dictionary: None,
        name: None,
    };
    let person =
        |id, email: &str| Person { id, email: Some(email.to_owned()), active: true, ..Person::default() };
    let crm = CrmPart {
        users: vec![person(27, "anna@romashka.ru"), person(28, "ivan@romashka.ru")],
        fields: vec![
            field(FieldEntity::Customer, "uis_campaign", FieldType::String),
            field(FieldEntity::Customer, "uis_site", FieldType::String),
            field(FieldEntity::Customer, "uis_calls", FieldType::Integer),
            field(FieldEntity::Order, "uis_record", FieldType::Text),
            field(FieldEntity::Order, "uis_talk", FieldType::Numeric),
        ],
        timezone: Some("Europe/Moscow".to_owned()),
        ..CrmPart::default()
    };
    Snapshot::new(&crm, None, (None, None))
}

fn missed() -> Value {
    json!({
        "kind": "call", "direction": "incoming", "contact": "first", "phone": "+79990001122",
        "virtual_number": "+74951234567", "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:27+03:00",
        "talk_time": 0, "wait_time": 27, "missed": true, "campaign": "Лето", "site": "romashka.ru",
        "utm": {"source": "yandex", "medium": "cpc"}, "finish_reason": "no_success_operator_call",
    })
}

fn with(mut event: Value, changes: &Value) -> Value {
    let object = event.as_object_mut().expect("an object");
    object.extend(changes.as_object().expect("an object").clone());
    event
}

struct Made {
    decision: Decision,
    event: Event,
}

fn decide(event: &Value, manager: Option<&str>) -> Made {
    let loaded = load(&BundleSource::single(RULES), &LoadOptions::default());
    let bundle = loaded.bundle.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let event = Event::from_json(event).unwrap_or_else(|errors| panic!("{errors:?}"));
    let facts = json!({"client": {"manager": manager}});
    let facts = Facts::from_json(&facts).expect("facts");
    let now: Moment = "2026-03-02T12:00:30+03:00".parse().expect("a moment");
    Made { decision: bundle.decide(&event, &facts, now), event }
}

/// Plans with everything that is always the same.
fn context<'a>(
    event: &'a Event,
    client: Option<&'a KnownClient>,
    directory: &'a Snapshot,
    names: &'a Names,
) -> Context<'a> {
    let now: Timestamp = "2026-03-02T09:00:30Z".parse().expect("a moment");
    Context {
        account: &names.0,
        session: &names.1,
        site: "romashka-main",
        event,
        client,
        asked_at: now,
        directory,
        now,
    }
}

struct Names(AccountId, SessionKey);

fn names() -> Names {
    Names(AccountId::from("romashka"), SessionKey::from("call:998700001"))
}

fn shown(effects: &[NewEffect]) -> String {
    let one = |effect: &NewEffect| {
        let request: Value = effect.request.read().expect("JSON");
        let needs: Value = effect.needs.read().expect("JSON");
        let request = serde_json::to_string_pretty(&request["do"]).expect("JSON");
        format!("{} ({:?}, needs {needs})\n{request}", effect.key.as_str(), effect.class)
    };
    effects.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

fn plan_end(event: &Value, manager: Option<&str>, client: Option<&KnownClient>) -> Vec<NewEffect> {
    let (made, directory, names) = (decide(event, manager), directory(), names());
    after_end(&made.decision, &context(&made.event, client, &directory, &names)).expect("a plan")
}

#[test]
fn a_first_missed_call_asks_for_a_client_an_order_and_a_task() {
    insta::assert_snapshot!(shown(&plan_end(&missed(), None, None)));
}

#[test]
fn a_repeat_call_asks_for_an_order_of_the_client_that_is_there() {
    let event = with(missed(), &json!({"contact": "repeat", "virtual_number": "+78121234567"}));
    let client = KnownClient { id: 4770, site: Some("romashka-main".to_owned()) };
    insta::assert_snapshot!(shown(&plan_end(&event, Some("ivan@romashka.ru"), Some(&client))));
}

#[test]
fn the_recording_asks_for_what_is_new_and_for_the_upload() {
    let talk = json!({"missed": false, "talk_time": 42, "answered_by": "anna@romashka.ru"});
    let event = with(missed(), &talk);
    let first = decide(&event, None);
    let before = Before::of(&Json::of(&first.decision.to_json(Lang::En)).expect("JSON"));
    let recorded = with(event, &json!({"record_url": "https://media.uiscom.ru/1/2"}));
    let (made, directory, names) = (decide(&recorded, None), directory(), names());
    let effects = after_record(&before, &made.decision, &context(&made.event, None, &directory, &names))
        .expect("a plan");
    insta::assert_snapshot!(shown(&effects));
}

#[test]
fn nothing_new_asks_for_the_upload_alone() {
    let made = decide(&missed(), None);
    let before = Before::of(&Json::of(&made.decision.to_json(Lang::En)).expect("JSON"));
    let (directory, names) = (directory(), names());
    let effects = after_record(&before, &made.decision, &context(&made.event, None, &directory, &names))
        .expect("a plan");
    assert_eq!(effects.iter().map(|effect| effect.kind.as_str()).collect::<Vec<_>>(), ["upload_call"]);
}

#[test]
fn what_was_turned_away_asks_for_nothing() {
    let made = decide(&missed(), None);
    let turned_away = Decision { accepted: false, ..made.decision.clone() };
    let (directory, names) = (directory(), names());
    let context = context(&made.event, None, &directory, &names);
    assert!(after_end(&turned_away, &context).expect("a plan").is_empty());
    assert!(after_record(&Before::default(), &made.decision, &context).expect("a plan").is_empty());
}

#[test]
fn the_same_in_is_the_same_out() {
    assert_eq!(plan_end(&missed(), None, None), plan_end(&missed(), None, None));
}

#[test]
fn other_sessions_contacts_and_accounts_have_other_names() {
    let (made, directory) = (decide(&missed(), None), directory());
    let of = |account: &str, session: &str| {
        let names = Names(AccountId::from(account), SessionKey::from(session));
        let effects =
            after_end(&made.decision, &context(&made.event, None, &directory, &names)).expect("a plan");
        let request: Value = effects[1].request.read().expect("JSON");
        request["do"]["external_id"].as_str().expect("an id").to_owned()
    };
    let all = [of("romashka", "call:1"), of("romashka", "call:2"), of("lilia", "call:1")];
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
}

#[test]
fn a_call_without_talk_says_why_in_the_words_of_the_history() {
    let of = |reason: Option<&str>| result(0, reason);
    assert_eq!(result(5, Some("subscriber_busy")), CallResult::Answered);
    for (reason, wanted) in [
        (None, CallResult::NoAnswer),
        (Some("no_success_operator_call"), CallResult::NoAnswer),
        (Some("subscriber_busy"), CallResult::Busy),
        (Some("operator_channels_busy"), CallResult::Busy),
        (Some("employee_busy_after_call"), CallResult::Busy),
        (Some("out_call_not_allowed_by_status"), CallResult::NotAllowed),
        (Some("locked_numb"), CallResult::NotAllowed),
        (Some("api_permission_denied"), CallResult::NotAllowed),
        (Some("subscriber_number_problems"), CallResult::Failed),
        (Some("numb_not_exists"), CallResult::Failed),
        (Some("internal_error"), CallResult::Failed),
        (Some("brand_new_reason"), CallResult::NoAnswer),
    ] {
        assert_eq!(of(reason), wanted, "{reason:?}");
    }
}
