//! Employees on both sides: who is not synchronised is missing in the rules, some can be chosen, and everything can be
//! seen and renewed in the console.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use switchboard_emulator::{CallScript, Employee, User};

use super::server::{ANNA, OLGA, RULES, Server, Tuning, until};

/// An employee of UIS whose e-mail is that of a user who no longer works here.
const FIRED: u64 = 323_403;
const ANNA_USER: u64 = 27;
const OLGA_USER: u64 = 29;

fn answered_by(employee: u64, client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![employee],
        answered_by: Some(employee),
        wait_s: 3,
        talk_s: 40,
        recorded: false,
        ..CallScript::default()
    }
}

/// The manager of the order that a call made.
async fn responsible(server: &Server, employee: u64, client: &str) -> Option<u64> {
    let session = server.call(&answered_by(employee, client)).await;
    server.settled(std::slice::from_ref(&session)).await;
    let orders = server.place.emulator.crm().orders();
    orders.last().and_then(|order| order.int("managerId"))
}

async fn ask(request: http::request::Builder, body: String) -> (u16, String) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let request = request.body(Full::from(body)).expect("a request");
    let response = client.request(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

async fn page(server: &Server, path: &str) -> String {
    let address = server.running.addresses().console;
    let request = Request::get(format!("http://{address}{path}")).header("accept-language", "ru");
    let (status, text) = ask(request, String::new()).await;
    assert_eq!(status, 200, "{text}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_who_is_not_synchronised_is_missing_and_the_default_takes_over() {
    let server = Server::new(RULES, &Tuning::default()).await;
    assert_eq!(responsible(&server, OLGA, "79000000081").await, Some(OLGA_USER));
    assert_eq!(responsible(&server, FIRED, "79000000082").await, Some(ANNA_USER), "the default of the rules");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_who_is_not_chosen_is_missing_too() {
    let account = format!("employees = [\"ivan@romashka.ru\"]\n{}", Tuning::default().account);
    let server = Server::new(RULES, &Tuning { account, ..Tuning::default() }).await;
    assert_eq!(responsible(&server, OLGA, "79000000083").await, Some(ANNA_USER), "the default of the rules");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_shows_who_is_who_and_lists_both_sides_when_asked_to() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let directory = server.running.directory("romashka").expect("the account");
    until("both sides are listed", async || directory.status().synchronised == 3).await;
    let text = page(&server, "/employees").await;
    assert!(text.contains("323403") && text.contains("Синхронизированы: 3"), "{text}");

    // Somebody is hired, and two get one e-mail.
    let crm = server.place.emulator.crm();
    let user = crm.users().into_iter().next().expect("a user");
    crm.put_user(User { id: 40, email: "new@romashka.ru".to_owned(), ..user });
    let uis = server.place.emulator.uis();
    let anna = uis.employees().into_iter().find(|one| one.id == ANNA).expect("Anna");
    let hired = Employee { id: 999_001, email: Some("new@romashka.ru".to_owned()), ..anna.clone() };
    uis.put_employee(hired);
    uis.put_employee(Employee { id: 999_002, ..anna });

    let token = text.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let token = token.expect("the page has a form");
    let console = server.running.addresses().console;
    let press = |token: &str| {
        let request = Request::post(format!("http://{console}/employees/romashka"))
            .header("content-type", "application/x-www-form-urlencoded");
        ask(request, format!("token={token}"))
    };
    assert_eq!(press("0").await.0, 403, "another site cannot press it");
    assert_eq!(press(token).await.0, 303);
    let text = page(&server, "/employees").await;
    assert!(text.contains("999001") && text.contains("Синхронизированы: 5"), "{text}");
    assert!(text.contains("одна почта"), "whoever shares an e-mail is named: {text}");

    let ready: Value = serde_json::from_str(&page(&server, "/health/ready").await).expect("JSON");
    let employees = ready.pointer("/accounts/0/employees").expect("the lists");
    assert_eq!((&employees["ok"], &employees["synchronised"]), (&Value::Bool(true), &Value::from(5)));
    assert!(employees["uis_listed_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_uis_needs_is_on_a_page_and_its_secrets_are_not() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let text = page(&server, "/uis").await;
    assert!(text.contains("HOOK_SECRET"), "{text}");
    assert!(!text.contains(super::server::SECRET));
    assert!(page(&server, "/forwarded").await.contains("romashka"));
    let address = server.running.addresses().console;
    let request = Request::get(format!("http://{address}/uis")).header("cookie", "unmask=1");
    let (_, text) = ask(request, String::new()).await;
    assert!(text.contains(super::server::SECRET), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn employees_are_found_by_name_in_both_languages_and_no_more_rows_are_shown_than_allowed() {
    let tuning = Tuning::default();
    let limits = format!("{}console_rows = 3\n", tuning.limits);
    let account = format!("employees = [\"anna@romashka.ru\", \"john@romashka.ru\"]\n{}", tuning.account);
    let server = Server::new(RULES, &Tuning { limits, account, ..tuning }).await;
    let uis = server.place.emulator.uis();
    let anna = uis.employees().into_iter().find(|one| one.id == ANNA).expect("Anna");
    let john = Employee {
        id: 999_003,
        first_name: "John".to_owned(),
        last_name: "O'Neil".to_owned(),
        email: Some("john@romashka.ru".to_owned()),
        ..anna.clone()
    };
    uis.put_employee(john);
    let directory = server.running.directory("romashka").expect("the account");
    until("both sides are listed", async || directory.status().synchronised > 0).await;
    directory.refresh_now().await;

    // Rows of the table begin with the name.
    let rows = |text: &str| text.matches("<tr><td>").count();
    let all = page(&server, "/employees").await;
    let count = uis.employees().len();
    assert!(count > 3, "more than are shown");
    assert_eq!(rows(&all), 3);
    assert!(all.contains(&format!("Показаны первые 3 из {count}")), "{all}");

    for (q, row) in [
        (anna.last_name.to_uppercase(), "синхронизирован"),
        ("john".to_owned(), "нет пользователя RetailCRM"),
        ("O'NEIL JOHN".to_owned(), "нет пользователя RetailCRM"),
    ] {
        let query: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
        let found = page(&server, &format!("/employees?q={query}")).await;
        assert_eq!(rows(&found), 1, "{q}: {found}");
        assert!(found.contains(row), "{q}: {found}");
    }
    let olga = uis.employees().into_iter().find(|one| one.id == OLGA).expect("Olga");
    let query: String = form_urlencoded::byte_serialize(olga.last_name.as_bytes()).collect();
    let found = page(&server, &format!("/employees?q={query}")).await;
    assert!(found.contains("не участвует"), "{found}");
    let none = page(&server, "/employees?q=%3Cb%3E").await;
    assert!(rows(&none) == 0 && none.contains("«&lt;b&gt;»"), "{none}");
    let long = page(&server, &format!("/employees?q={}", "x".repeat(5000))).await;
    assert!(long.contains(&format!("value=\"{}\" placeholder", "x".repeat(100))), "the rest is cut: {long}");
}
