//! `rules preview`: the tasks of a bundle with their texts filled in.
//!
//! Takes an event, or for each task the built-in example that fits it; says beside each task whether that event would
//! really make it.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Preview;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::eval::{Asked, present, read_asked, read_facts};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::loaded::load;
use crate::output::Output;
use crate::style;
use switchboard_engine::sample::{Sample, samples};

/// Arguments of `rules preview`.
#[derive(Debug, clap::Args)]
pub(crate) struct PreviewArgs {
    /// A folder of rules or a single file
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// A file with one event, or a test [default: a built-in example that fits the task]
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// A file with what is known about the contact
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The present moment for the rules, RFC 3339 [default: when the event finished]
    #[arg(long, value_name = "TIME")]
    now: Option<Moment>,
    /// Only the task of this number, counted from 1
    #[arg(long, value_name = "N")]
    task: Option<usize>,
    /// How the tasks are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

/// How tasks are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// A task filled in, and for which event.
struct Shown {
    preview: Preview,
    event: Option<Text>,
    /// The task's header as its file has it.
    head: String,
}

/// Shows tasks.
///
/// # Errors
/// When something cannot be read, or there is no such task.
pub(crate) fn run(args: &PreviewArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.bundle, output)? else { return Ok(Exit::Findings) };
    let facts = args.facts.as_deref().map(read_facts).transpose()?.unwrap_or_default();
    let mut shown = match &args.event {
        Some(path) => {
            let Asked { event, facts: told, now } = read_asked(path)?;
            let facts = if args.facts.is_some() { &facts } else { &told };
            let sample = Sample { name: Text::same(path.display().to_string()), event };
            tasks_for(&loaded.bundle, &sample, facts, args.now.or(now))
                .into_iter()
                .map(|preview| Shown { head: head(&loaded.bundle, &preview), preview, event: None })
                .collect()
        }
        None => tasks_for_examples(&loaded.bundle, &facts, args.now),
    };
    if let Some(number) = args.task {
        let count = shown.len();
        let Some(index) = number.checked_sub(1).filter(|index| *index < count) else {
            return Err(Failure::input(
                format!("there is no task {number}; there are {count}"),
                format!("задачи {number} нет; всего задач: {count}"),
            ));
        };
        shown = shown.into_iter().skip(index).take(1).collect();
    }
    let lang = output.wish().for_file(loaded.lang);
    match args.format {
        Format::Json => {
            let all: Vec<Value> = shown.iter().map(as_json).collect();
            writeln!(output.out(), "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
        }
        Format::Human => {
            if shown.is_empty() {
                writeln!(output.out(), "{}", lang.pick("there are no tasks", "задач нет"))?;
            }
            for (number, shown) in shown.iter().enumerate() {
                if number > 0 {
                    writeln!(output.out())?;
                }
                write_task(output.out(), shown, lang)?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn tasks_for(bundle: &Bundle, sample: &Sample, facts: &Facts, now: Option<Moment>) -> Vec<Preview> {
    let now = now.unwrap_or_else(|| present(&sample.event));
    // Only a wrong name is an error here, and none is given.
    bundle.preview(&sample.event, facts, now, None).unwrap_or_default()
}

fn head(bundle: &Bundle, preview: &Preview) -> String {
    let named = bundle.tasks().into_iter().find(|task| task.name == preview.task.name);
    // A task that a script has named anew has no section of that name.
    named.map_or_else(|| preview.task.name.to_string(), |task| task.head)
}

/// Each task once, for the first example that would make it, else for the first that might.
fn tasks_for_examples(bundle: &Bundle, facts: &Facts, now: Option<Moment>) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for sample in samples() {
        for preview in tasks_for(bundle, &sample, facts, now) {
            all.push(Shown { head: head(bundle, &preview), preview, event: Some(sample.name.clone()) });
        }
    }
    let fitting: BTreeSet<String> = all
        .iter()
        .filter(|shown| shown.preview.applies)
        .map(|shown| shown.preview.task.name.to_string())
        .collect();
    let mut seen = BTreeSet::new();
    all.retain(|shown| {
        let name = shown.preview.task.name.to_string();
        (shown.preview.applies || !fitting.contains(&name)) && seen.insert(name)
    });
    all
}

fn write_task(out: &mut impl std::io::Write, shown: &Shown, lang: Lang) -> Result<(), Failure> {
    let task = &shown.preview.task;
    let bold = style::NAME;
    writeln!(out, "{bold}{}{bold:#}", task.title)?;
    let nobody = lang.pick("nobody", "никто");
    let label = |en: &'static str, ru: &'static str| format!("  {:14}", lang.pick(en, ru));
    writeln!(out, "{}{}", label("assigned to", "ответственный"), task.assign.as_deref().unwrap_or(nobody))?;
    if let Some(due) = &task.due {
        writeln!(out, "{}{}", label("due", "срок"), due.to_minute())?;
    }
    if let Some(note) = &task.note {
        let mut lines = note.lines();
        writeln!(out, "{}{}", label("note", "заметка"), lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(out, "  {:14}{line}", "")?;
        }
    }
    writeln!(out, "{}{}", label("section", "раздел"), shown.head)?;
    if let Some(event) = &shown.event {
        writeln!(out, "{}{}", label("example", "пример"), event.get(lang))?;
    }
    if task.title_cut {
        let bad = style::BAD;
        writeln!(out, "  {bad}{}{bad:#}", lang.pick("the title is cut", "заголовок обрезан"))?;
    }
    if !shown.preview.applies {
        let quiet = style::QUIET;
        let text = lang.pick("this event would not make it", "для такого события не поставится");
        writeln!(out, "  {quiet}{text}{quiet:#}")?;
    }
    Ok(())
}

fn as_json(shown: &Shown) -> Value {
    let task = &shown.preview.task;
    json!({
        "name": task.name.as_str(),
        "applies": shown.preview.applies,
        "title": task.title,
        "title_cut": task.title_cut,
        "note": task.note,
        "assign": task.assign.as_deref(),
        "due": task.due.as_ref().map(ToString::to_string),
    })
}
