//! Orders that came out of chats and requests become deals that name them.

use serde_json::json;
use switchboard_runtime::store::record::{DealState, Phase};

use super::super::deals::rows;
use super::super::server::{Server, Tuning};
use super::rows::{Chat, request};
use super::{RULES, rests, tuning};

#[tokio::test(flavor = "multi_thread")]
async fn a_deal_names_the_chat_or_request_that_it_came_from() {
    let rules = format!("{RULES}\ntransfer orders\n  funnel: default\n  amount: total_with_delivery\n");
    let usual = tuning();
    let deals =
        "[account.deals]\nsettle = \"10 ms\"\nhistory_interval = \"50 ms\"\nprocessing_check = \"50 ms\"\n";
    let uis = format!("{}{deals}", usual.uis);
    let limits = format!("{}uis_rate = 100\n", usual.limits);
    let server = Server::new(&rules, &Tuning { uis, limits, ..usual }).await;
    let emulator = &server.place.emulator;
    emulator.set_switches(|switches| {
        (switches.points_per_minute, switches.points_per_day) = (1_000_000, 10_000_000);
    });
    let mut chat = Chat::new(20).with(json!({"visitor_phone_number": "79000000091"}));
    chat.says(emulator, "visitor", "Здравствуйте");
    let form = request(emulator, 70_020, &json!({"visitor_email": "anna@client.example"}));
    rests(&server, &chat.session(), Phase::Decided).await;
    rests(&server, &form, Phase::Closed).await;
    let order_of = |external: &dyn Fn(&switchboard_emulator::Record) -> bool| {
        emulator.crm().orders().into_iter().find(|order| external(order)).expect("an order").id
    };
    let of_chat = order_of(&|order| order.text("phone") == Some("+79000000091"));
    let of_form = order_of(&|order| order.text("email") == Some("anna@client.example"));
    for (order, number, kind) in [(of_chat, 900_020, "chat"), (of_form, 70_020, "offline_message")] {
        server.stands(order, DealState::Done).await;
        let row = rows(emulator, order).remove(0);
        assert_eq!((&row["communication_id"], &row["communication_type"]), (&json!(number), &json!(kind)));
    }
}
