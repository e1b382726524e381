//! Scripts watched line by line.

use std::fmt::Write as _;

use serde_json::json;
use switchboard_engine::bundle::{Bundle, BundleSource};
use switchboard_engine::facts::Facts;
use switchboard_engine::script::Steps;
use switchboard_grammar::lang::Lang;

use super::support::{bundle, call, now};

fn with(script: &str, declared: &str, rules: &str) -> std::sync::Arc<Bundle> {
    let mut source = BundleSource::single(format!("rules 1\n\nscript \"s.rhai\"\n{declared}\n\n{rules}\n"));
    source.add("s.rhai", script).unwrap();
    bundle(&source)
}

/// Steps as text: the line, what it changed, what it gave.
fn told(steps: &Steps) -> String {
    let mut out = String::new();
    for run in &steps.runs {
        writeln!(out, "{} {}", run.script, run.function).unwrap();
        for step in &run.steps {
            let values: Vec<String> =
                step.values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let gave = step.gave.as_ref().map(|gave| format!(" -> {gave}")).unwrap_or_default();
            let indent = "  ".repeat(step.depth + 1);
            let line = format!("{indent}{} {}: {}{gave}", step.function, step.line, values.join(", "));
            writeln!(out, "{}", line.trim_end()).unwrap();
        }
        if let Some(failure) = &run.failure {
            writeln!(out, "  failed: {}", failure.en).unwrap();
        }
    }
    out
}

#[test]
fn each_line_shows_what_it_changed() {
    let script = "fn label(name, count) {
    let parts = [];
    for i in 0..2 {
        parts.push(double(i));
    }
    if name.is_missing() {
        return \"nobody\";
    }
    let sum = parts.reduce(|a, b| (a ?? 0) + b);
    `${name}: ${sum}`
}

fn double(n) {
    n * 2
}
";
    let declared = "  function label(name: text?, count: number) gives text";
    let rules = "fields of client for calls\n  label from label(name, 3), always";
    let bundle = with(script, declared, rules);
    let event = call(json!({ "name": "Анна" }));
    let (decision, steps) = bundle.decide_in_steps(&event, &Facts::none(), now());
    assert_eq!(decision.to_json(Lang::En), bundle.decide(&event, &Facts::none(), now()).to_json(Lang::En));
    insta::assert_snapshot!(told(&steps));
    assert!(!steps.is_cut);
    // Which lines ran, of those that could.
    let ran: Vec<usize> = steps.lines["s.rhai"].iter().copied().collect();
    let (path, could) = bundle.script_lines().next().unwrap();
    assert_eq!(path, "s.rhai");
    let missed: Vec<usize> = could.into_iter().filter(|line| !ran.contains(line)).collect();
    assert_eq!(missed, [7], "{ran:?}");
}

#[test]
fn a_failure_ends_the_steps_with_its_reason() {
    let script = "fn label(name) {\n    let x = 1;\n    throw \"no\";\n}\n";
    let bundle = with(
        script,
        "  function label(name: text?) gives text",
        "fields of client for calls\n  label from label(name), always",
    );
    let (_, steps) = bundle.decide_in_steps(&call(json!({})), &Facts::none(), now());
    insta::assert_snapshot!(told(&steps));
}

#[test]
fn what_never_ends_is_cut_and_its_lines_are_known_all_the_same() {
    let script =
        "fn label(name) {\n    let x = 0;\n    while x < 5000 {\n        x += 1;\n    }\n    \"done\"\n}\n";
    let bundle = with(
        script,
        "  function label(name: text?) gives text",
        "fields of client for calls\n  label from label(name), always\n  again from label(site), always",
    );
    let (decision, steps) = bundle.decide_in_steps(&call(json!({})), &Facts::none(), now());
    assert_eq!(decision.to_json(Lang::En)["fields"]["client"]["label"], "done");
    assert!(steps.is_cut);
    assert_eq!(steps.runs.len(), 1, "of the second call nothing is noted down");
    assert_eq!(steps.runs[0].steps.len(), Steps::MAX_STEPS);
    assert!(steps.lines["s.rhai"].contains(&6));
}

#[test]
fn values_are_cut_and_written_as_scripts_write_them() {
    let script = "fn label(name, at) {
    let long = \"\";
    long.pad(2000, 'ж');
    let m = #{ a: 1.50, b: [true, 'x', ()], f: Fn(\"label\") };
    let l = [long, long];
    let p = at.hour;
    \"x\"
}
";
    let bundle = with(
        script,
        "  function label(name: text?, at: moment?) gives text",
        "fields of client for calls\n  label from label(name, started), always",
    );
    let event = call(json!({ "started": "2026-03-02T12:00:00+03:00", "name": "с \"кавычками\"" }));
    let (_, steps) = bundle.decide_in_steps(&event, &Facts::none(), now());
    insta::assert_snapshot!(told(&steps));
}
