//! The accept loop with real sockets on loopback: what holds before there is a request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use switchboard_runtime::config::Config;
use switchboard_runtime::http::{Listening, Settings, listen};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::house::{self, House, PATH, Plan};

/// Longer than anything here takes; reached only when a test fails.
const LONG: Duration = Duration::from_secs(60);

fn settings(limits: &'static str, server: &'static str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let config: Config = house::settings(folder.path(), &Plan { limits, server, ..Plan::default() });
    Settings { name: "hooks", limits: config.limits, trusted_proxies: config.server.trusted_proxies }
}

async fn door(router: Router, limits: &'static str) -> Listening {
    listen("127.0.0.1:0".parse().unwrap(), router, settings(limits, "")).await.unwrap()
}

/// Writes and reads to the end of the connection.
async fn exchange(address: SocketAddr, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The other side may refuse before everything was written.
    let _ = stream.write_all(text).await;
    to_end(&mut stream).await
}

async fn to_end(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut piece = [0; 4096];
    let reading = async {
        while let Ok(count @ 1..) = stream.read(&mut piece).await {
            text.extend_from_slice(&piece[..count]);
        }
    };
    tokio::time::timeout(LONG, reading).await.expect("the connection ends");
    String::from_utf8_lossy(&text).into_owned()
}

fn notification(session: u64) -> String {
    let body = format!("{{\"call_session_id\":{session},\"contact_phone_number\":\"79000000010\"}}");
    format!(
        "POST {PATH}call_end HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_connections_that_dribble_hold_nobody_up() {
    let limits = "head_timeout = \"500 ms\"\nbody_timeout = \"500 ms\"\nconnections_per_address = 300\nconnections = 300";
    let house = House::of(Plan { limits, ..Plan::default() }).await;
    let door = door(house.hooks(), limits).await;
    let address = door.address();

    // Half of them never finish a head, half never finish a body.
    let held = Arc::new(AtomicUsize::new(0));
    let mut slow = tokio::task::JoinSet::new();
    for number in 0..200_u64 {
        let held = Arc::clone(&held);
        slow.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let text = notification(number);
            let (head, body) = text.split_at(text.find("\r\n\r\n").unwrap() + 4);
            let mut rest = if number % 2 == 0 {
                head.as_bytes().to_vec()
            } else {
                stream.write_all(head.as_bytes()).await.unwrap();
                body.as_bytes().to_vec()
            };
            rest.truncate(rest.len() - 1);
            held.fetch_add(1, Ordering::SeqCst);
            // A byte now and then, for as long as anybody listens; what is left when all is written is silence.
            let mut ticks = tokio::time::interval(Duration::from_millis(100));
            let (mut reading, mut writing) = stream.into_split();
            let dribble = async {
                for byte in rest {
                    ticks.tick().await;
                    if writing.write_all(&[byte]).await.is_err() {
                        return;
                    }
                }
                std::future::pending::<()>().await;
            };
            let mut answer = Vec::new();
            tokio::select! {
                () = dribble => {}
                _ = reading.read_to_end(&mut answer) => {}
            }
            String::from_utf8_lossy(&answer).into_owned()
        });
    }
    while held.load(Ordering::SeqCst) < 200 {
        tokio::task::yield_now().await;
    }

    let started = Instant::now();
    for session in 1000..1050 {
        let answer = exchange(address, notification(session).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }
    let good = started.elapsed();

    let ends = tokio::time::timeout(LONG, slow.join_all()).await.expect("every slow connection is ended");
    assert_eq!(ends.len(), 200);
    assert!(ends.iter().all(|end| !end.starts_with("HTTP/1.1 200")), "nobody who dribbles gets through");
    assert!(ends.iter().any(|end| end.starts_with("HTTP/1.1 408")), "a slow body is told so");
    assert!(good < Duration::from_secs(20), "{good:?}");
    let drained = async {
        while door.connections() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, drained).await.expect("nothing is left open");
    door.shutdown().await;
}

#[tokio::test]
async fn heads_have_a_size_and_a_number_of_headers() {
    let house = House::usual().await;
    let limits = "head_bytes = \"8 KiB\"\nhead_count = 16\nhead_timeout = \"500 ms\"";
    let door = door(house.hooks(), limits).await;
    let address = door.address();
    let with =
        |headers: &str| format!("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    let few: String = (0..14).map(|number| format!("A{number}: b\r\n")).collect();
    assert!(exchange(address, with(&few).as_bytes()).await.starts_with("HTTP/1.1 200"));
    let many: String = (0..15).map(|number| format!("A{number}: b\r\n")).collect();
    assert!(exchange(address, with(&many).as_bytes()).await.starts_with("HTTP/1.1 431"));
    let long = format!("A: {}\r\n", "b".repeat(9000));
    assert!(exchange(address, with(&long).as_bytes()).await.starts_with("HTTP/1.1 431"));
    for garbage in ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n\r\nG"] {
        let answer = exchange(address, garbage.as_bytes()).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{garbage:?}: {answer}");
    }
}

#[tokio::test]
async fn an_address_may_hold_what_people_write_into_templates() {
    let house = House::usual().await;
    let door = door(house.hooks(), "").await;
    for query in ["employee_full_name=Иван", "tag_names={{tag_names}}", "tag_names=[VIP]", "a=|^`~"] {
        let head = format!(
            "GET {PATH}call_end?call_session_id=1&{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        );
        let answer = exchange(door.address(), head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK") && !answer.contains("unparsed"), "{query}: {answer}");
    }
}

#[tokio::test]
async fn an_idle_connection_and_one_that_says_nothing_are_closed() {
    let house = House::usual().await;
    let door = door(house.hooks(), "head_timeout = \"100 ms\"").await;
    let mut idle = TcpStream::connect(door.address()).await.unwrap();
    idle.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let answer = to_end(&mut idle).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("alive\n"), "{answer}");
    let mut silent = TcpStream::connect(door.address()).await.unwrap();
    assert_eq!(to_end(&mut silent).await, "");
}

#[tokio::test]
async fn a_connection_has_a_lifetime_however_busy() {
    let house = House::usual().await;
    let door = door(house.hooks(), "connection_lifetime = \"1 s\"").await;
    let mut stream = TcpStream::connect(door.address()).await.unwrap();
    let started = Instant::now();
    let mut answers = 0;
    let mut piece = [0; 1024];
    loop {
        let written = stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await;
        match tokio::time::timeout(LONG, stream.read(&mut piece)).await.unwrap() {
            Ok(count) if count > 0 && written.is_ok() => answers += 1,
            _ => break,
        }
        assert!(started.elapsed() < LONG);
    }
    assert!(answers > 0);
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_proxies_have_more() {
    let limits = "connections_per_address = 2\nconnections = 4";
    let house = House::usual().await;
    let door = door(house.hooks(), limits).await;
    let live = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(door.address()).await.unwrap();
        stream.write_all(live).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        kept.push(stream);
    }
    assert_eq!(exchange(door.address(), live).await, "");
    assert_eq!(door.connections(), 2);
    drop(kept);

    let trusting = settings(limits, "trusted_proxies = [\"127.0.0.1\"]");
    let door = listen("127.0.0.1:0".parse().unwrap(), house.hooks(), trusting).await.unwrap();
    let mut kept = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(door.address()).await.unwrap();
        stream.write_all(live).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        kept.push(stream);
    }
    assert_eq!(exchange(door.address(), live).await, "");
}

#[tokio::test]
async fn the_sender_behind_a_proxy_is_the_one_on_the_list() {
    let house = House::of(Plan { account: "allow_from = [\"195.211.122.0/24\"]", ..Plan::default() }).await;
    let trusting = settings("", "trusted_proxies = [\"127.0.0.1\"]");
    let door = listen("127.0.0.1:0".parse().unwrap(), house.hooks(), trusting).await.unwrap();
    let with =
        |address: &str| notification(1).replace("Host: x", &format!("Host: x\r\nX-Forwarded-For: {address}"));
    assert!(exchange(door.address(), with("195.211.122.249").as_bytes()).await.starts_with("HTTP/1.1 200"));
    assert!(exchange(door.address(), with("1.1.1.1").as_bytes()).await.starts_with("HTTP/1.1 404"));
    assert!(exchange(door.address(), notification(1).as_bytes()).await.starts_with("HTTP/1.1 404"));
    // Whoever is no trusted proxy can claim what it likes.
    let plain = listen("127.0.0.1:0".parse().unwrap(), house.hooks(), settings("", "")).await.unwrap();
    assert!(exchange(plain.address(), with("195.211.122.249").as_bytes()).await.starts_with("HTTP/1.1 404"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_finishes_what_it_began() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let router = {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        Router::new().route(
            "/",
            get(move || async move {
                begun.notify_one();
                go_on.notified().await;
                "finished"
            }),
        )
    };
    let door = door(router, "shutdown_answers = \"30 s\"").await;
    let address = door.address();
    let client = tokio::spawn(async move { exchange(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await });
    begun.notified().await;
    let stopping = tokio::spawn(door.shutdown());
    // The door is shut while the answer is still being made.
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, refused).await.expect("nothing more is accepted");
    assert!(!stopping.is_finished());
    go_on.notify_one();
    assert!(client.await.unwrap().ends_with("finished"));
    tokio::time::timeout(LONG, stopping).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_that_stops_does_not_wait_for_ever() {
    let begun = Arc::new(Notify::new());
    let router = {
        let begun = Arc::clone(&begun);
        Router::new().route(
            "/",
            get(move || async move {
                begun.notify_one();
                std::future::pending::<()>().await;
            }),
        )
    };
    let door = door(router, "shutdown_answers = \"50 ms\"").await;
    let address = door.address();
    let client = tokio::spawn(async move { exchange(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await });
    begun.notified().await;
    tokio::time::timeout(LONG, door.shutdown()).await.expect("the bound holds");
    assert_eq!(client.await.unwrap(), "");
}
