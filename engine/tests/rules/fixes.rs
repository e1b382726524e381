//! Fixes: what they write is accepted, and means what the message says.

use switchboard_engine::bundle::Loaded;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::FileId;

use super::support::{check, check_ru, found, said};

/// Applies the fix of the first finding of a kind; the result has to be free of it.
#[track_caller]
fn fixed(loaded: &Loaded, code: &str, lang: Lang) -> String {
    let first = loaded.diagnostics.iter().find(|found| found.code.name == code);
    let first = first.unwrap_or_else(|| panic!("no {code}: {}", said(loaded, Lang::En)));
    let text = loaded.sources.get(FileId(0)).unwrap().text();
    let after = first.fix.as_ref().unwrap().apply(FileId(0), text).unwrap();
    let (_, body) = after.split_once("\n\n").unwrap();
    let again = lang.pick(check(body), check_ru(body));
    assert!(!found(&again).contains(&code), "{body}\n{}", said(&again, Lang::En));
    body.to_owned()
}

#[track_caller]
fn fixes(condition: &str, code: &str, expected: &str) {
    let body = fixed(&check(&filter(condition)), code, Lang::En);
    assert_eq!(body, filter(expected));
}

fn filter(condition: &str) -> String {
    format!("filter for calls\n  accept when {condition}\n  else reject\n")
}

#[test]
fn conditions() {
    fixes("talk_time < 5", "missing-unit", "talk_time < 5 s");
    fixes("phone is \"8 900 123-45-67\"", "phone-not-e164", "phone is +7 900 123-45-67");
    fixes("phone is 79001234567", "phone-not-e164", "phone is +7 900 123-45-67");
    fixes("started > 2026-03-02", "type-mismatch", "started > 2026-03-02 00:00");
    fixes("tags is \"vip\"", "type-mismatch", "tags contains \"vip\"");
    fixes("tags is not \"vip\"", "type-mismatch", "tags not contains \"vip\"");
    fixes("contact is \"first\"", "type-mismatch", "contact is first");
    fixes(
        "site is \"a\" or site is \"b\" and missed",
        "mixed-and-or",
        "site is \"a\" or (site is \"b\" and missed)",
    );
    fixes(
        "missed and site is not \"a\"",
        "negation-takes-missing",
        "missed and site is not \"a\" and site is present",
    );
    fixes(
        "missed or site is not \"a\"",
        "negation-takes-missing",
        "missed or (site is not \"a\" and site is present)",
    );
    fixes(
        "not (site contains \"a\")",
        "negation-takes-missing",
        "not (site contains \"a\") and site is present",
    );
}

#[test]
fn texts_and_sections() {
    let task =
        |title: &str| format!("task for calls\n  title:  \"{title}\"\n  assign: \"anna@romashka.ru\"\n");
    assert_eq!(
        fixed(&check(&task("About {{ campaign }}")), "template-may-be-empty", Lang::En),
        task("About {{ campaign else \"—\" }}")
    );
    assert_eq!(
        fixed(&check(&task("{{ phone | uper }}")), "unknown-filter", Lang::En),
        task("{{ phone | upper }}")
    );
    assert_eq!(
        fixed(&check("filter for calls\n  accept when missed # all of them\n"), "missing-else", Lang::En),
        "filter for calls\n  accept when missed # all of them\n  else reject\n"
    );
    assert_eq!(
        fixed(&check_ru("фильтр для звонков\n  принимать когда пропущен\n"), "missing-else", Lang::Ru),
        "фильтр для звонков\n  принимать когда пропущен\n  иначе отклонять\n"
    );
    assert_eq!(
        fixed(&check("schedule office in \"Moscow\"\n  mon: 09:00-18:00\n"), "impossible-date", Lang::En),
        "schedule office in \"Europe/Moscow\"\n  mon: 09:00-18:00\n"
    );
}

#[test]
fn a_guarded_negation_is_no_surprise() {
    for condition in [
        "site is present and site is not \"a\"",
        "site is not \"a\" and site is present",
        "site contains \"b\" and site is not \"ab\"",
        "not missed",
        "missed is not yes",
    ] {
        assert_eq!(found(&check(&filter(condition))), [""; 0], "{condition}");
    }
}
