//! Cases of `uploads`: who leaves with whom, and what each is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::*;
use crate::config::Secret;
use crate::crm::{
    Address, AddressRules, BreakerSettings, CallResult, ClientSettings, Direction, FieldError, Pace,
    PaceSettings, Priority,
};
use crate::outbound::{Outcome, Transport};

/// Answers uploads and remembers how many calls each had.
#[derive(Debug, Default)]
struct History {
    batches: Mutex<Vec<Vec<String>>>,
    /// External ids that are refused.
    bad: Vec<&'static str>,
    /// Whether a bad row makes the whole request fail.
    all_or_nothing: bool,
}

impl Transport for History {
    fn send(&self, request: http::Request<Bytes>, _: Duration) -> BoxFuture<'_, Outcome> {
        let form: Vec<(String, String)> =
            form_urlencoded::parse(request.body()).map(|(name, value)| (name.into(), value.into())).collect();
        let calls: Vec<Value> = serde_json::from_str(&form[0].1).expect("a list");
        let ids: Vec<String> =
            calls.iter().map(|call| call["externalId"].as_str().expect("an id").to_owned()).collect();
        let bad: Vec<usize> = (0..ids.len()).filter(|row| self.bad.contains(&ids[*row].as_str())).collect();
        self.batches.lock().expect("no panic").push(ids.clone());
        let errors: serde_json::Map<String, Value> =
            bad.iter().map(|row| (row.to_string(), json!("phone: not a number"))).collect();
        let (status, body) = match (bad.is_empty(), self.all_or_nothing) {
            (true, _) => {
                (200, json!({"success": true, "processedCallsCount": ids.len(), "duplicateCalls": []}))
            }
            (false, true) => (400, json!({"success": false, "errorMsg": "Errors in the entity format"})),
            (false, false) => (460, json!({"success": false, "errorMsg": "with errors", "errors": errors})),
        };
        let answer =
            http::Response::builder().status(status).body(body.to_string().into()).expect("an answer");
        Box::pin(std::future::ready(Outcome::Answered(answer)))
    }
}

fn client(history: &Arc<History>) -> Client {
    let rules = AddressRules { domains: Vec::new(), allow_loopback: true };
    let settings = ClientSettings {
        account: "romashka".to_owned(),
        address: Address::parse("http://127.0.0.1:1", &rules).expect("an address"),
        key: Secret::new("key"),
        timeout: Duration::from_secs(10),
        pace: Arc::new(Pace::new(&PaceSettings::default())),
        breaker: BreakerSettings::default(),
    };
    Client::new(settings, Arc::clone(history) as Arc<dyn Transport>).expect("a key")
}

fn call(n: usize) -> CallRecord {
    CallRecord {
        external_id: format!("uis-call-{n}"),
        date: "2026-03-02 12:00:00".to_owned(),
        direction: Direction::In,
        phone: "+79000000011".to_owned(),
        user_id: None,
        result: CallResult::Answered,
        duration: 1,
        duration_waiting: 1,
        record_url: None,
        external_phone: None,
        site: None,
        source: None,
    }
}

async fn upload(client: &Client, n: usize) -> Result<Uploaded, CrmError> {
    client.upload_call(call(n), Urgency::first(Priority::Upload)).await
}

fn sizes(history: &History) -> Vec<usize> {
    history.batches.lock().expect("no panic").iter().map(Vec::len).collect()
}

#[tokio::test(start_paused = true)]
async fn a_single_call_waits_for_nobody_and_a_line_leaves_together() {
    let history = Arc::new(History::default());
    let client = client(&history);
    let started = tokio::time::Instant::now();
    upload(&client, 0).await.expect("taken");
    assert_eq!(started.elapsed(), Duration::ZERO);
    let all = join_all((1..=120).map(|n| upload(&client, n))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(sizes(&history), [1, 50, 50, 20]);
}

#[tokio::test(start_paused = true)]
async fn a_bad_row_fails_alone() {
    for all_or_nothing in [false, true] {
        let bad = vec!["uis-call-3"];
        let history = Arc::new(History { bad, all_or_nothing, ..History::default() });
        let client = client(&history);
        upload(&client, 0).await.expect("taken");
        let all = join_all((1..=5).map(|n| upload(&client, n))).await;
        let failed: Vec<usize> = (1..=5).zip(&all).filter(|(_, one)| one.is_err()).map(|(n, _)| n).collect();
        assert_eq!(failed, [3], "{all:?}");
        // Where the answer names the row, nothing is sent twice.
        assert_eq!(sizes(&history).len(), if all_or_nothing { 2 + 5 } else { 2 });
    }
}

/// Says no after the wait.
#[derive(Debug, Default)]
struct Lost(AtomicBool);

impl SendGuard for Lost {
    fn may_send(&self, _: Duration) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

#[tokio::test(start_paused = true)]
async fn who_lost_the_right_to_send_or_went_away_is_left_out() {
    let history = Arc::new(History::default());
    let client = client(&history);
    upload(&client, 0).await.expect("taken");
    let guard = Arc::new(Lost::default());
    let guarded = client.guarded(Arc::clone(&guard) as Arc<dyn SendGuard>);
    // The one that begins the batch is dropped before its turn, and the others go on.
    let mut impatient = Box::pin(upload(&client, 1));
    assert!((&mut impatient).now_or_never().is_none());
    let mut lost = Box::pin(upload(&guarded, 2));
    let mut kept = Box::pin(upload(&client, 3));
    assert!((&mut lost).now_or_never().is_none());
    assert!((&mut kept).now_or_never().is_none());
    drop(impatient);
    guard.0.store(true, Ordering::Relaxed);
    let (lost, kept) = futures_util::future::join(lost, kept).await;
    assert_eq!(lost, Err(CrmError::TooLate));
    assert!(kept.is_ok());
    assert_eq!(history.batches.lock().expect("no panic")[1], ["uis-call-3"]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_nobody_waits_for_holds_nobody_up() {
    let history = Arc::new(History::default());
    let client = client(&history);
    upload(&client, 0).await.expect("taken");
    let mut impatient = Box::pin(upload(&client, 1));
    assert!((&mut impatient).now_or_never().is_none());
    drop(impatient);
    upload(&client, 2).await.expect("taken");
    assert_eq!(sizes(&history), [1, 1]);
}

#[test]
fn an_answer_that_names_no_row_is_asked_again_for_each() {
    let left = |answer| Left { sent: Arc::new(vec!["a".to_owned(), "b".to_owned()]), answer };
    let partial = |field: &str| {
        let fields = vec![FieldError { field: field.to_owned(), text: "bad".to_owned() }];
        left(Err(CrmError::Partial(Refusal { status: 460, fields, ..Refusal::default() })))
    };
    let taken = || Fate::Taken(Uploaded { processed: 1, duplicates: Vec::new() });
    assert_eq!(fate(&partial("1"), "a"), taken());
    assert!(matches!(fate(&partial("1"), "b"), Fate::Failed(CrmError::Partial(_))));
    assert!(matches!(fate(&partial("[1].phone"), "b"), Fate::Failed(_)));
    assert_eq!(fate(&partial("b"), "a"), taken());
    for unclear in ["", "phone", "7"] {
        assert_eq!(fate(&partial(unclear), "a"), Fate::Alone, "{unclear}");
    }
    let uploaded = |processed, duplicates: &[&str]| {
        let duplicates = duplicates.iter().map(|id| (*id).to_owned()).collect();
        left(Ok(Uploaded { processed, duplicates }))
    };
    assert_eq!(fate(&uploaded(1, &["a"]), "b"), taken());
    let known = Fate::Taken(Uploaded { processed: 0, duplicates: vec!["a".to_owned()] });
    assert_eq!(fate(&uploaded(1, &["a"]), "a"), known);
    assert_eq!(fate(&uploaded(1, &[]), "b"), Fate::Alone);
    assert!(matches!(fate(&left(Err(CrmError::Outage { status: 500 })), "a"), Fate::Failed(_)));
}
