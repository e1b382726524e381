//! Marketing data that no notification brings: from the report into the decision, within patience and points.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Direction};
use switchboard_runtime::store::record::{Origin, Phase, SessionKey};

use super::server::{ANNA, OLGA, Server, Tuning, part, until};

/// Only incoming calls read marks, and only the report has them.
const RULES: &str = r#"rules 1

table entities for incoming calls
  | utm.source || create        | responsible         |
  |------------||---------------|---------------------|
  | "yandex"   || client, order | "anna@romashka.ru"  |
  | -          || client        | "olga@romashka.ru"  |

table entities for outgoing calls
  | contact || create |
  |---------||--------|
  | -       || client |

fields of client for incoming calls
  uis_campaign from utm.campaign, always
"#;

fn tuning(wait: &str) -> Tuning {
    let uis = format!(
        "find_missed = false\nfailed_deliveries = false\nmarketing_wait = \"{wait}\"\nmarketing_pause = \"100 ms\"\n"
    );
    Tuning { uis, ..Tuning::default() }
}

fn visited(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        started: Some(Timestamp::now() - SignedDuration::from_secs(60)),
        rung: vec![OLGA],
        wait_s: 20,
        utm: [("source", "yandex"), ("campaign", "vesna")]
            .map(|(name, mark)| (name.to_owned(), mark.to_owned()))
            .into(),
        ..CallScript::default()
    }
}

fn asked(server: &Server) -> usize {
    server.place.emulator.journal().of("get.calls_report").len()
}

/// The first line of the trace of the decision after the end.
async fn first_words(server: &Server, session: &SessionKey) -> String {
    let timeline = server.timeline(session).await;
    let made = timeline.decisions.iter().find(|made| made.made.stage == "end").expect("a decision");
    let decision: Value = made.made.decision.read().expect("JSON");
    decision.pointer("/trace/0/why/ru").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_arrives_before_the_decision() {
    let server = Server::new(RULES, &tuning("60 s")).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 400);
    let session = server.call(&visited("79000000081")).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    let (clients, calls) = (crm.customers(), crm.calls());
    assert_eq!((clients.len(), crm.orders().len(), calls.len()), (1, 1, 1));
    let source = json!({"source": "yandex", "campaign": "vesna"});
    assert_eq!(
        part(&clients[0], &["managerId", "customFields", "source"]),
        json!({"managerId": 27, "customFields": {"uis_campaign": "vesna"}, "source": source})
    );
    assert_eq!(part(&calls[0], &["source"]), json!({"source": source}));
    let timeline = server.timeline(&session).await;
    assert_eq!(timeline.events.iter().filter(|event| event.origin == Origin::Reconcile).count(), 1);
    assert_eq!(timeline.decisions.iter().filter(|made| made.made.stage == "end").count(), 1);
    assert!(!first_words(&server, &session).await.contains("маркетинговых"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_share_requests_and_none_is_asked_for_twice() {
    let server = Server::new(RULES, &tuning("60 s")).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 1_500);
    let mut sessions = Vec::new();
    for number in 0..30 {
        sessions.push(server.call(&visited(&format!("790000001{number:02}"))).await);
    }
    server.settled(&sessions).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 30);
    let requests = asked(&server);
    assert!(
        requests < 25,
        "{requests} requests for 30 calls, some of them asked for before they could be there"
    );
    let again = server
        .call(&CallScript { direction: Direction::Out, caller: Some(ANNA), ..visited("79000000100") })
        .await;
    server.settled(&[again]).await;
    assert_eq!(asked(&server), requests, "the rules of outgoing calls read no mark");
}

#[tokio::test(flavor = "multi_thread")]
async fn patience_ends_and_the_trace_says_so() {
    let server = Server::new(RULES, &tuning("500 ms")).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 3_600_000);
    let session = server.call(&visited("79000000082")).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!((crm.customers().len(), crm.orders().len(), crm.calls().len()), (1, 0, 1));
    assert_eq!(crm.customers()[0].custom("uis_campaign"), None);
    assert_eq!(
        first_words(&server, &session).await,
        "решено без маркетинговых данных (utm.source, utm.campaign): они не появились в отчёте UIS вовремя"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_points_nothing_is_waited_for() {
    let server = Server::new(RULES, &tuning("30 s")).await;
    until("employees are listed", async || !server.place.emulator.journal().of("get.employees").is_empty())
        .await;
    // Two points went into the account and its employees, and the row of no call is there yet.
    server.place.emulator.set_switches(|switches| {
        switches.points_per_day = 3;
        switches.report_delay_ms = 3_600_000;
    });
    let first = server.call(&visited("79000000083")).await;
    until("the last point is used", async || asked(&server) > 0).await;
    let second = server.call(&visited("79000000086")).await;
    let begun = std::time::Instant::now();
    server.settled(&[first.clone(), second.clone()]).await;
    assert!(begun.elapsed().as_secs() < 25, "nobody waits for what cannot come");
    assert_eq!(asked(&server), 1);
    for session in [&first, &second] {
        let words = first_words(&server, session).await;
        assert!(words.ends_with("не хватает баллов UIS"), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_contacts_go_on_and_the_same_one_keeps_its_order() {
    let server = Server::new(RULES, &tuning("10 min")).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 3_600_000);
    let waits = server.call(&visited("79000000084")).await;
    until("it is asked for", async || asked(&server) > 0).await;
    let out = |client: &str| CallScript {
        direction: Direction::Out,
        caller: Some(ANNA),
        talk_s: 5,
        recorded: false,
        ..visited(client)
    };
    let behind = server.call(&out("79000000084")).await;
    let beside = server.call(&out("79000000087")).await;
    server.settled(std::slice::from_ref(&beside)).await;
    let phase =
        async |session: &SessionKey| server.timeline(session).await.communication.map(|one| one.phase);
    assert_eq!(phase(&waits).await, Some(Phase::Ending));
    assert_eq!(phase(&behind).await, Some(Phase::Ending), "whether it is a repeated one is not known yet");
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 0);
    server.settled(&[waits, behind]).await;
    let clients = server.place.emulator.crm().customers();
    assert_eq!(clients.len(), 2);
    let first = clients.iter().find(|client| client.custom("uis_campaign").is_some()).expect("the first");
    assert_eq!(first.custom("uis_campaign"), Some(&json!("vesna")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgets_no_call_that_waits() {
    let server = Server::new(RULES, &tuning("10 min")).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 3_600_000);
    let session = server.call(&visited("79000000085")).await;
    until("it is asked for", async || asked(&server) > 0).await;
    let place = server.stop().await;
    place.emulator.set_switches(|switches| switches.report_delay_ms = 0);
    let server = place.serve().await;
    server.settled(std::slice::from_ref(&session)).await;
    let clients = server.place.emulator.crm().customers();
    assert_eq!(clients[0].custom("uis_campaign"), Some(&json!("vesna")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_filtered_is_read_whole() {
    let server = Server::new(RULES, &tuning("60 s")).await;
    server.place.emulator.set_switches(|switches| switches.report_id_filter = false);
    let others: Vec<SessionKey> = ["79000000091", "79000000092"]
        .iter()
        .map(|client| SessionKey::from(format!("call:{}", server.place.play(&visited(client)).session)))
        .collect();
    let session = server.call(&visited("79000000093")).await;
    server.settled(std::slice::from_ref(&session)).await;
    let clients = server.place.emulator.crm().customers();
    assert_eq!((clients.len(), clients[0].custom("uis_campaign")), (1, Some(&json!("vesna"))));
    for other in &others {
        let known = server.store().timeline(&server.place.account, other).await.expect("the store answers");
        assert!(known.is_none(), "only the call that waits is taken");
    }
}
