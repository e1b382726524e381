//! Deals when things go wrong: bad orders, lost answers, deleted and late orders, kills.

use serde_json::{Value, json};
use switchboard_emulator::{Fault, ReferenceRow, Service};
use switchboard_runtime::deals::Reason;
use switchboard_runtime::store::record::DealState;

use super::deals::{RULES, SHOP, order, place, rows, stages};
use super::http::say;
use super::kill::Life;
use super::server::{SECRET, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_order_holds_no_other_and_can_be_tried_again() {
    let server = place(RULES, "history_interval = \"200 ms\"").await.serve().await;
    let emulator = &server.place.emulator;
    until("the history is read", async || !emulator.journal().of("/api/v5/orders/history").is_empty()).await;
    emulator.set_switches(|switches| switches.deals_refused_percent = 5);
    let ids: Vec<u64> = (0..60).map(|n| emulator.crm().put_order(SHOP, order(100 + n, json!({})))).collect();
    let (bad, good): (Vec<u64>, Vec<u64>) =
        ids.iter().partition(|id| emulator.uis().refuses_deal(&id.to_string()));
    assert!(!bad.is_empty() && bad.len() < 12, "{bad:?}");
    for id in &good {
        server.stands(*id, DealState::Done).await;
        assert_eq!(rows(emulator, *id).len(), 1);
    }
    for id in &bad {
        let deal = server.stands(*id, DealState::Parked).await;
        let reason: Reason = deal.reason.expect("a reason").read().expect("it is read");
        assert!(reason.text().ru.starts_with("UIS его не принимает: invalid_parameter_value"), "{reason:?}");
    }
    // The page shows them with the reason, and a button brings them back once the cause is gone.
    let console = server.running.addresses().console;
    let (status, page) = say(console, "GET", "/deals?parked=1", "", "").await;
    assert_eq!(status, 200);
    assert!(page.contains("invalid_parameter_value"), "{page}");
    let token = page
        .split("name=\"token\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token")
        .to_owned();
    let (_, setup) = say(console, "GET", "/uis", "", "").await;
    assert!(setup.contains("order?orderId={{order.id}}"), "{setup}");
    assert!(
        setup.contains("<code>chat_end</code>") && setup.contains("<code>chat_channel_type</code>"),
        "{setup}"
    );
    let (_, health) = say(console, "GET", "/health/ready", "", "").await;
    let health: Value = serde_json::from_str(&health).expect("JSON");
    assert_eq!(health["accounts"][0]["deals"]["parked"], json!(bad.len()));
    let (_, figures) = say(console, "GET", "/metrics", "", "").await;
    assert!(
        figures
            .contains(&format!("switchboard_deals{{account=\"romashka\",state=\"parked\"}} {}", bad.len())),
        "{figures}"
    );
    emulator.set_switches(|switches| switches.deals_refused_percent = 0);
    let form = "application/x-www-form-urlencoded";
    let (first, rest) = bad.split_first().expect("some");
    let (status, _) =
        say(console, "POST", &format!("/deals/romashka/{first}"), form, &format!("token={token}")).await;
    assert_eq!(status, 303);
    server.stands(*first, DealState::Done).await;
    let (status, _) = say(console, "POST", "/deals/romashka/all", form, &format!("token={token}")).await;
    assert_eq!(status, 303);
    for id in rest {
        server.stands(*id, DealState::Done).await;
    }
    assert_eq!(say(console, "POST", "/deals/romashka/1", form, &format!("token={token}")).await.0, 404);
    assert_eq!(say(console, "POST", "/deals/romashka/1", form, "token=x").await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_double_no_row_and_lose_none() {
    for (commit, method) in [
        (true, "upload.deals_history"),
        (false, "upload.deals_history"),
        (true, "create.deal_contacts"),
        (true, "create.sales_funnel"),
        (true, "create.deal_employees"),
        (true, "create.deal_user_field"),
    ] {
        let server = place(RULES, "").await.serve().await;
        server.with_triggers();
        let emulator = &server.place.emulator;
        let fault = if commit { Fault::reset().after_commit() } else { Fault::reset() };
        emulator.faults().add(fault.service(Service::DataApi).on(method).times(1));
        let id = emulator.crm().put_order(SHOP, order(100, json!({"customFields": {"uis_source": "x"}})));
        server.stands(id, DealState::Done).await;
        emulator.crm().edit_order(id, json!({"status": "complete"}));
        until("it is won", async || stages(emulator, id).last().is_some_and(|stage| stage == "won")).await;
        server.stands(id, DealState::Done).await;
        let stages = stages(emulator, id);
        assert!(stages == ["group:new", "won"] || stages == ["won"], "{method} {commit}: {stages:?}");
        assert_eq!(emulator.uis().funnels().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_and_merged_orders_take_their_deals_with_them() {
    let server = place(RULES, "").await.serve().await;
    let emulator = &server.place.emulator;
    until("the history is read", async || !emulator.journal().of("/api/v5/orders/history").is_empty()).await;
    let ids: Vec<u64> = (0..3).map(|n| emulator.crm().put_order(SHOP, order(100 + n, json!({})))).collect();
    for id in &ids {
        server.stands(*id, DealState::Done).await;
    }
    emulator.crm().delete_order(ids[0]);
    emulator.crm().combine_orders(ids[1], ids[2]);
    emulator
        .crm()
        .edit_order(ids[2], json!({"items": [{"productName": "a", "quantity": 1, "initialPrice": 203}]}));
    for id in &ids[..2] {
        server.stands(*id, DealState::Gone).await;
        assert!(rows(emulator, *id).is_empty(), "its deal is gone");
    }
    until("the survivor has the whole sum", async || {
        rows(emulator, ids[2]).last().is_some_and(|row| row["revenue"] == json!(203))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deal_of_a_deleted_order_may_be_kept() {
    let server = place(RULES, "deleted = \"keep\"").await.serve().await;
    let emulator = &server.place.emulator;
    until("the history is read", async || !emulator.journal().of("/api/v5/orders/history").is_empty()).await;
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    server.stands(id, DealState::Done).await;
    emulator.crm().delete_order(id);
    server.stands(id, DealState::Gone).await;
    assert_eq!(rows(emulator, id).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_not_there_yet_is_waited_for_and_one_that_never_comes_is_shown() {
    let server = place(RULES, "history_interval = \"1 h\"\ntries = 2").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    emulator.set_switches(|switches| switches.index_delay_ms = 700);
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    // What was put there by hand is indexed later too, as what the API made would be.
    server.stands(id, DealState::Done).await;
    let hooks = server.running.addresses().hooks;
    let (status, _) =
        say(hooks, "GET", &format!("/hooks/romashka/{SECRET}/retailcrm/order?orderId=5"), "", "").await;
    assert_eq!(status, 200);
    let deal = server.stands(5, DealState::Parked).await;
    assert_eq!(deal.reason.expect("a reason").read::<Reason>().expect("it is read"), Reason::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_on_either_side_loses_nothing() {
    let server = place(RULES, "").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let faults = [
        emulator.faults().add(Fault::status(500).service(Service::Retailcrm).on("/api/v5/orders")),
        emulator.faults().add(Fault::status(502).service(Service::DataApi).on("upload.deals_history")),
    ];
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    until("people are told", async || {
        let (_, health) = say(server.running.addresses().console, "GET", "/health/ready", "", "").await;
        health.contains("RetailCRM is out of order")
    })
    .await;
    emulator.faults().remove(faults[0]);
    until("the other side is asked", async || !emulator.journal().of("upload.deals_history").is_empty())
        .await;
    emulator.faults().remove(faults[1]);
    server.stands(id, DealState::Done).await;
    assert_eq!(stages(emulator, id), ["group:new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_took_away_in_uis_is_made_again() {
    let server = place(RULES, "").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    server.stands(id, DealState::Done).await;
    let contact = emulator.uis().deal_contacts()[0]["ext_id"].clone();
    emulator.uis().forget_deal_contact(contact.as_str().expect("a name"));
    emulator.crm().edit_order(id, json!({"status": "complete"}));
    until("it is won", async || stages(emulator, id).last().is_some_and(|stage| stage == "won")).await;
    assert_eq!(emulator.uis().deal_contacts().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deals_that_uis_has_from_before_are_taken_up_where_they_are() {
    let server = place(RULES, "").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let first = emulator.crm().put_order(SHOP, order(1, json!({})));
    server.stands(first, DealState::Done).await;
    // An order whose deal another program has left in UIS at a later stage time than RetailCRM tells.
    let old = "2026-03-02 10:00:00";
    let id = emulator.crm().put_order(SHOP, order(100, json!({"createdAt": old, "statusUpdatedAt": old})));
    server.stands(id, DealState::Done).await;
    let page = emulator.uis().deals();
    assert!(page.iter().any(|row| row["ext_id"] == json!(id.to_string())));
    emulator.uis().move_deal(&id.to_string(), "2026-03-05 10:00:00");
    emulator.crm().edit_order(id, json!({"managerComment": "x"}));
    until("it is told all the same", async || {
        rows(emulator, id).last().is_some_and(|row| row["comments"] == json!("x"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_between_and_within_uploads_lose_and_double_nothing() {
    const KILLS: usize = 6;
    let place = place(RULES, "history_interval = \"100 ms\"").await;
    let emulator = std::sync::Arc::clone(&place.emulator);
    let mut life = Life::begin(&place).await;
    until("the history is read", async || !emulator.journal().of("/api/v5/orders/history").is_empty()).await;
    let mut ids = Vec::new();
    for round in 0..KILLS {
        for n in 0..4 {
            ids.push(emulator.crm().put_order(SHOP, order(100 + n, json!({}))));
        }
        let uploads = || emulator.journal().of("upload.deals_history").len();
        let seen = uploads();
        until("something is sent", async || uploads() > seen || round % 2 == 1).await;
        for id in ids.iter().rev().take(6) {
            emulator
                .crm()
                .edit_order(*id, json!({"status": if round % 2 == 0 { "delivering" } else { "complete" }}));
        }
        life.kill();
        life = Life::begin(&place).await;
    }
    let orders = emulator.crm().orders();
    let wanted = |id: u64| {
        let status = orders
            .iter()
            .find(|order| order.id == id)
            .and_then(|order| order.text("status").map(str::to_owned));
        match status.as_deref() {
            Some("complete") => "won",
            Some("delivering") => "group:delivery",
            _ => "group:new",
        }
    };
    for id in &ids {
        until("every order is in UIS as it is", async || {
            stages(&emulator, *id).last().is_some_and(|stage| stage == wanted(*id))
        })
        .await;
        let stages = stages(&emulator, *id);
        assert!(stages.windows(2).all(|pair| pair[0] != pair[1]), "{id}: {stages:?}");
    }
    assert_eq!(emulator.uis().funnels().len(), 1);
    life.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_come_from_where_they_may_and_from_nowhere_else() {
    let server =
        place(RULES, "trigger_from = [\"10.0.0.0/8\"]\nhistory_interval = \"1 h\"").await.serve().await;
    let hooks = server.running.addresses().hooks;
    let path = format!("/hooks/romashka/{SECRET}/retailcrm/order?orderId=5");
    assert_eq!(say(hooks, "GET", &path, "", "").await.0, 404);
    assert!(server.deals_kept().await.is_empty());
    // UIS has a list of its own.
    let body = r#"{"event": "call_start", "call_session_id": 1, "contact_phone_number": "79000000010"}"#;
    let path = format!("/hooks/romashka/{SECRET}/uis/call_start");
    assert_eq!(say(hooks, "POST", &path, "application/json", body).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_deals_has_no_address_for_triggers() {
    let server = place(RULES, "active = false").await.serve().await;
    let hooks = server.running.addresses().hooks;
    let path = format!("/hooks/romashka/{SECRET}/retailcrm/order?orderId=5");
    assert_eq!(say(hooks, "GET", &path, "", "").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_statuses_than_uis_has_stages_for_hold_only_the_orders_that_have_them() {
    let place = place(RULES, "stages = \"statuses\"").await;
    for n in 0..100 {
        let more =
            json!({"ordering": 1_000 + n, "group": "approval"}).as_object().cloned().expect("an object");
        let row =
            ReferenceRow { code: format!("s{n}"), name: format!("Статус {n}"), active: true, more };
        place.emulator.crm().put_reference("statuses", row);
    }
    let server = place.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    // Statuses of later groups have found no place any more; the ends need none.
    let late = emulator.crm().put_order(SHOP, order(10, json!({"status": "delivering"})));
    let early = emulator.crm().put_order(SHOP, order(10, json!({"status": "new"})));
    server.stands(early, DealState::Done).await;
    let deal = server.stands(late, DealState::Parked).await;
    let reason: Reason = deal.reason.expect("a reason").read().expect("it is read");
    assert_eq!(reason, Reason::TooManyStages);
    emulator.crm().edit_order(late, json!({"status": "complete"}));
    until("an end needs no further stage", async || {
        stages(emulator, late).last().is_some_and(|stage| stage == "won")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uis_that_does_not_come_to_an_end_is_shown() {
    let server = place(RULES, "processing_alarm = \"200 ms\"").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    emulator.set_switches(|switches| switches.deals_processing_ms = 3_600_000);
    let id = emulator.crm().put_order(SHOP, order(10, json!({})));
    server.stands(id, DealState::Done).await;
    let deals = async || {
        let (_, health) = say(server.running.addresses().console, "GET", "/health/ready", "", "").await;
        let health: Value = serde_json::from_str(&health).expect("JSON");
        (
            health["accounts"][0]["deals"]["in_processing"].clone(),
            health["accounts"][0]["deals"]["slow"].clone(),
        )
    };
    until("it is called slow", async || deals().await == (json!(1), json!(true))).await;
    emulator.set_switches(|switches| switches.deals_processing_ms = 0);
    until("it is over", async || deals().await == (json!(0), json!(false))).await;
}
