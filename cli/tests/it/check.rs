//! `rules check`.

use crate::program::{Place, demo_place, snapshot};

/// Three mistakes in three sections.
const BROKEN_RU: &str = r#"правила 1

фильтр для входящих звонков
  принимать когда компания это "Бренд"
  иначе отклонять

таблица сущности для входящих звонков
  | обращение || создать |
  |-----------||---------|
  | перове    || клиент  |
  | иначе     || ничего  |

задача для пропущенных входящих звонков когда время_ожидания > 5
  заголовок:     "Перезвонить {{ телефон }}"
  ответственный: "anna@romashka.ru"
  срок:          2 часа после завершён
"#;

const BROKEN_EN: &str = r#"rules 1

filter for incoming calls
  accept when site == "romashka.ru"
  accept when campain is "Brand"
  else reject
"#;

#[test]
fn a_clean_bundle_is_clean() {
    for lang in ["ru", "en"] {
        let run = demo_place(lang).rules(&["check", "shop"]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.shown());
    }
}

#[test]
fn mistakes_are_shown_in_the_language_of_the_file() {
    let place = Place::with(&[("shop/main.rules", BROKEN_RU)]);
    let run = snapshot!(place, ["check", "shop"]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn ten_mistakes_in_ten_sections_are_ten_errors_each_with_its_caret() {
    let place = Place::with(&[("shop/main.rules", include_str!("../fixtures/ten_mistakes.rules"))]);
    let run = snapshot!(place, ["check", "shop"]);
    assert_eq!(run.code, Some(1));
    let errors: Vec<&str> = run.out.lines().filter(|line| line.starts_with("ошибка[")).collect();
    assert_eq!(errors.len(), 10, "{errors:#?}");
    let places: Vec<&str> = run.out.lines().filter(|line| line.contains("--> shop/main.rules:")).collect();
    assert_eq!(places.len(), 11, "ten errors and a warning: {places:#?}");
}

#[test]
fn a_file_that_nothing_includes_is_named() {
    let place = Place::with(&[
        ("main.rules", "rules 1\n\nfilter for calls\n  else accept\n"),
        ("forgotten.rules", "rules 1\n\nfilter for chats\n  else accept\n"),
    ]);
    let run = snapshot!(place, ["check"]);
    assert_eq!(run.code, Some(0));
}

#[test]
fn the_language_can_be_asked_for() {
    let place = Place::with(&[("shop/main.rules", BROKEN_RU)]);
    snapshot!(place, ["check", "shop", "--lang", "en", "--format", "concise"]);
}

#[test]
fn json_has_both_languages_and_a_stable_shape() {
    let place = Place::with(&[("shop/main.rules", BROKEN_EN)]);
    snapshot!(place, ["check", "shop", "--format", "json"]);
}

#[test]
fn fixes_are_applied_and_what_is_left_is_shown() {
    let place = Place::with(&[("shop/main.rules", BROKEN_EN)]);
    let run = snapshot!(place, ["check", "--fix", "shop", "--format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert!(place.read("shop/main.rules").contains("accept when site is \"romashka.ru\""));
}

#[test]
fn a_single_file_comes_with_what_it_includes_and_without_its_neighbours() {
    let place = Place::with(&[
        (
            "a.rules",
            "rules 1\n\ninclude \"b.rules\"\n\nfilter for calls\n  reject when phone in spam\n  else accept\n",
        ),
        ("b.rules", "rules 1\n\nlist spam: +7 900 000-00-99\n"),
        ("c.rules", "this is no rule at all\n"),
    ]);
    let run = place.rules(&["check", "a.rules"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

#[test]
fn a_folder_of_bundles_is_several_bundles() {
    let place = Place::with(&[
        ("one/main.rules", "rules 1\n\nfilter for calls\n  else accept\n"),
        ("two/main.rules", "rules 1\n\nfilter for calls\n  else acept\n"),
        ("two/.hidden/main.rules", "neither read nor complained about\n"),
    ]);
    let run = place.rules(&["check", "--format", "concise"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.lines().all(|line| line.starts_with("two/main.rules:")), "{}", run.shown());
}

#[test]
fn the_level_that_fails_is_a_choice() {
    let unused = "rules 1\n\nlist unused: \"a\"\n\nfilter for calls\n  else accept\n";
    let place = Place::with(&[("main.rules", unused)]);
    assert_eq!(place.rules(&["check"]).code, Some(0), "a warning does not fail by itself");
    assert_eq!(place.rules(&["check", "--fail-on", "warning"]).code, Some(1));
}

#[test]
fn what_cannot_be_read_is_bad_usage() {
    let place = Place::with(&[("empty/readme.txt", "")]);
    let run = snapshot!(place, ["check", "nowhere"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(place.rules(&["check", "empty"]).code, Some(2), "a folder without rules");
    assert_eq!(place.rules(&["check", "--no-such-option"]).code, Some(2));
}

#[test]
fn colours_only_when_asked_for_here() {
    let place = Place::with(&[("main.rules", BROKEN_EN)]);
    assert!(!place.rules(&["check"]).out.contains('\u{1b}'));
    assert!(place.rules(&["check", "--color", "always"]).out.contains('\u{1b}'));
}
