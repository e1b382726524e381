//! Lists in scripts: asked and looked into, and every way to name them wrongly.

use serde_json::json;
use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::prove::{ProofLimits, compare};
use switchboard_grammar::lang::Lang;

use super::support::{bundle, call, decide, found, plain, said};

const MANAGERS: &str =
    "phone;name;email\n+7 900 000-00-10;Анна;anna@x.ru\n8 (900) 000-00-11;Иван;\n102;Робот;robot@x.ru\n";
const LISTS: &str =
    "list managers from \"managers.csv\" column \"phone\"\n\nlist cities: \"Москва\", \"Тверь\"\n";
const RULES: &str = "fields of client for calls\n  answer from f(phone, visitor.city), always\n";
const DECLARED: &str = "script \"s.rhai\"\n  function f(phone: phone?, city: text?) gives text?\n";

fn source(body: &str, lists: &str) -> BundleSource {
    let mut source = BundleSource::single(format!("rules 1\n\n{RULES}\n{DECLARED}\n{lists}"));
    source.add("s.rhai", format!("fn f(phone, city) {{ {body} }}")).unwrap();
    source.add("managers.csv", MANAGERS).unwrap();
    source
}

fn loaded(body: &str) -> Loaded {
    load(&source(body, LISTS), &LoadOptions::default())
}

#[track_caller]
fn gives(body: &str, fields: serde_json::Value, expected: serde_json::Value) {
    let lists = format!(
        "{LISTS}\nfilter for calls\n  accept when phone in managers or visitor.city in cities\n  else accept\n"
    );
    let decision = decide(&bundle(&source(body, &lists)), &call(fields));
    assert_eq!(
        plain(&decision)["fields"]["client"].get("answer"),
        expected.as_str().map(|_| &expected),
        "{body}"
    );
}

#[test]
fn a_value_is_found_in_a_list_however_it_is_written() {
    let city = r#"if in_list("cities", city) { "yes" } else { "no" }"#;
    gives(city, json!({ "visitor": { "city": " москва " } }), json!("yes"));
    gives(city, json!({ "visitor": { "city": "Казань" } }), json!("no"));
    gives(city, json!({}), json!("no"));
    let phone = r#"if in_list("managers", phone) { "yes" } else { "no" }"#;
    gives(phone, json!({ "phone": "+79000000011" }), json!("yes"));
    gives(phone, json!({ "phone": "+79000000012" }), json!("no"));
    gives(r#"if in_list("managers", ["x", (), 102]) { "yes" } else { "no" }"#, json!({}), json!("yes"));
    gives(r#"if in_list("managers", "8 900 0000010") { "yes" } else { "no" }"#, json!({}), json!("yes"));
}

#[test]
fn what_stands_beside_a_value_is_looked_up() {
    let email = r#"lookup("managers", phone, "email") ?? "nobody""#;
    gives(email, json!({ "phone": "+79000000010" }), json!("anna@x.ru"));
    // A blank cell, a key that is not there, no key at all.
    gives(email, json!({ "phone": "+79000000011" }), json!("nobody"));
    gives(email, json!({ "phone": "+79000000019" }), json!("nobody"));
    gives(email, json!({}), json!("nobody"));
    gives(r#"lookup("managers", phone, "NAME")"#, json!({ "phone": "+79000000011" }), json!("Иван"));
    gives(
        r#"lookup("managers", 102, "name") + lookup("managers", "102", "email")"#,
        json!({}),
        json!("Роботrobot@x.ru"),
    );
    // From inside a function that is passed on, too.
    let mapped =
        r#"let all = ["+79000000010", "x"].map(|p| lookup("managers", p, "name") ?? "-"); all[0] + all[1]"#;
    gives(mapped, json!({}), json!("Анна-"));
}

#[test]
fn a_list_that_only_a_script_asks_is_used() {
    assert_eq!(
        found(&loaded(r#"if in_list("cities", city) { lookup("managers", phone, "email") } else { () }"#)),
        [""; 0]
    );
    assert_eq!(found(&loaded(r#"lookup("managers", phone, "email")"#)), ["unused-list"]);
}

#[test]
fn what_is_named_wrongly_is_told_when_rules_are_loaded() {
    let wrong = [
        r#"in_list("citys", city); lookup("manager", phone, "email")"#,
        r#"lookup("managers", phone, "emial")"#,
        r#"lookup("cities", city, "email")"#,
        r#"let name = "cities"; in_list(name, city); "cities".in_list(city); in_list("cities"); lookup("managers", phone, name)"#,
    ];
    let mut out = String::new();
    for body in wrong {
        let loaded = loaded(&format!(
            "{body}; if in_list(\"cities\", city) && in_list(\"managers\", phone) {{ city }} else {{ () }}"
        ));
        assert!(loaded.bundle.is_none(), "{body}");
        out += &format!("{}\n\n{}\n\n", said(&loaded, Lang::En), said(&loaded, Lang::Ru));
    }
    let no_column = LISTS.replace(" column \"phone\"", "");
    let source = source(
        r#"if in_list("cities", city) { lookup("managers", phone, "email") } else { () }"#,
        &no_column,
    );
    out += &said(&load(&source, &LoadOptions::default()), Lang::Ru);
    insta::assert_snapshot!(out);
}

#[test]
fn a_fix_writes_the_right_name() {
    let loaded = loaded(r#"in_list("citys", city); lookup("managers", phone, "emial")"#);
    let fixes: Vec<_> = loaded
        .diagnostics
        .iter()
        .filter_map(|found| found.fix.as_ref())
        .flat_map(|fix| &fix.edits)
        .map(|edit| {
            (edit.span.text(loaded.sources.get(edit.file).unwrap().text()), edit.replacement.as_str())
        })
        .collect();
    assert_eq!(fixes, [("citys", "cities"), ("emial", "email")]);
}

#[test]
fn rows_that_contradict_one_another_are_told() {
    let mut source = BundleSource::single(format!(
        "rules 1\n\n{RULES}\n{DECLARED}\nlist managers from \"managers.csv\" column \"phone\"\n"
    ));
    source.add("s.rhai", r#"fn f(phone, city) { lookup("managers", phone, "email") }"#).unwrap();
    source
        .add(
            "managers.csv",
            "phone,email,note\n+79000000010,a@x.ru,x\n8 900 000-00-10,a@x.ru,y\n89000000010,b@x.ru,z\n",
        )
        .unwrap();
    let loaded = load(&source, &LoadOptions::default());
    insta::assert_snapshot!(said(&loaded, Lang::En));
    let decision = decide(&loaded.bundle.unwrap(), &call(json!({ "phone": "+79000000010" })));
    assert_eq!(plain(&decision)["fields"]["client"]["answer"], "a@x.ru");
}

#[test]
fn what_gets_past_the_check_is_refused_when_it_runs() {
    let others = r#"if in_list("cities", city) && in_list("managers", phone) { return () }"#;
    for (body, why) in [
        (r#"call(Fn("in_list"), "nowhere", city)"#, "this script has no `nowhere`"),
        (
            r#"call(Fn("lookup"), "managers", phone, "email")"#,
            "`lookup` needs the names of list and column in quotes",
        ),
        (
            r#"in_list("cities", #{a: 1})"#,
            "`in_list` looks for a text, a number or a moment, and this is a map",
        ),
    ] {
        let decision = decide(&bundle(&source(&format!("{others} {body}"), LISTS)), &call(json!({})));
        let trace = decision.trace.render(Lang::En);
        let failed = trace.iter().find(|step| step.outcome == "script_failed").unwrap();
        assert!(failed.why.contains(why), "{}", failed.why);
    }
}

#[test]
fn a_function_of_the_script_s_own_goes_first() {
    let script = "fn f(phone, city) { lookup(1, 2, 3) }\nfn lookup(a, b, c) { \"mine\" }";
    let mut own = BundleSource::single(format!("rules 1\n\n{RULES}\n{DECLARED}"));
    own.add("s.rhai", script).unwrap();
    let decision = decide(&bundle(&own), &call(json!({})));
    assert_eq!(plain(&decision)["fields"]["client"]["answer"], "mine");
}

#[test]
fn another_file_of_a_list_is_another_bundle() {
    let with = |csv: &str| {
        let mut source = BundleSource::single(format!(
            "rules 1\n\n{RULES}\n{DECLARED}\nlist managers from \"managers.csv\" column \"phone\"\n"
        ));
        source.add("s.rhai", r#"fn f(phone, city) { lookup("managers", phone, "email") }"#).unwrap();
        source.add("managers.csv", csv).unwrap();
        bundle(&source)
    };
    let (old, new) = (with("phone,email\n+79000000010,a@x.ru\n"), with("phone,email\n+79000000010,b@x.ru\n"));
    assert_ne!(old.digest(), new.digest());
    let differs = |other| !compare(&old, other, &ProofLimits::default()).is_equal();
    assert!(differs(&new), "what a script looks up is part of what it says");
    assert!(!differs(&with("phone,email,note\n+79000000010,a@x.ru,nobody asks\n")));
    let event = call(json!({ "phone": "+79000000010" }));
    assert_eq!(plain(&decide(&old, &event))["fields"]["client"]["answer"], "a@x.ru");
    assert_eq!(plain(&decide(&new, &event))["fields"]["client"]["answer"], "b@x.ru");
}
