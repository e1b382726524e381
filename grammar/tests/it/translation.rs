//! Translation: keywords by the table, names by whoever knows them, texts untouched.

use switchboard_grammar::lang::Lang;
use switchboard_grammar::{TranslateError, parse, translate};

#[track_caller]
fn check(text: &str, names: &[(&str, &str)], expected: &str) {
    let parsed = parse(text);
    let lang = parsed.file.lang.other();
    let mut known = |path: &switchboard_grammar::ast::Path| {
        let written = path.dotted();
        names.iter().find(|(name, _)| *name == written).map(|(_, other)| (*other).to_owned())
    };
    assert_eq!(translate(&parsed, text, lang, &mut known).unwrap(), expected);
}

#[test]
fn names_are_translated_where_they_are_used_and_declared() {
    check(
        "rules 1\n\nsettings for calls\n  limit: 30 s\n\ntable t for calls\n  | site || create |\n  | \"site\" || site else utm.source |\n",
        &[("limit", "лимит"), ("site", "сайт"), ("create", "создать"), ("utm.source", "utm.источник")],
        "правила 1\n\nнастройки для звонков\n  лимит: 30 с\n\nтаблица t для звонков\n  | сайт   || создать                 |\n  |--------||-------------------------|\n  | \"site\" || сайт иначе utm.источник |\n",
    );
}

#[test]
fn units_agree_with_their_numbers() {
    let due = |amount: &str| format!("rules 1\n\ntask for calls\n  due: {amount} after x\n");
    for (english, russian) in [
        ("1 hour", "1 час"),
        ("2 hours", "2 часа"),
        ("5 hours", "5 часов"),
        ("21 days", "21 день"),
        ("1.5 weeks", "1.5 недели"),
        ("12 minutes", "12 минут"),
        ("30 s", "30 с"),
        ("2 working hours", "2 рабочих часа"),
    ] {
        check(&due(english), &[], &format!("правила 1\n\nзадача для звонков\n  срок: {russian} после x\n"));
    }
    check(
        "правила 1\n\nзадача для звонков\n  срок: 1 неделя 3 минуты после x\n",
        &[],
        "rules 1\n\ntask for calls\n  due: 1 week 3 minutes after x\n",
    );
}

#[test]
fn inflected_forms_become_canonical_and_texts_stay() {
    check(
        "правила 1\n\nфильтр для звонков\n  принимать когда теги содержат \"и\" и x не указана # да\n  иначе отклонять\n",
        &[("теги", "tags")],
        "rules 1\n\nfilter for calls\n  accept when tags contains \"и\" and x is missing  # да\n  else reject\n",
    );
}

#[test]
fn comments_inside_a_line_go_above_it() {
    check(
        "rules 1\n\nfilter for calls\n  accept when a in (\"b\", # why\n    \"c\") # end\n",
        &[],
        "правила 1\n\nфильтр для звонков\n  # why\n  принимать когда a в (\"b\", \"c\")  # end\n",
    );
}

#[test]
fn a_file_with_errors_is_refused() {
    let text = "rules 1\n\nfilter for calls\n  accept\n";
    assert_eq!(translate(&parse(text), text, Lang::Ru, &mut |_| None), Err(TranslateError::HasErrors));
}
