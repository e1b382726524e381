//! The operator workplace: tickets through RetailCRM, the page in its frame, and what an operator sees there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Fault, Service};
use switchboard_runtime::app::{Replace, start};
use switchboard_runtime::clock::{Clock, System};
use switchboard_runtime::config;

use super::module::{CODE, with_module};
use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning, until};
use super::written::rows::Chat;

/// Rules for calls and chats.
const CHATS: &str = "
settings for chats
  create_at: contact_left

table entities for chats
  | contact || create        | responsible |
  |---------||---------------|-------------|
  | first   || client, order | answered_by |
  | repeat  || order         | answered_by |
";

/// Users of the emulator's RetailCRM.
const ANNA_USER: (u64, &str) = (27, "anna@romashka.ru");
const OLGA_USER: (u64, &str) = (29, "olga@romashka.ru");

/// The machine's clock, put forward.
#[derive(Debug, Default)]
struct Ahead {
    seconds: AtomicI64,
}

impl Ahead {
    fn by(&self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds.load(Ordering::SeqCst))
    }

    fn forward(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp::now() + self.by()
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        System.sleep_until(at - self.by())
    }
}

fn tuning(workplace: &str) -> Tuning {
    let usual = with_module("");
    let uis = "find_missed = false\nfailed_deliveries = false\nmarketing_wait = \"0 s\"\nmarketing_pause = \"10 ms\"\n\
               written_interval = \"50 ms\"\nreports_first = \"1 h\"\n";
    let retailcrm = format!("{}\n[account.workplace]\n{workplace}\n", usual.retailcrm);
    Tuning { uis: uis.to_owned(), retailcrm, ..usual }
}

/// A server whose module has the page; `more` are settings of the page.
async fn ready(more: &str) -> Server {
    let workplace = format!("active = true\naddress = \"http://127.0.0.1:9/rmo/\"\n{more}");
    let server = Place::new(&format!("{RULES}{CHATS}"), &tuning(&workplace)).await.serve().await;
    registered(&server).await;
    server
}

async fn registered(server: &Server) {
    server.place.emulator.crm().put_module("uis", None);
    until("the module is registered", async || server.place.emulator.crm().module(CODE).is_some()).await;
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

async fn ask(request: http::request::Builder, body: &str) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let request = request.body(Full::from(body.to_owned())).expect("a request");
    let (parts, body) = client.request(request).await.expect("an answer").into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

async fn get(url: &str) -> Answer {
    ask(Request::get(url), "").await
}

/// What the page's script gets for its call through RetailCRM.
async fn session(server: &Server, (user, email): (u64, &str), locale: &str) -> (u16, Value) {
    let payload = json!({"userId": user, "email": email, "locale": locale});
    let path = "/retailcrm/workplace/session";
    let sent = server.place.emulator.crm().http_call(CODE, path, Some(&payload)).await.expect("a module");
    (sent.status.expect("an answer"), serde_json::from_str(&sent.answer).unwrap_or_default())
}

async fn ticket(server: &Server, who: (u64, &str), locale: &str) -> String {
    let (status, answer) = session(server, who, locale).await;
    assert_eq!(status, 200, "{answer}");
    answer["url"].as_str().expect("an address").to_owned()
}

/// The token of a page that is opened for a user.
async fn opened(server: &Server, who: (u64, &str), locale: &str) -> String {
    token_of(&get(&ticket(server, who, locale).await).await)
}

fn token_of(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let after = page.body.split("data-token=\"").nth(1).expect("a token");
    after.split('"').next().expect("its end").to_owned()
}

/// A piece of the panel.
async fn piece(server: &Server, token: &str, piece: &str) -> (u16, String) {
    let url = format!("{}/retailcrm/workplace/{piece}", server.place.door.url());
    let answer = ask(Request::get(url).header("authorization", format!("Bearer {token}")), "").await;
    assert!(
        !answer.headers.contains_key("set-cookie")
            && !answer.headers.contains_key("access-control-allow-origin")
    );
    (answer.status.as_u16(), answer.body)
}

async fn list_shows(server: &Server, token: &str, key: &str) {
    let wanted = format!("data-key=\"{key}\"");
    until(&format!("the list has {key}"), async || piece(server, token, "list").await.1.contains(&wanted))
        .await;
}

/// A chat of Anna that made a client and an order.
async fn chat(server: &Server, id: u64, phone: &str) -> Chat {
    let emulator = &server.place.emulator;
    let mut chat = Chat::new(id).with(json!({"visitor_phone_number": phone}));
    chat.visitor(emulator, "Пётр <b>", &[phone], &[]);
    chat.says(emulator, "visitor", "Здравствуйте");
    chat.taken(emulator, ANNA);
    until("the order is made", async || {
        let store = server.store();
        let timeline =
            store.timeline(&server.place.account, &chat.session()).await.expect("the store answers");
        timeline.is_some_and(|timeline| {
            timeline.effects.iter().any(|one| one.kind == "ensure_order")
                && timeline.effects.iter().all(|one| !one.state.is_pending())
        })
    })
    .await;
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_registered_only_where_it_is_on() {
    let server = ready("menu = \"sales_menu\"\n").await;
    let module = server.place.emulator.crm().module(CODE).expect("a module");
    let base = server.place.door.url();
    assert_eq!(
        module["integrations"]["embedJs"],
        json!({
            "entrypoint": format!("{base}/retailcrm/workplace/embed.js"), "runner": "worker",
            "pages": [{"code": "workplace", "menu": "sales_menu",
                "menuItemTitle": {"ru": "Рабочее место UIS", "en": "UIS workplace", "es": "Puesto de UIS"}}],
        })
    );
    // RetailCRM loads it from its own address, perhaps with credentials.
    let origin = "https://romashka.retailcrm.ru";
    let url = format!("{base}/retailcrm/workplace/embed.js");
    let script = ask(Request::get(&url).header("origin", origin), "").await;
    assert_eq!(
        (script.status.as_u16(), &script.headers["access-control-allow-origin"]),
        (200, &http::HeaderValue::from_static(origin))
    );
    assert!(script.headers["content-type"].to_str().expect("text").starts_with("text/javascript"));
    let tag = script.headers["etag"].to_str().expect("a tag").to_owned();
    let again = ask(Request::get(&url).header("if-none-match", tag), "").await;
    assert_eq!((again.status.as_u16(), again.body.as_str()), (304, ""));

    let off = Place::new(RULES, &tuning("")).await.serve().await;
    registered(&off).await;
    let module = off.place.emulator.crm().module(CODE).expect("a module");
    assert!(module["integrations"].get("embedJs").is_none(), "{module}");
    let base = off.place.door.url();
    let nowhere = get(&format!("{base}/no/such/address")).await;
    for path in ["", "/embed.js", "/page.js", "/page.css", "/list", "/rules?key=call:1", "?ticket=romashka.0"]
    {
        let there = get(&format!("{base}/retailcrm/workplace{path}")).await;
        assert_eq!((there.status, there.body), (nowhere.status, nowhere.body.clone()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_the_page_once_and_the_page_belongs_to_retailcrm() {
    let server = ready("ancestors = [\"http://127.0.0.1:7\"]\nframes = [\"http://127.0.0.1:8\"]\n").await;
    let url = ticket(&server, ANNA_USER, "ru-RU").await;
    assert!(
        url.starts_with(&format!("{}/retailcrm/workplace?ticket=romashka.", server.place.door.url())),
        "{url}"
    );
    // Whoever only looks does not use it up.
    assert_eq!(ask(Request::builder().method(Method::HEAD).uri(&url), "").await.status, 404);
    let page = get(&url).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let crm = &server.place.emulator.addresses().services.retailcrm.url;
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains(&format!("frame-ancestors {crm} http://127.0.0.1:7;")), "{policy}");
    assert!(policy.contains("frame-src http://127.0.0.1:9 http://127.0.0.1:8;"), "{policy}");
    assert!(policy.contains("default-src 'none'; script-src 'self'"), "{policy}");
    for absent in ["x-frame-options", "set-cookie"] {
        assert!(!page.headers.contains_key(absent), "{absent}");
    }
    assert_eq!(
        (&page.headers["referrer-policy"], &page.headers["cache-control"]),
        (&"no-referrer".parse().unwrap(), &"no-store".parse().unwrap())
    );
    assert!(
        page.body.contains("src=\"http:&#x2f;&#x2f;127.0.0.1:9&#x2f;rmo&#x2f;\"")
            || page.body.contains("src=\"http://127.0.0.1:9/rmo/\""),
        "{}",
        page.body
    );
    assert!(page.body.contains("Мои обращения") && page.body.contains("Лисина Анна"), "{}", page.body);

    let again = get(&url).await;
    assert_eq!(again.status, 403);
    assert!(
        again.body.contains("opens only once") || again.body.contains("can be opened only once"),
        "{}",
        again.body
    );
    assert!(!again.body.contains("data-token"));
    // It is seen in the frame, too, and tells nobody which accounts there are.
    let nobody = get(&format!("{}/retailcrm/workplace?ticket=other.0", server.place.door.url())).await;
    let policy =
        |answer: &Answer| answer.headers["content-security-policy"].to_str().expect("text").to_owned();
    assert_eq!((nobody.status, &nobody.body, policy(&nobody)), (again.status, &again.body, policy(&again)));
    assert!(policy(&again).contains("frame-ancestors *") && !policy(&again).contains(crm.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_the_client_the_order_and_what_the_rules_did() {
    let server = ready("").await;
    let chat = chat(&server, 21, "79000000121").await;
    let token = opened(&server, ANNA_USER, "ru-RU").await;
    let key = chat.session();
    list_shows(&server, &token, key.as_str()).await;
    let (_, list) = piece(&server, &token, "list").await;
    assert!(list.contains("Пётр &lt;b&gt;") && !list.contains("Пётр <b>"), "{list}");
    assert!(list.contains("+79000000121") && list.contains("Чат") && list.contains("идёт"), "{list}");

    let crm = server.place.emulator.crm();
    let (client, order) = (crm.customers().remove(0), crm.orders().remove(0));
    let base = &server.place.emulator.addresses().services.retailcrm.url;
    let (status, card) = piece(&server, &token, &format!("client?key={}", key.as_str())).await;
    assert_eq!(status, 200, "{card}");
    let plain = card.replace("&#x2f;", "/");
    assert!(plain.contains(&format!("{base}/customers/{}", client.id)), "{card}");
    assert!(plain.contains(&format!("{base}/orders/{}/edit", order.id)), "{card}");
    assert!(card.contains("Заказы") && card.contains("order new") && card.contains("+79000000121"), "{card}");

    let (status, rules) = piece(&server, &token, &format!("rules?key={}", key.as_str())).await;
    assert_eq!(status, 200, "{rules}");
    for word in ["Что сделали правила", "Заказ", "клиент", "anna@romashka.ru", "Почему"]
    {
        assert!(rules.contains(word), "{word}: {rules}");
    }
    // The page in English says the same in English.
    let token = opened(&server, ANNA_USER, "en-GB").await;
    let (_, rules) = piece(&server, &token, &format!("rules?key={}", key.as_str())).await;
    assert!(rules.contains("What the rules did") && !rules.contains("Почему"), "{rules}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_what_concerns_another_employee() {
    let server = ready("").await;
    let chat = chat(&server, 22, "79000000122").await;
    let talk = CallScript {
        client: Some("79000000123".to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA, ANNA],
        answered_by: Some(OLGA),
        talk_s: 20,
        ..CallScript::default()
    };
    let call = server.call(&talk).await;
    server.settled(std::slice::from_ref(&call)).await;
    let (anna, olga) = (opened(&server, ANNA_USER, "ru").await, opened(&server, OLGA_USER, "ru").await);
    list_shows(&server, &anna, chat.session().as_str()).await;
    list_shows(&server, &olga, call.as_str()).await;
    assert!(!piece(&server, &anna, "list").await.1.contains(call.as_str()), "she did not take it");
    assert!(!piece(&server, &olga, "list").await.1.contains(chat.session().as_str()));
    for part in ["client", "rules"] {
        let theirs = piece(&server, &anna, &format!("{part}?key={}", call.as_str())).await;
        assert_eq!(
            theirs,
            piece(&server, &anna, &format!("{part}?key=call:1")).await,
            "as one that is not there"
        );
        assert_eq!(theirs.0, 404);
    }
    // A missed call concerns everybody whose phone rang.
    let missed = CallScript { answered_by: None, talk_s: 0, client: Some("79000000124".to_owned()), ..talk };
    let missed = server.call(&missed).await;
    list_shows(&server, &anna, missed.as_str()).await;
    list_shows(&server, &olga, missed.as_str()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_given_to_synchronised_employees_through_retailcrm_only() {
    let server = ready("").await;
    let url = format!("{}/retailcrm/workplace/session", server.place.door.url());
    let nowhere = get(&format!("{}/no/such/address", server.place.door.url())).await;
    let secret = server.place.emulator.crm().module(CODE).expect("a module")["clientId"]
        .as_str()
        .expect("a secret")
        .to_owned();
    let payload = r#"{"userId":27,"email":"anna@romashka.ru"}"#;
    let form = |client: &str, payload: &str| {
        form_urlencoded::Serializer::new(String::new())
            .append_pair("clientId", client)
            .append_pair("payload", payload)
            .finish()
    };
    let post = |url: &str| Request::post(url).header("content-type", "application/x-www-form-urlencoded");
    for wrong in [form("guess", payload), form("", payload), String::new()] {
        let answer = ask(post(&url), &wrong).await;
        assert_eq!((answer.status, answer.body), (nowhere.status, nowhere.body.clone()));
    }
    // The secret does not belong into an address.
    assert_eq!(ask(Request::get(format!("{url}?{}", form(&secret, payload))), "").await.status, 404);
    assert_eq!(ask(post(&format!("{url}?clientId={secret}")), &form("", payload)).await.status, 404);
    let unreadable = ask(post(&url), &form(&secret, "{}")).await;
    assert_eq!(unreadable.status, 400);
    assert!(unreadable.body.contains("\"code\":\"unreadable\""), "{}", unreadable.body);

    let (status, answer) = session(&server, (27, " Anna@Romashka.RU "), "ru").await;
    assert_eq!(status, 200, "{answer}");
    // One who has left, somebody unknown, and somebody who says to be another.
    for who in [(30, "fired@romashka.ru"), (99, "anna@romashka.ru"), (27, "olga@romashka.ru")] {
        let (status, answer) = session(&server, who, "ru").await;
        assert_eq!((status, &answer["error"]["code"]), (403, &json!("not_synchronised")), "{who:?}");
        let text = |lang: &str| answer["error"][lang].as_str().expect("words").to_owned();
        assert!(text("ru").contains("не сопоставлены") && text("en").contains("not matched"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_tickets_and_so_many_requests_a_minute() {
    let server = ready("tickets_per_minute = 2\nrequests_per_minute = 10\n").await;
    let token = opened(&server, ANNA_USER, "ru").await;
    ticket(&server, ANNA_USER, "ru").await;
    let (status, answer) = session(&server, ANNA_USER, "ru").await;
    assert_eq!((status, &answer["error"]["code"]), (429, &json!("too_often")));
    ticket(&server, OLGA_USER, "ru").await;
    for _ in 0..10 {
        assert_eq!(piece(&server, &token, "list").await.0, 200);
    }
    let (status, text) = piece(&server, &token, "list").await;
    assert_eq!(status, 429);
    assert!(text.contains("Подождите минуту"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_and_open_pages_end() {
    let clock = Arc::new(Ahead::default());
    let workplace = "active = true\nticket_lifetime = \"60 s\"\nsession_lifetime = \"1 h\"\n";
    let place = Place::new(&format!("{RULES}{CHATS}"), &tuning(workplace)).await;
    let config = config::load(&place.settings()).expect("settings");
    let replace =
        Replace { clock: Some(Arc::clone(&clock) as Arc<dyn Clock>), seed: Some(1), ..Replace::default() };
    let running = start(config, replace).await.expect("the server starts");
    place.door.leads_to(running.addresses().hooks);
    let server = Server { place, running };
    registered(&server).await;
    let (late, token) = (ticket(&server, ANNA_USER, "ru").await, opened(&server, ANNA_USER, "ru").await);
    clock.forward(61);
    assert_eq!(get(&late).await.status, 403, "the ticket is too old");
    assert_eq!(piece(&server, &token, "list").await.0, 200, "the page is not");
    clock.forward(3600);
    let (status, text) = piece(&server, &token, "list").await;
    assert_eq!(status, 401);
    assert!(text.contains("Обновите страницу"), "{text}");
    for other in ["", "romashka", "other.27.9999999999.ru.00", &token.replace(".27.", ".29.")] {
        assert_eq!(piece(&server, other, "list").await.0, 401, "{other}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_is_switched_off_shows_nothing() {
    let server = ready("").await;
    let (token, waiting) = (opened(&server, ANNA_USER, "ru").await, ticket(&server, ANNA_USER, "ru").await);
    let crm = server.place.emulator.crm();
    crm.set_activity(CODE, false, false).await.expect("a module");
    let (status, text) = piece(&server, &token, "list").await;
    assert_eq!(status, 403);
    assert!(text.contains("выключен"), "{text}");
    assert_eq!(get(&waiting).await.status, 403);
    crm.set_activity(CODE, true, false).await.expect("a module");
    assert_eq!(piece(&server, &token, "list").await.0, 200);
    assert_eq!(get(&waiting).await.status, 403, "used up by the try");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_outlives_a_restart_and_a_ticket_does_not() {
    let server = ready("").await;
    let chat = chat(&server, 23, "79000000125").await;
    let (token, waiting) = (opened(&server, ANNA_USER, "ru").await, ticket(&server, ANNA_USER, "ru").await);
    let server = server.stop().await.serve().await;
    list_shows(&server, &token, chat.session().as_str()).await;
    let refused = get(&waiting).await;
    assert_eq!(refused.status, 403);
    assert_eq!(get(&ticket(&server, ANNA_USER, "ru").await).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_retailcrm_takes_the_card_and_nothing_else() {
    let server = ready("client_lasts = \"5 s\"\n").await;
    let (known, other) = (chat(&server, 24, "79000000126").await, chat(&server, 25, "79000000127").await);
    let token = opened(&server, ANNA_USER, "ru").await;
    list_shows(&server, &token, other.session().as_str()).await;
    let card = format!("client?key={}", known.session().as_str());
    assert!(piece(&server, &token, &card).await.1.contains("Заказы"));
    server.place.emulator.faults().add(Fault::status(500).service(Service::Retailcrm));
    let (status, text) = piece(&server, &token, &format!("client?key={}", other.session().as_str())).await;
    assert_eq!(status, 200);
    assert!(text.contains("RetailCRM сейчас не отвечает") && text.contains("+79000000127"), "{text}");
    assert!(piece(&server, &token, &card).await.1.contains("Заказы"), "what is known is shown");
    let (status, rules) = piece(&server, &token, &format!("rules?key={}", other.session().as_str())).await;
    assert!(status == 200 && rules.contains("Заказ"), "{rules}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_switched_off_in_the_settings_is_gone_at_once() {
    let usual = tuning("active = true\n");
    let limits = format!("{}reload_debounce = \"5 ms\"\nreload_poll = \"1 h\"\n", usual.limits);
    let server = Place::new(RULES, &Tuning { limits, ..usual }).await.serve().await;
    registered(&server).await;
    let (token, waiting) = (opened(&server, ANNA_USER, "ru").await, ticket(&server, ANNA_USER, "ru").await);
    let settings = server.place.settings();
    let text = std::fs::read_to_string(&settings).expect("the settings are read");
    let beside = settings.with_extension("new");
    std::fs::write(
        &beside,
        text.replace("[account.workplace]\nactive = true", "[account.workplace]\nactive = false"),
    )
    .expect("the settings are written");
    std::fs::rename(beside, &settings).expect("the settings are replaced");
    until("the page is gone", async || piece(&server, &token, "list").await.0 == 404).await;
    assert_eq!(get(&waiting).await.status, 404);
    until("RetailCRM is told", async || {
        let module = server.place.emulator.crm().module(CODE).expect("a module");
        module["integrations"].get("embedJs").is_none()
    })
    .await;
}
