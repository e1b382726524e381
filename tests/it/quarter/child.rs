//! A server process whose clock runs as the machine's does and can be put forward.
//!
//! The process is this test binary, asked to be a server. It is told what to do by lines on its input: `forward N` puts its
//! clock N seconds on, `state` has it say in one line of JSON what is left to do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_runtime::app::{Replace, Running, start};
use switchboard_runtime::clock::Manual;
use switchboard_runtime::config;
use switchboard_runtime::reports::WrittenProgress;
use switchboard_runtime::store::record::AccountId;

use crate::server::{Place, Tuning};

/// Names the file of settings to the process that is to be a server.
const SETTINGS: &str = "SWITCHBOARD_IT_QUARTER_SERVER";
/// What time it is to believe.
const NOW: &str = "SWITCHBOARD_IT_QUARTER_NOW";
/// What that process says, followed by its two addresses, once it listens.
const READY: &str = "ready at ";
/// What an answer begins with.
const STATE: &str = "state ";
/// How often a clock is moved that runs as the machine's.
const PUMP: Duration = Duration::from_millis(5);

/// Moves a clock as the machine's moves, until the task is dropped.
pub(super) async fn run_on(forward: impl Fn(Duration)) {
    let mut ticks = tokio::time::interval(PUMP);
    let mut last = Instant::now();
    loop {
        ticks.tick().await;
        let now = Instant::now();
        forward(now.duration_since(last));
        last = now;
    }
}

/// Not a test by itself: the server, when the test of the quarter starts this binary again.
#[test]
fn child() {
    let Some(settings) = std::env::var_os(SETTINGS) else { return };
    let now: Timestamp = std::env::var(NOW).expect("a moment").parse().expect("a moment");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let clock = Manual::new(now);
        let running = serve(settings.as_ref(), clock.clone()).await;
        let moved = clock.clone();
        tokio::spawn(run_on(move |by| {
            moved.advance(by);
        }));
        let addresses = running.addresses();
        println!("\n{READY}{} {}", addresses.hooks, addresses.console);
        let (told, mut lines) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            std::io::stdin().lines().map_while(Result::ok).try_for_each(|line| told.send(line))
        });
        while let Some(line) = lines.recv().await {
            match line.split_once(' ') {
                Some(("forward", seconds)) => {
                    clock.advance(Duration::from_secs(seconds.parse().expect("a number")));
                }
                _ => println!("{STATE}{}", state(&running).await),
            }
        }
    });
}

/// Starts a server with a clock of its own.
pub(super) async fn serve(settings: &std::path::Path, clock: Manual) -> Running {
    let config = config::load(settings).unwrap_or_else(|error| panic!("{error}"));
    let settle = Some(Tuning::default().settle);
    let replace = Replace { clock: Some(Arc::new(clock)), settle, seed: Some(1), ..Replace::default() };
    start(config, replace).await.unwrap_or_else(|error| panic!("{error:?}"))
}

/// What is left to do, and up to when both reports of things to do were read.
async fn state(running: &Running) -> Value {
    let account = AccountId::from("romashka");
    let store = running.store();
    let overview = store.overview().await.expect("the store answers");
    let events = overview.iter().map(|one| one.events.available).sum::<u64>();
    let talks: u64 =
        overview.iter().map(|one| &one.communications).map(|one| one.open + one.ending + one.decided).sum();
    let effects: u64 = overview
        .iter()
        .map(|one| &one.effects)
        .map(|one| one.ready + one.in_flight + one.unknown + one.held)
        .sum();
    let dead: u64 = overview.iter().map(|one| one.effects.dead).sum();
    let deals = store.deals().count_deals(&account).await.expect("the store answers");
    let written = WrittenProgress::kept(&**store, &account).await.expect("the store answers");
    json!({"events": events, "talks": talks, "effects": effects, "dead": dead, "deals": deals.waiting,
        "parked": deals.parked, "written": written.map(|progress| progress.until)})
}

/// A server process.
pub(super) struct Life {
    process: Child,
    told: ChildStdin,
    said: Option<BufReader<ChildStdout>>,
    pub(super) hooks: SocketAddr,
    pub(super) console: SocketAddr,
}

impl Life {
    /// Starts one and waits until it listens.
    pub(super) async fn begin(place: &Place, now: Timestamp) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "quarter::child::child", "--nocapture", "--test-threads=1"])
            .env(SETTINGS, place.settings())
            .env(NOW, now.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the process starts");
        let told = process.stdin.take().expect("its input");
        let said = BufReader::new(process.stdout.take().expect("its output"));
        let (said, addresses) = line(said, READY).await;
        let (hooks, console) = addresses.split_once(' ').expect("two addresses");
        let address = |text: &str| text.parse().expect("an address");
        Self { process, told, said: Some(said), hooks: address(hooks), console: address(console) }
    }

    /// Puts its clock on. Comes back once that is done: a request that is under way would seem to have taken as long.
    pub(super) async fn forward(&mut self, seconds: u64) {
        writeln!(self.told, "forward {seconds}").expect("it listens");
        self.state().await;
    }

    /// What is left to do.
    pub(super) async fn state(&mut self) -> Value {
        writeln!(self.told, "state").expect("it listens");
        let (said, text) = line(self.said.take().expect("its output"), STATE).await;
        self.said = Some(said);
        serde_json::from_str(&text).expect("JSON")
    }

    /// Ends it by SIGKILL.
    pub(super) fn kill(mut self) {
        self.process.kill().expect("it is killed");
        self.process.wait().expect("it is gone");
    }
}

/// The rest of the next line that begins so.
async fn line(mut said: BufReader<ChildStdout>, begin: &'static str) -> (BufReader<ChildStdout>, String) {
    let read = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        while said.read_line(&mut text).is_ok_and(|bytes| bytes > 0) {
            if let Some(rest) = text.trim_end().strip_prefix(begin) {
                return Some((said, rest.to_owned()));
            }
            text.clear();
        }
        None
    });
    read.await.expect("it is read").expect("the server says so")
}
