//! `rules backtest`: what a server decided, through other rules.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::decide::{Decision, Form};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_runtime::replay::Circumstances;
use switchboard_runtime::rulings::{Answer, Asked};
use switchboard_runtime::store::record::{
    Change, Claim, Json, LaneKey, NewDecision, NewEvent, NewRuling, Origin, Parse, RulingKind, SessionKey,
};
use switchboard_runtime::store::{SqliteSettings, Store, StoreSettings, open};

use crate::program::{Place, snapshot};

const RULES: &str = "правила 1

таблица сущности для входящих звонков
  | обращение || создать       | ответственный      |
  | первое    || клиент, заказ | \"anna@romashka.ru\" |
  | иначе     || ничего        | -                  |

задача для пропущенных входящих звонков
  заголовок:     \"Перезвонить {{ телефон }}\"
  ответственный: \"olga@romashka.ru\"
  срок:          2 часа после завершён
";

/// The keys are nowhere: nobody needs them.
const SETTINGS: &str = "[[account]]
name = \"romashka\"
bundle = \"shop\"
hook_secret = { file = \"no/such/secret\" }

[account.retailcrm]
url = \"https://romashka.retailcrm.ru\"
key = { env = \"NO_SUCH_KEY\" }
site = \"main\"
timezone = \"Europe/Moscow\"
";

fn bundle(rules: &str) -> std::sync::Arc<Bundle> {
    let loaded = load(&BundleSource::single(rules.to_owned()), &LoadOptions::default());
    loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// Lets rules decide a call and keeps it as the server does: `written` is what stands in the store of it.
async fn keep(store: &dyn Store, bundle: &Bundle, n: i64, written: impl Fn(&Decision) -> Value) {
    let now = Timestamp::from_second(1_772_442_000).expect("it is well") + SignedDuration::from_hours(5 * n);
    let moment = Moment::new(now, jiff::tz::offset(3));
    let session = SessionKey::new(format!("{}", 100_200 + n));
    let phone = format!("+790000000{n:02}");
    let event = json!({
        "kind": "call", "direction": "incoming", "phone": phone, "name": "Вера Ландышева", "missed": n % 2 == 0,
        "contact": if n % 5 == 0 { "repeat" } else { "first" },
        "talk_time": (n % 2) * 40, "started": moment.to_string(), "finished": moment.to_string(),
    });
    let decision = bundle.decide(&Event::from_json(&event).expect("it is well"), &Facts::none(), moment);
    let mut told = written(&decision);
    Circumstances { now: moment, asked: Vec::new(), reported: true }.keep(&mut told);
    let lane = LaneKey::phone(&phone);
    let arrived = NewEvent {
        account: "romashka".into(),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: n.to_string(),
        lane,
        session: Some(session.clone()),
        received_at: now,
        origin: Origin::Webhook,
        content_type: "application/json".into(),
        body: b"{}".to_vec().into(),
        parse: Parse::Parsed,
    };
    store.accept(arrived).await.expect("it is well");
    let claim = Claim { owner: "w".into(), now, lease: Duration::from_secs(30), limit: 1 };
    let lease = store.claim_lanes(claim).await.expect("it is well").leases.pop().expect("it is well");
    let work = store.lane_work(&lease, now).await.expect("it is well");
    let json = |value: &Value| Json::from_text(value.to_string());
    let made = NewDecision {
        communication: session,
        stage: "end".into(),
        bundle_digest: bundle.digest().into(),
        now,
        event: json(&event),
        facts: json(&json!({})),
        decision: json(&told),
    };
    let mut changes: Vec<Change> =
        work.events.iter().map(|event| Change::EventDone { seq: event.seq }).collect();
    changes.push(Change::PutDecision { decision: made, effects: Vec::new() });
    store.commit(&lease, now, changes).await.expect("it is well");
    store.release(lease, None).await.expect("it is well");
}

/// A folder with settings, rules in force, a candidate and twenty calls that were decided.
fn place(candidate: &str) -> Place {
    let place = Place::with(&[
        ("switchboard.toml", SETTINGS),
        ("shop/main.rules", RULES),
        ("new/main.rules", candidate),
    ]);
    fill(&place.path("data"));
    place
}

fn fill(data: &Path) {
    fill_with(data, 20, |_, decision| decision.to_json_as(Form::CURRENT));
}

/// Fills a store with so many calls; `written` is what stands there of each.
fn fill_with(data: &Path, calls: i64, written: impl Fn(i64, &Decision) -> Value) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it is well");
    runtime.block_on(async {
        let store = open(StoreSettings::Sqlite(SqliteSettings::new(data))).await.expect("it is well");
        let bundle = bundle(RULES);
        for n in 0..calls {
            keep(&*store, &bundle, n, |decision| written(n, decision)).await;
        }
        store.close().await.expect("it is well");
    });
}

const SINCE: [&str; 2] = ["--since", "2026-03-01"];

#[test]
fn what_would_differ_is_counted_and_shown() {
    let place = place(&RULES.replace("anna@", "ivan@").replace("2 часа", "3 часа"));
    let run = snapshot!(place, ["backtest", "new", SINCE[0], SINCE[1]]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    snapshot!(place, ["backtest", "new", SINCE[0], SINCE[1], "--examples", "1", "--lang", "en"]);
    let strict = ["backtest", "new", SINCE[0], SINCE[1], "--fail-on-change"];
    assert_eq!(place.rules(&strict).code, Some(1));
}

#[test]
fn the_same_rules_decide_the_same() {
    let place = place(RULES);
    let run = snapshot!(place, ["backtest", "new", SINCE[0], SINCE[1], "--fail-on-change"]);
    assert_eq!(run.code, Some(0));
    // Two bundles on the traffic instead of one and the record.
    let run = place.rules(&["backtest", "new", SINCE[0], SINCE[1], "--against", "new", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&json["communications"], &json["same"], &json["differ"]),
        (&json!(20), &json!(20), &json!(0))
    );
}

#[test]
fn what_older_and_newer_programs_have_kept_is_told_apart() {
    let place =
        Place::with(&[("switchboard.toml", SETTINGS), ("shop/main.rules", RULES), ("new/main.rules", RULES)]);
    fill_with(&place.path("data"), 6, |n, decision| {
        let mut told = decision.to_json_as(match n {
            0 => Form::First,
            1 => Form::Second,
            _ => Form::CURRENT,
        });
        match n {
            3 => told["trace"][0]["why"]["ru"] = json!("сказано иначе"),
            4 => told["trace"][0]["line"] = json!(99),
            5 => told["form"] = json!(9),
            _ => {}
        }
        told
    });
    snapshot!(place, ["backtest", "new", SINCE[0], SINCE[1]]);
    snapshot!(place, ["backtest", "new", SINCE[0], SINCE[1], "--lang", "en"]);
    let run = place.rules(&["backtest", "new", SINCE[0], SINCE[1], "--format", "json"]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["checked"]["same_again"], 5);
    assert_eq!(json["checked"]["told_otherwise"], 2);
    assert_eq!(json["unreadable"], 1);
}

#[test]
fn nobody_is_shown_unless_asked_for() {
    let place = place(&RULES.replace("Перезвонить {{ телефон }}", "Набрать {{ телефон }}"));
    let args = ["backtest", "new", SINCE[0], SINCE[1], "--format", "json", "--examples", "1"];
    let run = snapshot!(place, args);
    assert!(!run.out.contains("+79000000"), "{}", run.shown());
    let shown = place.rules(&[&args[..], &["--show-personal"]].concat());
    assert!(shown.out.contains("Набрать +79000000018"), "{}", shown.shown());
}

#[test]
fn names_that_rules_have_put_into_titles_are_hidden() {
    let place = place(&RULES.replace("Перезвонить {{ телефон }}", "Набрать: {{ имя иначе \"?\" }}"));
    let args = ["backtest", "new", SINCE[0], SINCE[1], "--examples", "1"];
    let run = snapshot!(place, args);
    assert!(!run.out.contains("Ландышева"), "{}", run.shown());
    let shown = place.rules(&[&args[..], &["--show-personal"]].concat());
    assert!(shown.out.contains("Набрать: Вера Ландышева"), "{}", shown.shown());
}

#[test]
fn differing_examples_become_tests_about_nobody() {
    let place = place(&RULES.replace("anna@", "ivan@").replace("2 часа", "3 часа"));
    let args = ["backtest", "new", SINCE[0], SINCE[1], "--examples", "1", "--write-fixtures"];
    let run = place.rules(&args);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    insta::assert_snapshot!("what_was_written", run.err);
    let test = std::fs::read_to_string(place.path("new/tests/incoming-call-100219.json")).expect("a test");
    insta::assert_snapshot!("a_test_about_nobody", test);
    assert!(!test.contains("Ландышева") && !test.contains("+79000000019"), "{test}");
    // They are tests like others, and nothing is written twice.
    let run = place.rules(&["test", "new", "--accept", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let run = place.rules(&args);
    assert!(run.err.contains("записано тестов: 0; уже были: 2"), "{}", run.shown());
    let run = place.rules(&["backtest", "new/main.rules", SINCE[0], SINCE[1], "--write-fixtures"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
}

#[test]
fn what_is_decided_by_a_number_does_not_become_a_test() {
    let by_number = RULES.replace(
        "задача для пропущенных",
        "фильтр для входящих звонков\n  отклонять когда телефон это +79000000018\n  иначе принимать\n\nзадача для пропущенных",
    );
    let place = place(&by_number);
    let run = place.rules(&["backtest", "new", SINCE[0], SINCE[1], "--write-fixtures", "--lang", "en"]);
    assert!(run.err.starts_with("tests written: 0; left out"), "{}", run.shown());
    assert!(!place.path("new/tests").exists());
}

#[test]
fn what_is_said_beside_the_lanes_is_counted_by_itself() {
    let old = "rules 1\n\nsettings for calls\n  forward_to_manager: yes\n\ntransfer orders\n  funnel: default\n  amount: total_without_delivery\n  won: order.status_group is \"complete\"\n  lost: order.status_group is \"cancel\"\n";
    let new = old.replace("yes", "no").replace("  funnel", "  only when order.total > 1000\n  funnel");
    let place =
        Place::with(&[("switchboard.toml", SETTINGS), ("shop/main.rules", old), ("new/main.rules", &new)]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it is well");
    runtime.block_on(async {
        let data = place.path("data");
        let store = open(StoreSettings::Sqlite(SqliteSettings::new(&data))).await.expect("it is well");
        let rulings = (0..6).flat_map(|n| beside(&bundle(old), n)).collect();
        store.rulings().keep_rulings(rulings).await.expect("it is well");
        store.close().await.expect("it is well");
    });
    let args = ["backtest", "new", SINCE[0], SINCE[1], "--examples", "1"];
    let run = snapshot!(place, [&args[..], &["--lang", "ru"]].concat());
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let run = place.rules(&[&args[..], &["--format", "json", "--fail-on-change"]].concat());
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!((&json["communications"], &json["differ"]), (&json!(0), &json!(0)));
    assert_eq!((&json["forwarding"]["answers"], &json["forwarding"]["differ"]), (&json!(6), &json!(3)));
    assert_eq!((&json["deals"]["orders"], &json["deals"]["differ"]), (&json!(6), &json!(4)));
    assert_eq!(json["popups"]["calls"], json!(0));
    assert_eq!(json["deals"]["groups"][0]["examples"][0]["order"], json!("703"));
}

/// Whom a call was put through to, and which deal an order became.
fn beside(rules: &std::sync::Arc<Bundle>, n: i64) -> [NewRuling; 2] {
    let at = Timestamp::from_second(1_772_442_000).expect("it is well") + SignedDuration::from_hours(n);
    let now = Moment::new(at, jiff::tz::offset(3));
    let facts = match n % 2 {
        0 => Facts::from_json(&json!({"client": {"manager": "anna@romashka.ru"}})).expect("it is well"),
        _ => Facts::none(),
    };
    let call = json!({"kind": "call", "direction": "incoming", "phone": format!("+790000000{n:02}"), "contact": "repeat"});
    let order =
        json!({"kind": "order", "order": {"number": format!("{n}"), "status": "new", "total": n * 300}});
    let asked = |kind, subject: String, event: &Value, facts: Facts| {
        let event = Event::from_json(event).expect("it is well");
        let answer = Answer::of(rules, kind, false, (&event, &facts, now));
        let asked = Asked { subject: Some(subject.into()), rules: rules.clone(), event, facts, now, answer };
        asked.kept(&"romashka".into()).expect("it is well")
    };
    [
        asked(RulingKind::Forward, format!("call:{}", 100_300 + n), &call, facts),
        asked(RulingKind::Deal, format!("order:{}", 700 + n), &order, Facts::none()),
    ]
}

#[test]
fn days_and_samples_are_kept_to() {
    let place = place(RULES);
    let count = |more: &[&str]| {
        let run = place.rules(&[&["backtest", "new", "--format", "json"][..], more].concat());
        let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
        json["communications"].as_u64().expect("a number")
    };
    assert_eq!(count(&SINCE), 20);
    assert_eq!(count(&["--since", "2026-03-02", "--until", "2026-03-02"]), 3);
    assert_eq!(count(&["--since", "2026-03-02T12:00:01+03:00"]), 19);
    assert_eq!(count(&["--since", "2020-01-01", "--until", "2020-12-31"]), 0);
    let some = count(&[&SINCE[..], &["--sample", "10"]].concat());
    assert!((3..18).contains(&some), "{some}");
    assert_eq!(count(&[&SINCE[..], &["--sample", "10"]].concat()), some);
    snapshot!(place, ["backtest", "new", "--since", "2020-01-01", "--until", "2020-12-31"]);
}

#[test]
fn what_cannot_be_done_is_said() {
    let empty = Place::with(&[("switchboard.toml", SETTINGS), ("new/main.rules", RULES)]);
    let run = empty.rules(&["backtest", "new", "--lang", "ru"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.err.contains("сервер ещё ничего не сохранил"), "{}", run.shown());
    assert!(!empty.path("data").exists(), "nothing is made");
    let run = empty.rules(&["backtest", "new", "--account", "other"]);
    assert!(
        run.err.contains("there is no account `other` in the settings; there are: romashka"),
        "{}",
        run.shown()
    );
    let run = empty.rules(&["backtest", "new", "--since", "yesterday"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    let run = empty.rules(&["backtest", "new", "--config", "nothing.toml"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    empty.write("new/main.rules", "rules 1\n\nfilter for calls\n  accept when nothing\n");
    let run = empty.rules(&["backtest", "new"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
}

#[test]
fn proved_differences_say_how_often_they_happened() {
    let new = RULES.replace(
        "| первое    || клиент, заказ | \"anna@romashka.ru\" |",
        "| первое    || клиент, заказ | \"ivan@romashka.ru\" |\n  | повторное || заказ         | \"vera@romashka.ru\" |",
    );
    let place = place(&new);
    let args = ["diff", "shop", "new", "--config", "switchboard.toml", SINCE[0], SINCE[1]];
    let run = snapshot!(place, args);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let run = place.rules(&[&args[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["traffic"], json!({"communications": 20, "cannot_be_judged": 0}));
    let counts: Vec<u64> = json["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .filter_map(|change| change["seen"]["count"].as_u64())
        .collect();
    // Sixteen first calls have another responsible; four repeated ones get an order, and somebody whose it is.
    assert!(counts.contains(&16) && counts.contains(&4), "{counts:?}: {}", run.shown());
}
