//! A server that is killed again and again ends where one ends that never was.
//!
//! The server is a process of its own (this test binary, asked to be one), the emulator stays. Each life ends by SIGKILL
//! at another point: after so many requests have reached the emulator since its start. Notifications are sent until they
//! are acknowledged, as UIS may or may not do; what was acknowledged must not be lost, and nothing must happen twice.
//! `IT_KILLS=500` kills more often.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Direction, Emulator, Notification, Record};
use switchboard_runtime::store::record::SessionKey;
use tokio::sync::watch;

use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning, hooks, run, until};

/// Names the file of settings to the process that is to be a server.
const SETTINGS: &str = "SWITCHBOARD_IT_SERVER";
/// What that process says, followed by the addresses for notifications and of its console, once it listens.
const READY: &str = "ready at ";
/// Kills of a normal run.
const KILLS: u64 = 15;
/// Calls of the day.
const CALLS: u64 = 14;
/// A life is ended at the latest after this, whatever it has done.
const LONGEST_LIFE: Duration = Duration::from_secs(3);

/// Not a test by itself: the server, when the test below starts this binary again.
#[test]
fn child() {
    let Some(settings) = std::env::var_os(SETTINGS) else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let running = run(settings.as_ref(), Tuning::default().settle).await;
        let addresses = running.addresses();
        println!("\n{READY}{} {}", addresses.hooks, addresses.console);
        std::future::pending::<()>().await;
    });
}

/// A server process.
pub(crate) struct Life {
    process: Child,
    pub(crate) hooks: SocketAddr,
    pub(crate) console: SocketAddr,
}

impl Life {
    /// Starts one and waits until it listens.
    pub(crate) async fn begin(place: &Place) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
            .env(SETTINGS, place.settings())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the process starts");
        let out = process.stdout.take().expect("its output");
        let ready = tokio::task::spawn_blocking(move || {
            BufReader::new(out)
                .lines()
                .map_while(Result::ok)
                .find_map(|line| line.strip_prefix(READY).map(str::to_owned))
        });
        let addresses = ready.await.expect("it is read").expect("the server says where it listens");
        let (hooks, console) = addresses.split_once(' ').expect("two addresses");
        let address = |text: &str| text.parse().expect("an address");
        Self { process, hooks: address(hooks), console: address(console) }
    }

    /// Ends it by SIGKILL.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it is gone");
    }
}

fn day() -> Vec<CallScript> {
    let call = |n: u64| {
        let base = CallScript {
            client: Some(format!("7900000004{}", n % 8)),
            virtual_number: "74951234567".to_owned(),
            started: Some(format!("2026-03-02T09:{:02}:00Z", n).parse().expect("a moment")),
            rung: vec![OLGA],
            wait_s: 5,
            campaign: Some(format!("Лето {}", n % 3)),
            session: Some(998_800_000 + n),
            ..CallScript::default()
        };
        match n % 4 {
            0 | 1 => base,
            2 => CallScript {
                answered_by: Some(ANNA),
                rung: vec![OLGA, ANNA],
                talk_s: 42,
                recorded: true,
                ..base
            },
            _ => CallScript { direction: Direction::Out, caller: Some(ANNA), rung: Vec::new(), ..base },
        }
    };
    (0..CALLS).map(call).collect()
}

pub(crate) fn played(place: &Place) -> (Vec<SessionKey>, Vec<Notification>) {
    let calls: Vec<_> = day().iter().map(|script| place.play(script)).collect();
    let sessions = calls.iter().map(|call| SessionKey::from(format!("call:{}", call.session))).collect();
    (sessions, calls.into_iter().flat_map(|call| call.notifications).collect())
}

/// Sends notifications in order, each until it is acknowledged, to whoever is the server at the time.
async fn tell(
    emulator: Arc<Emulator>,
    notifications: Vec<Notification>,
    mut server: watch::Receiver<Option<SocketAddr>>,
) {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    for notification in notifications {
        loop {
            let address = *server.wait_for(Option::is_some).await.expect("the test goes on");
            let address = address.expect("waited for");
            if emulator.uis().send(&notification, &hooks(address)).await.is_taken() {
                break;
            }
            pause.tick().await;
        }
    }
}

/// What RetailCRM holds, without the numbers it gave: comparable between two runs.
pub(crate) fn holdings(emulator: &Emulator) -> Value {
    let crm = emulator.crm();
    let phones: BTreeMap<u64, String> =
        crm.customers().iter().map(|row| (row.id, row.phones().concat())).collect();
    let of = |row: &Record| row.linked("customer").and_then(|id| phones.get(&id)).cloned();
    let fields = |row: &Record, names: &[&str]| super::server::part(row, names);
    let mut clients: Vec<Value> = crm
        .customers()
        .iter()
        .map(|row| {
            fields(row, &["externalId", "phones", "firstName", "managerId", "site", "customFields", "source"])
        })
        .collect();
    let mut orders: Vec<Value> = crm
        .orders()
        .iter()
        .map(|row| {
            json!([of(row), fields(row, &["externalId", "phone", "managerId", "site", "customFields"])])
        })
        .collect();
    let mut tasks: Vec<Value> = crm
        .tasks()
        .iter()
        .map(|row| json!([of(row), fields(row, &["text", "commentary", "datetime", "performerId", "phone"])]))
        .collect();
    let names = [
        "externalId",
        "date",
        "type",
        "phone",
        "userId",
        "result",
        "duration",
        "durationWaiting",
        "recordUrl",
    ];
    let mut calls: Vec<Value> = crm.calls().iter().map(|row| fields(row, &names)).collect();
    for rows in [&mut clients, &mut orders, &mut tasks, &mut calls] {
        rows.sort_by_key(ToString::to_string);
    }
    json!({"clients": clients, "orders": orders, "tasks": tasks, "calls": calls})
}

/// The rows that only one of two holdings has.
pub(crate) fn differences(found: &Value, wanted: &Value) -> Vec<String> {
    let rows = |of: &Value, kind: &str| of[kind].as_array().expect("a list of rows").clone();
    let mut differences = Vec::new();
    for kind in ["clients", "orders", "tasks", "calls"] {
        let (mut surplus, mut lacking) = (rows(found, kind), rows(wanted, kind));
        surplus.retain(|row| match lacking.iter().position(|other| other == row) {
            Some(at) => {
                lacking.remove(at);
                false
            }
            None => true,
        });
        differences.extend(surplus.iter().map(|row| format!("{kind}, not wanted: {row}")));
        differences.extend(lacking.iter().map(|row| format!("{kind}, not found: {row}")));
    }
    differences
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_again_and_again_ends_where_another_ends() {
    let undisturbed = Place::new(RULES, &Tuning::default()).await;
    let (sessions, notifications) = played(&undisturbed);
    let server = undisturbed.serve().await;
    for notification in &notifications {
        let hooks = hooks(server.running.addresses().hooks);
        assert!(server.place.emulator.uis().send(notification, &hooks).await.is_taken());
    }
    server.settled(&sessions).await;
    let wanted = holdings(&server.place.emulator);
    server.stop().await;

    let place = Place::new(RULES, &Tuning::default()).await;
    let (sessions, notifications) = played(&place);
    let kills = std::env::var("IT_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut dice = fastrand::Rng::with_seed(kills);
    let (address, server) = watch::channel(None);
    let emulator = Arc::clone(&place.emulator);
    let telling = tokio::spawn(tell(Arc::clone(&emulator), notifications, server));
    let mut points = Vec::new();
    for _ in 0..kills {
        let begun = emulator.journal().count();
        let life = Life::begin(&place).await;
        address.send_replace(Some(life.hooks));
        let end = begun + dice.u64(1..30);
        let lived = until("it has done its share", async || emulator.journal().count() >= end);
        // A life that has nothing more to do is ended as well.
        let _ = tokio::time::timeout(LONGEST_LIFE, lived).await;
        points.push(emulator.journal().count() - begun);
        address.send_replace(None);
        life.kill();
    }
    println!("killed after so many requests: {points:?}");
    let server: Server = place.serve().await;
    address.send_replace(Some(server.running.addresses().hooks));
    telling.await.expect("everything was told");
    server.settled(&sessions).await;
    let differences = differences(&holdings(&emulator), &wanted);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(points.iter().any(|count| *count > 7), "some lives did more than to begin: {points:?}");
}
