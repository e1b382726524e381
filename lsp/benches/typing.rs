//! How long answers take while somebody types in a bundle of 20,000 lines.
//!
//! One file of rules, keys pressed one after another in a filter, a table and a template; after each key everything that an
//! editor asks for is asked, over the protocol, while the check of the bundle runs beside it. Printed are the median, the
//! 99th percentile and the longest of each kind of request, from its sending to its answer, with the change itself counted
//! to the first request after it. The bundle has tests, which are run again whenever a check is over, and what they reach is
//! shown. The run fails when the 99th percentile of all of them is above the limit.
//!
//! `cargo bench -p switchboard-lsp`; `KEYS=100` makes it shorter, `LINES=1000` the bundle smaller, `TESTS=0` leaves them out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a bench is a test that is looked at"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use switchboard_lsp::{Connection, serve};

/// No request should take longer than this, but one in a hundred.
const LIMIT: Duration = Duration::from_millis(50);

/// What is typed, and behind which words.
const TYPED: &[(&str, &str)] = &[
    ("  reject when source is \"Spam 7\"", " or campaign like \"Brand*\" and site in (\"a.ru\", \"b.ru\")"),
    ("  | \"site9.ru\" ", "and \"other\", contains \"shop\" "),
    ("Call {{ phone", " else name | upper"),
];

fn main() -> ExitCode {
    let number = |name: &str, other: usize| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(other)
    };
    let (keys, lines) = (number("KEYS", 600), number("LINES", 20_000));
    let text = rules(lines);
    let folder = bundle(&text, number("TESTS", 500));
    let mut client = Client::start(&text, folder.path());
    let mut typed = 0;
    while typed < keys {
        for (behind, words) in TYPED {
            let found = client.text.find(behind).unwrap_or_else(|| panic!("`{behind}` is there"));
            let start = found + behind.len();
            for (at, ch) in words.char_indices() {
                client.key(start + at, 0, &ch.to_string());
                typed += 1;
            }
            // What was typed goes again, so that every round is alike.
            client.key(start, words.len(), "");
            typed += 1;
        }
    }
    client.report(typed, text.lines().count())
}

/// A folder with these rules and so many tests, each of another site.
fn bundle(text: &str, tests: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("main.rules"), text).expect("written");
    std::fs::create_dir(folder.path().join("tests")).expect("a folder");
    for at in 0..tests {
        let test = json!({
            "event": {
                "kind": "call", "direction": "incoming", "missed": true, "phone": "+79001234567",
                "site": format!("a{at}.ru"), "campaign": format!("Part {at}-1"),
            },
            "now": "2026-03-02T12:00:00+03:00",
        });
        let path = folder.path().join(format!("tests/{at}.json"));
        std::fs::write(path, test.to_string()).expect("written");
    }
    folder
}

/// A file of so many lines: filters, tables, tasks and lists that use one another.
fn rules(lines: usize) -> String {
    let mut text =
        String::from("rules 1\n\nsettings for calls\n  default_responsible: \"anna@romashka.ru\"\n\n");
    text.push_str("filter for incoming calls\n");
    let rest = "  else accept\n\n";
    (0..40).for_each(|at| {
        let _ = writeln!(text, "  reject when source is \"Spam {at}\"");
    });
    text.push_str(rest);
    let mut section = 0;
    while text.lines().count() + 26 < lines {
        let _ = write!(text, "## Who answers for part {section}.\ntable duty_{section} for calls\n");
        text.push_str("  | site | campaign || employee |\n  |------|----------||----------|\n");
        for row in 0..12 {
            let _ = writeln!(
                text,
                "  | \"site{row}.ru\" | like \"Part {section}-{row}*\" || \"user{row}@romashka.ru\" |"
            );
        }
        text.push_str("  | else || default_responsible |\n\n");
        let _ = write!(
            text,
            "task for missed incoming calls when site in sites_{section}\n  title: \"Call {{{{ phone }}}} of part {section}\"\n  \
             assign: caller else duty_{section}\n  due: 2 hours after started\n\nlist sites_{section}: \"a{section}.ru\", \"b{section}.ru\"\n\n"
        );
        section += 1;
    }
    text
}

struct Client {
    connection: Connection,
    server: std::thread::JoinHandle<()>,
    text: String,
    version: i64,
    asked: i32,
    took: BTreeMap<&'static str, Vec<Duration>>,
    checks: usize,
    /// How often lenses were asked for anew: once a check, once a run of tests.
    refreshed: usize,
    /// The name of the last answer with the tokens of the file.
    painted: Option<String>,
    uri: String,
}

impl Client {
    fn start(text: &str, folder: &std::path::Path) -> Self {
        let (ours, theirs) = Connection::memory();
        let server = std::thread::spawn(move || serve(&theirs, "bench").expect("serves"));
        let mut client = Self {
            connection: ours,
            server,
            text: text.to_owned(),
            version: 1,
            asked: 0,
            took: BTreeMap::new(),
            checks: 0,
            refreshed: 0,
            painted: None,
            uri: format!("file://{}", folder.join("main.rules").display()),
        };
        let capabilities = json!({ "workspace": { "codeLens": { "refreshSupport": true } } });
        let settings = json!({ "coverage": true });
        client.ask("initialize", json!({ "capabilities": capabilities, "initializationOptions": settings }));
        client.tell("initialized", json!({}));
        let document = json!({ "uri": client.uri, "languageId": "rules", "version": 1, "text": text });
        client.tell("textDocument/didOpen", json!({ "textDocument": document }));
        // The first check and run are awaited: typing begins in an editor that is at rest.
        while client.refreshed < 2 {
            client.take();
        }
        client.took.clear();
        client
    }

    /// A key: the change, then all that an editor asks for.
    fn key(&mut self, at: usize, gone: usize, with: &str) {
        let (start, end) = (self.position(at), self.position(at + gone));
        self.text.replace_range(at..at + gone, with);
        self.version += 1;
        let started = Instant::now();
        let change = json!({ "range": { "start": start, "end": end }, "text": with });
        let document = json!({ "uri": self.uri, "version": self.version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
        let place = self.position(at + with.len());
        let line = place["line"].as_u64().unwrap();
        let uri = self.uri.clone();
        let here = json!({ "textDocument": { "uri": uri }, "position": place });
        self.ask_since("textDocument/completion", here.clone(), started);
        self.ask("textDocument/hover", here.clone());
        self.ask("textDocument/documentHighlight", here);
        let screen = json!({ "start": { "line": line.saturating_sub(30), "character": 0 }, "end": { "line": line + 30, "character": 0 } });
        let of = |more: Value| {
            let mut params = json!({ "textDocument": { "uri": uri } });
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        self.ask("textDocument/semanticTokens/range", of(json!({ "range": screen })));
        self.ask("textDocument/inlayHint", of(json!({ "range": screen })));
        self.ask("textDocument/codeAction", of(json!({ "range": screen, "context": { "diagnostics": [] } })));
        match self.painted.take() {
            None => self.ask("textDocument/semanticTokens/full", of(json!({}))),
            Some(since) => {
                self.ask("textDocument/semanticTokens/full/delta", of(json!({ "previousResultId": since })));
            }
        }
        self.ask("textDocument/documentSymbol", of(json!({})));
        self.ask("textDocument/foldingRange", of(json!({})));
        self.ask("textDocument/codeLens", of(json!({})));
        // An editor asks what a lens says for those that are on the screen.
        let lens = json!({ "range": screen, "data": [uri, "tests", 1] });
        self.ask("codeLens/resolve", lens);
    }

    fn ask(&mut self, method: &'static str, params: Value) {
        self.ask_since(method, params, Instant::now());
    }

    fn ask_since(&mut self, method: &'static str, params: Value, started: Instant) {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        let request = Request::new(id.clone(), method.to_owned(), params);
        self.connection.sender.send(request.into()).expect("the server is alive");
        while self.take() != Some(id.clone()) {}
        self.took.entry(method).or_default().push(started.elapsed());
    }

    fn tell(&mut self, method: &str, params: Value) {
        let note = Notification::new(method.to_owned(), params);
        self.connection.sender.send(note.into()).expect("the server is alive");
    }

    /// Takes a message; gives the number of the request that it answers.
    fn take(&mut self) -> Option<RequestId> {
        match self.connection.receiver.recv().expect("the server is alive") {
            Message::Response(response) => {
                let result = response.response_result.expect("an answer");
                if let Some(id) = result["resultId"].as_str() {
                    self.painted = Some(id.to_owned());
                }
                Some(response.id)
            }
            Message::Notification(note) => {
                self.checks += usize::from(note.method == "textDocument/publishDiagnostics");
                None
            }
            Message::Request(request) => {
                self.refreshed += 1;
                self.connection.sender.send(Response::new_ok(request.id, Value::Null).into()).expect("alive");
                None
            }
        }
    }

    fn position(&self, at: usize) -> Value {
        let before = &self.text[..at];
        let column =
            before.rsplit('\n').next().unwrap_or_default().chars().map(char::len_utf16).sum::<usize>();
        json!({ "line": before.matches('\n').count(), "character": column })
    }

    fn report(mut self, keys: usize, lines: usize) -> ExitCode {
        let took = std::mem::take(&mut self.took);
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.server.join().expect("the server does not panic");
        println!(
            "{keys} keys in {lines} lines; meanwhile {} checks and runs of tests, findings shown {} times",
            self.refreshed, self.checks
        );
        println!("{:34} {:>9} {:>9} {:>9}", "request", "median", "p99", "longest");
        let mut all: Vec<Duration> = Vec::new();
        let row = |name: &str, times: &mut Vec<Duration>| {
            times.sort_unstable();
            let at = |share: usize| {
                times.get((times.len() * share / 100).min(times.len() - 1)).copied().unwrap_or_default()
            };
            let shown = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1_000.0);
            println!("{name:34} {:>9} {:>9} {:>9}", shown(at(50)), shown(at(99)), shown(at(100)));
            at(99)
        };
        for (method, mut times) in took {
            all.extend(&times);
            row(method, &mut times);
        }
        let of_all = row("all", &mut all);
        if of_all > LIMIT {
            println!("the 99th percentile is above {} ms", LIMIT.as_millis());
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}
