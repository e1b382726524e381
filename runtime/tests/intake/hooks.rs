//! Notifications through the routes, into a real store.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use http::{Method, Request, StatusCode};
use switchboard_runtime::source::uis::{Decoded, Stored, decode};
use switchboard_runtime::store::record::{AccountId, EventState, LaneKey, SessionKey};

use crate::fixtures::{self, SECRET};
use crate::house::{self, House, OTHER_SECRET, PATH, Plan, from, post};

const END: &str = r#"{"call_session_id":998700001,"contact_phone_number":"79000000010","notification_time":"2026-03-02 12:00:31.512"}"#;

#[tokio::test]
async fn every_fixture_is_answered_200_and_kept_as_it_came() {
    let house = House::usual().await;
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    for fixture in fixtures::all() {
        let answer = house.deliver(&fixture).await;
        assert_eq!(answer.status, StatusCode::OK, "{}: {}", fixture.what, answer.body);
        let outcome = answer.body.split([':', '\n']).next().unwrap();
        let understood =
            matches!(decode(&fixture.delivery()), Decoded::Notification { .. } | Decoded::Written { .. });
        assert_eq!(outcome != "unparsed", understood, "{}: {}", fixture.what, answer.body);
        *kept.entry(outcome.to_owned()).or_default() += 1;
    }
    assert!(kept["new"] > 30 && kept["unparsed"] > 20, "{kept:?}");

    // What was not understood is there with its bytes and its reason.
    let unparsed = house.unparsed().await;
    for fixture in fixtures::all() {
        if let Decoded::Unparsed { reason } = decode(&fixture.delivery()) {
            let there = unparsed.iter().find(|event| {
                let delivery = Stored::unpack(&event.event, &event.content_type, event.body.as_bytes());
                delivery.body == fixture.body
                    && delivery.query == fixture.query.as_deref().filter(|q| !q.is_empty())
                    && event.event == fixture.event
            });
            let there = there.unwrap_or_else(|| panic!("not kept: {}", fixture.what));
            assert_eq!(there.error.as_deref(), Some(reason.text().en.as_str()));
            assert_eq!(there.state, EventState::Unparsed);
        }
    }
}

#[tokio::test]
async fn an_event_is_on_disk_before_it_is_answered() {
    let house = House::usual().await;
    let answer = house.notify("call_end", END).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "new\n"));
    // Nothing is closed or flushed: what was acknowledged must be there for whoever opens the files.
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir(copy.path().join("data")).unwrap();
    for entry in std::fs::read_dir(house.folder.path().join("data")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|extension| extension != "lock") {
            std::fs::copy(entry.path(), copy.path().join("data").join(entry.file_name())).unwrap();
        }
    }
    let reopened = house::open_store(copy.path(), None).await;
    let session = SessionKey::from("call:998700001");
    let timeline = reopened.timeline(&AccountId::from("romashka"), &session).await.unwrap().unwrap();
    assert_eq!(timeline.events.len(), 1);
    assert_eq!(timeline.events[0].body.as_bytes(), END.as_bytes());
    assert_eq!(timeline.events[0].event, "call_end");
    assert_eq!(timeline.events[0].lane, Some(LaneKey::phone("+79000000010")));
}

#[tokio::test]
async fn the_same_event_is_kept_once_however_often_and_at_once_it_comes() {
    let house = House::usual().await;
    let deliveries = (0..20).map(|_| house.notify("call_end", END));
    let answers = futures_util::future::join_all(deliveries).await;
    let count = |outcome: &str| answers.iter().filter(|answer| answer.body == outcome).count();
    assert_eq!((count("new\n"), count("duplicate\n")), (1, 19));
    assert_eq!(house.events("call:998700001").await.len(), 1);
    // Another moment is another event.
    let other = END.replace("31.512", "31.513");
    assert_eq!(house.notify("call_end", &other).await.body, "new\n");
}

#[tokio::test]
async fn a_recording_without_a_phone_goes_to_the_lane_of_its_call() {
    let house = House::usual().await;
    house.deliver(&fixtures::named("call_end-answered")).await;
    house.deliver(&fixtures::named("record")).await;
    let lanes: Vec<_> = house.events("call:998700001").await.into_iter().map(|event| event.lane).collect();
    let phone = Some(LaneKey::phone("+79000000010"));
    assert_eq!(lanes, [phone.clone(), phone]);
}

#[tokio::test]
async fn a_wrong_address_is_answered_alike_whatever_is_wrong_with_it() {
    let house = House::usual().await;
    let mut answers = Vec::new();
    for path in [
        "/hooks/romashka/wrong-secret-wrong-secret/uis/call_end".to_owned(),
        format!("/hooks/nobody/{SECRET}/uis/call_end"),
        format!("/hooks/vasilek/{SECRET}/uis/call_end"),
        format!("/hooks/romashka/{SECRET}x/uis/call_end"),
        format!("/hooks/romashka/{SECRET}/crm/call_end"),
        format!("/hooks/romashka/{SECRET}/uis/call_end/more"),
        format!("/hooks/romashka/{SECRET}/uis"),
        "/hooks/romashka//uis/call_end".to_owned(),
        "/hooks////".to_owned(),
        "/".to_owned(),
        "/hooks/%FF/%00/uis/call_end".to_owned(),
        format!("/hooks/romashka/{}/uis/call_end", "x".repeat(10_000)),
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::HEAD] {
            let request = Request::builder().method(&method).uri(&path).body(Body::from(END)).unwrap();
            let answer = house.send(request).await;
            if method != Method::HEAD {
                answers.push((answer.status, answer.body, format!("{:?}", answer.headers)));
            }
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, StatusCode::NOT_FOUND);
    assert_eq!(house.events("call:998700001").await.len(), 0);
    assert_eq!(house.unparsed().await.len(), 0);
}

#[tokio::test]
async fn both_secrets_are_valid_while_one_is_being_changed() {
    let house = House::usual().await;
    let old = house.send(post(&format!("/hooks/romashka/{OTHER_SECRET}/uis/call_end"), END)).await;
    let new = house.send(post(&format!("{PATH}call_end"), END)).await;
    assert_eq!((old.body.as_str(), new.body.as_str()), ("new\n", "duplicate\n"));
}

#[tokio::test]
async fn other_methods_are_refused_to_those_who_know_the_secret() {
    let house = House::usual().await;
    for method in [Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS] {
        let request =
            Request::builder().method(&method).uri(format!("{PATH}ring")).body(Body::empty()).unwrap();
        let answer = house.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.headers["allow"], "GET, POST");
    }
}

#[tokio::test]
async fn only_listed_senders_are_heard_when_there_is_a_list() {
    let house = House::of(Plan { account: "allow_from = [\"195.211.122.0/24\"]", ..Plan::default() }).await;
    let send = |peer| house.send(from(post(&format!("{PATH}call_end"), END), peer));
    assert_eq!(send("195.211.122.249").await.status, StatusCode::OK);
    assert_eq!(send("1.1.1.1").await.status, StatusCode::NOT_FOUND);
    let unknown = house.send(post(&format!("{PATH}call_end"), END)).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_without_its_key_is_kept_and_not_acted_on() {
    let house = House::of(house::with_body_key()).await;
    let right = house.deliver(&fixtures::named("call_end-answered")).await;
    assert_eq!(right.body, "new\n");
    let missing = house.notify("call_end", END).await;
    assert_eq!(missing.status, StatusCode::OK);
    assert_eq!(missing.body, "unparsed: the `key` of the body is missing or wrong\n");
    let wrong = house.notify("call_end", r#"{"call_session_id":5,"key":"guess"}"#).await;
    assert!(wrong.body.starts_with("unparsed: the `key`"));
    assert_eq!(house.unparsed().await.len(), 2);
    // What cannot be read at all has no key to show and is kept for people all the same.
    assert!(house.notify("call_end", "{").await.body.starts_with("unparsed: the body is not valid JSON"));
}

#[tokio::test]
async fn a_body_may_have_the_size_of_the_limit_and_no_more() {
    let house = House::of(Plan { limits: "body_bytes = \"1 KiB\"", ..Plan::default() }).await;
    let of = |size: usize| format!("{{\"call_session_id\":1,\"x\":\"{}\"}}", "x".repeat(size - 28));
    let full = of(1024);
    assert_eq!(full.len(), 1024);
    assert_eq!(house.notify("ring", &full).await.status, StatusCode::OK);
    let over = of(1025);
    let answer = house.notify("ring", &over).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.headers["connection"], "close");

    // Neither a length that is told nor one that is not gets more through.
    let told =
        Request::post(format!("{PATH}ring")).header("content-length", "1025").body(Body::empty()).unwrap();
    assert_eq!(house.send(told).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let pieces = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 100])));
    let endless = Request::post(format!("{PATH}ring")).body(Body::from_stream(pieces)).unwrap();
    assert_eq!(house.send(endless).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for() {
    let house = House::of(Plan { limits: "body_timeout = \"60 ms\"", ..Plan::default() }).await;
    let never = stream::pending::<Result<Bytes, Infallible>>();
    let request = Request::post(format!("{PATH}ring")).body(Body::from_stream(never)).unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(20), house.send(request)).await.unwrap();
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused_and_nothing_is_kept() {
    let house = House::usual().await;
    let broken =
        stream::iter([Ok(Bytes::from_static(b"{\"call_session_id\":1")), Err(io::Error::other("reset"))]);
    let request = Request::post(format!("{PATH}ring")).body(Body::from_stream(broken)).unwrap();
    assert_eq!(house.send(request).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(house.unparsed().await.len(), 0);
}

#[tokio::test]
async fn a_full_queue_asks_to_come_again() {
    let house = House::of(Plan { limits: "retry_after = \"7 s\"", queue: Some(0), ..Plan::default() }).await;
    let answer = house.notify("call_end", END).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "7");
    assert_eq!(answer.body, "too much is waiting\n");
}

#[tokio::test]
async fn a_store_that_is_gone_asks_to_come_again_and_says_no_more() {
    let house = House::usual().await;
    house.store.close().await.unwrap();
    let answer = house.notify("call_end", END).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "5");
    assert_eq!(answer.body, "store cannot take it\n");
}

#[tokio::test]
async fn the_public_side_says_whether_the_server_is_well_and_no_more() {
    let house = House::usual().await;
    let get = |path: &str| house.send(Request::get(path).body(Body::empty()).unwrap());
    assert_eq!(get("/health/live").await.body, "alive\n");
    let ready = get("/health/ready").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, "ready\n"));
    assert_eq!(get("/metrics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get("/calls").await.status, StatusCode::NOT_FOUND);
    house.store.close().await.unwrap();
    assert_eq!(get("/health/ready").await.body, "ready\n", "what was just said is not asked again");
    house.clock.advance(Duration::from_secs(1));
    let ready = get("/health/ready").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"));
    assert_eq!(get("/health/live").await.status, StatusCode::OK);
}
