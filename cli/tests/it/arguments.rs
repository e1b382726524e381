//! Wrong arguments: what is said about them, in both languages.

use crate::program::Place;

#[test]
fn wrong_arguments_are_told_in_russian() {
    let place = Place::with(&[]);
    let runs: &[&[&str]] = &[
        &["chek"],
        &["check", "--formt", "json"],
        &["check", "--format", "xml"],
        &["check", "--fail-on"],
        &["check", "--unsafe-fixes"],
        &["check", "--fix", "--diff"],
        &["check", "--fix", "--fix"],
        &["check", "none.rules"],
        &["new", "a", "b"],
        &["explain"],
        &["eval", "shop"],
        &["eval", "shop", "--event", "call.json", "--now", "вчера"],
        &["test", "--fail-under", "900"],
        &["test", "--mutate-limit", "много"],
        &["fields", "orders", "calls"],
    ];
    let mut shown = String::new();
    for args in runs {
        let asked = [*args, &["--lang", "ru"]].concat();
        let run = place.rules(&asked);
        assert_eq!(run.code, Some(2), "{args:?}");
        shown.push_str(&format!("$ rules {}\n{}\n\n", args.join(" "), run.err.trim_end()));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn help_may_be_asked_for_as_a_command() {
    let place = Place::with(&[]);
    for lang in ["en", "ru"] {
        let word = place.rules(&["help", "check", "--lang", lang]);
        let flag = place.rules(&["check", "--help", "--lang", lang]);
        assert_eq!((word.code, &word.out), (Some(0), &flag.out));
        assert!(word.out.contains("--unsafe-fixes"), "{}", word.out);
    }
}
