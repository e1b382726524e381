//! Facts for policies that cannot wait, and for orders: what is remembered of a caller, and what the client of an order has.

use serde_json::json;
use switchboard_emulator::{AskBy, Asking, Next};
use switchboard_runtime::store::record::DealState;

use super::deals::{RULES, SHOP, order, place, rows};
use super::server::{Place, Server, Tuning, hooks, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_put_through_by_the_card_of_its_client() {
    let rules = "rules 1\n\nscript \"f.rhai\"\n  policy forward for incoming calls needs crm.client, crm.custom_fields\n";
    let script = "fn forward(event, proposal, facts) {\n    let client = facts.client;\n    \
                  if client != () && client.first_name == \"Вера\" && facts.custom_fields.floor == 2 { proposal.to_branch(7); }\n    \
                  if client == () { proposal.to_branch(9); }\n    proposal\n}\n";
    let place = Place::new(rules, &Tuning::default()).await;
    place.write("f.rhai", script);
    let crm = place.emulator.crm();
    crm.put_customer(
        SHOP,
        json!({"firstName": "Вера", "phones": [{"number": "+79000000071"}], "managerId": 29, "customFields": {"floor": 2}}),
    );
    let server = place.serve().await;
    let url = format!("{}/manager", hooks(server.running.addresses().hooks));
    let ask = async |caller: &str| {
        let asking = Asking {
            session: 998_700_001,
            caller: Some(caller.to_owned()),
            dialled: "74951234567".to_owned(),
            by: AskBy::Get,
        };
        server.place.emulator.uis().ask(&asking, &url).await.next
    };
    // The first question may be over before the CRM has said anything: then the client is missing, and nothing waits.
    until("the client is remembered", async || ask("79000000071").await == Next::Branch(7)).await;
    until("the stranger is, too", async || ask("79000000072").await == Next::Branch(9)).await;
    let asked = server.place.emulator.journal().of("/api/v5/orders").len();
    assert_eq!(asked, 0, "nothing is asked beyond who calls");
}

/// What the client has ordered in all is the sum of the deal.
const POLICY: &str =
    "\nscript \"d.rhai\"\n  policy deal for orders needs crm.client, crm.last_orders(10), crm.open_orders\n";
const SCRIPT: &str = "fn deal(event, proposal, facts) {\n    if facts.client == () { proposal.amount = 1; return proposal; }\n    \
                      let sum = 0;\n    for order in facts.last_orders { sum += order.total ?? 0; }\n    proposal.amount = sum;\n    \
                      proposal.set(\"uis_source\", `${facts.client.first_name} ${facts.open_orders.len()}`);\n    proposal\n}\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_knows_the_client_and_the_other_orders() {
    let place = place(&format!("{RULES}{POLICY}"), "").await;
    place.write("d.rhai", SCRIPT);
    let server: Server = place.serve().await;
    let emulator = &server.place.emulator;
    let client = emulator
        .crm()
        .put_customer(SHOP, json!({"firstName": "Анна", "phones": [{"number": "+79000000010"}]}));
    server.with_triggers();
    let whose = json!({"customer": {"id": client}});
    let first = emulator.crm().put_order(SHOP, order(100, whose.clone()));
    emulator.crm().put_order(SHOP, order(20, json!({"customer": {"id": client}, "status": "complete"})));
    let last = emulator.crm().put_order(SHOP, order(3, whose));
    for id in [first, last] {
        server.stands(id, DealState::Done).await;
    }
    let row = rows(emulator, last).pop().expect("a deal");
    assert_eq!(row["revenue"], 123, "{row}");
}
