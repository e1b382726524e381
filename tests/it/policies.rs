//! Policies through the whole chain: facts are asked for and kept, and a communication joins an order that there is.

use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Fault, Service};
use switchboard_runtime::store::record::{EffectState, SessionKey};

use super::server::{ANNA, OLGA, RULES, Server, Tuning};

const CLIENT: &str = "79000000071";

const POLICY: &str = r#"
script "policy.rhai"
  policy entities for incoming calls needs crm.open_orders, crm.last_orders(2), crm.client, uis.call_legs
"#;

/// One open order: the call goes to it.
const ONE_OPEN: &str = r#"
fn entities(event, proposal, facts) {
    log(`legs: ${facts.call_legs.len()}, last: ${facts.last_orders.len()}`);
    if event.contact == "repeat" && facts.open_orders.len() == 1 {
        proposal.attach_to(facts.open_orders[0].number);
        proposal.keep_manager();
    }
    proposal
}
"#;

async fn server(script: &str) -> Server {
    Server::new_with(&format!("{RULES}{POLICY}"), &[("policy.rhai", script)], &Tuning::default()).await
}

/// A client with orders of these statuses; the numbers of the orders are those of their places.
fn client(server: &Server, statuses: &[&str]) -> Vec<u64> {
    let crm = server.place.emulator.crm();
    let id = crm.put_customer(
        "romashka-main",
        json!({"firstName": "Анна", "phones": [{"number": "+79000000071"}], "managerId": 27}),
    );
    let order = |(at, status): (usize, &&str)| {
        let number = format!("{}A", 1_000 + at);
        crm.put_order("romashka-main", json!({"number": number, "status": status, "customer": {"id": id}}))
    };
    statuses.iter().enumerate().map(order).collect()
}

fn talk() -> CallScript {
    CallScript {
        client: Some(CLIENT.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA, ANNA],
        answered_by: Some(ANNA),
        talk_s: 40,
        ..CallScript::default()
    }
}

fn missed() -> CallScript {
    CallScript { answered_by: None, talk_s: 0, wait_s: 10, recorded: false, ..talk() }
}

async fn decided(server: &Server, session: &SessionKey) -> (Value, Value) {
    let decision = server.timeline(session).await.decisions.remove(0).made;
    (decision.facts.read().expect("facts"), decision.decision.read().expect("a decision"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_joins_the_one_open_order() {
    let server = server(ONE_OPEN).await;
    let orders = client(&server, &["complete", "new", "cancel-other"]);
    let session = server.call(&talk()).await;
    server.settled(std::slice::from_ref(&session)).await;

    let crm = server.place.emulator.crm();
    assert_eq!(crm.orders().len(), 3, "no order was made");
    let joined = server.effect(&session, "join_order").await;
    assert_eq!(
        (joined.state, joined.remote_id.as_deref()),
        (EffectState::Done, Some(&*orders[1].to_string()))
    );
    let order = crm.order(orders[1]).expect("the order");
    assert!(order.custom("uis_record").is_some(), "fields that are always written are written to it");
    assert_eq!(order.custom("uis_talk_time"), None, "and no others");

    let (facts, decision) = decided(&server, &session).await;
    assert_eq!(decision["attach_to"], "1001A");
    assert_eq!(facts["crm"]["open_orders"][0]["status_group"], "new");
    assert_eq!(facts["crm"]["open_orders"].as_array().map(Vec::len), Some(1));
    let last: Vec<&Value> =
        facts["crm"]["last_orders"].as_array().expect("orders").iter().map(|one| &one["number"]).collect();
    assert_eq!(last, ["1002A", "1001A"]);
    assert_eq!(facts["uis"]["call_legs"][1]["answered"], true);
    assert_eq!(facts["crm"]["client"]["first_name"], "Анна");
    let said = decision["trace"]
        .as_array()
        .expect("a trace")
        .iter()
        .map(|step| step["why"]["ru"].as_str().unwrap_or_default());
    let said: Vec<&str> = said.filter(|why| why.contains("legs") || why.contains("политика")).collect();
    assert_eq!(
        said,
        [
            "legs: 2, last: 2",
            "политика `entities` изменила: создаёт_заказ: да → нет; привязка_к_заказу: — → 1001A",
        ]
    );
    // The decision with the recording has the facts of the first.
    let second = server.timeline(&session).await.decisions.pop().expect("a decision").made;
    let again: Value = second.facts.read().expect("facts");
    assert_eq!(again["crm"], facts["crm"]);
    let lists = server.place.emulator.journal().of("/api/v5/orders");
    assert_eq!(
        lists.iter().filter(|entry| entry.query.to_string().contains("customerId")).count(),
        1,
        "asked once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_open_orders_or_none_leave_the_tables_alone() {
    for statuses in [vec!["new", "delivering"], vec!["complete"], Vec::new()] {
        let server = server(ONE_OPEN).await;
        client(&server, &statuses);
        let session = server.call(&talk()).await;
        server.settled(std::slice::from_ref(&session)).await;
        assert_eq!(server.place.emulator.crm().orders().len(), statuses.len() + 1, "{statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_about_the_order_that_was_joined() {
    let server = server(ONE_OPEN).await;
    let orders = client(&server, &["new"]);
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    let task = server.place.emulator.crm().tasks().remove(0).to_json();
    assert_eq!(task["order"]["id"], orders[0], "{task}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_waits_until_its_facts_can_be_had() {
    let server = server(ONE_OPEN).await;
    client(&server, &["new"]);
    let fault = Fault::status(503).service(Service::Retailcrm).on("/api/v5/orders").times(2);
    server.place.emulator.faults().add(fault);
    let session = server.call(&talk()).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1);
    assert_eq!(server.effect(&session, "join_order").await.state, EffectState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_not_there_is_told() {
    let server =
        server("fn entities(event, proposal, facts) { proposal.attach_to(\"gone\"); proposal }").await;
    client(&server, &["new"]);
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    let joined = server.effect(&session, "join_order").await;
    assert_eq!(joined.state, EffectState::Dead);
    assert!(joined.error.unwrap_or_default().contains("no order with the number `gone`"));
    // What can be done without it is done.
    assert_eq!(server.place.emulator.crm().tasks().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_fails_and_parks_waits_for_a_person() {
    let parks = format!("{RULES}{POLICY}  on failure: park\n");
    let script = [("policy.rhai", "fn entities(event, proposal, facts) { throw \"no\" }")];
    let server = Server::new_with(&parks, &script, &Tuning::default()).await;
    let session = server.call(&talk()).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().customers().len(), 0);
    assert_eq!(server.effect(&session, "await_person").await.state, EffectState::Dead);
}
