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

/// The lines of the log in a trace.
fn logged(decision: &Decision) -> Vec<String> {
    let steps = decision.trace.render(Lang::En).into_iter();
    steps.filter(|step| step.outcome == "log").map(|step| step.why).collect()
}

#[test]
fn what_a_function_prints_is_in_the_trace() {
    let declared = "  function label(campaign: text?, length: duration) gives text\n";
    let script = "fn label(campaign, length) {\n  print(campaign); debug(campaign); log(campaign); print(length); print([1, \"a\"]); print();\n  print(event()); \"x\"\n}\nfn event() { #{ a: 1 } }";
    let decision = run(script, declared, LABEL, json!({ "campaign": "Лето\n", "talk_time": 5 }));
    assert_eq!(logged(&decision), ["Лето ", "\"Лето\\n\"", "Лето ", "5", "[1, \"a\"]", "", "#{\"a\": 1}"]);
}

#[test]
fn the_log_of_a_decision_is_bounded() {
    let declared = "  function label(campaign: text?, length: duration) gives text\n";
    let script = "fn label(campaign, length) { for i in 0..1000 { print(i); log(i); } \"x\" }";
    let rules: String = (0..20)
        .map(|at| format!("fields of client for calls\n  f{at} from label(campaign, talk_time), always\n\n"))
        .collect();
    let decision = run(script, declared, &rules, json!({ "talk_time": 5 }));
    assert_eq!(logged(&decision).len(), 100);
    assert_eq!(plain(&decision)["fields"]["client"]["f19"], "x");
}
