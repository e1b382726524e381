//! `rules shadow`: what a server has counted of its shadow rules.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_runtime::store::record::{
    SessionKey, ShadowBounds, ShadowClass, ShadowCounts, ShadowKey, ShadowPair, ShadowSeen, ShadowTally,
};
use switchboard_runtime::store::{SqliteSettings, StoreSettings, open};

use crate::program::{Place, snapshot};

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

const SINCE: [&str; 2] = ["--since", "2026-03-02"];

/// What was counted of a candidate on one day, which differ in these groups.
fn tally(candidate: &str, day: i8, differ: u64, groups: &[(ShadowClass, &str, &str)]) -> ShadowTally {
    let at = Timestamp::from_second(1_772_442_000).expect("it is well")
        + SignedDuration::from_hours(24 * (i64::from(day) - 2));
    let seen = |(class, en, ru): &(ShadowClass, &str, &str)| {
        let session = SessionKey::from(format!("call:{}", 100_200 + i64::from(day)));
        let seen = ShadowSeen {
            en: (*en).to_owned(),
            ru: (*ru).to_owned(),
            count: differ,
            first_at: at,
            last_at: at,
            examples: vec![(session, at)],
        };
        (ShadowKey { class: *class, key: (*en).to_owned() }, seen)
    };
    let unjudged = groups.iter().filter(|(class, ..)| *class == ShadowClass::Unjudged).count() as u64;
    ShadowTally {
        pair: ShadowPair {
            account: "romashka".into(),
            candidate: candidate.into(),
            in_force: "81bc02ff6e10".into(),
        },
        day: Date::constant(2026, 3, day),
        counts: ShadowCounts { same: 12, differ, unjudged, ..ShadowCounts::default() },
        first_at: at,
        last_at: at,
        groups: groups.iter().map(seen).collect(),
    }
}

fn place(tallies: Vec<ShadowTally>) -> Place {
    let place = Place::with(&[("switchboard.toml", SETTINGS)]);
    let data = place.path("data");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it is well");
    runtime.block_on(async {
        let store = open(StoreSettings::Sqlite(SqliteSettings::new(&data))).await.expect("it is well");
        let bounds = ShadowBounds { pairs: 10, groups: 10, examples: 2 };
        store.shadows().count_shadows(tallies, bounds).await.expect("it is well");
        store.close().await.expect("it is well");
    });
    place
}

fn counted() -> Place {
    let responsible = (
        ShadowClass::Differs,
        "responsible: anna@romashka.ru → ivan@romashka.ru",
        "ответственный: anna@romashka.ru → ivan@romashka.ru",
    );
    let orders = (ShadowClass::Unjudged, "needs crm.open_orders", "нужно: crm.открытые_заказы");
    place(vec![
        tally("0e0e0e0e0e0e0e", 1, 9, &[responsible]),
        tally("0e0e0e0e0e0e0e", 2, 4, &[responsible]),
        tally("3f1c09a7b2d4e6", 3, 2, &[responsible, orders]),
        tally("3f1c09a7b2d4e6", 4, 1, &[responsible]),
    ])
}

#[test]
fn what_was_counted_is_told_in_the_words_of_a_backtest() {
    let place = counted();
    let run = snapshot!(place, ["shadow", SINCE[0], SINCE[1], "--lang", "ru"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    snapshot!(place, ["shadow", SINCE[0], SINCE[1], "--examples", "0", "--groups", "0", "--lang", "en"]);
    assert_eq!(place.rules(&["shadow", SINCE[0], SINCE[1], "--fail-on-change"]).code, Some(1));
}

#[test]
fn programs_are_told_of_every_version_and_of_the_days_that_were_asked_for() {
    let run = counted().rules(&["shadow", SINCE[0], SINCE[1], "--format", "json"]);
    let json: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.shown()));
    let counts: Vec<&Value> =
        json["runs"].as_array().expect("runs").iter().map(|run| &run["counts"]).collect();
    assert_eq!(counts.len(), 2);
    // The first of March was before.
    assert_eq!((&counts[0]["differ"], &counts[1]["differ"]), (&json!(3), &json!(4)));
    assert_eq!(json["runs"][1]["groups"][0]["count"], json!(4));
    assert_eq!(json["runs"][0]["groups"][0]["examples"][0]["communication"], json!("call:100204"));
}

#[test]
fn nothing_to_tell_and_nothing_to_read_are_said_so() {
    let place = counted();
    let run = place.rules(&["shadow", "--since", "2027-01-01", "--fail-on-change", "--lang", "en"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert_eq!(run.out, "romashka: since 2027-01-01 nothing was compared with shadow rules\n");
    let empty = Place::with(&[("switchboard.toml", SETTINGS)]);
    let run = empty.rules(&["shadow", "--lang", "ru"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.err.contains("сервер ещё ничего не сохранил"), "{}", run.shown());
    let run = empty.rules(&["shadow", "--account", "other"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
}
