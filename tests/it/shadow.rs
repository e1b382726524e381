//! Shadow rules through the whole chain: what they would do otherwise is counted exactly, and nothing else is changed by them:
//! not by their errors, not by scripts that never end, not by a server that dies while it compares.

use std::path::PathBuf;

use serde_json::Value;
use switchboard_emulator::CallScript;
use switchboard_runtime::store::record::SessionKey;

use super::http::say;
use super::kill::{Life, differences, holdings, played};
use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning, hooks, until};

/// Shadow rules beside those in force.
fn tuning() -> Tuning {
    let usual = Tuning::default();
    Tuning {
        limits: format!("{}reload_debounce = \"5 ms\"\nreload_poll = \"1 h\"\n", usual.limits),
        account: format!("{}shadow = \"shadow\"\n", usual.account),
        ..usual
    }
}

fn folder(place: &Place) -> PathBuf {
    place.settings().with_file_name("shadow")
}

fn write(place: &Place, rules: &str, files: &[(&str, &str)]) {
    std::fs::create_dir_all(folder(place)).expect("a folder for the shadow rules");
    for (name, text) in [("main.rules", rules)].iter().chain(files) {
        std::fs::write(folder(place).join(name), text).expect("the shadow rules are written");
    }
}

async fn place(rules: &str, candidate: &str, files: &[(&str, &str)]) -> Place {
    let place = Place::new(rules, &tuning()).await;
    write(&place, candidate, files);
    place
}

async fn told(console: std::net::SocketAddr) -> Value {
    let (status, text) = say(console, "GET", "/api/shadow/romashka", "", "").await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

async fn shadow(server: &Server) -> Value {
    told(server.running.addresses().console).await
}

async fn page(server: &Server, path: &str) -> String {
    let (status, text) = say(server.running.addresses().console, "GET", path, "", "").await;
    assert_eq!(status, 200, "{text}");
    text
}

/// How many decisions were looked at, over all versions.
fn counted(shadow: &Value) -> u64 {
    let runs = shadow["runs"].as_array().expect("runs").iter();
    let counts = runs.flat_map(|run| run["counts"].as_object().expect("counts").values());
    counts.filter_map(Value::as_u64).sum()
}

/// Waits until so many were looked at, and gives what is told then.
async fn compared(server: &Server, count: u64) -> Value {
    until("they are compared", async || counted(&shadow(server).await) >= count).await;
    let shadow = shadow(server).await;
    assert_eq!(counted(&shadow), count, "{shadow:#}");
    shadow
}

/// The groups of a version in English, with their counts.
fn groups(run: &Value) -> Vec<(String, u64)> {
    let groups = run["groups"].as_array().expect("groups").iter();
    let told = groups.map(|group| {
        let words = group["text"]["en"].as_str().expect("words").to_owned();
        (words, group["count"].as_u64().expect("a count"))
    });
    told.collect()
}

fn missed(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA, ANNA],
        ..CallScript::default()
    }
}

async fn call(server: &Server, client: &str) -> SessionKey {
    let session = server.call(&missed(client)).await;
    server.settled(std::slice::from_ref(&session)).await;
    session
}

async fn play_the_day(server: &Server) -> Vec<SessionKey> {
    let (sessions, notifications) = played(&server.place);
    let hooks = hooks(server.running.addresses().hooks);
    for notification in &notifications {
        assert!(server.place.emulator.uis().send(notification, &hooks).await.is_taken());
    }
    server.settled(&sessions).await;
    sessions
}

/// Another title, and another employee for whose client has no manager.
fn otherwise() -> String {
    RULES.replace("Перезвонить", "Срочно перезвонить").replace("olga@romashka.ru", "anna@romashka.ru")
}

#[tokio::test(flavor = "multi_thread")]
async fn differences_are_counted_exactly_and_the_crm_ends_as_without() {
    let without = Server::new(RULES, &Tuning::default()).await;
    play_the_day(&without).await;
    let wanted = holdings(&without.place.emulator);
    without.stop().await;

    let server = place(RULES, &otherwise(), &[]).await.serve().await;
    let sessions = play_the_day(&server).await;
    let shadow = compared(&server, sessions.len() as u64).await;
    let run = &shadow["runs"][0];
    // Eight missed calls of fourteen; half of them by clients who have a manager already.
    assert_eq!((&run["counts"]["differ"], &run["counts"]["same"]), (&Value::from(8), &Value::from(6)));
    assert_eq!(
        groups(run),
        [
            ("title of the task `task for missed incoming calls`: another".to_owned(), 8),
            (
                "assignee of the task `task for missed incoming calls`: olga@romashka.ru → anna@romashka.ru"
                    .to_owned(),
                4
            ),
        ]
    );
    let examples = run["groups"][0]["examples"].as_array().expect("examples");
    assert_eq!(examples.len(), 5, "no more than are kept");

    let surplus = differences(&holdings(&server.place.emulator), &wanted);
    assert!(surplus.is_empty(), "{}", surplus.join("\n"));

    let shown = page(&server, "/shadow").await;
    assert!(shown.contains("title of the task") && shown.contains("57.1\u{a0}%"), "{shown}");
    let example = examples[0]["session"].as_str().expect("a session").replace(':', "%3A");
    assert!(shown.contains(&format!("/calls/romashka/{example}")), "{shown}");
    let shown = page(&server, &format!("/calls/romashka/{example}")).await;
    assert!(shown.contains("Shadow rules would decide"), "{shown}");
    assert!(shown.contains("Срочно перезвонить"), "both titles are side by side: {shown}");
    assert!(page(&server, "/").await.contains("would be decided otherwise: 8"));

    let figures = page(&server, "/metrics").await;
    // Figures are those of the process, and so of other tests, too.
    for outcome in ["differ", "same"] {
        let line = format!("switchboard_shadow_total{{account=\"romashka\",outcome=\"{outcome}\"}}");
        assert!(figures.contains(&line), "{line}");
    }
    // What is counted outlives the server.
    let place = server.stop().await;
    let server = place.serve().await;
    assert_eq!(shadow["runs"], self::shadow(&server).await["runs"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_candidates_are_told_of_and_each_good_one_is_counted_apart() {
    let server = place(RULES, "rules 1\n\ntable nonsense for\n", &[]).await.serve().await;
    let first = shadow(&server).await;
    assert_eq!(first["candidate"], Value::Null);
    assert!(!first["errors"].as_array().expect("errors").is_empty(), "{first:#}");
    let (status, ready) = say(server.running.addresses().console, "GET", "/health/ready", "", "").await;
    assert_eq!(status, 200, "it is no condition of serving: {ready}");
    assert!(page(&server, "/shadow").await.contains("No shadow rules can be loaded"));
    let session = call(&server, "79000000101").await;
    assert_eq!(server.timeline(&session).await.decisions.len(), 1, "it is decided as ever");

    write(&server.place, &otherwise(), &[]);
    until("the candidate is loaded", async || shadow(&server).await["candidate"].is_string()).await;
    let second = shadow(&server).await;
    assert_eq!(second["runs"].as_array().map(Vec::len), Some(0), "the first call was not compared");
    call(&server, "79000000102").await;
    compared(&server, 1).await;

    // Another error: the good one before it stays.
    write(&server.place, "rules 1\n\ntable nonsense for\n", &[]);
    until("the error is told", async || shadow(&server).await["on_disk"] != second["on_disk"]).await;
    assert_eq!(shadow(&server).await["candidate"], second["candidate"]);
    call(&server, "79000000103").await;
    compared(&server, 2).await;

    // Another version has counts of its own.
    write(&server.place, &RULES.replace("2 hours", "3 hours"), &[]);
    until("the next is loaded", async || shadow(&server).await["candidate"] != second["candidate"]).await;
    call(&server, "79000000104").await;
    let third = compared(&server, 3).await;
    assert_eq!(third["runs"].as_array().map(Vec::len), Some(2));
    assert_eq!(third["runs"][0]["candidate"], third["candidate"], "the latest first");
    assert_eq!(
        groups(&third["runs"][0]),
        [("due date of the task `task for missed incoming calls`: later".to_owned(), 1)]
    );
    assert_eq!(third["runs"][1]["counts"]["differ"], 2);

    // Put in force, there is nothing left to compare.
    server.place.write("main.rules", &RULES.replace("2 hours", "3 hours"));
    until("it is in force", async || {
        let told = shadow(&server).await;
        told["in_force"] == told["candidate"]
    })
    .await;
    call(&server, "79000000105").await;
    assert!(page(&server, "/shadow").await.contains("The shadow rules are the rules in force"));
    compared(&server, 3).await;
}

const POLICY: &str = "\nscript \"policy.rhai\"\n  policy entities for incoming calls needs crm.open_orders\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_candidate_whose_script_never_ends_harms_nobody() {
    let script = "fn entities(event, proposal, facts) { while true { } proposal }";
    let candidate = format!("{RULES}{}", POLICY.replace(" needs crm.open_orders", ""));
    let server = place(RULES, &candidate, &[("policy.rhai", script)]).await.serve().await;
    let session = call(&server, "79000000111").await;
    let shadow = compared(&server, 1).await;
    assert_eq!(shadow["runs"][0]["counts"]["failed"], 1, "{shadow:#}");
    let [(words, 1)] = &groups(&shadow["runs"][0])[..] else { panic!("{shadow:#}") };
    assert!(words.starts_with("script `entities` ran into the limit of"), "{words}");
    let shown = page(&server, &format!("/calls/romashka/{}", session.as_str().replace(':', "%3A"))).await;
    assert!(shown.contains("ran into the limit of"), "{shown}");
    assert_eq!(server.place.emulator.crm().tasks().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_candidate_needs_is_not_asked_for() {
    let script = "fn entities(event, proposal, facts) { proposal }";
    let candidate = format!("{RULES}{POLICY}");
    let server = place(RULES, &candidate, &[("policy.rhai", script)]).await.serve().await;
    // Of a stranger there is nothing to be asked.
    call(&server, "79000000121").await;
    let shadow = compared(&server, 1).await;
    assert_eq!(shadow["runs"][0]["counts"]["same"], 1, "{shadow:#}");
    let session = call(&server, "79000000121").await;
    let shadow = compared(&server, 2).await;
    assert_eq!(shadow["runs"][0]["counts"]["unjudged"], 1, "{shadow:#}");
    assert_eq!(groups(&shadow["runs"][0]), [("needs crm.open_orders".to_owned(), 1)]);
    let lists = server.place.emulator.journal().of("/api/v5/orders");
    assert!(lists.iter().all(|entry| !entry.query.to_string().contains("customerId")), "nobody was asked");
    let shown = page(&server, &format!("/calls/romashka/{}", session.as_str().replace(':', "%3A"))).await;
    assert!(shown.contains("cannot be judged, needs: crm.open_orders"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn shadow_rules_come_and_go_with_the_settings() {
    let place = Place::new(RULES, &Tuning { account: Tuning::default().account, ..tuning() }).await;
    write(&place, &otherwise(), &[]);
    let server = place.serve().await;
    let ask = async || say(server.running.addresses().console, "GET", "/api/shadow/romashka", "", "").await.0;
    assert_eq!(ask().await, 404);
    assert!(page(&server, "/shadow").await.contains("No account has shadow rules"));
    call(&server, "79000000131").await;

    let settings = std::fs::read_to_string(server.place.settings()).expect("the settings");
    let change = |text: &str| std::fs::write(server.place.settings(), text).expect("the settings");
    change(&settings.replace("bundle = \"rules\"", "bundle = \"rules\"\nshadow = \"shadow\""));
    until("they are tried", async || ask().await == 200).await;
    call(&server, "79000000132").await;
    compared(&server, 1).await;

    change(&settings);
    until("they are not tried", async || ask().await == 404).await;
    let before = server.store().shadows().shadows(&server.place.account).await.expect("the store answers");
    call(&server, "79000000133").await;
    let after = server.store().shadows().shadows(&server.place.account).await.expect("the store answers");
    assert_eq!(before, after, "what was counted is kept, and nothing is added");
}

/// Lives of a server that is killed while it compares.
const LIVES: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_counts_at_most_and_never_an_effect() {
    let without = Server::new(RULES, &Tuning::default()).await;
    play_the_day(&without).await;
    let wanted = holdings(&without.place.emulator);
    without.stop().await;

    let place = place(RULES, &otherwise(), &[]).await;
    let (sessions, notifications) = played(&place);
    let share = notifications.len().div_ceil(LIVES);
    for some in notifications.chunks(share) {
        let life = Life::begin(&place).await;
        let (console, hooks) = (life.console, hooks(life.hooks));
        let before = counted(&told(console).await);
        for notification in some {
            assert!(place.emulator.uis().send(notification, &hooks).await.is_taken());
        }
        // In the middle of its work, and not before it has compared something.
        until("something is compared", async || counted(&told(console).await) > before).await;
        life.kill();
    }
    let server = place.serve().await;
    server.settled(&sessions).await;
    let surplus = differences(&holdings(&server.place.emulator), &wanted);
    assert!(surplus.is_empty(), "{}", surplus.join("\n"));
    let mut decisions = 0;
    for session in &sessions {
        let made = server.timeline(session).await.decisions;
        decisions += made.iter().filter(|decision| decision.made.stage == "end").count() as u64;
    }
    let counted = counted(&shadow(&server).await);
    assert!(counted >= LIVES as u64 && counted <= decisions, "{counted} of {decisions}");
}
