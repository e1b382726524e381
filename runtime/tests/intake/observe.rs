//! What a run of the intake shows of itself: its log without anybody's data, its figures without a gap.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::{Request, StatusCode};
use switchboard_grammar::lang::Lang;
use switchboard_runtime::config::{Log, LogFormat};
use switchboard_runtime::http::{Settings, listen};
use switchboard_runtime::observe::{self, Kind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::fixtures::{self, BODY_KEY, SECRET};
use crate::house::{self, House, OTHER_SECRET};

/// A log that can be read back.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn log(format: LogFormat, level: &str) -> Log {
    let folder = tempfile::tempdir().unwrap();
    let mut log = house::settings(folder.path(), &house::Plan::default()).log;
    (log.format, log.level) = (format, level.to_owned());
    log
}

/// Every number, name, link and secret that stands in a delivery of the fixtures.
fn corpus() -> BTreeSet<String> {
    let mut corpus: BTreeSet<String> = [
        SECRET,
        OTHER_SECRET,
        BODY_KEY,
        "vasilek-0123456789abcdef",
        "crm-key-of",
        "media.uiscom.ru",
        "romashka.ru\"",
        "Иван",
        "Петрова",
        "Анна",
        "Продажи",
        "Целевой",
    ]
    .map(str::to_owned)
    .into();
    for fixture in fixtures::all() {
        let text =
            format!("{} {}", fixture.query.unwrap_or_default(), String::from_utf8_lossy(&fixture.body));
        let numbers = text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| digits.len() >= 11);
        corpus.extend(numbers.map(str::to_owned));
    }
    corpus
}

/// The log of the whole process, so that threads of the store and of the system are heard as well, and the other tests
/// that run beside this one.
#[tokio::test]
async fn no_log_line_holds_a_number_a_name_or_a_secret() {
    let written = Written::default();
    let sink = written.clone();
    observe::subscriber(&log(LogFormat::Json, "trace"), move || sink.clone()).unwrap().try_init().unwrap();

    let house = House::of(house::with_body_key()).await;
    let settings =
        Settings { name: "hooks", limits: house.config.limits.clone(), trusted_proxies: Vec::new() };
    let door = listen("127.0.0.1:0".parse().unwrap(), house.hooks(), settings).await.unwrap();
    for fixture in fixtures::all() {
        house.deliver(&fixture).await;
        // Once more over a socket, for the log of what lies below.
        let query = fixture.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let head = format!(
            "{} {}{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            fixture.method,
            fixture.path,
            fixture.content_type,
            fixture.body.len()
        );
        let mut stream = tokio::net::TcpStream::connect(door.address()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&fixture.body).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
    }
    house.send(house::post(&format!("/hooks/nobody/{SECRET}/uis/call_end"), "{}")).await;
    std::fs::write(house.folder.path().join("rules/romashka/main.rules"), house::BAD).unwrap();
    house.rulebook.look("romashka", house::now());
    for path in ["/health/ready", "/metrics"] {
        assert_eq!(house.page(path).await.status, StatusCode::OK);
    }
    house.store.close().await.unwrap();
    house.notify("call_end", "{\"call_session_id\":1,\"key\":\"s3cr3t-body-key\"}").await;

    let text = written.text();
    // The log did hear of all that.
    for expected in [
        "notification kept",
        "not understood",
        "notification refused",
        "rules on disk",
        "listening",
        "7900***0010",
    ] {
        assert!(text.contains(expected), "{expected} is not in the log");
    }
    for data in corpus() {
        assert!(
            !text.contains(&data),
            "the log holds `{data}`: {:?}",
            text.lines().find(|line| line.contains(&data))
        );
    }
    // Every line is an object of its own.
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

#[test]
fn a_log_for_people_is_a_line_a_happening() {
    let written = Written::default();
    let sink = written.clone();
    let subscriber = observe::subscriber(&log(LogFormat::Human, "info"), move || sink.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!(account = "romashka", seq = 5, "notification kept");
        tracing::debug!("not at this level");
    });
    let text = written.text();
    assert!(text.ends_with("INFO notification kept account=\"romashka\" seq=5\n"), "{text}");
    assert_eq!(text.lines().count(), 1);
    assert!(observe::subscriber(&log(LogFormat::Human, "???"), std::io::sink).is_err());
}

#[tokio::test]
async fn figures_tell_what_happened_and_what_waits() {
    let house = House::usual().await;
    house.notify("call_end", "{\"call_session_id\":77,\"contact_phone_number\":\"79000000010\"}").await;
    house.notify("call_end", "{").await;
    house.store.stop_account(&"vasilek".into(), "key refused".to_owned(), house::now()).await.unwrap();
    house.clock.advance(std::time::Duration::from_secs(90));
    let answer = house.page("/metrics").await;
    assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let value = |line: &str| {
        let found = answer.body.lines().find_map(|text| text.strip_prefix(line));
        found.unwrap_or_else(|| panic!("no `{line}` in\n{}", answer.body)).trim().parse::<f64>().unwrap()
    };
    // Other tests count in the same process, so counters only have a least value, and gauges are of whoever asked last.
    assert!(
        value("switchboard_ingest_total{account=\"romashka\",event=\"call_end\",outcome=\"new\"}") >= 1.0
    );
    assert!(value("switchboard_unparsed_total{account=\"romashka\",reason=\"not_json\"}") >= 1.0);
    assert!(value("switchboard_ingest_seconds_count") >= 2.0);
    for line in [
        "switchboard_events{account=\"romashka\",state=\"available\"}",
        "switchboard_account_stopped{account=\"vasilek\"}",
        "switchboard_oldest_event_age_seconds{account=\"romashka\"}",
        "switchboard_rules_stale{account=\"romashka\"}",
    ] {
        value(line);
    }
    house.store.close().await.unwrap();
    assert_eq!(house.page("/metrics").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn readiness_says_why() {
    let house = House::usual().await;
    let read = |answer: &house::Answer| serde_json::from_str::<serde_json::Value>(&answer.body).unwrap();
    let answer = house.page("/health/ready").await;
    assert_eq!(answer.status, StatusCode::OK);
    let report = read(&answer);
    let digest = house.rulebook.in_force("romashka").unwrap().bundle.digest().to_owned();
    assert_eq!(report["ready"], true);
    assert_eq!(report["store"], "writable");
    assert_eq!(report["accounts"][0]["name"], "romashka");
    assert_eq!(report["accounts"][0]["bundle"], digest);
    assert_eq!(report["accounts"][0]["stale"], false);

    // One account's bad rules are reported and take nobody off the air.
    std::fs::write(house.folder.path().join("rules/romashka/main.rules"), house::BAD).unwrap();
    house.rulebook.look("romashka", house::now());
    let answer = house.page("/health/ready").await;
    assert_eq!(answer.status, StatusCode::OK);
    let report = read(&answer);
    assert_eq!(report["accounts"][0]["bundle"], digest);
    assert_eq!(report["accounts"][0]["stale"], true);
    assert!(report["accounts"][0]["errors"].as_u64().unwrap() > 0);
    let refused = house.rulebook.status("romashka").unwrap().on_disk.clone().unwrap();
    assert_eq!(
        (&report["accounts"][0]["refused"], &report["accounts"][1]["refused"]),
        (&serde_json::json!(refused), &serde_json::json!(null))
    );
    let why = report["accounts"][0]["problems"][0].as_str().unwrap();
    assert!(why.starts_with("main.rules:4"), "{why}");
    assert!(house.page("/").await.body.contains(&refused[..12]));
    // What rules say is nothing for the world.
    let request = http::Request::get("/health/ready").body(axum::body::Body::empty()).unwrap();
    let public = house.send(request).await;
    assert!(!public.body.contains("main.rules"), "{}", public.body);
    assert_eq!(report["accounts"][1]["stale"], false);

    house.store.close().await.unwrap();
    house.clock.advance(std::time::Duration::from_secs(1));
    let answer = house.page("/health/ready").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(read(&answer)["store"], "not writable");
    assert_eq!(house.page("/health/live").await.body, "alive\n");
}

#[tokio::test]
async fn without_any_rules_the_server_is_not_ready() {
    let house = House::usual().await;
    for account in ["romashka", "vasilek"] {
        std::fs::write(house.folder.path().join("rules").join(account).join("main.rules"), house::BAD)
            .unwrap();
    }
    let bare = switchboard_runtime::rulebook::Rulebook::new(&house.config.accounts);
    bare.look_at_all(house::now());
    let shared = switchboard_runtime::http::Shared::new(switchboard_runtime::http::Parts {
        config: Arc::clone(&house.config),
        store: Arc::clone(&house.store),
        clock: Arc::new(house.clock.clone()),
        rulebook: Arc::new(bare),
        shadows: Arc::default(),
        bell: Default::default(),
        modules: switchboard_runtime::module::Modules::default(),
        figures: observe::Figures::install().unwrap(),
        desks: BTreeMap::new(),
        reports: BTreeMap::new(),
        directories: BTreeMap::new(),
        accounts: switchboard_runtime::accounts::Accounts::new(None, house::now()).0,
        deals: BTreeMap::new(),
        workplaces: BTreeMap::new(),
    });
    let router = switchboard_runtime::http::hooks(shared.unwrap());
    let request = Request::get("/health/ready").body(Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn the_pages_about_figures_hold_the_table() {
    crate::check_page("metrics.md", "metrics", &observe::metrics_page(Lang::En));
    crate::check_page("ru/metrics.md", "metrics", &observe::metrics_page(Lang::Ru));
}

/// Names in quotes that begin as figures do, in every file but the table.
fn counted(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            counted(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("observe/table.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            for rest in text.split("\"switchboard_").skip(1) {
                let name: String =
                    rest.chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect();
                // `switchboard_runtime` is a target of the log.
                if name != "runtime" {
                    names.insert(format!("switchboard_{name}"));
                }
            }
        }
    }
}

#[test]
fn every_figure_that_is_counted_by_name_stands_in_the_table() {
    let mut names = BTreeSet::new();
    counted(&crate::root().join("runtime/src"), &mut names);
    let table: BTreeSet<String> = observe::ALL.iter().map(|metric| metric.name.to_owned()).collect();
    let missing: Vec<_> = names.difference(&table).collect();
    assert!(missing.is_empty(), "add to runtime/src/observe/table.rs: {missing:?}");
}

#[test]
fn figures_are_named_by_the_rules_of_prometheus() {
    let mut names = BTreeSet::new();
    for metric in observe::ALL {
        assert!(names.insert(metric.name), "{} stands there twice", metric.name);
        assert!(metric.name.starts_with("switchboard_"));
        assert_eq!(metric.kind == Kind::Counter, metric.name.ends_with("_total"), "{}", metric.name);
        assert!(!metric.doc().en.is_empty() && !metric.doc().ru.is_empty());
    }
}
