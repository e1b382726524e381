//! What the title of a task costs.
//!
//! Peers: `format!` with the same values already at hand, and `minijinja` with the same template, compiled beforehand,
//! and a date filter of the same kind. Ours is `preview` of a bundle whose one task it is, which also asks whether the
//! task applies, and works out its employee and its due time.

#![expect(clippy::expect_used, reason = "a bench ends where it cannot go on")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::fmt::strtime;
use minijinja::{Environment, context};
use switchboard_benches::contest::{Contest, settings};
use switchboard_benches::{by_hand, examples, tables};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;

const RULES: &str = r#"rules 1

task for missed incoming calls
  title:  "Перезвонить {{ phone }}: {{ scenario else "без сценария" }}, {{ started | date "DD.MM HH:mm" }}"
  assign: "anna@romashka.ru"
  due:    2 hours after finished
"#;

const TEMPLATE: &str =
    r#"Перезвонить {{ phone }}: {{ scenario or "без сценария" }}, {{ started | date("%d.%m %H:%M") }}"#;

fn date(text: &str, format: &str) -> String {
    let moment: Option<Moment> = text.parse().ok();
    moment.and_then(|moment| strtime::format(format, moment.civil()).ok()).unwrap_or_default()
}

fn title(criterion: &mut Criterion) {
    let json = examples::event("02").0;
    let bundle = tables::bundle(RULES);
    let event = Event::from_json(&json).expect("an example is a good one");
    let call = by_hand::read(json.to_string().as_bytes()).expect("an example is a good one");
    let (facts, now) = (Facts::none(), examples::now());
    let ours = || {
        let previews = bundle.preview(black_box(&event), &facts, now, None).unwrap_or_default();
        previews.into_iter().next().map(|preview| preview.task.title).unwrap_or_default()
    };

    let mut environment = Environment::new();
    environment.add_filter("date", |text: &str, format: &str| date(text, format));
    environment.add_template("title", TEMPLATE).expect("an example is a good one");
    let template = environment.get_template("title").expect("an example is a good one");
    let text = |name: &str| json.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let (phone, scenario, started) = (text("phone"), text("scenario"), text("started"));
    let jinja = || template.render(context! { phone, scenario, started }).unwrap_or_default();

    let wanted = "Перезвонить +79001234567: Продажи, 02.03 12:00";
    assert_eq!([ours(), by_hand::title(&call), jinja()], [wanted; 3], "three ways to one title");
    Contest::new("title")
        .peer("format!", || by_hand::title(black_box(&call)))
        .peer("minijinja", || black_box(jinja()))
        .ours("rules", ours)
        .run(criterion);
}

criterion_group! { name = benches; config = settings(); targets = title }
criterion_main!(benches);
