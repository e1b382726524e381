//! Long texts: what they print, what is found in them, and their bounds.

use std::time::Instant;

use switchboard_engine::catalog::enums::CONTACT;
use switchboard_engine::decimal;
use switchboard_engine::moment::Seconds;
use switchboard_engine::note::{Note, NoteError};
use switchboard_engine::phone::Phone;
use switchboard_engine::value::Value;
use switchboard_grammar::lang::Lang;

fn value_of(name: &str) -> Value {
    match name {
        "name" | "имя" => Value::text("Анна"),
        "phone" => Value::Phone(Phone::parse("84951234567").unwrap()),
        "started" => Value::Moment("2026-03-02T09:05:07+03:00".parse().unwrap()),
        "talk_time" => Value::Duration(Seconds(125)),
        "tags" => Value::list(["VIP", "опт"].map(Value::text)),
        "contact" | "обращение" => Value::Enum(CONTACT.by_en("first").unwrap()),
        "missed" => Value::Bool(true),
        "client.orders_count" => Value::Number(3.into()),
        "client.manager" | "клиент.менеджер" => Value::text("olga@romashka.ru"),
        "rating" => Value::Number(decimal::parse("4.5").unwrap()),
        "text" => Value::text("строка\nещё\u{202e}одна\u{0}"),
        _ => Value::Missing,
    }
}

fn render(source: &str, lang: Lang) -> Result<String, NoteError> {
    Note::compile(source, lang).unwrap_or_else(|problem| panic!("{problem:?}")).render(value_of)
}

#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(render(source, Lang::Ru).as_deref(), Ok(expected), "{source}");
}

#[test]
fn a_note() {
    check(
        "Клиент: {{ name }}, {{ phone | phone }}\n{% if missed %}Не дозвонился в {{ started | date(\"HH:mm\") }}{% endif %}\n\
         {% for tag in tags %}- {{ tag }}\n{% endfor %}Заказов: {{ client.orders_count }} {{ client.orders_count | plural(\"штука\", \"штуки\", \"штук\") }}\n",
        "Клиент: Анна, +7 495 123-45-67\nНе дозвонился в 09:05\n- VIP\n- опт\nЗаказов: 3 штуки",
    );
}

#[test]
fn russian_names() {
    check("{{ имя }}: {{ клиент.менеджер }}, {{ обращение }}", "Анна: olga@romashka.ru, первое");
    check("{% if обращение == \"первое\" %}новый{% endif %}", "новый");
    check("{{ сайт | иначе(\"без сайта\") }}{% if сайт is пусто %}!{% endif %}", "без сайта!");
}

#[test]
fn values_print_as_in_templates() {
    check(
        "{{ started }} {{ talk_time }} {{ rating }} {{ tags | join(\" / \") }}",
        "02.03.2026 09:05 2 мин 5 с 4,5 VIP / опт",
    );
    check("{{ name | upper }} {{ text | cut(3) }} {{ tags | length }}", "АННА ст… 2");
    assert_eq!(render("{{ talk_time }} {{ contact }}", Lang::En).unwrap(), "2 min 5 s first");
    check("{{ text }}", "строка\nещёодна");
}

#[test]
fn missing_values() {
    check("[{{ site }}]", "[]");
    check("{% if site %}да{% else %}нет{% endif %}", "нет");
    check("{{ site | default(\"—\") }} {{ name | default(\"—\") }}", "— Анна");
    check("{{ site or \"—\" }}", "—");
    check("{% if site is missing and name is present %}так{% endif %}", "так");
    check("{{ site | upper }}", "");
}

#[test]
fn names_are_told_with_their_places() {
    let source = "site: {{ site }}\n{% if client.manager and tags %}{% for tag in tags %}{{ tag }}{% endfor %}{% endif %}";
    let note = Note::compile(source, Lang::En).unwrap();
    let names: Vec<_> = note.names().map(|(name, span)| (name, span.text(source), span.start)).collect();
    assert_eq!(names, [("client.manager", "client.manager", 23), ("site", "site", 9), ("tags", "tags", 42)]);
}

/// There are no functions, so the name of one is a name like any other that nobody knows.
#[test]
fn functions_are_unknown_names() {
    let note = Note::compile("{% for i in range(5) %}{{ i }}{% endfor %}", Lang::En).unwrap();
    assert_eq!(note.names().map(|(name, _)| name).collect::<Vec<_>>(), ["range"]);
}

#[test]
fn what_is_wrong_with_its_writing() {
    let problem = Note::compile("{{ name }}\n{% if %}", Lang::En).unwrap_err();
    assert!(problem.message.en.starts_with("the template is not written right"), "{problem:?}");
    assert!(problem.span.start >= 11, "{problem:?}");
    let large = Note::compile(&"x".repeat(Note::MAX_SOURCE_BYTES + 1), Lang::En).unwrap_err();
    assert!(large.message.en.contains("at most 65536 bytes"));
}

#[test]
fn what_shows_only_when_it_is_tried_out() {
    for (source, en) in [
        ("{{ name }}\n{{ name | shout }}", "there is no such filter"),
        ("\n{% if name is odd %}{% endif %}", "there is no such test"),
        ("\n{% set x = name %}{{ x.shout() }}", "functions cannot be called here"),
        ("\n{% include \"other.j2\" %}", "a long text is one file"),
        ("\n{{ name | cut(0) }}", "the text cannot be made"),
        ("\n{{ name + 1 }}", "the text cannot be made"),
    ] {
        let problem = match Note::compile(source, Lang::En) {
            Ok(note) => note.try_out(source, value_of).unwrap_err(),
            Err(problem) => problem,
        };
        assert!(problem.message.en.starts_with(en), "{source}: {problem:?}");
        assert!(problem.span.start > 0, "{source}: {problem:?}");
        assert!(problem.message.ru.chars().any(|c| ('а'..='я').contains(&c)));
    }
}

#[test]
fn work_depth_and_length_are_bounded() {
    let started = Instant::now();
    let many = format!("{}x{}", "{% for a in tags %}".repeat(30), "{% endfor %}".repeat(30));
    for (source, en) in [
        (many.as_str(), "the text takes too much work"),
        ("{{ \"x\" * 90000000 }}", "the text takes too much work"),
        ("{% set a = \"x\" * 1000 %}{{ a * 1000 * 80 }}", "the text takes too much work"),
        ("{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(1) }}", ""),
        ("{% include \"note\" %}", ""),
    ] {
        let error = render(source, Lang::En).unwrap_err();
        assert!(error.message.en.starts_with(en), "{source}: {error:?}");
    }
    assert!(started.elapsed().as_secs() < 10);
    let long = render("{{ \"я\" * 20000 }}", Lang::En).unwrap();
    assert_eq!((long.chars().count(), long.chars().last()), (Note::MAX_CHARS, Some('…')));
}

#[test]
fn the_same_values_give_the_same_text() {
    let note = Note::compile("{{ name }} {{ tags | join(\",\") }} {{ client.manager }}", Lang::Ru).unwrap();
    assert_eq!(note.render(value_of), note.render(value_of));
}
