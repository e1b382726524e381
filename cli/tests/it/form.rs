//! `rules import` and `rules export`.

use std::path::Path;

use crate::program::{Place, Run, snapshot};

/// A file of settings with one of each kind of mistake.
const MISTAKEN: &str = r#"{
  "version": 2,
  "telephony": {
    "filter": {"incoming": {"all": [{"field": "channel", "is": "telegram"}, {"any": []}]}},
    "incoming": {"first": {"create": ["client", "deal"], "responsible": ["anna@romashka.ru", "caller"]}, "repeat": {}},
    "tasks": {"missed_incoming": {"title": "Перезвонить {{ campain }}", "hours": 0.5}},
    "stores": {"by_virtual_number": {"12": "romashka-msk", "+7 495 123-45-67": ""}},
    "fields": {"client": [{"field": "a b", "from": "nobody", "always": "yes"}]},
    "fields": {}
  },
  "chats": {"first": {"create": []}, "repeat": {"create": []}, "create_at": "begun"},
  "deals": {"funnel": "default", "with_delivery": 1, "stage": []}
}"#;

/// Rules of which some lines have no place in the form.
const BEYOND: &str = r#"правила 1

# Комментарии не мешают.
фильтр для входящих звонков
  отклонять когда источник это "Спам"
  иначе принимать

таблица сущности для входящих звонков
  | обращение || создать | ответственный                         |
  |-----------||---------|---------------------------------------|
  | первое    || клиент  | принявший иначе "anna@romashka.ru"    |
  | повторное || заказ   | клиент.поле.агент иначе "a@romashka.ru" |

задача для пропущенных звонков
  заголовок:     по умолчанию
  ответственный: "anna@romashka.ru"
  срок:          30 мин после завершён
  отменять когда дозвонились
"#;

/// The block of a page behind this fence.
fn block(page: &str, fence: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
    let text = std::fs::read_to_string(path).expect("the page is there");
    let (_, rest) = text.split_once(&format!("```{fence}\n")).expect("the page has such a block");
    rest.split_once("```").expect("the block ends").0.to_owned()
}

fn clean(run: &Run) {
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

#[test]
fn the_example_of_the_page_becomes_the_rules_of_the_page_and_comes_back() {
    for (page, lang) in [("docs/import.md", "en"), ("docs/ru/import.md", "ru")] {
        let place = Place::with(&[("settings.json", &block(page, "json settings"))]);
        clean(&place.rules(&["import", "settings.json", "--out", "shop", "--lang", lang]));
        assert_eq!(place.read("shop/main.rules"), block(page, "rules"), "{page}");
        clean(&place.rules(&["check", "shop", "--fail-on", "info"]));
        clean(&place.rules(&["fmt", "--check", "shop"]));

        clean(&place.rules(&["export", "shop", "--out", "back.json"]));
        assert_eq!(place.rules(&["export", "shop"]).out, place.read("back.json"));
        clean(&place.rules(&["import", "back.json", "--out", "again", "--lang", lang]));
        assert_eq!(place.read("again/main.rules"), place.read("shop/main.rules"));
    }
}

#[test]
fn the_example_decides_as_its_form_says() {
    let place = Place::with(&[
        ("settings.json", &block("docs/import.md", "json settings")),
        (
            "call.json",
            r#"{"kind": "call", "direction": "incoming", "contact": "first", "phone": "+79000000010",
                "virtual_number": "+78121234567", "campaign": "Summer", "site": "opt.romashka.ru", "missed": true,
                "talk_time": 0, "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:40+03:00"}"#,
        ),
    ]);
    clean(&place.rules(&["import", "settings.json", "--out", "shop"]));
    let run = place.rules(&["eval", "shop", "--event", "call.json", "--format", "json"]);
    let decision: serde_json::Value = serde_json::from_str(&run.out).expect("a decision");
    assert_eq!(decision["create"], serde_json::json!(["client", "order"]));
    assert_eq!(decision["responsible"], "ivan@romashka.ru");
    assert_eq!(decision["store"], "romashka-spb");
    assert_eq!(decision["tasks"][0]["title"], "Call back +79000000010: Summer");
    assert_eq!(decision["tasks"][0]["due"], "2026-03-02T14:00:40+03:00");
}

#[test]
fn every_mistake_is_named_and_nothing_is_written() {
    let place = Place::with(&[("settings.json", MISTAKEN)]);
    let run = snapshot!(place, ["import", "settings.json", "--out", "shop", "--lang", "en"]);
    assert_eq!(run.code, Some(2));
    let run = snapshot!(place, ["import", "settings.json", "--out", "shop", "--lang", "ru"]);
    assert_eq!(run.code, Some(2));
    let run = snapshot!(place, ["import", "-", "--out", "shop"], stdin "{\"version\": 1,}");
    assert_eq!(run.code, Some(2));
    assert!(!place.path("shop").exists());
}

#[test]
fn what_no_rule_may_hold_is_shown_in_its_rule() {
    let place = Place::with(&[]);
    let settings = r#"{"version": 1, "requests": {"first": {"create": []}, "repeat": {"create": []},
        "stores": {"default": "Bearer 0123456789"}}}"#;
    let run = snapshot!(place, ["import", "-", "--out", "shop"], stdin settings);
    assert_eq!(run.code, Some(2));
    assert!(!place.path("shop").exists());
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::with(&[("settings.json", r#"{"version": 1}"#), ("shop/mine.txt", "mine")]);
    assert_eq!(place.rules(&["import", "settings.json", "--out", "shop"]).code, Some(2));
    assert!(!place.path("shop/main.rules").exists());
    clean(&place.rules(&["import", "settings.json", "--out", "new"]));
    let before = place.read("settings.json");
    assert_eq!(place.rules(&["export", "new", "--out", "settings.json"]).code, Some(2));
    assert_eq!(place.read("settings.json"), before);
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let place = Place::with(&[("settings.json", &" ".repeat((1 << 20) + 1))]);
    assert_eq!(place.rules(&["import", "settings.json", "--out", "shop"]).code, Some(2));
    let fits = format!("{{\"version\": 1{}}}", " ".repeat((1 << 20) - 14));
    place.write("settings.json", &fits);
    clean(&place.rules(&["import", "settings.json", "--out", "shop"]));
}

#[test]
fn lines_that_the_form_has_no_place_for_are_named() {
    let place = Place::with(&[("shop/main.rules", BEYOND)]);
    let run = snapshot!(place, ["export", "shop", "--out", "settings.json"]);
    assert_eq!(run.code, Some(1));
    let run = snapshot!(place, ["export", "shop", "--lang", "en"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out, "");
    assert!(!place.path("settings.json").exists());
}

#[test]
fn rules_with_errors_are_not_exported() {
    let place = Place::with(&[(
        "shop/main.rules",
        "rules 1\n\nfilter for calls\n  accept when campain is \"a\"\n  else reject\n",
    )]);
    let run = place.rules(&["export", "shop"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.err.contains("campain"), "{}", run.shown());
    assert_eq!(run.out, "");
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let rules = |chars: usize| {
        format!(
            "rules 1\n\nfilter for chats\n  accept when site is \"{}\"\n  else reject\n",
            "a".repeat(chars)
        )
    };
    let place = Place::with(&[("shop/main.rules", &rules(255))]);
    clean(&place.rules(&["export", "shop"]));
    place.write("shop/main.rules", &rules(256));
    let run = place.rules(&["export", "shop"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.is_empty() && run.err.contains("chats.filter.is"), "{}", run.shown());
}
