//! Scripts in rules: called with values, and an event is never lost to a failing one.

use serde_json::json;
use switchboard_engine::bundle::BundleSource;
use switchboard_engine::decide::Decision;
use switchboard_grammar::lang::Lang;

use super::support::{bundle, call, decide, plain};

fn run(script: &str, declarations: &str, rules: &str, fields: serde_json::Value) -> Decision {
    let mut source = BundleSource::single(format!("rules 1\n\nscript \"s.rhai\"\n{declarations}\n{rules}"));
    source.add("s.rhai", script).unwrap();
    decide(&bundle(&source), &call(fields))
}

const LABEL: &str =
    "fields of client for calls\n  label from label(campaign, talk_time), always\n  site from site, always\n";

#[test]
fn values_go_in_and_come_out() {
    let script = "fn label(campaign, length) { if campaign == () { \"none\" } else { campaign + \"!\" } }";
    let declared = "  function label(campaign: text?, length: duration) gives text\n";
    let decision = run(script, declared, LABEL, json!({ "campaign": "Лето", "talk_time": 5 }));
    assert_eq!(plain(&decision)["fields"]["client"]["label"], "Лето!");
    let decision = run(script, declared, LABEL, json!({}));
    assert_eq!(plain(&decision)["fields"]["client"]["label"], "none");
}

#[test]
fn a_failure_costs_one_value() {
    let declared = "  function label(campaign: text?, length: duration) gives text\n";
    for script in ["fn label(a, b) { throw \"no\" }", "fn label(a, b) { 5 }", "fn label(a, b) { loop { } }"] {
        let decision = run(script, declared, LABEL, json!({ "site": "a.ru" }));
        assert!(decision.accepted && !decision.park, "{script}");
        assert_eq!(plain(&decision)["fields"]["client"], json!({ "site": "a.ru" }), "{script}");
        let trace = decision.trace.render(Lang::Ru);
        let step = trace.iter().find(|step| step.outcome == "script_failed").unwrap();
        assert!(step.why.ends_with("решают таблицы без неё"), "{}", step.why);
    }
}

#[test]
fn a_bundle_may_want_a_person_instead() {
    let declared = "  function label(campaign: text?, length: duration) gives text\n  on failure: park\n";
    let decision = run("fn label(a, b) { throw \"no\" }", declared, LABEL, json!({ "site": "a.ru" }));
    assert!(decision.accepted && decision.park);
    assert_eq!(
        plain(&decision)["fields"]["client"],
        json!({ "site": "a.ru" }),
        "the tables stand all the same"
    );
}

#[test]
fn functions_stand_wherever_values_do() {
    let rules = "filter for calls\n  accept when spam(phone)\n  else reject\n\n\
                 table who for calls\n  | length(name) || employee |\n  | > 3 || \"long@x.ru\" |\n  | else || \"short@x.ru\" |\n\n\
                 fields of client for calls\n  who from who, always\n";
    let declared =
        "  function spam(phone: phone?) gives yes/no\n  function length(name: text?) gives number\n";
    let script =
        "fn spam(phone) { phone != () }\nfn length(name) { if name == () { 0 } else { name.len() } }";
    let decision = run(script, declared, rules, json!({ "phone": "+79000000010", "name": "Анна" }));
    assert!(decision.accepted);
    assert_eq!(plain(&decision)["fields"]["client"]["who"], "long@x.ru");
}
