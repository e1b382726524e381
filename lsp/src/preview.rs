//! Tasks tried: their titles and notes for the tests of the bundle and for built-in examples.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::Offset;
use switchboard_engine::bundle::Bundle as Rules;
use switchboard_engine::decide::Task;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::sample::samples;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::sections::Key;
use crate::trials::{Came, Tested, Tried};

/// A task and its title for an example.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    /// The task's stable name.
    pub(crate) name: String,
    /// Its section.
    pub(crate) key: Key,
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
                key: Key { file: info.file.clone(), head: info.head.clone(), nth: above.count() },
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

/// The most tests that a task is shown for; those that set it go first.
const MAX_TESTS: usize = 50;

/// A task for every example and test that it is for, in words.
pub(crate) fn task_in_words(rules: &Rules, task: &str, tested: Option<&Tested>, lang: Lang) -> String {
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
    let tried =
        tested.into_iter().flat_map(|tested| &tested.cases).filter_map(|(name, case)| match &case.came {
            Came::Tried(tried) => Some((name, tried)),
            Came::Broken(_) | Came::Undecided => None,
        });
    let sets = |tried: &Tried| tried.trial.watched.decision.tasks.iter().any(|set| set.name == task);
    let (setting, others): (Vec<_>, Vec<_>) = tried.partition(|(_, tried)| sets(tried));
    for (name, tried) in setting.into_iter().chain(others).take(MAX_TESTS) {
        let fixture = &tried.fixture;
        if let Ok(now) = fixture.moment(rules) {
            show(name, &fixture.event, &fixture.facts, now);
        }
    }
    for sample in samples() {
        show(sample.name.get(lang), &sample.event, &Facts::none(), moment_of(&sample.event));
    }
    out
}

/// The beginning of 2026, in seconds since 1970.
const SOME_SECOND: i64 = 1_767_225_600;

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
