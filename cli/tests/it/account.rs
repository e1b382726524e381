//! `rules account`, alone and against the stand-ins.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::program::Place;

const SETTINGS: &str = "# how we work\n[security]\nallow_loopback = true # for tests\n\n\
    # the first shop\n[[account]]\nname = \"romashka\"\nbundle = \"rules\"\n\
    hook_secret = \"sesame-0123456789abcdef\"\nbody_key = \"b0dy\"\n\
    [account.retailcrm]\nurl = \"CRM\"\nkey = \"KEY\"\nsite = \"romashka-main\"\n\
    [account.uis]\ndata_api = \"DATA_API\"\ntoken = \"TOKEN\"\n";

/// The stand-ins, ended when dropped.
struct StandIns {
    child: Child,
    addresses: Value,
}

impl StandIns {
    fn start(place: &Place) -> Self {
        let mut child = place
            .command(&["emulate", "--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        Self { child, addresses: serde_json::from_str(&line).expect("one JSON object") }
    }

    fn text(&self, pointer: &str) -> &str {
        self.addresses.pointer(pointer).and_then(Value::as_str).expect("an address")
    }

    fn settings(&self) -> String {
        let pairs = [
            ("CRM", "/retailcrm/url"),
            ("KEY", "/retailcrm/key"),
            ("DATA_API", "/uis/data_api"),
            ("TOKEN", "/uis/token"),
        ];
        pairs.iter().fold(SETTINGS.to_owned(), |text, (from, to)| {
            text.replace(&format!("\"{from}\""), &format!("\"{}\"", self.text(to)))
        })
    }
}

impl Drop for StandIns {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Settings that name no address that is asked.
fn alone() -> String {
    SETTINGS.replace("CRM", "romashka.retailcrm.ru").replace("DATA_API", "https://dataapi.uiscom.ru/v2.0")
}

#[test]
fn accounts_are_listed_without_their_secrets() {
    let place = Place::with(&[("switchboard.toml", &alone())]);
    let run = place.rules(&["account", "list", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.out.contains("romashka") && run.out.contains("https://romashka.retailcrm.ru"), "{}", run.out);
    let run = place.rules(&["account", "list", "--format", "json"]);
    let rows: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(rows[0]["site"], "romashka-main");
    for secret in ["\"KEY\"", "TOKEN", "sesame", "b0dy"] {
        assert!(!run.out.contains(secret), "{secret}");
    }
}

#[test]
fn what_to_paste_into_uis_has_secrets_only_when_they_are_asked_for() {
    let place = Place::with(&[("switchboard.toml", &alone())]);
    let command = ["account", "uis-templates", "romashka", "--host", "https://x.example.ru", "--lang", "ru"];
    let run = place.rules(&command);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(
        run.out.contains("POST https://x.example.ru/hooks/romashka/HOOK_SECRET/uis/call_end"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("/uis/chat_end\n") && run.out.contains("\"communication_id\": {{communication_id}}"),
        "{}",
        run.out
    );
    assert!(run.out.contains("UIS не публикует"), "it is said that the names are not known: {}", run.out);
    assert!(
        run.out.contains("\"key\": \"BODY_KEY\"") && run.out.contains("завершение звонка"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("sesame") && !run.out.contains("b0dy"));
    let run = place.rules(&[&command[..], &["--show-secret", "--format", "json"]].concat());
    let all: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(all["manager"], "https://x.example.ru/hooks/romashka/sesame-0123456789abcdef/uis/manager");
    assert_eq!(all["events"].as_array().map(Vec::len), Some(12));
    let run = place.rules(&["account", "uis-templates", "lutik"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.err.contains("`romashka`"), "{}", run.err);
}

#[test]
fn the_check_says_what_is_wrong_and_its_exit_code_says_whether() {
    let place = Place::with(&[]);
    let stand_ins = StandIns::start(&place);
    place.write("switchboard.toml", &stand_ins.settings());
    let run = place.rules(&["account", "check", "--lang", "ru"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.out.contains("у ключа есть все нужные права"), "{}", run.out);
    let run = place.rules(&["account", "check", "romashka", "--format", "json"]);
    let reports: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(reports[0]["account"], "romashka");

    let wrong = stand_ins.settings().replace(stand_ins.text("/retailcrm/key"), "wr0ng");
    place.write("switchboard.toml", &wrong);
    let run = place.rules(&["account", "check", "--lang", "en"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.contains("copy the key and put it into the settings"), "{}", run.out);
    assert!(!run.out.contains("wr0ng"));
}

#[test]
fn an_account_is_added_after_a_check_and_removed_and_the_rest_of_the_file_stays() {
    let place = Place::with(&[]);
    let stand_ins = StandIns::start(&place);
    let before = stand_ins.settings();
    place.write("switchboard.toml", &before);
    place.write("key", stand_ins.text("/retailcrm/key"));
    place.write("wrong", "wr0ng");
    place.write("secret", "sesame-abcdef0123456789");
    let url = stand_ins.text("/retailcrm/url");
    let add = |key: &str| {
        place.rules(&[
            "account",
            "add",
            "lutik",
            "--retailcrm",
            url,
            "--key",
            key,
            "--site",
            "romashka-main",
            "--bundle",
            "lutik-rules",
            "--hook-secret",
            "file:secret",
            "--lang",
            "en",
        ])
    };
    let run = add("file:wrong");
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert_eq!(place.read("switchboard.toml"), before, "nothing was written");
    let run = add("wr0ng");
    assert_eq!(run.code, Some(2), "a secret does not stand on the command line");

    let run = add("file:key");
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let after = place.read("switchboard.toml");
    assert!(after.starts_with(before.trim_end()), "{after}");
    assert!(after.contains("[[account]]\nname = \"lutik\"\n"), "{after}");
    assert_eq!(add("file:key").code, Some(2), "the name is taken");

    let run = place.rules(&["account", "remove", "lutik"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert_eq!(place.read("switchboard.toml").trim_end(), before.trim_end());
    let run = place.rules(&["account", "remove", "romashka", "--lang", "en"]);
    assert_eq!(run.code, Some(2), "a server needs one account");
    assert!(run.err.contains("there is no account"), "{}", run.err);
}

#[test]
fn names_in_rules_are_checked_against_what_the_account_has() {
    let place = Place::with(&[]);
    let stand_ins = StandIns::start(&place);
    place.write("switchboard.toml", &stand_ins.settings());
    place.write(
        "rules/main.rules",
        "rules 1\n\ntable store for calls\n  | virtual_number   || store           |\n  |------------------||-----------------|\n\
         \x20 | +7 495 123-45-67 || \"romashka-main\" |\n  | +7 495 123-45-99 || \"romashka-mainn\" |\n  | else             || -               |\n",
    );
    let found = |seen: &str| {
        let lines: Vec<&str> = seen.lines().collect();
        assert_eq!(lines.len(), 2, "{seen}");
        assert!(
            lines[0].contains("rules/main.rules:7:5: warning[R214]") && lines[0].contains("+74951234599"),
            "{seen}"
        );
        assert!(
            lines[1].contains("rules/main.rules:7:25: warning[R214]") && lines[1].contains("romashka-mainn"),
            "{seen}"
        );
    };
    let online = ["check", "rules", "--online", "romashka", "--format", "concise", "--fail-on", "warning"];
    let seen = place.rules(&online);
    assert_eq!(seen.code, Some(1), "{}", seen.shown());
    found(&seen.out);

    let seen = place.rules(&["account", "snapshot", "romashka", "--out", "account.json"]);
    assert_eq!((seen.code, seen.out.as_str(), seen.err.as_str()), (Some(0), "", ""), "{}", seen.shown());
    drop(stand_ins);
    let seen = place.rules(&["check", "rules", "--snapshot", "account.json", "--format", "concise"]);
    assert_eq!(seen.code, Some(0), "warnings alone: {}", seen.shown());
    found(&seen.out);

    let seen = place.rules(&["check", "rules", "--snapshot", "switchboard.toml"]);
    assert_eq!(seen.code, Some(2));
    assert!(
        seen.err.contains("was not written by `rules account snapshot`: this is no JSON"),
        "{}",
        seen.shown()
    );
    let seen = place.rules(&["check", "rules", "--online", "romashka"]);
    assert_eq!(seen.code, Some(2));
    assert!(seen.err.contains("nothing of the account `romashka` could be listed"), "{}", seen.shown());
}
