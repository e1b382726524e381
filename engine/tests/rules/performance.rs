//! Large tables: loaded in time, and asked without looking at every row. Bounds are generous, for slow machines;
//! figures are the business of `benches/`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::json;
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};

use super::support::{call, decide, rules};

fn table(rows: usize) -> String {
    let mut text = String::from(
        "table who for calls\n  | site | scenario | campaign || employee |\n  |---|---|---||---|\n",
    );
    for row in 0..rows {
        writeln!(
            text,
            "  | \"site-{row}.ru\" | \"scenario {}\" | - || \"manager-{row}@romashka.ru\" |",
            row % 50
        )
        .unwrap();
    }
    text.push_str(
        "  | else || \"anna@romashka.ru\" |\n\nfields of client for calls\n  who from who, always\n",
    );
    text
}

#[test]
fn ten_thousand_rows_are_checked_within_seconds() {
    let text = format!("rules 1\n\n{}", table(10_000));
    let start = Instant::now();
    let loaded = load(&BundleSource::single(text), &LoadOptions::default());
    assert!(loaded.bundle.is_some());
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_row_is_found_by_value() {
    let bundle = rules(&table(2_000));
    for row in [0, 7, 1_999] {
        let event =
            call(json!({ "site": format!("SITE-{row}.ru"), "scenario": format!("scenario {}", row % 50) }));
        let decision = decide(&bundle, &event);
        assert_eq!(
            decision.fields.client[0].value.as_str(),
            Some(format!("manager-{row}@romashka.ru").as_str())
        );
    }
    let nobody = call(json!({ "site": "site-1.ru", "scenario": "scenario 2" }));
    assert_eq!(decide(&bundle, &nobody).fields.client[0].value.as_str(), Some("anna@romashka.ru"));
}
