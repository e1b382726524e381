//! Names that were missed: what is offered, and with which sentence.

use serde_json::json;
use switchboard_grammar::diagnostic::{Diagnostic, Safety};

use super::support::{call, check, check_ru, decide, found, rules};

/// The one finding of a filter with a condition.
#[track_caller]
fn only(condition: &str, russian: bool) -> Diagnostic {
    let loaded = if russian {
        check_ru(&format!("фильтр для звонков\n  принимать когда {condition}\n  иначе отклонять\n"))
    } else {
        check(&format!("filter for calls\n  accept when {condition}\n  else reject\n"))
    };
    assert_eq!(loaded.diagnostics.len(), 1, "{condition}: {:?}", found(&loaded));
    loaded.diagnostics[0].clone()
}

#[track_caller]
fn offers(condition: &str, code: &str, name: &str, sentence: &str) {
    let found = only(condition, false);
    assert_eq!(found.code.name, code, "{condition}");
    assert_eq!(found.fix.as_ref().unwrap().edits[0].replacement, name, "{condition}");
    assert_eq!(found.notes.first().map_or("", |note| note.en.as_str()), sentence, "{condition}");
}

#[track_caller]
fn offers_ru(condition: &str, code: &str, name: &str, sentence: &str) {
    let found = only(condition, true);
    assert_eq!(found.code.name, code, "{condition}");
    assert_eq!(found.fix.as_ref().unwrap().edits[0].replacement, name, "{condition}");
    assert_eq!(found.notes.first().map_or("", |note| note.ru.as_str()), sentence, "{condition}");
}

#[test]
fn each_way_of_missing_a_field_has_its_sentence() {
    offers("campain is \"x\"", "unknown-field", "campaign", "did you mean `campaign`?");
    offers("Campaign is \"x\"", "unknown-field", "campaign", "capital letters count here: write `campaign`");
    offers(
        "сфьзфшпт is \"x\"",
        "unknown-field",
        "campaign",
        "on the other keyboard layout this is `campaign`",
    );
    offers("visitor.сity is \"x\"", "mixed-script-name", "visitor.city", "");
    offers(
        "campaign_nam is \"x\"",
        "unknown-field",
        "campaign",
        "close to `campaign_name`, the name of `campaign` in UIS",
    );
    offers_ru("кампаня это \"x\"", "unknown-field", "кампания", "возможно, имелось в виду `кампания`?");
    offers_ru(
        "rfvgfybz это \"x\"",
        "unknown-field",
        "кампания",
        "в другой раскладке клавиатуры это `кампания`",
    );
    offers_ru(
        "Кампания это \"x\"",
        "unknown-field",
        "кампания",
        "регистр букв здесь важен: пишите `кампания`",
    );
}

#[test]
fn names_of_uis_and_of_the_other_language_are_rewritten() {
    offers("campaign_name is \"x\"", "foreign-name", "campaign", "");
    offers("кампания is \"x\"", "foreign-name", "campaign", "");
    offers("contact is первое", "foreign-name", "first", "");
    offers_ru("campaign это \"x\"", "foreign-name", "кампания", "");
    offers_ru("site_domain_name это \"x\"", "foreign-name", "сайт", "");
    offers_ru("обращение это first", "foreign-name", "первое", "");
    let found = only("campaign_name is \"x\"", false);
    assert_eq!(found.fix.unwrap().safety, Safety::Safe, "`--fix` may do it by itself");
    assert_eq!(only("campain is \"x\"", false).fix.unwrap().safety, Safety::Unsafe);
}

#[test]
fn brands_and_inflected_forms_are_nobodys_foreign_names() {
    for condition in ["канал в (telegram, whatsapp, avito)", "канал это телеграм"] {
        let loaded =
            check_ru(&format!("фильтр для чатов\n  принимать когда {condition}\n  иначе отклонять\n"));
        assert_eq!(found(&loaded), [""; 0], "{condition}");
    }
    let loaded = check_ru("фильтр для звонков\n  принимать когда обращение это первый\n  иначе отклонять\n");
    assert_eq!(found(&loaded), [""; 0]);
}

#[test]
fn values_lists_and_functions() {
    offers("contact is frist", "unknown-value", "first", "did you mean `first`?");
    let far = only("contact is maybe", false);
    assert_eq!(far.notes[0].en, "the values are `first`, `repeat`");
    assert_eq!(far.fix, None);
    let loaded = check(
        "filter for calls\n  accept when phone in vip_phone\n  else reject\n\nlist vip_phones: +7 900 000-00-10\n",
    );
    assert_eq!(loaded.diagnostics[0].notes[0].en, "did you mean `vip_phones`?");
    offers("site is Romashka", "unknown-field", "\"Romashka\"", "a text stands in quotes");
    offers("contact is \"first\"", "type-mismatch", "first", "");
}

#[test]
fn a_field_of_other_events_is_told_so() {
    let loaded = check("filter for chats, calls\n  accept when talk_time > 1 s\n  else reject\n");
    let found = &loaded.diagnostics[0];
    assert_eq!(found.code.name, "field-not-on-this-event");
    assert_eq!(found.message.en, "chats have no field `talk_time`");
    assert_eq!(found.message.ru, "у чатов нет поля `talk_time`");
    assert_eq!(
        found.notes[0].en,
        "this section is for calls, chats; a field has to be there for all of them"
    );
    // What all of them have is fine, and may be missing if it may be missing for one.
    rules("filter for chats, calls\n  accept when answered_by is present\n  else reject\n");
}

#[test]
fn open_names_take_any_code() {
    let bundle = rules("filter for calls\n  accept when client.custom.level is \"gold\"\n  else reject\n");
    let gold = call(json!({ "client": { "custom": { "level": "Gold" } } }));
    assert!(decide(&bundle, &gold).accepted);
    assert!(!decide(&bundle, &call(json!({}))).accepted);
}

#[test]
fn a_setting_is_a_constant_for_other_events_only_when_it_is_one() {
    let table = "table who for requests\n  | phone || employee |\n  | - || boss |\n\n\
                 fields of order for requests\n  who from who\n\n";
    rules(&format!("settings for chats\n  boss: \"anna@romashka.ru\"\n\n{table}"));
    let loaded = check(&format!("settings for chats\n  boss: client.manager\n\n{table}"));
    assert_eq!(loaded.diagnostics[0].code.name, "field-not-on-this-event");
    assert_eq!(loaded.diagnostics[0].message.en, "`boss` is not declared for requests");
}

#[track_caller]
fn task_names(rules: &str) -> Vec<String> {
    let loaded = if rules.starts_with("задача") { check_ru(rules) } else { check(rules) };
    let Some(bundle) = &loaded.bundle else { panic!("{rules}: {:?}", found(&loaded)) };
    bundle.tasks().into_iter().map(|task| task.name.to_string()).collect()
}

#[test]
fn a_task_is_called_the_same_in_both_languages_and_every_layout() {
    let task = |head: &str| format!("task for {head}\n  assign: \"anna@romashka.ru\"\n");
    let ru = |head: &str| format!("задача для {head}\n  ответственный: \"anna@romashka.ru\"\n");
    for (english, russian, name) in [
        (
            "missed incoming calls when contact is first and wait_time > 1 minute 30 seconds",
            "пропущенных входящих звонков когда обращение это первое и ожидание > 1 минуты 30 секунд",
            "missed incoming calls when contact is first and wait_time > 1 min 30 s",
        ),
        (
            "missed incoming calls when   contact is first and   wait_time > 1 min 30 s",
            "пропущенных входящих звонков когда обращение это первое и ожидание > 1 мин 30 с",
            "missed incoming calls when contact is first and wait_time > 1 min 30 s",
        ),
        (
            "calls when not (site in (\"opt.romashka.ru\", \"romashka.ru\") or client.custom.level is \"gold\")",
            "звонков когда не (сайт в (\"opt.romashka.ru\", \"romashka.ru\") или клиент.поле.level это \"gold\")",
            "calls when not (site in (\"opt.romashka.ru\", \"romashka.ru\") or client.custom.level is \"gold\")",
        ),
        (
            "calls when campaign is missing and client.tags contains \"Кампания\" and transferred is yes",
            "звонков когда кампания не указана и клиент.теги содержат \"Кампания\" и переведён это да",
            "calls when campaign is missing and client.tags contains \"Кампания\" and transferred is yes",
        ),
    ] {
        assert_eq!(task_names(&task(english)), [name]);
        assert_eq!(task_names(&ru(russian)), [name]);
    }
    // Other words are another task, and a second one of the same words has a number.
    let twice = format!("{}\n{}", task("calls when missed"), task("calls when  missed"));
    assert_eq!(task_names(&twice), ["calls when missed", "calls when missed #2"]);
}
