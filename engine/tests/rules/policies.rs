//! Policies: tables propose, scripts change it, the trace tells what they changed.

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, Need, Slot, load};
use switchboard_engine::decide::Decision;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{bundle, call, event, found, now, plain, said};

pub(super) fn source(declared: &str, script: &str, rules: &str) -> BundleSource {
    let mut source = BundleSource::single(format!("rules 1\n\n{rules}\nscript \"p.rhai\"\n{declared}\n"));
    source.add("p.rhai", script).unwrap();
    source
}

pub(super) fn policies(declared: &str, script: &str, rules: &str) -> std::sync::Arc<Bundle> {
    bundle(&source(declared, script, rules))
}

/// Wraps a body into the function of `entities`.
pub(super) fn entities(body: &str) -> String {
    format!("fn entities(event, proposal, facts) {{\n{body}\nproposal\n}}")
}

#[track_caller]
fn facts(json: Json) -> Facts {
    Facts::from_json(&json).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn with_facts(bundle: &Bundle, fields: Json, known: Json) -> Decision {
    bundle.decide(&call(fields), &facts(known), now())
}

fn trace(decision: &Decision, lang: Lang) -> Vec<String> {
    let steps = decision.trace.render(lang);
    steps
        .into_iter()
        .filter(|step| matches!(step.outcome, "policy" | "log" | "script_failed"))
        .map(|step| step.why)
        .collect()
}

const TABLE: &str = "table entities for calls\n  | contact || create | responsible |\n  | first || client, order | \"anna@x.ru\" |\n  | else || order | - |\n";

const ONE_ORDER: &str = "if event.contact == \"repeat\" && facts.open_orders.len() == 1 {\n    proposal.attach_to(facts.open_orders[0].number);\n    proposal.keep_manager();\n}";

#[test]
fn a_policy_attaches_a_call_to_the_one_open_order() {
    let declared = "  policy entities for incoming calls needs crm.open_orders";
    let bundle = policies(declared, &entities(ONE_ORDER), TABLE);
    let known = json!({
        "client": { "manager": "olga@x.ru" },
        "crm": { "open_orders": [{ "number": "10457", "status": "new" }] },
    });
    let decision = with_facts(&bundle, json!({ "contact": "repeat" }), known.clone());
    let json = plain(&decision);
    assert_eq!(json["create"], json!([]));
    assert_eq!(json["attach_to"], "10457");
    assert_eq!(json["responsible"], "olga@x.ru");
    insta::assert_snapshot!(trace(&decision, Lang::En).join("\n"), @"the policy `entities` changed creates_order: yes → no; attached_to: — → 10457; responsible: — → olga@x.ru");
    insta::assert_snapshot!(trace(&decision, Lang::Ru).join("\n"), @"политика `entities` изменила: создаёт_заказ: да → нет; привязка_к_заказу: — → 10457; ответственный: — → olga@x.ru");
    // Two open orders: nothing is changed, and the tables stand.
    let two = json!({ "crm": { "open_orders": [{ "number": "1" }, { "number": "2" }] } });
    let decision = with_facts(&bundle, json!({ "contact": "repeat" }), two);
    assert_eq!(plain(&decision)["create"], json!(["order"]));
    assert_eq!(trace(&decision, Lang::En), ["the policy `entities` changed nothing"]);
    // Outgoing calls have no policy.
    let decision = with_facts(&bundle, json!({ "contact": "repeat", "direction": "outgoing" }), known);
    assert_eq!(plain(&decision).get("attach_to"), None);
    assert!(trace(&decision, Lang::En).is_empty());
}

#[test]
fn a_russian_file_has_russian_words() {
    let rules = "правила 1\n\nскрипт \"p.rhai\"\n  политика сущностей для входящих звонков нужны crm.открытые_заказы, crm.последние_заказы(3)\n  политика полей клиента для чатов по chat_fields\n  при сбое: отложить\n";
    let mut source = BundleSource::single(rules);
    source.add("p.rhai", format!("{}\nfn chat_fields(e, p, f) {{ p }}", entities(ONE_ORDER))).unwrap();
    let loaded = load(&source, &LoadOptions::default());
    assert_eq!(found(&loaded), Vec::<&str>::new(), "{}", said(&loaded, Lang::Ru));
    let bundle = loaded.bundle.unwrap();
    let needs: Vec<_> =
        bundle.needs(Slot::IncomingCall).iter().map(|need| (need.fact.spec().name, need.count)).collect();
    assert_eq!(needs, [("crm.open_orders", 20), ("crm.last_orders", 3)]);
    assert!(bundle.needs(Slot::Chat).is_empty() && bundle.handles(Slot::Chat));
    assert!(!bundle.handles(Slot::Request));
}

#[test]
fn whose_it_is_and_which_store() {
    let declared = "  policy responsible for calls\n  policy store for calls by shop";
    let script = "fn responsible(event, p, facts) { if event.utm.source == \"opt\" { p.responsible = \"opt@x.ru\" } p }\n\
                  fn shop(event, p, facts) { if event.visitor.city == () { throw \"where?\" } p.store = \"shop-\" + event.visitor.city; p }";
    let bundle = policies(declared, script, TABLE);
    let decision = with_facts(
        &bundle,
        json!({ "contact": "first", "utm": { "source": "opt" }, "visitor": { "city": "spb" } }),
        json!({}),
    );
    assert_eq!(plain(&decision)["responsible"], "opt@x.ru");
    assert_eq!(plain(&decision)["store"], "shop-spb");
    // A city that is not known: the policy fails, the tables stand.
    let decision = with_facts(&bundle, json!({ "contact": "first" }), json!({}));
    assert_eq!(plain(&decision)["responsible"], "anna@x.ru");
    assert_eq!(plain(&decision)["store"], Json::Null);
}

#[test]
fn fields_of_client_and_order() {
    let rules = "table entities for calls\n  | contact || create |\n  | first || client, order |\n  | else || client |\n\nfields of client for calls\n  site from site, always\n  city from visitor.city\n";
    let declared = "  policy fields of client for calls\n  policy fields of order for calls";
    let script = "fn client_fields(event, p, facts) { p.score = 5; p[\"uis-tag\"] = [\"a\", \"b\"]; p.set_always(\"seen\", true); p.drop(\"city\"); p }\n\
                  fn order_fields(event, p, facts) { p.comment = event.campaign ?? \"none\"; p.set_always(\"touched\", event.started); p }";
    let bundle = policies(declared, script, rules);
    let fields =
        json!({ "site": "a.ru", "visitor": { "city": "spb" }, "started": "2026-03-02T12:00:00+03:00" });
    let mut first = fields.clone();
    first["contact"] = "first".into();
    let json = plain(&with_facts(&bundle, first, json!({})));
    assert_eq!(
        json["fields"]["client"],
        json!({ "site": "a.ru", "score": 5, "uis-tag": ["a", "b"], "seen": true })
    );
    assert_eq!(json["fields"]["order"], json!({ "comment": "none", "touched": "2026-03-02T12:00:00+03:00" }));
    // While no order is created, only what is always written remains.
    let mut repeat = fields;
    repeat["contact"] = "repeat".into();
    let json = plain(&with_facts(&bundle, repeat, json!({})));
    assert_eq!(json["fields"]["order"], json!({ "touched": "2026-03-02T12:00:00+03:00" }));
}

#[test]
fn tasks_are_changed_or_fall_away() {
    let rules = "task for missed incoming calls\n  title: \"Call back {{ phone }}\"\n  assign: \"anna@x.ru\"\n  due: 2 hours after finished\n";
    let declared = "  policy task for missed incoming calls";
    let script = "fn task(event, p, facts) {\n  if event.client.tags != () && \"VIP\" in event.client.tags { p.title = \"VIP!\\n\" + p.title; p.due = event.finished.plus_minutes(15); p.assign = \"olga@x.ru\"; p.note = \"  now \"; }\n  if event.campaign == \"Spam\" { p.skip() }\n  p\n}";
    let bundle = policies(declared, script, rules);
    let base = json!({ "missed": true, "phone": "+79000000010", "finished": "2026-03-02T12:00:00+03:00" });
    let json = plain(&with_facts(&bundle, base.clone(), json!({ "client": { "tags": ["VIP"] } })));
    assert_eq!(
        json["tasks"],
        json!([{ "title": "VIP! Call back +79000000010", "note": "now", "assign": "olga@x.ru", "due": "2026-03-02T12:15:00+03:00" }])
    );
    let json = plain(&with_facts(&bundle, base.clone(), json!({})));
    assert_eq!(json["tasks"][0]["assign"], "anna@x.ru");
    let mut spam = base;
    spam["campaign"] = "Spam".into();
    let decision = with_facts(&bundle, spam, json!({}));
    assert_eq!(plain(&decision)["tasks"], json!([]));
    assert_eq!(trace(&decision, Lang::Ru), ["политика `task` изменила: отменена: нет → да"]);
}

#[test]
fn deals_have_another_sum_another_stage_and_other_fields() {
    let rules = "transfer orders\n  only when order.total > 0\n  amount: total_with_delivery\n  pass: promo\n  won: order.status_group is \"complete\"\n";
    let declared = "  policy deal for orders";
    let script = "fn deal(event, p, facts) {\n  if event.order.custom.promo == \"X\" { p.amount = event.order.total - 100; p.stage = \"lost\"; p.set(\"reason\", \"promo\"); p.drop(\"promo\"); }\n  if event.order.method == \"test\" { p.skip() }\n  p\n}";
    let bundle = policies(declared, script, rules);
    let order = |custom: Json, method: &str| {
        event(json!({ "kind": "order", "order": {
            "number": "1", "status": "new", "status_group": "new", "total": 1000, "total_with_delivery": 1200,
            "store": "a", "created": "2026-03-02T12:00:00+03:00", "paid": false, "method": method, "custom": custom,
        } }))
    };
    let plain_deal =
        |custom, method| plain(&bundle.decide(&order(custom, method), &Facts::none(), now()))["deal"].clone();
    assert_eq!(
        plain_deal(json!({ "promo": "X" }), "phone"),
        json!({ "funnel": "default", "store": null, "amount": 900, "outcome": "lost", "pass": { "reason": "promo" } })
    );
    assert_eq!(plain_deal(json!({ "promo": "Y" }), "phone")["amount"], 1200);
    assert_eq!(plain_deal(json!({}), "test"), Json::Null);
    let outcome = bundle.outcome(&order(json!({ "promo": "X" }), "phone"), now());
    assert_eq!(outcome, Some(switchboard_engine::decide::Outcome::Lost));
}

#[test]
fn a_call_is_put_through_by_a_policy() {
    let declared = "  policy forward for incoming calls";
    let script = "fn forward(event, p, facts) {\n  if event.client.orders_count != () && event.client.orders_count > 10 { p.to_manager() }\n  else if event.virtual_number == \"+74951234567\" { p.to_number(\"101\") }\n  else if event.visitor.city == \"spb\" { p.to_branch(3) }\n  p\n}";
    let bundle = policies(declared, script, "");
    assert!(bundle.forwards());
    let to =
        |fields: Json, known: Json| format!("{:?}", bundle.forward(&call(fields), &facts(known), now()).to);
    let known = json!({ "client": { "manager": "olga@x.ru", "orders_count": 11 } });
    assert_eq!(to(json!({}), known), "Employee(\"olga@x.ru\")");
    assert_eq!(to(json!({ "virtual_number": "+74951234567" }), json!({})), "Number(\"101\")");
    assert_eq!(to(json!({ "visitor": { "city": "spb" } }), json!({})), "Code(3)");
    assert_eq!(to(json!({}), json!({})), "Nobody");
}

#[test]
fn what_is_logged_reads_like_what_it_is() {
    let declared =
        "  policy entities for incoming calls needs crm.client, crm.custom_fields, crm.open_orders";
    let script = entities(
        "log(event); print(facts); debug(proposal); log(facts.client); print(facts.custom_fields); log(facts.open_orders[0]); log(event.started);",
    );
    let bundle = policies(declared, &script, "");
    let known = json!({ "crm": { "client": { "name": "Анна", "orders_count": 3 }, "custom_fields": { "vip": true }, "open_orders": [{ "number": "7", "total": 100 }] } });
    let decision = with_facts(&bundle, json!({ "started": "2026-03-02T12:00:00+03:00" }), known);
    insta::assert_snapshot!(trace(&decision, Lang::En).join("\n"));
}

#[test]
fn forwarding_and_deals_have_the_facts_that_they_can_have() {
    let declared = "  policy forward for incoming calls needs crm.client, crm.custom_fields\n  policy deal for orders needs crm.last_orders(2), crm.client\n  policy entities for calls needs crm.open_orders";
    let script = "fn forward(event, p, facts) { if facts.client != () && facts.client.store == \"spb\" && facts.custom_fields.vip == true { p.to_branch(7) } p }\n\
                  fn deal(event, p, facts) { if facts.last_orders.len() > 1 && facts.client.orders_count == 2 { p.amount = 1; } p }\n\
                  fn entities(event, p, facts) { p }";
    let bundle = policies(declared, script, "transfer orders\n  amount: total_with_delivery\n");
    let needs = |needs: &[Need]| needs.iter().map(|need| need.fact.spec().name).collect::<Vec<_>>();
    assert_eq!(needs(&bundle.forward_needs()), ["crm.client", "crm.custom_fields"]);
    assert_eq!(
        needs(bundle.needs(Slot::IncomingCall)),
        ["crm.client", "crm.open_orders", "crm.custom_fields"]
    );
    assert_eq!(needs(bundle.needs(Slot::Order)), ["crm.client", "crm.last_orders"]);
    let known = json!({ "crm": { "client": { "store": "spb", "orders_count": 2 }, "custom_fields": { "vip": true }, "last_orders": [{}, {}] } });
    let to = |known: Json| format!("{:?}", bundle.forward(&call(json!({})), &facts(known), now()).to);
    assert_eq!((to(known.clone()), to(json!({}))), ("Code(7)".to_owned(), "Nobody".to_owned()));
    let order = event(
        json!({ "kind": "order", "order": { "number": "1", "total_with_delivery": 5, "status": "new" } }),
    );
    let amount =
        |known: Json| bundle.deal_of(&order, &facts(known), now()).unwrap().amount.unwrap().to_string();
    assert_eq!((amount(known), amount(json!({}))), ("1".to_owned(), "5".to_owned()));
}

#[test]
fn policies_of_one_hook_run_in_the_order_of_the_file() {
    let declared = "  policy responsible for calls by first\n  policy responsible for calls by second";
    let script = "fn first(e, p, f) { log(\"one\"); p.responsible = \"a@x.ru\"; p }\n\
                  fn second(e, p, f) { log(p.responsible); p.responsible = \"b@x.ru\"; p }";
    let decision = with_facts(&policies(declared, script, ""), json!({}), json!({}));
    assert_eq!(plain(&decision)["responsible"], "b@x.ru");
    assert_eq!(
        trace(&decision, Lang::En),
        [
            "one",
            "the policy `first` changed responsible: — → a@x.ru",
            "a@x.ru",
            "the policy `second` changed responsible: a@x.ru → b@x.ru",
        ]
    );
}

#[test]
fn a_policy_that_fails_changes_nothing() {
    for (body, why) in [
        ("throw \"no\";", "скрипт `entities` завершился ошибкой, строка 2: no; решают таблицы без неё"),
        (
            "proposal[\"respons\" + \"ibl\"] = 1;",
            "скрипт `entities` завершился ошибкой, строка 2: у этого предложения нет `responsibl`; возможно, имелось в виду `responsible`?; решают таблицы без неё",
        ),
        (
            "proposal.create_nothing(); proposal.responsible = 2 + 3;",
            "скрипт `entities` завершился ошибкой, строка 2: `responsible` принимает: сотрудник?; а здесь число; решают таблицы без неё",
        ),
        (
            "let nothing = (); return nothing;",
            "политика `entities` вернула не предложение, а ничего; решают таблицы без неё",
        ),
        (
            "let other = event; return other;",
            "политика `entities` вернула не предложение, а событие; решают таблицы без неё",
        ),
        (
            "facts.now + [1][2];",
            "скрипт `entities` завершился ошибкой, строка 2: в списке нет [2], длина его 1; решают таблицы без неё",
        ),
        (
            "let a = event.talk_time + 1;",
            "скрипт `entities` завершился ошибкой, строка 2: для таких значений нет `+ ((), i64)`; `()` – значения нет: напишите `a ?? b`; решают таблицы без неё",
        ),
        (
            "let a = 1 / [].len();",
            "скрипт `entities` завершился ошибкой, строка 2: деление на ноль; решают таблицы без неё",
        ),
        ("loop { }", "скрипт `entities` упёрся в предел: число операций; решают таблицы без неё"),
    ] {
        let source = source("  policy entities for calls", &entities(body), TABLE);
        let loaded = load(&source, &LoadOptions::default());
        let bundle = loaded.bundle.clone().unwrap_or_else(|| panic!("{}", said(&loaded, Lang::En)));
        let decision = with_facts(&bundle, json!({ "contact": "first" }), json!({}));
        assert_eq!(plain(&decision)["create"], json!(["client", "order"]), "{body}");
        assert_eq!(trace(&decision, Lang::Ru), [why], "{body}");
        assert!(!decision.park);
    }
    let declared = "  policy entities for calls\n  on failure: park";
    let bundle = policies(declared, &entities("throw \"no\";"), TABLE);
    assert!(with_facts(&bundle, json!({ "contact": "first" }), json!({})).park);
}

#[test]
fn facts_are_those_that_were_declared() {
    let body = "log(facts.client.name); log(facts.client.custom.level); log(facts.last_orders.len()); log((facts.last_orders[0].total + 1).to_string());\n\
                log(facts.custom_fields.level); log(facts.custom_fields[\"no\"] == ()); log(facts.call_legs[0].employee); log(facts.now); log(facts.client.phones.len());";
    let declared =
        "  policy entities for calls needs crm.client, crm.last_orders(2), crm.custom_fields, uis.call_legs";
    let bundle = policies(declared, &entities(body), "");
    let known = json!({
        "crm": {
            "client": { "id": 5, "name": "Анна", "phones": ["+79000000010"], "custom": { "level": "gold" } },
            "last_orders": [{ "number": "3", "total": 10.5 }, { "number": "2" }, { "number": "1" }],
            "custom_fields": { "level": "gold" },
        },
        "uis": { "call_legs": [{ "employee": "olga@x.ru", "answered": true }] },
    });
    let decision = with_facts(&bundle, json!({}), known.clone());
    assert_eq!(
        trace(&decision, Lang::En),
        [
            "Анна",
            "gold",
            "2",
            "11.5",
            "gold",
            "true",
            "olga@x.ru",
            "2026-03-02T12:05:00+03:00",
            "1",
            "the policy `entities` changed nothing"
        ]
    );
    // What is stored is read back to the same.
    let facts = facts(known);
    assert_eq!(Facts::from_json(&facts.to_json()).unwrap(), facts);
}

#[test]
fn facts_with_wrong_names_are_told() {
    let wrong = json!({ "crm": { "open_order": [], "client": { "nmae": 1 }, "last_orders": {} } });
    let errors: Vec<String> = Facts::from_json(&wrong).unwrap_err().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!("facts_with_wrong_names", errors.join("\n"));
}
