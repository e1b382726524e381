//! Kept decisions: every form that was ever written is written again, byte for byte.
//!
//! `fixtures/engine/kept` holds a bundle with policies, events, and what was kept of their decisions in each form.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::{LoadOptions, load};
use switchboard_engine::compare::Said;
use switchboard_engine::decide::{Decision, Form};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use super::support::{fixtures, folder, said};

/// The digests of what lies there. None of it may ever change: servers keep decisions like these for months, and a file that
/// is made to fit shows nothing any more. A new form brings a file and a line of its own.
const NEVER_CHANGED: [(&str, &str); 7] = [
    ("cases.json", "40f891f479235cad7ebdf632bb10cc59d5d32d948cd369048c876005c7d53ad9"),
    ("form-1.txt", "120a364b33c4bb16e7df7c448883f71cebc67f7144e470bc63feebc6e7742746"),
    ("form-2.txt", "a36b274b20c25e3301ae60e7a1e0c4f937d5e3b4c03d3ca9379340e9f8a22b2b"),
    ("form-3.txt", "f0a0bea0791bc7232cda269bf6ba7b8835e92da8f0e13b2ae74077e113e7c41f"),
    ("main.rules", "5fd7048e434b0c8c5ebfbcd471a8387d7cadfca7ea60d273111b91962dd6605b"),
    ("policy.rhai", "5eb548b51f1a5f65a169c50cd55ca16fdd4913c5b8b35f91dc57a6458304cba0"),
    ("vip.csv", "2ec0f5a62a8d04b7f526ad31fa61d1c16815f8c367d01a49e18451a073e68f73"),
];

/// The oldest form whose steps are still told in the words of the files. Whoever puts a step into other words names a later
/// form here: earlier ones are then compared without their words, as replay tells it.
const IN_THESE_WORDS: Form = Form::First;

/// Every decision, with the name of its case.
fn decisions() -> Vec<(String, Decision)> {
    let loaded = load(&folder(&fixtures().join("engine/kept")), &LoadOptions::default());
    let bundle = loaded.bundle.as_ref().unwrap_or_else(|| panic!("{}", said(&loaded, Lang::En)));
    let cases = fs::read(fixtures().join("engine/kept/cases.json")).unwrap();
    let cases: Vec<Json> = serde_json::from_slice(&cases).unwrap();
    let decide = |case: &Json| {
        let name = case["name"].as_str().unwrap();
        let event = Event::from_json(&case["event"]).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let facts = case.get("facts").map(Facts::from_json).transpose();
        let facts = facts.unwrap_or_else(|errors| panic!("{name}: {errors:?}")).unwrap_or_default();
        let now: Moment = case["now"].as_str().unwrap().parse().unwrap();
        (name.to_owned(), bundle.decide(&event, &facts, now))
    };
    cases.iter().map(decide).collect()
}

fn written(form: Form) -> String {
    let mut lines = String::new();
    for (name, decision) in decisions() {
        writeln!(lines, "{name} {}", decision.to_json_as(form)).unwrap();
    }
    lines
}

/// Takes the words of the trace out of the lines of a file.
fn without_words(lines: &str) -> String {
    fn strip(json: &mut Json) {
        match json {
            Json::Object(object) => object.iter_mut().for_each(|(key, value)| match key.as_str() {
                "why" => *value = Json::Null,
                _ => strip(value),
            }),
            Json::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let line = |line: &str| {
        let (name, json) = line.split_once(' ').unwrap();
        let mut json: Json = serde_json::from_str(json).unwrap();
        strip(&mut json);
        format!("{name} {json}")
    };
    lines.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_form_is_written_as_ever() {
    for form in Form::ALL {
        let name = format!("form-{}.txt", form.number());
        let path = fixtures().join("engine/kept").join(&name);
        let made = written(form);
        if !path.exists() {
            fs::write(&path, &made).unwrap();
            panic!("{name} was not there and has been written: give it a line in NEVER_CHANGED");
        }
        let kept = fs::read_to_string(path).unwrap();
        assert_eq!(without_words(&made), without_words(&kept), "{name}: this form must not change");
        if form >= IN_THESE_WORDS {
            assert_eq!(made, kept, "{name}: a step is told in other words; see IN_THESE_WORDS");
        }
    }
}

#[test]
fn what_was_kept_is_never_changed() {
    let folder = fixtures().join("engine/kept");
    let mut there: Vec<(String, String)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, blake3::hash(&fs::read(path).unwrap()).to_hex().to_string())
        })
        .collect();
    there.sort();
    let there: Vec<(&str, &str)> = there.iter().map(|(name, digest)| (&**name, &**digest)).collect();
    assert_eq!(there, NEVER_CHANGED, "none of these files may be changed");
}

#[test]
fn the_cases_show_what_a_kept_decision_can_say() {
    let all = decisions();
    let of = |wanted: &str| &all.iter().find(|(name, _)| name == wanted).unwrap().1;
    assert_eq!(of("attached").attach_to.as_deref(), Some("10457"));
    assert_eq!(of("attached").forward_to.as_deref(), Some("olga@romashka.ru"));
    assert!(of("missed").tasks[0].cancel_when_reached && of("missed").tasks[0].title.starts_with("VIP! "));
    assert!(of("parked").park && !of("rejected").accepted);
    assert!(of("deal").deal.is_some());
}

#[test]
fn the_form_of_a_kept_decision_is_found_again() {
    for (name, decision) in decisions() {
        for form in Form::ALL {
            let kept = decision.to_json_as(form);
            let found = Form::of(&kept).unwrap();
            // Two forms may write the same; then either is as good.
            assert_eq!(decision.to_json_as(found), kept, "{name}");
            // Tasks and parking are not told by the first.
            let said = Said::from_json(&kept).unwrap();
            assert!(form == Form::First || said == Said::of(&decision), "{name}");
        }
    }
}

#[test]
fn a_form_of_the_future_is_told_to_be_one() {
    for form in [json!(4), json!("3"), json!(0), json!(null)] {
        let error = Form::of(&json!({ "form": form, "accepted": true })).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("kept by a newer program, in form {form}; this one knows forms up to 3")
        );
        assert!(error.text().ru.starts_with("сохранено более новой программой"), "{error}");
    }
}
