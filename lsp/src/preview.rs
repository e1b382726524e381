//! Rules tried: the titles of tasks for examples, and whole decisions for fixtures.
//!
//! A fixture is a file of JSON: an event, or an object with `event` and perhaps `facts` and `now`, as `rules test` has them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::Value;
use switchboard_engine::bundle::Bundle as Rules;
use switchboard_engine::decide::{Decision, Entity, Task};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::sample::samples;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::disk;

/// A task and its title for an example.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    /// The task's stable name.
    pub(crate) name: String,
    /// The file of its section.
    pub(crate) file: String,
    /// The header of its section as written.
    pub(crate) head: String,
    /// How many sections with an equal header stand above it in its file.
    pub(crate) nth: usize,
    /// The title.
    pub(crate) title: String,
    /// What the example is.
    pub(crate) example: Text,
    /// Whether the example would make the task.
    pub(crate) applies: bool,
}

/// The title of each task for the first example that makes it, else for the first that might.
pub(crate) fn titles(rules: &Rules) -> Vec<Title> {
    let infos = rules.tasks();
    let mut found: Vec<Title> = Vec::new();
    let mut fitting: BTreeSet<String> = BTreeSet::new();
    for sample in samples() {
        for preview in
            rules.preview(&sample.event, &Facts::none(), moment_of(&sample.event), None).unwrap_or_default()
        {
            let name = preview.task.name.to_string();
            let Some(at) = infos.iter().position(|info| info.name == preview.task.name) else { continue };
            let Some(info) = infos.get(at) else { continue };
            if fitting.contains(&name) {
                continue;
            }
            let above =
                infos.iter().take(at).filter(|other| other.head == info.head && other.file == info.file);
            let title = Title {
                name: name.clone(),
                file: info.file.clone(),
                head: info.head.clone(),
                nth: above.count(),
                title: preview.task.title,
                example: sample.name.clone(),
                applies: preview.applies,
            };
            match found.iter_mut().find(|known| known.name == name) {
                Some(known) if preview.applies => *known = title,
                Some(_) => {}
                None => found.push(title),
            }
            if preview.applies {
                fitting.insert(name);
            }
        }
    }
    found
}

/// A task for every example and fixture that it is for, in words.
pub(crate) fn task_in_words(rules: &Rules, task: &str, fixtures: &Path, lang: Lang) -> String {
    let mut out = String::new();
    let mut show = |name: &str, event: &Event, facts: &Facts, now: Moment| {
        let Ok(previews) = rules.preview(event, facts, now, Some(task)) else { return };
        for preview in previews {
            let applies = if preview.applies {
                ""
            } else {
                lang.pick(" – this event would not make it", " – для такого события не поставится")
            };
            let _ = writeln!(out, "{name}{applies}");
            write_task(&mut out, &preview.task, lang);
            out.push('\n');
        }
    };
    for sample in samples() {
        show(sample.name.get(lang), &sample.event, &Facts::none(), moment_of(&sample.event));
    }
    for (name, fixture) in fixtures_in(fixtures) {
        if let Ok(fixture) = fixture {
            show(&name, &fixture.event, &fixture.facts, fixture.now);
        }
    }
    out
}

/// Every fixture with what is decided about it, in words.
pub(crate) fn fixtures_in_words(rules: &Rules, fixtures: &Path, lang: Lang) -> String {
    let mut out = String::new();
    for (name, fixture) in fixtures_in(fixtures) {
        let _ = writeln!(out, "{name}");
        match fixture {
            Ok(fixture) => {
                let decision = rules.decide(&fixture.event, &fixture.facts, fixture.now);
                write_decision(&mut out, &decision, lang);
            }
            Err(error) => {
                let _ = writeln!(out, "  {}", error.get(lang));
            }
        }
        out.push('\n');
    }
    if out.is_empty() {
        let shown = fixtures.display();
        out = lang.pick(format!("no fixtures in `{shown}`\n"), format!("в папке `{shown}` нет примеров\n"));
    }
    out
}

/// The beginning of 2026, in seconds since 1970.
const SOME_SECOND: i64 = 1_767_225_600;

/// An event with what is known beside it.
struct Fixture {
    event: Event,
    facts: Facts,
    now: Moment,
}

fn fixtures_in(folder: &Path) -> Vec<(String, Result<Fixture, Text>)> {
    let names = disk::fixture_names(folder).into_iter();
    names
        .filter_map(|name| {
            let bytes = disk::bytes(&folder.join(format!("{name}.json")))?;
            Some((name, read(&bytes)))
        })
        .collect()
}

fn read(bytes: &[u8]) -> Result<Fixture, Text> {
    let json: Value = serde_json::from_slice(bytes)
        .map_err(|error| Text::new(format!("this is no JSON: {error}"), format!("это не JSON: {error}")))?;
    let wrong = |errors: &[switchboard_engine::event::EventError]| {
        let list = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Text::new(format!("not understood: {list}"), format!("не понять: {list}"))
    };
    let event = Event::from_json(json.get("event").unwrap_or(&json)).map_err(|errors| wrong(&errors))?;
    let facts = match json.get("facts").filter(|facts| !facts.is_null()) {
        Some(facts) => Facts::from_json(facts).map_err(|errors| wrong(&errors))?,
        None => Facts::none(),
    };
    let now = match json.get("now").and_then(Value::as_str) {
        Some(now) => now.parse().map_err(|_| {
            Text::new(format!("`now` is no moment: `{now}`"), format!("`now` – не момент времени: `{now}`"))
        })?,
        None => moment_of(&event),
    };
    Ok(Fixture { event, facts, now })
}

/// The moment that an event tells; for one that tells none always the same, so that no answer depends on the day.
fn moment_of(event: &Event) -> Moment {
    let some = || Moment::new(Timestamp::from_second(SOME_SECOND).unwrap_or_default(), Offset::UTC);
    event.moment().unwrap_or_else(some)
}

fn write_task(out: &mut String, task: &Task, lang: Lang) {
    let _ = writeln!(out, "  «{}»", task.title);
    let nobody = lang.pick("nobody", "никто");
    let _ = writeln!(
        out,
        "  {}: {}",
        lang.pick("assigned to", "ответственный"),
        task.assign.as_deref().unwrap_or(nobody)
    );
    if let Some(due) = &task.due {
        let _ = writeln!(out, "  {}: {}", lang.pick("due", "срок"), due.civil().strftime("%Y-%m-%d %H:%M"));
    }
    for line in task.note.iter().flat_map(|note| note.lines()) {
        let _ = writeln!(out, "  | {line}");
    }
}

fn write_decision(out: &mut String, decision: &Decision, lang: Lang) {
    let verdict = if decision.accepted {
        lang.pick("accepted", "принято")
    } else {
        lang.pick("rejected", "отклонено")
    };
    let _ = writeln!(out, "  {verdict}");
    let mut say = |en: &str, ru: &str, value: &str| {
        let _ = writeln!(out, "  {}: {value}", lang.pick(en, ru));
    };
    for entity in &decision.create {
        match entity {
            Entity::Client => say("create", "создать", lang.pick("client", "клиент")),
            Entity::Order => say("create", "создать", lang.pick("order", "заказ")),
        }
    }
    if let Some(responsible) = &decision.responsible {
        say("responsible", "ответственный", responsible);
    }
    if let Some(store) = &decision.store {
        say("store", "магазин", store);
    }
    if let Some(manager) = &decision.forward_to {
        say("forward to", "перевести на", manager);
    }
    for task in &decision.tasks {
        say("task", "задача", &format!("«{}»", task.title));
    }
    for step in decision.trace.render(lang) {
        let place = if step.file.is_empty() {
            String::new()
        } else {
            format!("{}:{} {}: ", step.file, step.line, step.section)
        };
        let _ = writeln!(out, "    {place}{}", step.why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_is_an_event_or_has_one() {
        let bare = br#"{"kind": "chat", "started": "2026-03-02T10:00:00Z"}"#;
        let whole = br#"{"event": {"kind": "chat"}, "facts": null, "now": "2026-03-02T10:00:00Z"}"#;
        let now = |bytes: &[u8]| read(bytes).unwrap_or_else(|error| panic!("{}", error.en)).now.to_string();
        assert_eq!(now(bare), now(whole));
        for (wrong, said) in [
            (&b"{"[..], "this is no JSON"),
            (b"{}", "not understood: "),
            (br#"{"event": {"kind": "chat"}, "now": "soon"}"#, "`now` is no moment: `soon`"),
            (br#"{"event": {"kind": "chat"}, "facts": {"x": 1}}"#, "not understood: "),
        ] {
            let error = read(wrong).err().expect("refused");
            assert!(error.en.starts_with(said), "{}", error.en);
        }
    }
}
