//! Chats and requests: read from the reports of UIS, decided when their time has come, carried out once.

mod deal;
mod file;
mod policy;
pub(crate) mod rows;

use serde_json::json;
use switchboard_emulator::Fault;
use switchboard_runtime::store::record::{Phase, SessionKey};

use super::server::{ANNA, Place, Server, Tuning, until};
use rows::{Chat, request};

/// A client and an order for who writes first, an order for who writes again, a task for a chat that nobody took.
const RULES: &str = r#"rules 1

settings for chats
  create_at: contact_left

table entities for chats, requests
  | contact || create        | responsible                            |
  |---------||---------------|----------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru"    |
  | repeat  || order         | client.manager else "anna@romashka.ru" |

task for missed chats
  title:  "Ответить: {{ name else phone else "гость" }}"
  assign: "olga@romashka.ru"
  due:    1 hour after finished

fields of client for chats, requests
  uis_campaign from campaign, always
  uis_site     from site else "нет сайта"
"#;

fn tuning() -> Tuning {
    let uis = "find_missed = false\nfailed_deliveries = false\nmarketing_wait = \"0 s\"\nmarketing_pause = \"10 ms\"\n\
               written_interval = \"50 ms\"\nreports_first = \"1 h\"\n";
    Tuning { uis: uis.to_owned(), ..Tuning::default() }
}

fn readings(place: &Place, method: &str) -> usize {
    place.emulator.journal().of(method).len()
}

/// Waits until the reports were read some more times.
async fn read_again(server: &Server) {
    let before = readings(&server.place, "get.communications_report");
    let what = "the list of communications is read again";
    until(what, async || readings(&server.place, "get.communications_report") >= before + 3).await;
}

/// Waits until a chat or a request has come to a phase, with nothing left to do.
async fn rests(server: &Server, session: &SessionKey, phase: Phase) {
    until(&format!("{session} comes to rest as {phase:?}"), async || {
        let timeline =
            server.store().timeline(&server.place.account, session).await.expect("the store answers");
        timeline.is_some_and(|timeline| {
            timeline.communication.is_some_and(|one| one.phase == phase)
                && timeline.effects.iter().all(|effect| !effect.state.is_pending())
        })
    })
    .await;
}

fn counts(server: &Server) -> (usize, usize, usize) {
    let crm = server.place.emulator.crm();
    (crm.customers().len(), crm.orders().len(), crm.tasks().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_makes_a_client_and_an_order_once_its_visitor_can_be_reached() {
    let server = Server::new(RULES, &tuning()).await;
    let emulator = &server.place.emulator;
    let mut chat = Chat::new(1);
    chat.says(emulator, "visitor", "Здравствуйте");
    rests(&server, &chat.session(), Phase::Open).await;
    chat.taken(emulator, ANNA);
    read_again(&server).await;
    assert_eq!(counts(&server), (0, 0, 0), "there is nobody to reach");

    chat.visitor(emulator, "Пётр", &[], &["petr@client.example"]);
    chat.becomes(emulator, json!({"visitor_phone_number": "79000000071"}));
    rests(&server, &chat.session(), Phase::Decided).await;
    assert_eq!(counts(&server), (1, 1, 0));
    let client = emulator.crm().customers().remove(0);
    assert_eq!(client.text("firstName"), Some("+79000000071"), "the name was asked for before there was one");
    assert_eq!(client.custom("uis_campaign"), Some(&json!("Лето")));

    chat.becomes(emulator, json!({"campaign_name": "VIP корпоративы"}));
    chat.says(emulator, "operator", "Добрый день");
    chat.ends(emulator, "succeed");
    rests(&server, &chat.session(), Phase::Closed).await;
    read_again(&server).await;
    assert_eq!(counts(&server), (1, 1, 0), "what was made is not made again, and nothing was missed");
    let client = emulator.crm().customers().remove(0);
    assert_eq!(client.custom("uis_campaign"), Some(&json!("VIP корпоративы")), "always");
    assert_eq!(client.text("email"), Some("petr@client.example"), "left later, and written to what exists");
    assert_eq!(client.text("firstName"), Some("Пётр"), "the number was only a stand-in for the name");
    let order = emulator.crm().orders().remove(0);
    assert_eq!(
        (order.text("phone"), order.text("email")),
        (Some("+79000000071"), Some("petr@client.example"))
    );
    let stages: Vec<_> =
        server.timeline(&chat.session()).await.decisions.iter().map(|one| one.made.stage.clone()).collect();
    assert_eq!(stages, ["begin", "end"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_nobody_took_makes_a_task() {
    let server = Server::new(RULES, &tuning()).await;
    let emulator = &server.place.emulator;
    let mut chat = Chat::new(2).with(json!({"visitor_phone_number": 79_000_000_072_u64}));
    chat.visitor(emulator, "Анна", &["79000000072"], &[]);
    chat.says(emulator, "visitor", "Есть кто?");
    chat.ends(emulator, "lost");
    rests(&server, &chat.session(), Phase::Closed).await;
    assert_eq!(counts(&server), (1, 1, 1));
    let crm = emulator.crm();
    let (client, task) = (crm.customers().remove(0), crm.tasks().remove(0));
    assert_eq!(task.text("text"), Some("Ответить: Анна"));
    assert_eq!(client.text("firstName"), Some("Анна"));
    assert_eq!(task.to_json().pointer("/customer/id"), Some(&json!(client.id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn things_are_created_at_the_chosen_stage() {
    for (create_at, made_after) in
        [("started", 0), ("first_message", 1), ("accepted", 2), ("contact_left", 3), ("finished", 4)]
    {
        let rules = RULES.replace(
            "create_at: contact_left",
            &format!("create_at: {create_at}\n  pass_without_contacts: yes"),
        );
        let server = Server::new(&rules, &tuning()).await;
        let emulator = std::sync::Arc::clone(&server.place.emulator);
        let mut chat = Chat::new(3);
        for step in 0..5 {
            match step {
                0 => chat.show(&emulator),
                1 => chat.says(&emulator, "visitor", "Здравствуйте"),
                2 => chat.taken(&emulator, ANNA),
                3 => chat.becomes(&emulator, json!({"visitor_phone_number": "79000000073"})),
                _ => chat.ends(&emulator, "succeed"),
            }
            let phase = match (step >= made_after, step == 4) {
                (_, true) => Phase::Closed,
                (true, _) => Phase::Decided,
                (false, _) => Phase::Open,
            };
            rests(&server, &chat.session(), phase).await;
            read_again(&server).await;
            let expected = usize::from(step >= made_after);
            assert_eq!(counts(&server), (expected, expected, 0), "{create_at} after step {step}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_contacts_nothing_is_made_until_one_is_left() {
    let server = Server::new(RULES, &tuning()).await;
    let emulator = &server.place.emulator;
    let mut chat = Chat::new(4);
    chat.says(emulator, "visitor", "Перезвоните мне");
    chat.ends(emulator, "lost");
    rests(&server, &chat.session(), Phase::Closed).await;
    assert_eq!(counts(&server), (0, 0, 0));
    // An employee writes the number down after the chat is over.
    chat.becomes(emulator, json!({"visitor_phone_number": "79000000074"}));
    until("the client is made", async || counts(&server) == (1, 1, 1)).await;
    rests(&server, &chat.session(), Phase::Closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_without_contacts_make_a_client_each_where_the_rules_want_it() {
    let rules =
        RULES.replace("create_at: contact_left", "create_at: first_message\n  pass_without_contacts: yes");
    let server = Server::new(&rules, &tuning()).await;
    let emulator = &server.place.emulator;
    let mut chats = [Chat::new(5), Chat::new(6)];
    for chat in &mut chats {
        chat.says(emulator, "visitor", "Здравствуйте");
        rests(&server, &chat.session(), Phase::Decided).await;
    }
    assert_eq!(counts(&server), (2, 2, 0));
    chats[0].becomes(emulator, json!({"visitor_phone_number": "79000000075"}));
    until("the number is in the card", async || {
        emulator.crm().customers().iter().any(|client| client.phones() == ["+79000000075"])
    })
    .await;
    rests(&server, &chats[0].session(), Phase::Decided).await;
    assert_eq!(counts(&server), (2, 2, 0), "what is left later goes to what exists");
    let orders = emulator.crm().orders();
    assert_eq!(orders.iter().filter(|order| order.text("phone") == Some("+79000000075")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_handled_once_and_known_by_phone_or_email() {
    let server = Server::new(RULES, &tuning()).await;
    let emulator = &server.place.emulator;
    let first =
        request(emulator, 70_001, &json!({"visitor_name": "Анна", "visitor_email": " Anna@Client.example "}));
    rests(&server, &first, Phase::Closed).await;
    let again =
        request(emulator, 70_002, &json!({"visitor_name": "Анна", "visitor_email": "anna@client.example"}));
    rests(&server, &again, Phase::Closed).await;
    read_again(&server).await;
    assert_eq!(counts(&server), (1, 2, 0), "the e-mail is known by now");
    let both = json!({"visitor_phone_number": 79_000_000_076_u64, "visitor_email": "anna@client.example"});
    let third = request(emulator, 70_003, &both);
    rests(&server, &third, Phase::Closed).await;
    assert_eq!(counts(&server), (1, 3, 0), "by the e-mail, though the phone is new");
    let nobody = request(emulator, 70_004, &json!({"text": "Без контактов"}));
    rests(&server, &nobody, Phase::Closed).await;
    assert_eq!(
        counts(&server),
        (2, 4, 0),
        "a form without contacts is a client of its own, as the rules say"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_goes_on_over_a_restart() {
    let server = Server::new(RULES, &tuning()).await;
    let mut chat = Chat::new(7).with(json!({"visitor_phone_number": "79000000077"}));
    chat.taken(&server.place.emulator, ANNA);
    rests(&server, &chat.session(), Phase::Decided).await;
    let place = server.stop().await;
    chat.ends(&place.emulator, "succeed");
    let server = place.serve().await;
    rests(&server, &chat.session(), Phase::Closed).await;
    read_again(&server).await;
    assert_eq!(counts(&server), (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_list_is_refused_the_reports_are_read_themselves() {
    let place = Place::new(RULES, &tuning()).await;
    place.emulator.uis().put_token(switchboard_emulator::Token {
        value: place.emulator.addresses().services.uis.token.clone(),
        expires: None,
        disabled: vec!["get.communications".to_owned(), "getobj".to_owned(), "get.chat_messages".to_owned()],
    });
    let server = place.serve().await;
    let emulator = &server.place.emulator;
    let mut chat = Chat::new(8).with(json!({"visitor_phone_number": "79000000078"}));
    chat.taken(emulator, ANNA);
    chat.ends(emulator, "succeed");
    let asked = request(emulator, 70_005, &json!({"visitor_phone_number": 79_000_000_079_u64}));
    rests(&server, &chat.session(), Phase::Closed).await;
    rests(&server, &asked, Phase::Closed).await;
    assert_eq!(counts(&server), (2, 2, 0));
    assert_eq!(
        readings(&server.place, "get.communications_report"),
        1,
        "what is refused is not asked for again and again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_are_not_about_chats_cost_no_points() {
    let server = Server::new(super::server::RULES, &tuning()).await;
    Chat::new(9).show(&server.place.emulator);
    let call = server.call(&switchboard_emulator::CallScript::default()).await;
    server.settled(&[call]).await;
    for method in ["get.communications_report", "get.chats_report", "get.offline_messages_report"] {
        assert_eq!(readings(&server.place, method), 0, "{method}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_uis_loses_nothing() {
    let server = Server::new(RULES, &tuning()).await;
    let emulator = &server.place.emulator;
    read_again(&server).await;
    let faults = emulator.faults();
    let fault = faults.add(Fault::status(500).on("get.chats_report"));
    let chat = Chat::new(10).with(json!({"visitor_phone_number": "79000000080", "status": "lost"}));
    chat.show(emulator);
    let before = readings(&server.place, "get.chats_report");
    until("the report fails", async || readings(&server.place, "get.chats_report") >= before + 2).await;
    faults.remove(fault);
    rests(&server, &chat.session(), Phase::Closed).await;
    assert_eq!(counts(&server), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_noted_at_the_client_once() {
    let retailcrm = "chat_transcript = \"note\"\n".to_owned();
    let server = Server::new(RULES, &Tuning { retailcrm, ..tuning() }).await;
    let emulator = &server.place.emulator;
    let fault =
        emulator.faults().add(Fault::reset().after_commit().on("/api/v5/customers/notes/create").times(1));
    let mut chat = Chat::new(11).with(json!({"visitor_phone_number": "79000000081"}));
    chat.says(emulator, "visitor", "Здравствуйте");
    chat.says(emulator, "operator", "Добрый день\nЧем помочь?");
    chat.taken(emulator, ANNA);
    chat.ends(emulator, "succeed");
    rests(&server, &chat.session(), Phase::Closed).await;
    assert_eq!(emulator.faults().struck(fault), Some(1));
    let notes = emulator.crm().notes();
    assert_eq!(notes.len(), 1, "the lost answer made no second note");
    let text = notes[0].text("text").expect("a text").to_owned();
    assert!(
        text.contains("Посетитель: Здравствуйте") && text.contains("Лисина Анна: Добрый день\nЧем помочь?"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_of_the_chat_api_has_its_chat_read_at_once() {
    let usual = tuning();
    let uis = usual.uis.replace("written_interval = \"50 ms\"", "written_interval = \"1 h\"");
    let uis = format!("{uis}chat_token = \"adapter-0123456789abcdef\"\n");
    let place = Place::new(RULES, &Tuning { uis, ..usual }).await;
    let mut chat = Chat::new(12);
    chat.says(&place.emulator, "visitor", "Здравствуйте");
    let server = place.serve().await;
    let emulator = &server.place.emulator;
    rests(&server, &chat.session(), Phase::Open).await;
    let read = readings(&server.place, "get.chats_report");
    // Nothing of this stands in the row: the visitor's card has it.
    chat.visitor(emulator, "Пётр", &["79000000082"], &[]);
    let address = |secret: &str| {
        format!("http://{}/chats/romashka/{secret}/visitor/card", server.running.addresses().hooks)
    };
    let body = json!({"visitor_id": chat.id + 5000, "visitor_card": {"phones": ["79000000082"]}});
    let right = ("adapter-0123456789abcdef", super::server::SECRET);
    for (token, secret) in [("other", right.1), (right.0, "other-0123456789abcdef"), ("", right.1)] {
        assert_eq!(post(&address(secret), token, &body).await, 404, "{token} {secret}");
    }
    assert_eq!(readings(&server.place, "get.chats_report"), read, "what is not shown to be UIS does nothing");
    assert_eq!(post(&address(right.1), right.0, &body).await, 204);
    until("the client is made", async || counts(&server) == (1, 1, 0)).await;
    rests(&server, &chat.session(), Phase::Decided).await;
    assert_eq!(server.place.emulator.crm().customers()[0].phones(), ["+79000000082"]);
}

async fn post(address: &str, token: &str, body: &serde_json::Value) -> u16 {
    let request = http::Request::post(address)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(http_body_util::Full::new(bytes::Bytes::from(body.to_string())))
        .expect("a request");
    let client =
        hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    client.request(request).await.expect("an answer").status().as_u16()
}
