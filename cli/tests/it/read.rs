//! `rules read`: bundles in plain sentences.

use std::fs;
use std::path::Path;

use crate::program::{Place, demo_place, snapshot};

/// A bundle of the fixtures.
fn bundle(name: &str) -> Place {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/bundles").join(name);
    let place = Place::with(&[]);
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue;
        }
        let file = path.file_name().expect("a name").to_string_lossy().into_owned();
        place.write(&format!("shop/{file}"), &fs::read_to_string(&path).expect("a file"));
    }
    place
}

#[test]
fn bundles_are_told_in_russian() {
    for name in ["romashka-en", "romashka-ru"] {
        let run = bundle(name).rules(&["read", "shop", "--lang", "ru"]);
        insta::assert_snapshot!(format!("{name}-in-russian"), run.shown());
    }
    let run = snapshot!(demo_place("ru"), ["read", "shop"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}

#[test]
fn bundles_are_told_in_english() {
    for name in ["romashka-en", "romashka-ru"] {
        let run = bundle(name).rules(&["read", "shop", "--lang", "en"]);
        insta::assert_snapshot!(format!("{name}-in-english"), run.shown());
    }
}

#[test]
fn the_language_is_that_of_the_rules() {
    assert!(bundle("romashka-ru").rules(&["read", "shop"]).out.starts_with("Что делают правила\n"));
    assert!(bundle("romashka-en").rules(&["read", "shop"]).out.starts_with("What the rules do\n"));
}

#[test]
fn a_bundle_and_its_translation_are_told_alike() {
    let place = demo_place("en");
    let told = |place: &Place| place.rules(&["read", "shop", "--lang", "ru"]).out;
    let before = told(&place);
    assert_eq!(place.rules(&["fmt", "--to", "ru", "shop"]).code, Some(0));
    // Names that the author made up and the strings are the same in both.
    assert_eq!(told(&place), before);
}

#[test]
fn every_way_of_asking() {
    let rules = r#"rules 1

list spam: +7 900 000-00-99

schedule office in "Europe/Moscow"
  mon-fri: 09:00-13:00, 14:00-18:00
  sat, sun: closed

filter for incoming calls
  reject when phone in spam or phone not in spam and started not in office
  reject when not (site is "a" or campaign is "b")
  accept when site is not exactly "a" and site is present
  accept when site is not "a" and campaign in ("x", "y")
  accept when scenario not in ("Продажи", "Опт")
  accept when wait_time >= 1 min 30 s and talk_time < 21 s
  accept when not (wait_time > 2 h) and not transferred
  accept when tags contains "vip" or tags not contains "спам"
  accept when campaign like "VIP*" or campaign not starts with "b" or search_query ends with "c"
  accept when started > 2026-03-02 12:00 or client.orders_count > 2.5
  accept when client.custom.level is "gold" or client.manager is missing or missed
  accept when (client.manager else answered_by) is "anna@romashka.ru" and direction is incoming
  accept when finish_reason is not subscriber_busy
  else accept

table t for calls, all matches
  | site                    | wait_time               | missed || r      |
  | "a", "b"                | -                       | -      || "x"    |
  | not "a"                 | >= 10 s and < 1 min     | yes    || "y"    |
  | like "v*", missing      | not 5 s                 | no     || "z", site else "w" |
  | -                       | -                       | -      || -      |

task for missed incoming calls, failed outgoing calls when t is present and missed
  title:  default
  assign: client.manager else "anna@romashka.ru"
  due:    1 working min after started by office
"#;
    let place = Place::with(&[("main.rules", rules)]);
    for lang in ["ru", "en"] {
        let run = place.rules(&["read", ".", "--lang", lang]);
        insta::assert_snapshot!(format!("ways-of-asking-{lang}"), run.shown());
    }
}

#[test]
fn markdown_and_html() {
    snapshot!(demo_place("ru"), ["read", "shop", "--format", "markdown"]);
    let page = demo_place("ru").rules(&["read", "shop", "--format", "html"]).out;
    assert!(page.starts_with("<!doctype html>\n<html lang=\"ru\">"), "{page}");
    assert!(page.contains("<li><b>1.1.</b> "), "{page}");
}

#[test]
fn rules_with_errors_are_not_told() {
    let place = Place::with(&[(
        "main.rules",
        "rules 1\n\nfilter for calls\n  accept when sitee is \"a\"\n  else reject\n",
    )]);
    let run = snapshot!(place, ["read", "."]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out, "");
}
