//! Pages of the console, over a store with a day's work in it.

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt as _;

use crate::day::Day;
use crate::house::{self, BAD, House, Plan};

const CALL: &str = "/calls/romashka/call%3A998700001";
const RU: (&str, &str) = ("accept-language", "ru-RU,ru;q=0.9");
const OPEN: (&str, &str) = ("cookie", "unmask=1");
const PAGES: [&str; 7] = ["/", "/calls", CALL, "/unparsed", "/parked", "/shadow", "/nowhere"];

#[tokio::test]
async fn every_page_is_made_in_both_languages_and_brings_its_own_defences() {
    let day = Day::new().await;
    for path in PAGES {
        for headers in [&[][..], &[RU][..], &[RU, OPEN][..]] {
            let answer = day.get(path, headers).await;
            let expected = if path == "/nowhere" { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(answer.status, expected, "{path}");
            check_headers(path, &answer.headers);
            let lang = if headers.is_empty() { "lang=\"en\"" } else { "lang=\"ru\"" };
            assert!(answer.body.contains(&format!("<html {lang}>")), "{path}");
            for foreign in ["http://", "<script", "style=", "onclick", "src="] {
                assert!(!answer.body.contains(foreign), "{path} has {foreign}");
            }
        }
    }
    let style = day.get("/console.css", &[]).await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert!(!style.body.contains("url(") && !style.body.contains("@import"));
}

fn check_headers(path: &str, headers: &HeaderMap) {
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
    assert!(!policy.contains("unsafe"), "{path}");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "same-origin");
}

#[tokio::test]
async fn personal_data_is_hidden_until_it_is_asked_for() {
    let day = Day::new().await;
    for path in PAGES {
        let page = day.get(path, &[RU]).await.body;
        for data in
            ["79000000010", "79000000011", "+7900000", "Анна Петрова", "s3cr3t-body-key", "anna@romashka"]
        {
            assert!(!page.contains(data), "{path} shows {data}");
        }
    }
    let page = day.get(CALL, &[]).await.body;
    assert!(page.contains("7900***0010"));
    let open = day.get(CALL, &[OPEN]).await.body;
    assert!(open.contains("+79000000010") && open.contains("Анна Петрова"));
    // The secret of the template is nobody's to see.
    assert!(!open.contains("s3cr3t-body-key"));
    let found = day.get("/calls?q=998700001", &[]).await.body;
    assert!(!found.contains("79000000010") && found.contains("7900***0010"));
}

#[tokio::test]
async fn why_is_told_in_the_language_of_the_reader() {
    let day = Day::new().await;
    let (en, ru) = (day.get(CALL, &[]).await.body, day.get(CALL, &[RU]).await.body);
    // The decision is also shown whole, in both languages; the list of steps is in one.
    let [en_words, ru_words] = ["</small> — line 1 would accept it", "</small> — строка 1 приняла бы его"];
    assert!(en.contains(en_words) && !en.contains(ru_words), "{en}");
    assert!(ru.contains(ru_words) && !ru.contains(en_words), "{ru}");
}

#[tokio::test]
async fn the_overview_shows_every_account_and_what_is_wrong() {
    let day = Day::new().await;
    let page = day.get("/", &[]).await.body;
    assert!(page.contains("romashka") && page.contains("vasilek"));
    let digest = day.house.rulebook.in_force("romashka").unwrap().bundle.digest().to_owned();
    assert!(page.contains(&digest[..12]));
    assert!(!page.contains("not in force"));

    std::fs::write(day.house.folder.path().join("rules/romashka/main.rules"), BAD).unwrap();
    day.house.rulebook.look("romashka", house::now());
    day.house.store.stop_account(&"vasilek".into(), "key was refused".into(), house::now()).await.unwrap();
    let page = day.get("/", &[]).await.body;
    assert!(page.contains("The rules on disk are not in force."));
    assert!(page.contains("main.rules:4"), "the place of the mistake");
    assert!(page.contains("reject where source"), "the line itself");
    assert!(page.contains("key was refused"));
    assert!(page.contains(&digest[..12]), "the last good rules stay");
}

#[tokio::test]
async fn calls_are_found_by_phone_by_number_and_by_what_was_made() {
    let day = Day::new().await;
    for query in ["%2B7%20900%20000-00-10", "8(900)0000010", "998700001", "call%3A998700001", "4770"] {
        let page = day.get(&format!("/calls?q={query}"), &[]).await.body;
        assert!(page.contains(">998700001<"), "{query}");
        assert!(!page.contains(">998700002<"), "{query}");
    }
    let all = day.get("/calls", &[]).await.body;
    assert!(all.contains(">998700001<") && all.contains(">998700002<"));
    let other = day.get("/calls?account=vasilek", &[]).await.body;
    assert!(other.contains("Nothing here."));
    let none = day.get("/calls?q=%3Cscript%3E", &[]).await.body;
    assert!(none.contains("Nothing was found for") && none.contains("&lt;script&gt;"));
    assert_eq!(day.get("/calls?after=nonsense", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_long_list_is_shown_page_by_page() {
    let day = Day::of(Plan { limits: "console_rows = 1", ..Plan::default() }).await;
    let first = day.get("/calls", &[]).await.body;
    let (_, rest) = first.split_once("after=").unwrap();
    let after = rest.split('"').next().unwrap();
    let second = day.get(&format!("/calls?after={after}"), &[]).await.body;
    let shown = |page: &str| [">998700001<", ">998700002<"].map(|call| page.contains(call));
    assert_ne!(shown(&first), shown(&second));
    assert_eq!(shown(&first).iter().filter(|shown| **shown).count(), 1);
}

#[tokio::test]
async fn a_call_shows_why_it_was_decided_as_it_was() {
    let day = Day::new().await;
    let page = day.get(CALL, &[]).await.body;
    for part in [
        "filter for incoming calls",
        "main.rules:",
        "Nearly",
        "Перезвонить +7900***0010",
        "crm_source",
        "client:call:998700001",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // Events in the order of arrival, with what was understood.
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(place("call ended <code>call_end") < place("recorded conversation <code>record"));
    assert!(page.contains("<dt>scenario_name</dt><dd>Продажи</dd>"));
    // Effects with their states.
    for part in ["given up", "outcome unknown", "№ 4770", "is taken by +7900***0010"] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(day.get("/calls/romashka/call%3A5", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(day.get("/calls/nobody/call%3A998700001", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_not_understood_is_listed_with_its_reason_in_the_language_of_the_page() {
    let day = Day::new().await;
    let en = day.get("/unparsed", &[]).await.body;
    for reason in
        ["the text is not UTF-8", "did you mean `call_end`?", "nested too deep", "neither JSON nor a form"]
    {
        assert!(en.contains(reason), "{reason}");
    }
    let ru = day.get("/unparsed", &[RU]).await.body;
    for reason in ["текст не в UTF-8", "может быть, `call_end`?", "JSON вложен слишком глубоко"]
    {
        assert!(ru.contains(reason), "{reason}");
    }
    assert!(en.contains("&lt;call id"), "bodies are shown as text");
}

#[tokio::test]
async fn a_body_without_its_key_is_listed_as_such() {
    let house = House::of(house::with_body_key()).await;
    house.notify("call_end", r#"{"call_session_id":5}"#).await;
    let page = house.page("/unparsed").await.body;
    assert!(page.contains("the `key` of the body is missing or wrong"));
    assert!(!page.contains("would be understood"));
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_at_the_press_of_a_button() {
    let day = Day::new().await;
    let page = day.get("/parked", &[]).await.body;
    assert!(page.contains("Try again"));
    let (_, rest) = page.split_once("action=\"/parked/effect/").unwrap();
    let action = format!("/parked/effect/{}", rest.split('"').next().unwrap());
    let form = format!("token={}", day.token().await);

    let refused = day.post(&action, "token=guess", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for headers in [
        &[("origin", "http://evil.example")][..],
        &[("sec-fetch-site", "cross-site")][..],
        &[("host", "evil.example")][..],
    ] {
        let answer = day.post(&action, &form, headers).await;
        assert!(answer.status.is_client_error(), "{headers:?}");
    }
    assert!(day.get("/parked", &[]).await.body.contains(&action), "nothing has happened yet");

    let pressed = day
        .post(&action, &form, &[("origin", "http://localhost:8081"), ("sec-fetch-site", "same-origin")])
        .await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER);
    assert_eq!(pressed.headers["location"], "/parked");
    assert!(!day.get("/parked", &[]).await.body.contains(&action));
    let again = day.post(&action, &form, &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let event = day.post("/parked/event/999", &form, &[]).await;
    assert_eq!(event.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn choices_are_kept_in_cookies_and_lead_back_here_only() {
    let day = Day::new().await;
    let token = day.token().await;
    let choose = |form: String| {
        let form = format!("token={token}&{form}");
        let day = &day;
        async move { day.post("/preferences", &form, &[]).await }
    };
    let answer = choose("back=%2Fcalls%3Fq%3D1&lang=ru&unmask=1".to_owned()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers["location"], "/calls?q=1");
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies.iter().all(|cookie| cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict")));
    for back in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", ""] {
        let answer = choose(format!("back={back}")).await;
        assert_eq!(answer.headers["location"], "/", "{back}");
    }
    let guess = day.post("/preferences", "token=guess&back=%2F&unmask=1", &[]).await;
    assert_eq!(guess.status, StatusCode::FORBIDDEN);
    assert!(guess.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_console_open_to_other_machines_shows_nothing_personal_and_changes_nothing() {
    let day = Day::of(Plan {
        server: "console_listen = \"0.0.0.0:0\"",
        security: "remote_console = true",
        ..Plan::default()
    })
    .await;
    let page = day.get(CALL, &[OPEN, ("host", "console.example")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("79000000010"));
    let parked = day.get("/parked", &[]).await.body;
    assert!(!parked.contains("<button>Try again"));
    assert_eq!(day.post("/parked/effect/1", "token=x", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(day.post("/preferences", "token=x&back=/", &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_console_of_this_machine_is_not_reached_by_another_name() {
    let day = Day::new().await;
    let request = Request::get("/calls").header("host", "rebound.example:8081").body(Body::empty()).unwrap();
    let answer = house::read(day.house.console().oneshot(request).await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(!answer.body.contains("<html"));
}

#[tokio::test]
async fn a_store_that_is_gone_gives_a_page_that_says_so() {
    let day = Day::new().await;
    day.house.store.close().await.unwrap();
    for path in ["/", "/calls", CALL, "/unparsed", "/parked"] {
        let answer = day.get(path, &[RU]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.body.contains("Хранилище не отвечает"), "{path}");
    }
}

#[tokio::test]
async fn accounts_are_listed_without_keys_and_changed_by_this_machine_alone() {
    let day = Day::new().await;
    let listed = day.get("/api/accounts", &[]).await;
    assert_eq!(listed.status, StatusCode::OK);
    assert!(listed.body.contains("romashka") && listed.body.contains("vasilek"), "{}", listed.body);
    for secret in ["crm-key-of-romashka", "sesame", "another-", "vasilek-0123"] {
        assert!(!listed.body.contains(secret), "{secret}");
    }
    let wanted =
        "{\"name\": \"a\", \"bundle\": \"a\", \"retailcrm\": {\"url\": \"a.retailcrm.ru\", \"site\": \"a\"}}";
    let send = async |day: &Day, headers: &[(&'static str, &'static str)]| {
        let request = Request::post("/api/accounts").header("host", "127.0.0.1:8081");
        let request = request.header("content-type", "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Body::from(wanted)).unwrap();
        house::read(day.house.console().oneshot(request).await.unwrap()).await
    };
    // This server was not started from a file.
    let refused = send(&day, &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("no_file"), "{}", refused.body);
    for other in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(send(&day, &[other]).await.status, StatusCode::FORBIDDEN);
    }
    let request =
        Request::delete("/api/accounts/romashka").header("host", "rebound.example").body(Body::empty());
    let answer = house::read(day.house.console().oneshot(request.unwrap()).await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);

    let remote = Day::of(Plan {
        server: "console_listen = \"0.0.0.0:0\"",
        security: "remote_console = true",
        ..Plan::default()
    })
    .await;
    assert_eq!(remote.get("/api/accounts", &[]).await.status, StatusCode::OK);
    assert_eq!(send(&remote, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(remote.post("/accounts", "token=x", &[]).await.status, StatusCode::FORBIDDEN);
}
