//! The list of open questions and the switches are one.

use serde_json::{Value, json};
use switchboard_emulator::{QUESTIONS, Switches};

#[test]
fn every_switch_is_a_question_and_every_question_a_switch() {
    let all = serde_json::to_value(Switches::default()).unwrap();
    let names: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
    let asked: Vec<&str> = QUESTIONS.iter().map(|question| question.name).collect();
    assert_eq!(names, asked);
}

#[test]
fn every_choice_can_be_chosen_and_the_default_is_one_of_them() {
    let default = serde_json::to_value(Switches::default()).unwrap();
    for question in QUESTIONS {
        let choices: Vec<Value> =
            question.choices.iter().map(|choice| serde_json::from_str(choice.json).unwrap()).collect();
        for choice in &choices {
            let changed = Switches::default().with(&json!({question.name: choice})).unwrap();
            assert_eq!(serde_json::to_value(changed).unwrap()[question.name], *choice, "{}", question.name);
        }
        assert!(choices.is_empty() || choices.contains(&default[question.name]), "{}", question.name);
        assert!(
            !question.en.is_empty()
                && !question.ru.is_empty()
                && ["retailcrm", "uis"].contains(&question.system)
        );
    }
}

#[test]
fn wrong_switches_change_nothing() {
    for wrong in
        [json!({"colour": "red"}), json!({"phone_search": "telepathic"}), json!([]), json!({"limiter": 1})]
    {
        assert!(Switches::default().with(&wrong).is_err(), "{wrong}");
    }
}
