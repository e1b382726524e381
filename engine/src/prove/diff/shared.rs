//! Tables, settings, schedules and script functions that mean the same in both bundles, by their content.
//!
//! What is written alike is named alike, so that it need not be looked into; where it stands and what it is called
//! does not matter.

use std::collections::BTreeMap;

use switchboard_grammar::source::SourceMap;

use super::super::scope::Scope;
use crate::program::{Program, Slot, Slots, Table};

/// How many tables may name one another before they count as different.
const MAX_ROUNDS: usize = 12;

/// Names by content, by what the side itself calls it.
pub(super) type Names = BTreeMap<String, String>;

/// Names by content, of one side.
pub(super) fn names(program: &Program, slot: Slot, side: &'static str) -> Names {
    let mut known = Names::new();
    for (calendar, number) in program.schedules.iter().zip(0u32..) {
        known.insert(format!("schedule {number}"), named("schedule", &calendar.canonical()));
    }
    let scripts = format!("{} {}", scripts(&program.sources), lists(program));
    for number in 0.. {
        let Some(function) = program.functions.label(number) else { break };
        known.insert(format!("function {number}"), named("function", &format!("{scripts} {function}")));
    }
    for _ in 0..MAX_ROUNDS {
        let next = round(program, slot, side, &known);
        if next == known {
            break;
        }
        known = next;
    }
    known
}

/// A name for the lists that the scripts of a bundle ask.
fn lists(program: &Program) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for script in program.functions.scripts() {
        script.lists.hash(&mut hasher);
    }
    hasher.finalize()
}

/// A name for the policies of a bundle that concern the events of a slot, with their scripts and the
/// lists that those ask; None when there is none.
///
/// A policy may make anything of what the tables say, so the prover sees no further than to whether both sides have the
/// same ones.
pub(super) fn policies(program: &Program, slot: Slot) -> Option<String> {
    let plan = program.plan(slot);
    let rules = plan.policies.iter().filter_map(|at| program.policies.get(*at as usize));
    let mut rules = rules.peekable();
    rules.peek()?;
    let mut name = format!("{} {}", scripts(&program.sources), lists(program));
    for rule in rules {
        let path = program.functions.scripts().get(rule.script).map_or("", |script| script.path.as_str());
        let outcome = (rule.unreached.has(slot), rule.reached.has(slot));
        let own = (path, &rule.function, rule.hook, outcome, &rule.needs, rule.park);
        name.push_str(&format!(" {own:?}"));
    }
    Some(name)
}

/// Tables and settings once more, now that more of what they name is known.
fn round(program: &Program, slot: Slot, side: &'static str, known: &Names) -> Names {
    let scope = Scope { shared: known, side, ..Scope::new(program, Slots::one(slot)) };
    let mut next = known.clone();
    let plan = program.plan(slot);
    for number in &plan.tables {
        let Some(table) = program.tables.get(*number as usize) else { continue };
        let content = named("table", &content(&scope, table));
        for column in 0..table.results.len() {
            next.insert(format!("table {number} {column}"), format!("{content} {column}"));
        }
    }
    for (target, reference) in plan.named.iter().zip(0u32..) {
        if let Some(crate::program::Target::Setting(local)) = target
            && let Some(setting) = plan.settings.get(local.0 as usize)
            && let Some(value) = program.settings.get(*setting as usize)
        {
            next.insert(format!("named {reference}"), named("setting", &scope.key(value)));
        }
    }
    next
}

/// Everything that a table says.
fn content(scope: &Scope<'_>, table: &Table) -> String {
    let mut out = format!("{:?} {:?}\u{2}", table.hit, table.results);
    for input in &table.inputs {
        out.push_str(&scope.key(&input.value));
        for check in &input.checks {
            out.push('\u{3}');
            scope.write_check(&mut out, check);
        }
        out.push_str(&format!("\u{2}{:?}\u{2}", input.of_row));
    }
    for row in table.rows.iter().chain(&table.otherwise) {
        for result in &row.results {
            out.push_str(&scope.key(result));
            out.push('\u{3}');
        }
        out.push('\u{2}');
    }
    out.push_str(if table.otherwise.is_some() { "else" } else { "open" });
    out
}

fn scripts(sources: &SourceMap) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (_, source) in sources.iter().filter(|(_, source)| source.name().ends_with(".rhai")) {
        hasher.update(source.name().as_bytes()).update(&[0]).update(source.text().as_bytes()).update(&[0]);
    }
    hasher.finalize()
}

fn named(kind: &str, content: &str) -> String {
    format!("{kind} {}", blake3::hash(content.as_bytes()))
}
