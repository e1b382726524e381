//! What a server decided, made again: by its own rules the same, by others as they differ, while it runs and after.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use switchboard_emulator::CallScript;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::compare::changes;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::config;
use switchboard_runtime::replay::{Communication, Judged};
use switchboard_runtime::store::record::SessionKey;
use switchboard_runtime::store::{History, Walk};

use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning};

pub(crate) fn bundle(rules: &str) -> Arc<Bundle> {
    let mut source = BundleSource::new();
    source.add("main.rules".to_owned(), rules.as_bytes().to_vec()).expect("a file");
    load(&source, &LoadOptions::default()).bundle.expect("rules that load")
}

fn communications(data: &Path) -> Vec<Communication> {
    let history = History::open(data).expect("the store is read");
    let walk = Walk {
        account: "romashka".into(),
        since: Timestamp::MIN,
        until: Timestamp::MAX,
        of_million: Walk::ALL,
    };
    let (page, next) = history.page(&walk, None, 500).expect("a page");
    assert!(next.is_none());
    assert_eq!(history.count(&walk).expect("a count"), page.len() as u64);
    let read = page.iter().map(|decisions| Communication::read(decisions).expect("it is read"));
    read.collect::<Option<Vec<_>>>().expect("each was decided")
}

/// What other rules change, in groups with how often.
fn differences(all: &[Communication], candidate: &Bundle) -> Vec<String> {
    let mut told = Vec::new();
    for one in all {
        match one.judge(candidate, None) {
            Judged::Said(said) => {
                let changes = changes(&one.said(), &said);
                told.extend(changes.iter().map(|change| change.group().words(Lang::En, &|_| None)));
            }
            Judged::Lacking(lacking) => {
                told.extend(lacking.iter().map(|one| format!("lacks {}", one.en)));
            }
        }
    }
    told.sort();
    let mut counted: Vec<String> = Vec::new();
    for group in told.chunk_by(|one, other| one == other) {
        counted.push(format!("{} × {}", group.len(), group[0]));
    }
    counted
}

async fn day(server: &Server) -> Vec<SessionKey> {
    let mut sessions = Vec::new();
    for n in 0..6u64 {
        let missed = CallScript {
            client: Some(format!("7900000007{n}")),
            virtual_number: "74951234567".to_owned(),
            rung: vec![OLGA],
            wait_s: 5,
            ..CallScript::default()
        };
        let talk = CallScript {
            answered_by: Some(ANNA),
            rung: vec![ANNA],
            talk_s: 42,
            recorded: false,
            ..missed.clone()
        };
        sessions.push(server.call(if n < 4 { &missed } else { &talk }).await);
    }
    server.settled(&sessions).await;
    sessions
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_decided_again_while_the_server_runs_and_after() {
    let account = "settle = \"50 ms\"\nrecord_wait = \"2 s\"\n".to_owned();
    let server = Server::new(RULES, &Tuning { account, ..Tuning::default() }).await;
    let sessions = day(&server).await;
    let settings = server.place.settings();
    let data = settings.parent().expect("a folder").join("data");

    let own = bundle(RULES);
    let all = communications(&data);
    assert_eq!(all.len(), sessions.len());
    for one in &all {
        assert!(one.is_by(own.digest()) && !one.is_old(), "{one:?}");
        assert_eq!(one.differs_from_itself(&own), [], "{}", one.session);
    }
    let talks = all.iter().filter(|one| one.decisions().len() == 2).count();
    assert_eq!(talks, 2, "calls with a talk are decided twice and told once");

    let later = bundle(&RULES.replace("2 hours", "3 hours"));
    assert_eq!(differences(&all, &later), ["4 × due date of the task `missed incoming calls`: later"]);
    let nobody = bundle(&format!("{RULES}\nfilter for calls\n  reject when missed\n  else accept\n"));
    assert_eq!(
        differences(&all, &nobody),
        [
            "4 × client: created → not created",
            "4 × filter: lets through → turns away",
            "4 × order: created → not created",
            "4 × task `missed incoming calls`: set → not set",
        ]
    );

    let place = server.stop().await;
    assert_eq!(communications(&data).len(), sessions.len());
    drop(place);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_then_cannot_be_judged() {
    let policy = "\nscript \"policy.rhai\"\n  policy entities for incoming calls needs crm.open_orders\n";
    let script = "fn entities(event, proposal, facts) { proposal }";
    let with_policy = format!("{RULES}{policy}");
    let mut source = BundleSource::new();
    source.add("main.rules".to_owned(), with_policy.as_bytes().to_vec()).expect("a file");
    source.add("policy.rhai".to_owned(), script.as_bytes().to_vec()).expect("a file");
    let candidate = load(&source, &LoadOptions::default()).bundle.expect("rules that load");

    let place = Place::new(RULES, &Tuning::default()).await;
    for n in [1, 2] {
        let phones = json!([{"number": format!("+7900000007{n}")}]);
        place.emulator.crm().put_customer("romashka-main", json!({"phones": phones}));
    }
    let server = place.serve().await;
    day(&server).await;
    let data = server.place.settings().parent().expect("a folder").join("data");
    // The other four are nobody whom RetailCRM could have been asked about.
    assert_eq!(differences(&communications(&data), &candidate), ["2 × lacks crm.open_orders"]);
    server.stop().await;

    // Once the rules in force ask for it, nothing being known is an answer, too.
    let server = Server::new_with(&with_policy, &[("policy.rhai", script)], &Tuning::default()).await;
    day(&server).await;
    let data = server.place.settings().parent().expect("a folder").join("data");
    assert_eq!(differences(&communications(&data), &candidate), Vec::<String>::new());
    assert_eq!(differences(&communications(&data), &bundle(RULES)), Vec::<String>::new());
}

#[test]
fn settings_are_read_without_their_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("switchboard.toml");
    let settings = "[[account]]\nname = \"romashka\"\nbundle = \"rules\"\n\
        hook_secret = { file = \"no/such/secret\" }\n\
        [account.retailcrm]\nurl = \"https://romashka.retailcrm.ru\"\nkey = { env = \"NO_SUCH_KEY\" }\nsite = \"main\"\n\
        [account.uis]\ndata_api = \"https://dataapi.uiscom.ru/v2.0\"\ntoken = { file = \"no/such/token\" }\n";
    std::fs::write(&path, settings).expect("the settings are written");
    assert!(config::load(&path).is_err());
    let config = config::load_without_secrets(&path).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(config.accounts.len(), 1);
    assert_eq!(config.server.data, folder.path().join("data"));
}
