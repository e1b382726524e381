//! Which fields a bundle reads: every place where one can be written, and nothing besides.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::{Bundle, BundleSource, Slot};
use switchboard_engine::catalog::schema;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{bundle, call, fixture, now, rules};

fn names(bundle: &Bundle, slot: Slot) -> BTreeSet<String> {
    let name = |key: &switchboard_engine::schema::FieldKey| {
        let name = schema().field_name(key.id);
        key.key.as_ref().map_or_else(|| name.to_owned(), |entry| format!("{name}:{entry}"))
    };
    bundle.reads(slot).iter().map(name).collect()
}

#[track_caller]
fn check(bundle: &Bundle, slot: Slot, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names(bundle, slot), expected, "{slot:?}");
}

#[test]
fn rules_that_name_nothing_read_nothing() {
    for slot in Slot::ALL {
        check(&rules(""), slot, &[]);
    }
}

#[test]
fn every_place_counts_and_only_for_its_events() {
    let text = r#"
filter for incoming calls
  accept when campaign is "Лето" and not (utm.source contains visitor.city)
  else accept

table entities for incoming calls
  | site || create | responsible                      |
  |------||--------|----------------------------------|
  | "a"  || client | client.manager else answered_by  |

task for missed incoming calls when segments contains "Опт"
  title:  "{{ search_query else "?" }}"
  note:   "{{ referrer else "-" }}"
  assign: client.custom.keeper else "a@b.ru"
  due:    2 hours after started

fields of client for outgoing calls
  medium from utm.medium else utm.term
"#;
    let bundle = rules(text);
    let incoming = [
        "campaign",
        "utm.source",
        "visitor.city",
        "site",
        "client.manager",
        "answered_by",
        "search_query",
        "referrer",
        "client.custom.X:keeper",
        "started",
        "segments",
    ];
    check(&bundle, Slot::IncomingCall, &incoming);
    check(&bundle, Slot::OutgoingCall, &["utm.medium", "utm.term"]);
    check(&bundle, Slot::Chat, &[]);
}

#[test]
fn arguments_of_scripts_and_notes_in_files_count() {
    let text = "rules 1\n\nscript \"s.rhai\"\n  function label(campaign: text?, city: text?) gives text\n\n\
                fields of client for incoming calls\n  label from label(campaign, visitor.city)\n\n\
                task for missed incoming calls\n  title: \"x\"\n  note: template \"note.j2\"\n  assign: \"a@b.ru\"\n  \
                due: 1 hour after started\n";
    let mut source = BundleSource::single(text);
    source.add("s.rhai", "fn label(a, b) { \"x\" }").unwrap();
    source.add("note.j2", "{% if utm.content %}{{ landing_page }}{% endif %}").unwrap();
    let bundle = bundle(&source);
    let expected = ["campaign", "visitor.city", "utm.content", "landing_page", "started"];
    check(&bundle, Slot::IncomingCall, &expected);
}

#[test]
fn a_table_that_others_name_counts_with_them() {
    let text = "
table shop_of for calls
  | campaign || shop | seat |
  |----------||------|------|
  | \"a\"    || site | source |

table entities for incoming calls
  | shop_of.shop || create |
  |--------------||--------|
  | \"b\"        || client |
";
    let bundle = rules(text);
    check(&bundle, Slot::IncomingCall, &["campaign", "site"]);
    check(&bundle, Slot::OutgoingCall, &[]);
}

/// What is not read can be taken away without any difference.
#[test]
fn nothing_else_matters_to_the_shops_rules() {
    let always = ["direction", "contact", "phone", "started", "finished", "talk_time", "missed"];
    let all = json!({
        "phone": "+79000000010", "site": "romashka.ru", "campaign": "Бренд", "source": "Яндекс.Директ",
        "marketing_channel": "paid", "utm": {"source": "yandex", "medium": "cpc", "campaign": "vesna"},
        "visitor": {"city": "Москва", "id": "5"}, "search_query": "ромашки", "tags": ["Целевой"], "scenario": "Продажи",
    });
    let mut left_alone = 0;
    for name in ["romashka-en", "romashka-ru"] {
        let bundle = fixture(name);
        let said = |fields: &Json| {
            bundle.decide(&call(fields.clone()), &Facts::default(), now()).to_json(Lang::En).to_string()
        };
        let whole = said(&all);
        let reads = names(&bundle, Slot::IncomingCall);
        for (field, value) in all.as_object().unwrap() {
            let inner: Vec<String> = match value.as_object() {
                Some(object) => object.keys().map(|key| format!("{field}.{key}")).collect(),
                None => vec![field.clone()],
            };
            if always.contains(&field.as_str()) || inner.iter().any(|name| reads.contains(name)) {
                continue;
            }
            let mut less = all.clone();
            less.as_object_mut().unwrap().remove(field);
            assert_eq!(said(&less), whole, "{name} does not read {field}");
            left_alone += 1;
        }
    }
    assert!(left_alone > 0);
}
