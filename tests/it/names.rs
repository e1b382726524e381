//! Names in the rules against what the account has, in a running server: never refused, always told.

use serde_json::Value;

use super::module::get;
use super::server::{RULES, Server, Tuning, until};

/// A shop and a scenario that the account does not have, and a list of which one value is wrong.
const STRANGE: &str = "
list shows
  \"Продажи\", \"Прадажи\"

table store for calls
  | virtual_number   | scenario || store           |
  |------------------|----------||-----------------|
  | +7 495 123-45-99 | -        || \"romashka-main\" |
  | -                | in shows || \"romashka-mainn\" |
  | else                         || -               |
";

async fn console(server: &Server, path: &str) -> String {
    get(&format!("http://{}{path}", server.running.addresses().console)).await.1
}

/// What the detailed health says of the names of the account.
async fn unknown(server: &Server) -> Value {
    let report: Value = serde_json::from_str(&console(server, "/health/ready").await).expect("JSON");
    report["accounts"][0]["unknown_names"].clone()
}

async fn unknown_is(server: &Server, wanted: usize) {
    until("the names are held against the account", async || unknown(server).await == wanted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_the_account_does_not_have_are_told_and_stop_nothing() {
    let server = Server::new(&format!("{RULES}{STRANGE}"), &Tuning::default()).await;
    unknown_is(&server, 3).await;
    assert!(server.running.rulebook().in_force("romashka").is_some(), "the rules are in force");
    let overview = console(&server, "/").await;
    assert!(overview.contains("Names in the rules that the account does not have</a>: 3"), "{overview}");
    let page = console(&server, "/names").await;
    for name in ["+74951234599", "Прадажи", "romashka-mainn"] {
        assert!(page.contains(&format!("`{name}`")), "{name}: {page}");
    }
    assert!(page.contains("did you mean `romashka-main`?"), "{page}");
    assert!(!page.contains("Could not be read"), "{page}");

    // Other rules are held against what is known already.
    let listed = server.place.emulator.journal().of("get.scenarios").len();
    server
        .place
        .write("main.rules", &format!("{RULES}{}", STRANGE.replace("romashka-mainn", "romashka-spb")));
    server.running.rulebook().look("romashka", jiff::Timestamp::now());
    assert_eq!(unknown(&server).await, Value::from(2));
    assert_eq!(server.place.emulator.journal().of("get.scenarios").len(), listed, "nobody was asked again");

    // The account changes; whoever presses the button sees it at once.
    let before = server.running.rulebook().in_force("romashka").expect("rules");
    server.place.emulator.crm().remove_site("romashka-spb");
    server.running.directory("romashka").expect("the account").refresh_now().await;
    unknown_is(&server, 3).await;
    assert_eq!(server.place.emulator.journal().of("get.scenarios").len(), listed + 1);
    let after = server.running.rulebook().in_force("romashka").expect("rules");
    assert!(std::sync::Arc::ptr_eq(&before, &after), "the rules in force are not touched");
    // Rules that are refused change nothing about those in force, and their names are told all the same.
    server.place.write("main.rules", &format!("{RULES}{STRANGE}\nfilter for calls\n  nonsense\n"));
    server.running.rulebook().look("romashka", jiff::Timestamp::now());
    let page = console(&server, "/").await;
    assert!(page.contains("The rules on disk are not in force."), "{page}");
    assert_eq!(unknown(&server).await, Value::from(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_listed_is_named_and_what_was_known_before_still_counts() {
    use switchboard_emulator::Fault;
    let rules = format!("{RULES}{STRANGE}");
    let server = Server::new(&rules, &Tuning::default()).await;
    unknown_is(&server, 3).await;
    let place = server.stop().await;
    place.emulator.faults().add(Fault::status(500).on("get.scenarios"));
    place.emulator.faults().add(Fault::status(500).on("/api/v5/reference/statuses"));
    let server = place.serve().await;
    // Known from before, at once and after the next listing.
    unknown_is(&server, 3).await;
    until("what could not be listed is named", async || {
        console(&server, "/names").await.contains("Could not be read and is not checked")
    })
    .await;
    let page = console(&server, "/names").await;
    assert!(page.contains("scenario") && page.contains("order status"), "{page}");
    assert_eq!(unknown(&server).await, Value::from(3));
}
