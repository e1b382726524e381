//! A policy that reads the messages of a chat.

use serde_json::json;
use switchboard_runtime::store::record::Phase;

use super::super::server::{ANNA, Server};
use super::rows::Chat;
use super::{RULES, counts, rests, tuning};

const POLICY: &str = "\nscript \"policy.rhai\"\n  policy entities for chats needs uis.chat_messages(5)\n";

/// Who writes of a complaint gets no order.
const COMPLAINTS: &str = r#"
fn entities(event, proposal, facts) {
    for message in facts.chat_messages {
        if message.from == "visitor" && message.text.contains("жалоба") { proposal.creates_order = false; }
    }
    proposal
}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_decides_what_is_created() {
    for (text, orders) in [("У меня жалоба", 0), ("Хочу ромашки", 1)] {
        let rules = format!("{RULES}{POLICY}");
        let server = Server::new_with(&rules, &[("policy.rhai", COMPLAINTS)], &tuning()).await;
        let emulator = &server.place.emulator;
        let mut chat = Chat::new(1).with(json!({"visitor_phone_number": "79000000071"}));
        chat.says(emulator, "visitor", text);
        chat.taken(emulator, ANNA);
        rests(&server, &chat.session(), Phase::Decided).await;
        assert_eq!(counts(&server), (1, orders, 0), "{text}");
    }
}
