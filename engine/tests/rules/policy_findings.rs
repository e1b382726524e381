//! What is found in policies before any of them runs.

use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, Slot, load};
use switchboard_grammar::lang::Lang;

use super::policies::{entities, policies, source};
use super::support::{found, said};

fn check(declared: &str, script: &str) -> Loaded {
    load(&source(declared, script, ""), &LoadOptions::default())
}

#[track_caller]
fn finds(declared: &str, script: &str, expected: &[&str]) -> String {
    let loaded = check(declared, script);
    assert_eq!(found(&loaded), expected, "{}", said(&loaded, Lang::En));
    said(&loaded, Lang::Ru)
}

#[test]
fn mistakes_are_told_before_anything_runs() {
    let declared = "  policy entities for calls, chats needs crm.open_orders";
    let script = entities(
        "if event.campain == \"x\" { proposal.atach_to(\"1\"); }\n\
         if event.contact == \"frist\" { proposal.responsable = \"a@x.ru\"; }\n\
         let order = facts.open_orders[0];\n\
         log(order.numbre);\n\
         log(facts.open_orders.number);\n\
         log(facts.last_orders);\n\
         log(facts.weather);\n\
         for o in facts.open_orders { log(o.totl); }\n\
         proposal.responsible = 5;\n\
         proposal.attached_to = \"5\";\n\
         proposal.attach_to(5);\n\
         proposal.attach_to();\n\
         event.campaign = \"x\";\n\
         log(event.utm.sourse);\n\
         helper(event, order);\n\
         log(event.кампания);",
    ) + "\nfn helper(event, order) { event.sitee + order.statuss }";
    let said = finds(
        declared,
        &script,
        &[
            "unknown-script-field",
            "unknown-script-field",
            "unknown-value",
            "unknown-script-field",
            "unknown-script-field",
            "unknown-script-field",
            "unknown-script-field",
            "unknown-script-field",
            "unknown-script-field",
            "wrong-script-value",
            "wrong-script-value",
            "wrong-script-value",
            "wrong-script-value",
            "wrong-script-value",
            "unknown-script-field",
            "unknown-script-field",
            "unknown-script-field",
            "unknown-script-field",
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn lines_of_a_policy_that_cannot_be() {
    let script = entities("") + "\nfn forward(a, b, c) { b }\nfn deal(a, b) { b }";
    let said = finds(
        "  policy entites for calls\n  policy entities for orders\n  policy entities for missed calls\n  policy entities for calls\n  policy entities for incoming calls\n  policy forward for calls\n  policy forward for incoming calls needs crm.open_orders\n  policy deal for orders needs uis.call_legs\n  policy responsible for calls\n  policy deal for orders\n  policy store for calls by entities needs crm.last_orders(21), crm.client(2), crm.opn_orders, uis.chat_messages",
        &script,
        &[
            "policy-misuse",
            "policy-misuse",
            "unexpected-text",
            "policy-misuse",
            "policy-misuse",
            "policy-misuse",
            "unknown-fact",
            "unknown-fact",
            "script-signature",
            "script-signature",
            "limit-too-high",
            "unknown-fact",
            "unknown-fact",
            "unknown-fact",
        ],
    );
    insta::assert_snapshot!(said);
}

#[test]
fn a_policy_that_ends_without_its_proposal() {
    let wrong = [
        "42",
        "event",
        "",
        "p.create_nothing();",
        "p.responsible = \"a@x.ru\";",
        "let x = 1;",
        "if event.missed { p }",
        "if event.missed { p.keep_manager(); } else { p }",
        "if event.missed { return; } p",
        "for i in 0..3 { if i == 2 { return \"x\"; } } p",
        "`text`",
    ];
    for body in wrong {
        let script = format!("fn entities(event, p, facts) {{ {body} }}");
        finds("  policy entities for calls", &script, &["script-signature"]);
    }
    let right = [
        "p",
        "p;",
        "return p;",
        "if event.missed { p } else { throw \"no\"; }",
        "let q = p; q",
        "helper(p)",
        "p.helper()",
        "switch event.contact { \"first\" => p, _ => p }",
        "loop { return p; }",
        "try { p.keep_manager(); p } catch { p }",
    ];
    for body in right {
        let script = format!("fn entities(event, p, facts) {{ {body} }} fn helper(p) {{ p }}");
        finds("  policy entities for calls", &script, &[]);
    }
}

#[test]
fn values_of_different_types_are_never_equal() {
    let script = entities(
        "if event.talk_time == \"30\" { log(1); }\n\
         if event.started > 5 { log(2); }\n\
         if event.tags == \"VIP\" { log(3); }\n\
         if event.missed == \"true\" { log(4); }\n\
         if 5 != event.campaign { log(5); }\n\
         if facts.open_orders[0].total >= \"100\" { log(6); }\n\
         if event.talk_time > 30 && event.missed == true && event.campaign == () && event.phone != \"+7\" { log(7); }\n\
         if event.rating > 4.5 && facts.open_orders[0].total == 100 && event.client.custom.level == 3 { log(8); }\n\
         if event.channel == \"telegram\" { log(9); }",
    );
    let mut expected = vec!["type-mismatch"; 6];
    expected.push("unknown-script-field");
    let said = finds("  policy entities for calls needs crm.open_orders", &script, &expected);
    insta::assert_snapshot!(said);
}

#[test]
fn lines_that_never_run() {
    let script = "fn entities(event, p, facts) {\n  if event.missed { return p; p.create_order(); }\n  for i in 0..3 { if i == 1 { break; } else { continue; } log(i); }\n  loop { log(1); }\n  p\n}";
    finds(
        "  policy entities for calls",
        script,
        &["unreachable-code", "unreachable-code", "unreachable-code"],
    );
    let fine = "fn entities(event, p, facts) {\n  if event.missed { return p; }\n  loop { if event.missed { break; } }\n  p\n}";
    finds("  policy entities for calls", fine, &[]);
}

#[test]
fn the_fields_that_a_policy_looks_at_are_read() {
    let reads = |body: &str| {
        let bundle = policies(
            "  policy entities for incoming calls",
            &(entities(body) + "\nfn name(e) { e.name }"),
            "",
        );
        let schema = switchboard_engine::catalog::schema();
        bundle.reads(Slot::IncomingCall).iter().map(|key| schema.field_name(key.id)).collect::<Vec<_>>()
    };
    assert_eq!(reads("let u = event.utm; log(u.source); log(event[\"site\"]); log(name(event));").len(), 3);
    assert!(reads("").is_empty());
    // Where the event goes out of sight, it may be looked at in any way.
    assert!(reads("let all = [event];").len() > 30);
    assert!(reads("let key = \"si\" + \"te\"; log(event[key]);").len() > 30);
}

/// What there is of the event, of facts and of proposals can be written in scripts.
#[test]
fn every_name_of_the_catalogue_can_be_written() {
    use switchboard_engine::catalog::{FACTS, HOOKS, Shape};
    for spec in &FACTS {
        let records = match spec.shape {
            Shape::One(record) => {
                record.names().map(|name| format!("log(facts.{}.{name});", spec.script_name())).collect()
            }
            Shape::Many(record) => {
                record.names().map(|name| format!("log(facts.{}[0].{name});", spec.script_name())).collect()
            }
            Shape::Codes => vec![format!("log(facts.{}.any);", spec.script_name())],
        };
        let hook = if spec.slots.has(Slot::Chat) { "chats" } else { "calls" };
        finds(
            &format!("  policy entities for {hook} needs {}", spec.name),
            &entities(&records.join("\n")),
            &[],
        );
    }
    for spec in &HOOKS {
        let lines = spec.properties.iter().map(|property| format!("log(p.{});", property.name));
        let script = format!("fn f(e, p, t) {{ {} p }}", lines.collect::<String>());
        finds(&format!("  policy {} for {} by f", spec.name, spec.slots.to_en()), &script, &[]);
    }
}

#[test]
fn what_only_a_policy_creates_is_not_called_never_created() {
    let rules = "table entities for calls\n  | contact || create |\n  | first || client |\n  | else || nothing |\n\nfields of order for calls\n  site from site\n";
    let loaded = load(&BundleSource::single(format!("rules 1\n\n{rules}")), &LoadOptions::default());
    assert_eq!(found(&loaded), ["never-created-entity"]);
    let loaded = load(
        &source("  policy entities for calls", &entities("proposal.create_order();"), rules),
        &LoadOptions::default(),
    );
    assert_eq!(found(&loaded), Vec::<&str>::new(), "{}", said(&loaded, Lang::En));
}
