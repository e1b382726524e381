//! Telephony: events, history, routing, the module.

use serde_json::{Value, json};
use switchboard_emulator::{Popup, RepeatedCall};

use crate::support::{Answer, SITE, accounts, get, post};

async fn event(accounts: &switchboard_emulator::Accounts, event: Value) -> Answer {
    post(accounts, "/api/v5/telephony/call/event", &[("event", event)]).await
}

async fn upload(accounts: &switchboard_emulator::Accounts, calls: Value) -> Answer {
    post(accounts, "/api/v5/telephony/calls/upload", &[("calls", calls)]).await
}

fn call(external_id: &str) -> Value {
    json!({"externalId": external_id, "date": "2026-03-02 11:59:38", "type": "in", "phone": "+79990001122",
        "userId": 27, "result": "answered", "duration": 42, "durationWaiting": 11, "site": SITE})
}

#[tokio::test]
async fn a_popup_opens_and_closes() {
    let accounts = accounts();
    let shown = json!({"phone": "+79990001122", "type": "in", "userIds": [27], "callExternalId": "uis-1", "site": SITE,
        "webAnalyticsData": {"campaign": {"name": "Лето", "code": "summer"}}});
    assert_eq!(event(&accounts, shown).await.json(), json!({"success": true}));
    let popup =
        |open| Popup { user: 27, phone: "+79990001122".to_owned(), call: Some("uis-1".to_owned()), open };
    assert_eq!(accounts.crm().popups(), [popup(true)]);
    let hangup = json!({"phone": "+79990001122", "type": "hangup", "codes": ["101"], "hangupStatus": "no answered",
        "callExternalId": "uis-1"});
    assert_eq!(event(&accounts, hangup).await.status, 200);
    assert_eq!(accounts.crm().popups(), [popup(false)]);
    assert!(accounts.crm().calls().is_empty(), "an event writes no history");
}

#[tokio::test]
async fn addressees_that_are_not_there_are_named() {
    let accounts = accounts();
    let shown = json!({"phone": "1", "type": "in", "userIds": [27, 30, 99], "codes": ["777"]});
    let answer = event(&accounts, shown).await.is(200, "/notExistUsers", json!([30, 99]));
    answer.is(200, "/notExistCodes", json!(["777"]));
}

#[tokio::test]
async fn wrong_events_are_refused() {
    let accounts = accounts();
    let cases: &[(Value, &str)] = &[
        (json!({"type": "in", "userIds": [27]}), "phone"),
        (json!({"phone": "1", "type": "ring", "userIds": [27]}), "type"),
        (json!({"phone": "1", "type": "in"}), "codes"),
        (json!({"phone": "1", "type": "in", "userIds": ["27"]}), "userIds"),
        (json!({"phone": "1", "type": "in", "userIds": [27], "hangupStatus": "answered"}), "hangupStatus"),
        (
            json!({"phone": "1", "type": "hangup", "userIds": [27], "hangupStatus": "no answer"}),
            "hangupStatus",
        ),
        (json!({"phone": "1", "type": "in", "userIds": [27], "externalId": "1"}), "externalId"),
    ];
    for (written, field) in cases {
        event(&accounts, written.clone()).await.refuses(field);
    }
}

#[tokio::test]
async fn a_known_call_is_a_duplicate() {
    let accounts = accounts();
    let client = accounts.crm().put_customer(SITE, json!({"phones": [{"number": "8 (999) 000-11-22"}]}));
    let first = upload(&accounts, json!([call("uis-1")])).await;
    assert_eq!(first.json(), json!({"success": true, "processedCallsCount": 1, "duplicateCalls": []}));
    assert_eq!(accounts.crm().calls()[0].linked("customer"), Some(client));
    let mut with_record = call("uis-1");
    with_record["recordUrl"] = json!("https://media.uiscom.ru/1/2");
    let second = upload(&accounts, json!([with_record, call("uis-2"), call("uis-2")])).await;
    second.is(200, "/duplicateCalls", json!(["uis-1", "uis-2"])).is(200, "/processedCallsCount", json!(1));
    assert_eq!(accounts.crm().calls()[0].text("recordUrl"), None);
    accounts.set_switches(|switches| switches.repeated_call = RepeatedCall::RecordAdded);
    upload(&accounts, json!([with_record])).await.is(200, "/duplicateCalls", json!(["uis-1"]));
    assert_eq!(accounts.crm().calls()[0].text("recordUrl"), Some("https://media.uiscom.ru/1/2"));
    assert_eq!(accounts.crm().calls().len(), 2);
}

#[tokio::test]
async fn wrong_calls_are_reported_by_row() {
    let accounts = accounts();
    for (name, value) in [
        ("date", json!("2026-03-02T11:59:38")),
        ("type", json!("hangup")),
        ("result", json!("no answered")),
        ("userId", json!(99)),
        ("duration", json!("42")),
        ("recordUrl", json!("media/1")),
        ("callExternalId", json!("x")),
    ] {
        let mut wrong = call("uis-1");
        wrong[name] = value;
        let answer = upload(&accounts, json!([wrong])).await.is(460, "/processedCallsCount", json!(0));
        assert!(answer.json()["errors"]["0"].as_str().unwrap().starts_with(name), "{}", answer.text);
    }
    let mixed = upload(&accounts, json!([call("uis-1"), {"externalId": "uis-2"}])).await;
    mixed.is(460, "/processedCallsCount", json!(1));
    let too_many: Vec<Value> = (0..51).map(|n| call(&n.to_string())).collect();
    upload(&accounts, json!(too_many)).await.refuses("calls");
    assert_eq!(accounts.crm().calls().len(), 1);
}

#[tokio::test]
async fn telephony_may_be_off() {
    let accounts = accounts();
    accounts.crm().put_module("uis", None);
    let shown = || event(&accounts, json!({"phone": "1", "type": "in", "userIds": [27]}));
    shown().await.is(400, "/errorMsg", json!("Telephony not enabled"));
    let text = json!("Telephony not enabled or not supports calls upload");
    upload(&accounts, json!([call("uis-1")])).await.is(400, "/errorMsg", text);
    accounts.set_switches(|switches| switches.telephony_off_status = 200);
    shown().await.is(200, "/success", json!(false));
    assert!(!accounts.journal().entries().last().unwrap().committed);
}

#[tokio::test]
async fn the_manager_of_a_client() {
    let accounts = accounts();
    let client = accounts.crm().put_customer(
        SITE,
        json!({"externalId": "c-1", "firstName": "Олег", "managerId": 27, "phones": [{"number": "+79990001122"}]}),
    );
    let order = accounts.crm().put_order(SITE, json!({"customer": {"id": client}}));
    let path = "/api/v5/telephony/manager?phone=%2B79990001122";
    let answer = get(&accounts, path).await.is(200, "/manager/code", json!("101"));
    let answer = answer.is(200, "/manager/id", json!(27));
    assert!(answer.json().get("customer").is_none());
    let details = get(&accounts, &format!("{path}&details=1")).await.is(200, "/customer/id", json!(client));
    assert!(
        details.json()["links"]["lastOrderLink"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/orders/{order}/edit"))
    );
    assert_eq!(post(&accounts, "/api/v5/users/27/status", &[("status", json!("dinner"))]).await.status, 200);
    assert!(get(&accounts, path).await.json().get("manager").is_none());
    accounts.set_switches(|switches| switches.ids_as_strings = true);
    get(&accounts, &format!("{path}&ignoreStatus=1")).await.is(200, "/manager/id", json!("27"));
    get(&accounts, &format!("{path}&details=maybe")).await.refuses("details");
    let stranger = get(&accounts, "/api/v5/telephony/manager?phone=1&details=True").await.json();
    assert!(stranger.get("manager").is_none() && stranger.get("customer").is_none());
    assert!(stranger["links"].get("newOrderLink").is_some());
}

#[tokio::test]
async fn modules_are_registered_strictly() {
    let accounts = accounts();
    let good = json!({"code": "uis-4f1c", "integrationCode": "uis", "active": true, "name": "UIS",
        "logo": "https://crm.uis.example/logo.svg", "clientId": "6c0f", "baseUrl": "https://crm.uis.example",
        "actions": {"activity": "/retailcrm/activity"},
        "integrations": {"telephony": {"makeCallUrl": "https://crm.uis.example/call",
            "additionalCodes": [{"userId": 27, "code": "101"}, {"userId": 99, "code": "109"}],
            "externalPhones": [{"siteCode": "nowhere", "externalPhone": "74951234567"}]}}});
    let edit = async |module: Value| {
        post(&accounts, "/api/v5/integration-modules/uis-4f1c/edit", &[("integrationModule", module)]).await
    };
    let cases: &[(&str, Value, &str)] = &[
        ("code", json!("other"), "code"),
        ("integrationCode", json!("other"), "code"),
        ("logo", json!("https://crm.uis.example/logo.png"), "logo"),
        ("baseUrl", json!(""), "baseUrl"),
        ("actions", json!({"call": "/x"}), "actions.call"),
        ("colour", json!("red"), "colour"),
        (
            "integrations",
            json!({"telephony": {"additionalCodes": [{"userId": "27", "code": "1"}]}}),
            "integrations.telephony.additionalCodes[0].userId",
        ),
    ];
    let page = json!({"code": "workplace", "menu": "activity_main_menu", "menuItemTitle": {"ru": "Чаты"}});
    let embed = json!({"entrypoint": "/embed.js", "runner": "worker", "pages": [page]});
    let embedded: &[(&str, Value, &str)] = &[
        ("entrypoint", json!(""), "integrations.embedJs.entrypoint"),
        ("runner", json!("iframe"), "integrations.embedJs.runner"),
        ("runner", json!("thread"), "integrations.embedJs.runner"),
        ("targets", json!(["order/card:nowhere"]), "integrations.embedJs.targets"),
        ("pages", json!(["workplace"]), "integrations.embedJs.pages[0]"),
        ("pages", json!([{"code": "workplace"}]), "integrations.embedJs.pages[0].menu"),
        ("pages", json!([page, page]), "integrations.embedJs.pages"),
        ("colour", json!("red"), "integrations.embedJs.colour"),
    ];
    for (name, value, field) in embedded {
        let mut wrong = good.clone();
        wrong["integrations"]["embedJs"] = embed.clone();
        wrong["integrations"]["embedJs"][*name] = value.clone();
        edit(wrong).await.refuses(field);
    }
    for (name, value, field) in cases {
        let mut wrong = good.clone();
        wrong[*name] = value.clone();
        edit(wrong).await.refuses(field);
    }
    let created = edit(good.clone()).await.is(201, "/info/notExistUsersIds", json!([99]));
    created.is(201, "/info/notExistSiteCodes", json!(["nowhere"]));
    let wiped = json!({"code": "uis-4f1c", "telephony": {"makeCallUrl": "https://elsewhere.example"},
        "integrations": {"telephony": {"additionalCodes": [], "externalPhones": []}}});
    edit(wiped).await.is(200, "/info", json!([]));
    let module = get(&accounts, "/api/v5/integration-modules/uis-4f1c").await;
    let module = module.is(200, "/integrationModule/integrations/telephony/additionalCodes", json!([]));
    assert!(!module.text.contains("elsewhere"), "settings in the wrong place are ignored in silence");
    get(&accounts, "/api/v5/integration-modules/none").await.is(404, "/errorMsg", json!("Not found"));
}
