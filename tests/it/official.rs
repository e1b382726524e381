//! The vendor's own client and ours say the same.
//!
//! Everything that a server sends to RetailCRM for a few calls is sent once more, to another emulator, by the official
//! Python client; both journals must hold the same decoded requests. `tests/official/run` brings that client and names
//! its Python in `SWITCHBOARD_OFFICIAL_CLIENT`; without it the test says that it was skipped.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Direction, Emulator, Entry, Service, Settings};

use super::server::{ANNA, OLGA, RULES, Server, Tuning};

/// Names the Python that has the vendor's client.
const PYTHON: &str = "SWITCHBOARD_OFFICIAL_CLIENT";

fn calls() -> Vec<CallScript> {
    let base = CallScript {
        client: Some("79000000081".to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA],
        wait_s: 5,
        campaign: Some("Лето & зима".to_owned()),
        ..CallScript::default()
    };
    let talk = CallScript {
        answered_by: Some(ANNA),
        rung: vec![OLGA, ANNA],
        talk_s: 42,
        recorded: true,
        ..base.clone()
    };
    let other = Some("79000000082".to_owned());
    let out = CallScript { direction: Direction::Out, caller: Some(ANNA), client: other, ..base.clone() };
    vec![base, talk, out]
}

fn to_retailcrm(emulator: &Emulator) -> Vec<Entry> {
    let all = emulator.journal().entries();
    all.into_iter().filter(|entry| entry.service == Service::Retailcrm).collect()
}

/// A request as both clients must send it. Theirs names a record that it edits inside, too.
fn said(entry: &Entry) -> Value {
    let mut parts = entry.parts.clone();
    if entry.path.ends_with("/edit") {
        for part in parts.as_object_mut().into_iter().flat_map(|parts| parts.values_mut()) {
            if let Some(record) = part.as_object_mut() {
                record.shift_remove("id");
            }
        }
    }
    let content_type =
        entry.content_type.as_deref().map(|kind| kind.split(';').next().unwrap_or(kind).to_owned());
    json!({
        "method": entry.method, "path": entry.path, "query": entry.query, "parts": parts, "key": entry.key,
        "content_type": content_type.filter(|_| entry.method == "POST"),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_own_client_sends_the_same_forms() {
    let Some(python) = std::env::var_os(PYTHON) else {
        eprintln!("SKIPPED: `{PYTHON}` names no Python with the vendor's client; `tests/official/run` does");
        return;
    };
    let server = Server::new(RULES, &Tuning::default()).await;
    let mut sessions = Vec::new();
    for call in calls() {
        // One after another, so that both sides give the same numbers to the same records.
        sessions.push(server.call(&call).await);
        server.settled(&sessions).await;
    }
    let place = server.stop().await;
    let ours = to_retailcrm(&place.emulator);
    assert!(ours.iter().any(|entry| entry.path.ends_with("/telephony/calls/upload")), "the day was played");

    let other = Emulator::start(Settings::default()).await.expect("the emulator starts");
    other.set_switches(|switches| switches.limiter = false);
    let requests: Vec<Value> = ours
        .iter()
        .map(|entry| json!({"method": entry.method, "path": entry.path, "query": entry.query, "parts": entry.parts}))
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("requests.json");
    std::fs::write(&file, Value::from(requests).to_string()).expect("the requests are written");
    let crm = other.addresses().services.retailcrm.clone();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("official/replay.py");
    let mut command = Command::new(python);
    command.arg(script).args([&crm.url, &crm.key]).arg(&file);
    let ended = tokio::task::spawn_blocking(move || command.output());
    let ended = ended.await.expect("it is waited for").expect("Python starts");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));

    let theirs = to_retailcrm(&other);
    for (our, their) in ours.iter().zip(&theirs) {
        assert_eq!(said(our), said(their));
    }
    assert_eq!(ours.len(), theirs.len());
}
