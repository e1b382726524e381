//! The client's manager in the address book of UIS: written once, never in the way of the CRM, and never at the expense of
//! what stands in the book already.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Fault, Service, User};
use switchboard_runtime::store::record::{Effect, EffectState, SessionKey};

use super::kill::Life;
use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning, hooks, is_settled, until};

const CLIENT: &str = "79000000121";
/// Users of RetailCRM.
const IVAN_USER: u64 = 28;
/// The employee of UIS who is Ivan.
const IVAN: u64 = 323_401;

fn tuning(more: &str) -> Tuning {
    let usual = Tuning::default();
    let uis = format!("{}[account.uis.address_book]\npersonal_manager = true\n{more}", usual.uis);
    Tuning { uis, ..usual }
}

fn talk() -> CallScript {
    CallScript {
        client: Some(CLIENT.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        answered_by: Some(ANNA),
        wait_s: 3,
        talk_s: 40,
        recorded: false,
        ..CallScript::default()
    }
}

/// A client of the CRM whose manager is this user.
fn client_of(server: &Server, user: u64) {
    let phones = json!([{"number": format!("+{CLIENT}")}]);
    let card = json!({"firstName": "Олег", "lastName": "Смирнов", "phones": phones, "managerId": user});
    server.place.emulator.crm().put_customer("romashka-main", card);
}

fn book(server: &Server) -> Vec<Value> {
    server.place.emulator.uis().rows("contacts")
}

fn asked(server: &Server, method: &str) -> usize {
    server.place.emulator.journal().of(method).len()
}

async fn settled(server: &Server) -> Effect {
    let session = server.call(&talk()).await;
    server.settled(std::slice::from_ref(&session)).await;
    server.effect(&session, "set_manager").await
}

fn how(effect: &Effect) -> String {
    let response: Value = effect.response.as_ref().expect("an answer").read().expect("JSON");
    response
        .get("how")
        .or_else(|| response.pointer("/skipped/ru"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The pages of the console in Russian.
async fn page(server: &Server, session: &SessionKey) -> String {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let address = server.running.addresses().console;
    let path = format!("http://{address}/calls/romashka/{}?unmasked=1", session.as_str());
    let request =
        Request::get(path).header("accept-language", "ru").body(Full::default()).expect("a request");
    let response = client.request(request).await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(body.to_vec()).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_responsible_of_a_new_client_becomes_the_manager_of_a_new_contact() {
    let server = Server::new(RULES, &tuning("")).await;
    let made = settled(&server).await;
    assert_eq!((how(&made).as_str(), made.attempts), ("created", 1));
    let contacts = book(&server);
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0]["personal_manager_id"], json!(ANNA));
    assert_eq!(contacts[0]["phone_numbers"], json!([CLIENT]));
    assert_eq!(made.remote_id.as_deref(), contacts[0]["id"].as_u64().map(|id| id.to_string()).as_deref());

    // The next call of the client costs not a single point.
    let again = settled(&server).await;
    assert_eq!(how(&again), "remembered");
    assert_eq!((asked(&server, "get.contacts"), asked(&server, "create.contacts")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_contact_that_is_there_only_the_manager_changes() {
    let server = Server::new(RULES, &tuning("remember = \"0 s\"\n")).await;
    client_of(&server, IVAN_USER);
    let uis = server.place.emulator.uis();
    let contact = json!({"id": 71, "last_name": "Смирнов", "first_name": "Олег", "emails": ["oleg@client.example"],
        "phone_numbers": ["74950000009", CLIENT], "organization_id": 5, "group_ids": [3],
        "groups": [{"group_id": 3, "group_name": "VIP"}], "personal_manager_id": OLGA});
    uis.put_row("contacts", contact.clone());
    uis.put_row("contacts", json!({"id": 72, "last_name": "Другой", "phone_numbers": ["79000000999"]}));
    let made = settled(&server).await;
    assert_eq!((how(&made).as_str(), made.remote_id.as_deref()), ("written", Some("71")));
    let mut wanted = contact;
    wanted["personal_manager_id"] = json!(IVAN);
    let contacts = book(&server);
    assert_eq!(contacts.len(), 2);
    assert_eq!(contacts[0], wanted);
    assert_eq!(contacts[1].get("personal_manager_id"), None, "strangers are left alone");

    let again = settled(&server).await;
    assert_eq!(how(&again), "already", "nothing is remembered, so the book is read again");
    assert_eq!((asked(&server, "get.contacts"), asked(&server, "update.contacts")), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_who_is_not_synchronised_is_skipped_and_people_see_why() {
    let server = Server::new(RULES, &tuning("")).await;
    let crm = server.place.emulator.crm();
    let user = crm.users().into_iter().next().expect("a user");
    crm.put_user(User { id: 41, email: "away@romashka.ru".to_owned(), ..user });
    client_of(&server, 41);
    let session = server.call(&talk()).await;
    server.settled(std::slice::from_ref(&session)).await;
    let made = server.effect(&session, "set_manager").await;
    assert!(how(&made).contains("не сопоставлен с сотрудником UIS"), "{}", how(&made));
    assert_eq!(asked(&server, "get.contacts"), 0);
    assert!(book(&server).is_empty());
    let page = page(&server, &session).await;
    assert!(page.contains("Менеджер в адресной книге UIS"), "{page}");
    assert!(page.contains("не сопоставлен с сотрудником UIS"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unless_the_settings_ask_for_it_the_book_is_left_alone() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let session = server.call(&talk()).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert!(server.timeline(&session).await.effects.iter().all(|effect| effect.kind != "set_manager"));
    assert_eq!(asked(&server, "get.contacts"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn uis_that_is_away_holds_neither_entities_nor_uploads_and_only_the_last_call_is_written() {
    let server = Server::new(RULES, &tuning("timeout = \"200 ms\"\n")).await;
    let faults = server.place.emulator.faults();
    let fault = faults.add(Fault::hang().service(Service::DataApi).on("get.contacts"));
    let mut sessions = Vec::new();
    for number in 1..=3 {
        let session = server.call(&talk()).await;
        until("all but the book is done", async || {
            let timeline = server.timeline(&session).await;
            let rest: Vec<_> =
                timeline.effects.iter().filter(|effect| effect.kind != "set_manager").collect();
            rest.iter().any(|effect| effect.kind == "upload_call")
                && rest.iter().all(|effect| effect.state == EffectState::Done)
        })
        .await;
        assert_eq!(server.place.emulator.crm().calls().len(), number);
        assert_eq!(server.place.emulator.crm().orders().len(), number);
        sessions.push(session);
    }
    assert!(book(&server).is_empty());
    let (last, before) = sessions.split_last().expect("three");
    until("people see what is waited for", async || {
        let waiting = server.effect(last, "set_manager").await;
        waiting.state.is_pending() && waiting.error.is_some()
    })
    .await;
    faults.remove(fault);
    server.settled(&sessions).await;
    assert_eq!(how(&server.effect(last, "set_manager").await), "created");
    for session in before {
        assert!(how(&server.effect(session, "set_manager").await).contains("более поздний звонок"));
    }
    assert_eq!(book(&server).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_followed_by_a_look_and_writes_nothing_twice() {
    for (method, is_there) in [("create.contacts", false), ("update.contacts", true)] {
        for fault in [Fault::reset().after_commit(), Fault::garbled().after_commit(), Fault::status(500)] {
            let server = Server::new(RULES, &tuning("")).await;
            if is_there {
                let contact = json!({"id": 71, "last_name": "Смирнов", "phone_numbers": [CLIENT]});
                server.place.emulator.uis().put_row("contacts", contact);
            }
            let fault = fault.service(Service::DataApi).on(method).times(1);
            server.place.emulator.faults().add(fault);
            let made = settled(&server).await;
            assert_eq!(made.state, EffectState::Done, "{method}: {made:?}");
            let contacts = book(&server);
            assert_eq!(contacts.len(), 1, "{method}");
            assert_eq!(contacts[0]["personal_manager_id"], json!(ANNA), "{method}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reserve_of_points_is_left_to_others() {
    let usual = tuning("");
    let limits = format!("{}uis_points_reserve = 50\n", usual.limits);
    let server = Server::new(RULES, &Tuning { limits, ..usual }).await;
    until("employees are listed", async || asked(&server, "get.employees") > 0).await;
    // Two points went into the account and its employees; of the four that are left three are the reserve.
    server.place.emulator.set_switches(|switches| switches.points_per_day = 6);
    assert_eq!(how(&settled(&server).await), "created");
    let other = CallScript { client: Some("79000000122".to_owned()), ..talk() };
    let second = server.call(&other).await;
    until("it waits for points", async || {
        let effects = server.timeline(&second).await.effects;
        let waits = effects.iter().find(|effect| effect.kind == "set_manager");
        waits.is_some_and(|effect| effect.error.as_ref().is_some_and(|error| error.contains("points")))
    })
    .await;
    let waiting = server.effect(&second, "set_manager").await;
    let state = (waiting.state, waiting.attempts);
    assert_eq!(state, (EffectState::Ready, 0), "nobody was asked, so it is no attempt");
    // The reserve is begun by who has begun already, and by nobody else.
    assert_eq!((asked(&server, "get.contacts"), asked(&server, "create.contacts")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_question_and_write_forgets_nothing() {
    let place = Place::new(RULES, &tuning("timeout = \"10 s\"\n")).await;
    let emulator = place.emulator.clone();
    let played = place.play(&talk());
    let fault = emulator.faults().add(Fault::hang().service(Service::DataApi).on("get.contacts"));
    let life = Life::begin(&place).await;
    for one in &played.notifications {
        assert!(emulator.uis().send(one, &hooks(life.hooks)).await.is_taken());
    }
    until("the book is asked", async || !emulator.journal().of("get.contacts").is_empty()).await;
    life.kill();
    emulator.faults().remove(fault);
    let server = place.serve().await;
    let session = SessionKey::from(format!("call:{}", played.session));
    until("it is settled", async || is_settled(&server.timeline(&session).await)).await;
    assert_eq!(server.effect(&session, "set_manager").await.state, EffectState::Done);
    assert_eq!(book(&server).len(), 1);
}
