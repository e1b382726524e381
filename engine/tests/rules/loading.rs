//! Loading: entries, includes, limits, both languages in one bundle, hostile files.

use std::time::{Duration, Instant};

use serde_json::json;
use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, Slot, load};
use switchboard_engine::limits::{MAX_BUNDLE_BYTES, MAX_FILES, MAX_ROWS};
use switchboard_engine::value::Value;
use switchboard_grammar::lang::Lang;

use super::support::{bundle, call, check, decide, fixture, found, plain, rules, said};

fn files(files: &[(&str, &str)]) -> BundleSource {
    let mut source = BundleSource::new();
    for (path, text) in files {
        source.add(*path, *text).unwrap();
    }
    source
}

fn loaded(source: &BundleSource) -> Loaded {
    load(source, &LoadOptions::default())
}

const FILTER: &str = "rules 1\n\nfilter for incoming calls\n  reject when phone in spam\n  else accept\n";

#[test]
fn both_languages_live_in_one_bundle() {
    let source = files(&[
        (
            "main.rules",
            &format!("rules 1\n\ninclude \"lists/спам.rules\"\n{}", FILTER.trim_start_matches("rules 1")),
        ),
        ("lists/спам.rules", "правила 1\n\nсписок spam из \"lists/spam.csv\"\n"),
        ("lists/spam.csv", "телефон\n8 (900) 000-00-99\n"),
        ("unread.rules", "this is not read"),
    ]);
    let bundle = bundle(&source);
    assert!(!decide(&bundle, &call(json!({ "phone": "+79000000099" }))).accepted);
    assert!(decide(&bundle, &call(json!({ "phone": "+79000000098" }))).accepted);
}

#[test]
fn without_a_main_file_all_at_the_top_are_read() {
    let source = files(&[
        ("filter.rules", FILTER),
        ("lists.rules", "rules 1\n\nlist spam: +7 900 000-00-99\n"),
        ("deeper/other.rules", "not read"),
    ]);
    assert!(loaded(&source).bundle.is_some());
    let mut options = LoadOptions::default();
    options.entry = Some("lists.rules".to_owned());
    assert_eq!(found(&load(&source, &options)), ["unused-list"], "an entry can be chosen");
    options.entry = Some("none.rules".to_owned());
    assert_eq!(found(&load(&source, &options)), ["missing-file"]);
    assert_eq!(found(&loaded(&BundleSource::new())), ["missing-file"]);
}

#[test]
fn a_file_is_read_once_and_a_circle_is_told() {
    let source = files(&[
        ("main.rules", "rules 1\n\ninclude \"a.rules\"\ninclude \"b.rules\"\n"),
        ("a.rules", "rules 1\n\ninclude \"c.rules\"\n"),
        ("b.rules", "rules 1\n\ninclude \"c.rules\"\n"),
        ("c.rules", "rules 1\n\nfilter for calls\n  else accept\n"),
    ]);
    assert!(loaded(&source).bundle.is_some(), "{}", said(&loaded(&source), Lang::En));
    let circle = files(&[
        ("main.rules", "rules 1\n\ninclude \"a.rules\"\n"),
        ("a.rules", "rules 1\n\ninclude \"main.rules\"\n"),
    ]);
    let loaded = loaded(&circle);
    assert_eq!(found(&loaded), ["include-cycle"]);
    assert_eq!(loaded.diagnostics[0].notes[0].en, "the way round is `main.rules` → `a.rules` → `main.rules`");
    let outside = files(&[("main.rules", "rules 1\n\ninclude \"../secret.rules\"\n")]);
    assert_eq!(found(&load(&outside, &LoadOptions::default())), ["missing-file"]);
}

#[test]
fn the_digest_is_of_names_and_bytes() {
    let one = fixture("romashka-en");
    assert_eq!(one.digest(), fixture("romashka-en").digest());
    assert_ne!(one.digest(), fixture("romashka-ru").digest());
    assert_eq!(one.digest().len(), 64);
}

#[test]
fn settings_and_tasks_can_be_asked_for() {
    let bundle = fixture("romashka-en");
    assert_eq!(bundle.setting(Slot::IncomingCall, "forward_to_manager"), Value::Bool(true));
    assert_eq!(bundle.setting(Slot::OutgoingCall, "default_responsible"), Value::text("anna@romashka.ru"));
    assert_eq!(bundle.setting(Slot::Chat, "create_at").to_owned(), {
        let stage = switchboard_engine::catalog::enums::CHAT_STAGE.by_en("contact_left");
        stage.map_or(Value::Missing, Value::Enum)
    });
    assert_eq!(bundle.setting(Slot::Chat, "default_responsible"), Value::Missing);
    let tasks = bundle.tasks();
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "missed incoming calls",
            "failed outgoing calls when contact is first",
            "requests when started in working_hours",
            "requests when started not in working_hours",
            "missed chats",
        ]
    );
    assert_eq!((tasks[0].file.as_str(), tasks[0].line), ("main.rules", 45));
}

#[test]
fn previews_fill_in_what_a_task_would_say() {
    let bundle = fixture("romashka-en");
    let event = call(json!({ "phone": "+79000000010", "started": "2026-03-02T12:00:00+03:00" }));
    let facts = switchboard_engine::facts::Facts::none();
    let now = super::support::now();
    let previews = bundle.preview(&event, &facts, now, None).unwrap();
    assert_eq!(previews.len(), 1);
    assert!(!previews[0].applies, "the call is not missed");
    assert_eq!(previews[0].task.title, "Перезвонить +79000000010: без сценария, 02.03 12:00");
    let error = bundle.preview(&event, &facts, now, Some("nothing")).unwrap_err();
    assert_eq!(error.to_string(), "no task for these events is called `nothing`");
}

#[test]
fn every_limit_is_told() {
    let rows = "  | \"a\" || 1 |\n".repeat(MAX_ROWS + 1);
    let table =
        format!("table t for calls\n  | site || r |\n{rows}\nfields of client for calls\n  x from t\n");
    assert!(found(&check(&table)).contains(&"too-large"));

    let mut many = BundleSource::new();
    for number in 0..=MAX_FILES {
        many.add(format!("{number}.rules"), "rules 1\n").unwrap();
    }
    assert_eq!(found(&loaded(&many)), ["too-large"]);

    let mut large = BundleSource::new();
    for number in 0..5 {
        large.add(format!("{number}.j2"), vec![b' '; MAX_BUNDLE_BYTES / 5 + 1]).unwrap();
    }
    assert_eq!(found(&loaded(&large)), ["too-large"]);
}

#[test]
fn values_that_lean_on_one_another_without_end_are_refused() {
    let chain = |length: usize| {
        let settings: String = (1..length).map(|at| format!("  s{at}: s{} else \"x\"\n", at - 1)).collect();
        format!(
            "settings for calls\n  s0: site else \"y\"\n{settings}\nfields of client for calls\n  x from s{}, always\n",
            length - 1
        )
    };
    let bundle = rules(&chain(100));
    let decision = plain(&decide(&bundle, &call(json!({ "site": "a.ru" }))));
    assert_eq!(decision["fields"]["client"]["x"], "a.ru");
    assert!(found(&check(&chain(400))).contains(&"nesting-too-deep"));
}

#[test]
fn texts_that_double_one_another_stay_small() {
    let settings: String =
        (1..60).map(|at| format!("  s{at}: \"{{{{ s{0} }}}}{{{{ s{0} }}}}\"\n", at - 1)).collect();
    let bundle = rules(&format!(
        "settings for calls\n  s0: site else \"bomb\"\n{settings}\nfields of client for calls\n  x from s59, always\n"
    ));
    let start = Instant::now();
    let decision = decide(&bundle, &call(json!({})));
    assert!(start.elapsed() < Duration::from_secs(20));
    let text = decision.fields.client[0].value.as_str().unwrap().to_owned();
    assert_eq!(text.chars().count(), switchboard_engine::limits::MAX_TEXT_CHARS);
}

#[test]
fn hostile_files_end_in_a_message() {
    for text in [
        "(".repeat(1_000_000),
        format!("rules 1\n\nfilter for calls\n  accept when {}\n", "not ".repeat(20_000)),
        format!("rules 1\n\nfilter for calls\n  accept when {}x\n", "x else ".repeat(5_000)),
        format!("rules 1\n\n{}", "filter for calls\n  accept when nope is 1\n".repeat(5_000)),
        format!(
            "rules 1\n\ntable t for calls\n  | site || r |\n{}",
            "  | \"{{ nope }}\" || nope |\n".repeat(10_000)
        ),
        "\u{0}\u{0}\u{0}".to_owned(),
    ] {
        let start = Instant::now();
        let loaded = load(&BundleSource::single(text.as_bytes()), &LoadOptions::default());
        assert!(loaded.bundle.is_none());
        assert!(!loaded.diagnostics.is_empty());
        assert!(loaded.diagnostics.len() <= switchboard_engine::limits::MAX_DIAGNOSTICS);
        assert!(start.elapsed() < Duration::from_secs(60), "{}", text.chars().take(60).collect::<String>());
    }
}
