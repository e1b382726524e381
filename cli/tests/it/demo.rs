//! `rules demo`: the day ends as it should, however often it is interrupted.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::program::Place;

/// A day short enough for a test, with missed, answered and repeated calls in it.
const CALLS: &str = "18";

fn start(place: &Place, args: &[&str]) -> Child {
    let mut command = place.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// The number at the head of a progress line.
fn percent(line: &str) -> Option<u32> {
    line.split_once('%')?.0.trim().parse().ok()
}

fn summary(text: &str) -> Value {
    assert!(text.starts_with('{'), "no summary: {text}");
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_short_day_is_summed_up_in_the_promised_shape() {
    let place = Place::with(&[]);
    let run = place.rules(&["demo", "--once", "--calls", "4", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let summary = summary(&run.out);
    let keys: Vec<&str> = summary.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "calls",
            "accepted",
            "rejected",
            "clients",
            "orders",
            "tasks",
            "uploads",
            "chats",
            "requests",
            "deals",
            "notifications",
            "crm_requests",
            "duplicates",
            "lost",
            "seconds",
            "checked",
            "as_expected",
            "differences"
        ]
    );
    assert_eq!(summary["calls"], 4);
    assert_eq!(summary["uploads"], summary["accepted"]);
    assert!(summary["notifications"].as_u64().expect("a number") > 4);
    assert_eq!(summary["as_expected"], true, "{summary}");
}

#[test]
fn the_reasons_are_said_in_words() {
    let place = Place::with(&[]);
    let run = place.rules(&["demo", "--once", "--calls", "6", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.out.contains("A stranger's missed call: client and task"), "{}", run.out);
    assert!(
        run.out.contains("table entities for incoming calls, row 1: contact is first, missed is yes"),
        "{}",
        run.out
    );
    assert!(run.out.contains("exactly once"), "{}", run.out);
}

#[test]
fn killed_at_every_turn_the_day_ends_the_same() {
    let place = Place::with(&[]);
    let args = ["demo", "--once", "--calls", CALLS, "--data", "day", "--format", "json"];
    let mut reached = 0;
    let mut kills = 0;
    let last = loop {
        let mut child = start(&place, &args);
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        let killed = loop {
            line.clear();
            if stderr.read_line(&mut line).expect("a line") == 0 {
                break false;
            }
            // Only behind the farthest point so far: the first line of a run says how far the last one came.
            if let Some(percent) = percent(&line)
                && percent > reached
                && percent < 100
            {
                reached = percent;
                child.kill().expect("the program can be killed");
                break true;
            }
        };
        if !killed {
            break child;
        }
        kills += 1;
        child.wait().expect("the program ends");
    };
    let output = last.wait_with_output().expect("the program ends");
    let summary = summary(&String::from_utf8(output.stdout).expect("UTF-8"));
    assert_eq!(output.status.code(), Some(0), "{summary}");
    assert!(kills >= 8, "killed only {kills} times");
    assert_eq!((&summary["lost"], &summary["duplicates"]), (&Value::from(0), &Value::from(0)), "{summary}");
    assert_eq!(summary["calls"].to_string(), CALLS);
}

#[test]
fn a_thing_too_many_is_found() {
    let place = Place::with(&[]);
    let args = ["demo", "--once", "--calls", "2", "--data", "day", "--format", "json"];
    let run = place.rules(&args);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    // Somebody else creates the same client once more, under another identifier.
    let ledger = place.read("day/crm.ledger");
    let create = ledger.lines().find(|line| line.contains("customers/create")).expect("a client was created");
    place.write("day/crm.ledger", &format!("{ledger}{}\n", create.replacen("uis-", "other-", 1)));
    let run = place.rules(&args);
    let summary = summary(&run.out);
    assert_eq!(run.code, Some(1), "{summary}");
    assert_eq!(summary["duplicates"], 1, "{summary}");
    assert_eq!(summary["as_expected"], false);
}

#[test]
fn edited_rules_are_obeyed_and_not_judged() {
    let place = Place::with(&[("day/bundle/main.rules", "rules 1\n\nfilter for calls\n  else reject\n")]);
    let run = place.rules(&["demo", "--once", "--calls", "2", "--data", "day", "--format", "json"]);
    let summary = summary(&run.out);
    assert_eq!(summary["checked"], false, "{summary}");
    assert_eq!(summary["clients"], 0, "{summary}");
    assert_eq!(run.code, Some(0));
}

#[cfg(unix)]
#[test]
fn it_stays_up_until_it_is_told_to_stop() {
    let place = Place::with(&[]);
    let mut child = start(&place, &["demo", "--calls", "1", "--format", "json"]);
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut console = String::new();
    stderr.read_line(&mut console).expect("a line");
    assert!(console.contains("http://127.0.0.1:"), "the console is named first: {console}");
    let mut summary_text = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    while !summary_text.ends_with("}\n") {
        assert_ne!(stdout.read_line(&mut summary_text).expect("a line"), 0, "{summary_text}");
    }
    assert_eq!(summary(&summary_text)["as_expected"], true);
    assert!(child.try_wait().expect("its state").is_none(), "it is still up");
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("a signal");
    assert!(told.success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "{rest}");
}
