//! The accounts over HTTP and in the console: added after a check, served at once, removed, and never with a key in an answer.

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use switchboard_emulator::CallScript;
use switchboard_runtime::store::record::{AccountId, SessionKey};

use super::module::get;
use super::server::{ANNA, RULES, Server, Tuning, is_settled, until};

/// One request to the console.
pub(crate) async fn ask(
    server: &Server,
    method: Method,
    path: &str,
    kind: &str,
    body: &str,
) -> (u16, String) {
    let url = format!("http://{}{path}", server.running.addresses().console);
    let request = Request::builder().method(method).uri(url).header("content-type", kind);
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let request = request.body(Full::from(body.to_owned())).expect("a request");
    let answer = client.request(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn api(server: &Server, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let (status, text) = ask(server, method, path, "application/json", &body.to_string()).await;
    for secret in [key(server), "wr0ng".to_owned(), token(server)] {
        assert!(!text.contains(&secret), "{text}");
    }
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
}

fn key(server: &Server) -> String {
    server.place.emulator.addresses().services.retailcrm.key.clone()
}

fn token(server: &Server) -> String {
    server.place.emulator.addresses().services.uis.token.clone()
}

fn lutik(server: &Server) -> Value {
    let services = &server.place.emulator.addresses().services;
    json!({
        "name": "lutik", "bundle": "rules",
        "retailcrm": {"url": services.retailcrm.url, "key": key(server), "site": "romashka-main"},
        "uis": {"data_api": services.uis.data_api, "token": token(server)},
    })
}

fn settings(server: &Server) -> String {
    std::fs::read_to_string(server.place.settings()).expect("the settings are read")
}

fn kept(server: &Server, name: &str) -> Option<String> {
    let folder = server.place.settings().with_file_name("data/secrets/lutik");
    std::fs::read_to_string(folder.join(name)).ok()
}

async fn quick() -> Server {
    let usual = Tuning::default();
    // Nothing is heard of a change but what is said.
    let limits = format!(
        "{}reload_debounce = \"60 s\"\nreload_max_wait = \"300 s\"\nreload_poll = \"1 h\"\n",
        usual.limits
    );
    Server::new(RULES, &Tuning { limits, ..usual }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_added_after_a_check_and_served_and_removed() {
    let server = quick().await;
    let before = format!("# ours\n{}", settings(&server));
    std::fs::write(server.place.settings(), &before).expect("the settings are written");
    let mut wrong = lutik(&server);
    wrong["retailcrm"]["key"] = json!("wr0ng");
    let (status, answer) = api(&server, Method::POST, "/api/accounts", &wrong).await;
    assert_eq!((status, &answer["error"]["code"]), (422, &json!("check_failed")), "{answer}");
    let codes: Vec<&str> = answer["check"]["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert!(codes.contains(&"crm-key-refused"), "{codes:?}");
    assert_eq!(
        (settings(&server), kept(&server, "retailcrm-key")),
        (before.clone(), None),
        "nothing was written"
    );

    let (status, answer) = api(&server, Method::POST, "/api/accounts/check", &lutik(&server)).await;
    assert_eq!((status, &answer["level"]), (200, &json!("warning")), "{answer}");
    assert_eq!(settings(&server), before);
    let (status, answer) = api(&server, Method::POST, "/api/accounts", &lutik(&server)).await;
    assert_eq!((status, &answer["account"]), (201, &json!("lutik")), "{answer}");
    let after = settings(&server);
    assert!(after.starts_with(before.trim_end()) && !after.contains("lutik-key"), "{after}");
    assert!(after.contains("key = { file = \"data/secrets/lutik/retailcrm-key\" }"), "{after}");
    assert_eq!(kept(&server, "retailcrm-key"), Some(key(&server)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = server.place.settings().with_file_name("data/secrets/lutik/retailcrm-key");
        let mode = std::fs::metadata(path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "for its owner alone");
    }
    // Served by the time of the answer.
    let secret = kept(&server, "hook-secret").expect("a secret was made");
    let script = CallScript {
        client: Some("79000000111".to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        ..CallScript::default()
    };
    let played = server.place.play(&script);
    let hooks = format!("http://{}/hooks/lutik/{secret}/uis", server.running.addresses().hooks);
    let told = server.place.emulator.uis().send_all(&played.notifications, &hooks).await;
    assert!(told.iter().all(|delivery| delivery.is_taken()), "{told:?}");
    let (account, session) = (AccountId::from("lutik"), SessionKey::from(format!("call:{}", played.session)));
    until("the call is settled", async || {
        let timeline = server.store().timeline(&account, &session).await.expect("the store answers");
        timeline.is_some_and(|timeline| is_settled(&timeline))
    })
    .await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1);

    let (status, listed) = api(&server, Method::GET, "/api/accounts", &Value::Null).await;
    assert_eq!((status, &listed["accounts"][1]["name"]), (200, &json!("lutik")), "{listed}");
    assert!(!listed.to_string().contains(&secret));
    let (status, _) = api(&server, Method::POST, "/api/accounts/lutik/check", &Value::Null).await;
    assert_eq!(status, 200);
    let (status, answer) = api(&server, Method::POST, "/api/accounts", &lutik(&server)).await;
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("name_taken")));

    let (status, answer) = api(&server, Method::DELETE, "/api/accounts/lutik", &Value::Null).await;
    assert_eq!((status, answer), (200, json!({"removed": "lutik", "left": null})));
    assert_eq!(settings(&server).trim_end(), before.trim_end());
    assert_eq!(kept(&server, "retailcrm-key"), None);
    let told = server.place.emulator.uis().send_all(&played.notifications, &hooks).await;
    assert!(told.iter().all(|delivery| delivery.status == Some(404)), "{told:?}");
    let (status, answer) = api(&server, Method::DELETE, "/api/accounts/lutik", &Value::Null).await;
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("unknown_account")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_and_changes_nothing() {
    let server = quick().await;
    let before = settings(&server);
    let refused = async |change: &dyn Fn(&mut Value), status: u16, code: &str| {
        let mut wanted = lutik(&server);
        change(&mut wanted);
        let (answered, answer) = api(&server, Method::POST, "/api/accounts?unchecked=true", &wanted).await;
        assert_eq!((answered, &answer["error"]["code"]), (status, &json!(code)), "{answer}");
        assert!(answer["error"]["text"]["ru"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(settings(&server), before);
        assert_eq!(kept(&server, "hook-secret"), None);
        answer["error"]["text"]["en"].as_str().expect("a text").to_owned()
    };
    refused(&|wanted| wanted["bundle"] = json!("../rules"), 400, "outside").await;
    refused(&|wanted| wanted["retailcrm"]["key"] = json!({"file": "/etc/hostname"}), 400, "outside").await;
    let said =
        refused(&|wanted| wanted["retailcrm"]["url"] = json!("https://169.254.169.254"), 422, "settings")
            .await;
    assert!(said.contains("account[2].retailcrm.url"), "{said}");
    refused(&|wanted| wanted["name"] = json!("../../lutik"), 422, "settings").await;
    refused(&|wanted| wanted["name"] = json!("a\"\n[server]\nlisten = \"0.0.0.0:1"), 422, "settings").await;
    refused(&|wanted| wanted["retailcrm"]["key"] = json!({"env": "NO_SUCH_VARIABLE_HERE"}), 422, "settings")
        .await;
    // A key that cannot stand in a header is found when the account is made, after it was written.
    refused(&|wanted| wanted["retailcrm"]["key"] = json!("wr0ng\u{1}"), 422, "not_taken_up").await;
    let said = refused(&|wanted| wanted["kei"] = json!("wr0ng"), 400, "body").await;
    assert!(said.contains("there is no field `kei`"), "{said}");
    refused(&|wanted| wanted["retailcrm"]["key"] = json!(["wr0ng"]), 400, "body").await;
    let (status, _) =
        ask(&server, Method::POST, "/api/accounts", "text/plain", &lutik(&server).to_string()).await;
    assert_eq!(status, 400, "a form of another site can send a text, but no JSON");
    let (status, answer) = api(&server, Method::DELETE, "/api/accounts/romashka", &Value::Null).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (422, &json!("settings")),
        "a server needs an account: {answer}"
    );
    // The server works on.
    let (_, listed) = api(&server, Method::GET, "/api/accounts", &Value::Null).await;
    assert_eq!(
        (listed["accounts"].as_array().map(Vec::len), &listed["settings"]["problem"]),
        (Some(1), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_the_console_checks_and_adds() {
    let server = quick().await;
    let page = get(&format!("http://{}/accounts", server.running.addresses().console)).await.1;
    let token_of = |page: &str| {
        let at = page.find("name=\"token\" value=\"").expect("a token") + 20;
        page[at..at + 64].to_owned()
    };
    let form = |does: &str, key: &str| {
        let services = &server.place.emulator.addresses().services;
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("token", token_of(&page).as_str()),
            ("does", does),
            ("name", "lutik"),
            ("url", &services.retailcrm.url),
            ("key", key),
            ("site", "romashka-main"),
            ("bundle", "rules"),
            ("data_api", &services.uis.data_api),
            ("call_api", ""),
            ("uis_token", &token(&server)),
            ("public_url", ""),
        ] {
            form.append_pair(name, value);
        }
        form.finish()
    };
    let kind = "application/x-www-form-urlencoded";
    let (status, shown) = ask(&server, Method::POST, "/accounts", kind, &form("add", "wr0ng")).await;
    assert!(status == 200 && shown.contains("Nothing was changed") && !shown.contains("wr0ng"), "{shown}");
    assert!(shown.contains("copy the key and put it into the settings"), "{shown}");
    let (status, shown) = ask(&server, Method::POST, "/accounts", kind, &form("check", &key(&server))).await;
    assert!(status == 200 && shown.contains("the key has all scopes"), "{shown}");
    assert_eq!(kept(&server, "retailcrm-key"), None);
    let (status, _) = ask(&server, Method::POST, "/accounts", kind, &form("add", &key(&server))).await;
    assert_eq!(status, 303);
    let shown = get(&format!("http://{}/accounts", server.running.addresses().console)).await.1;
    assert!(shown.contains("<td>lutik</td>"), "{shown}");
    let old = form("add", "x").replace(&token_of(&page), &"0".repeat(64));
    assert_eq!(ask(&server, Method::POST, "/accounts", kind, &old).await.0, 403);
    let press = format!("token={}", token_of(&shown));
    let (status, checked) = ask(&server, Method::POST, "/accounts/lutik/check", kind, &press).await;
    assert!(status == 200 && checked.contains("takes the key"), "{checked}");
    assert_eq!(ask(&server, Method::POST, "/accounts/lutik/remove", kind, &press).await.0, 303);
    let shown = get(&format!("http://{}/accounts", server.running.addresses().console)).await.1;
    assert!(!shown.contains("<td>lutik</td>"), "{shown}");
}
