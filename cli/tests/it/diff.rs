//! `rules diff`: what two bundles decide differently.

use crate::program::{Place, snapshot};

const OLD: &str = "правила 1

фильтр для входящих звонков
  отклонять когда источник это \"Спам\"
  иначе принимать

таблица сущности для входящих звонков
  | обращение | время_разговора || создать | ответственный                         |
  | первое    | -               || клиент  | принявший иначе \"anna@romashka.ru\"    |
  | повторное | >= 30 с         || заказ   | клиент.менеджер иначе принявший       |
  | иначе                       || ничего  | -                                     |
";

fn place(new: &str) -> Place {
    Place::with(&[("old/main.rules", OLD), ("new/main.rules", new)])
}

#[test]
fn a_change_is_shown_with_an_event() {
    let new = OLD.replace(">= 30 с", ">= 1 минута").replace("\"Спам\"", "\"Спам\" и обращение это первое");
    let run = snapshot!(place(&new), ["diff", "old", "new"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(place(&new).rules(&["diff", "old", "new", "--fail-on-change"]).code, Some(1));
    snapshot!(place(&new), ["diff", "old", "new", "--lang", "en"]);
}

#[test]
fn machines_get_the_events() {
    let run = snapshot!(place(&OLD.replace("anna", "olga")), ["diff", "old", "new", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["equal"], false);
}

#[test]
fn what_says_the_same_is_proved_equal() {
    let new = OLD
        .replace(
            "  отклонять когда источник это \"Спам\"\n  иначе принимать",
            "  принимать когда не источник это \"спам\"\n  иначе отклонять",
        )
        .replace("| повторное | >= 30 с ", "| -         | >= 30 с ");
    let run = place(&new).rules(&["diff", "old", "new", "--fail-on-change"]);
    assert_eq!((run.out.as_str(), run.code), ("доказано: ни одно событие не решается иначе\n", Some(0)));
}

#[test]
fn too_few_steps_prove_nothing() {
    let run = place(&OLD.replace("anna", "olga")).rules(&[
        "diff",
        "old",
        "new",
        "--steps",
        "0",
        "--fail-on-change",
    ]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.starts_with("не доказано\n"), "{}", run.out);
}

#[test]
fn rules_with_errors_are_not_compared() {
    let run = place("правила 1\n\nфильтр для звонков\n").rules(&["diff", "old", "nowhere"]);
    assert_eq!(run.code, Some(2));
    let run = place(&OLD.replace("обращение", "обрщение")).rules(&["diff", "old", "new"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("unknown-field"), "{}", run.err);
}
