//! A whole bundle, and what of it concerns each slot.

use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::source::SourceMap;
use switchboard_grammar::span::Span;

use super::{
    Cond, Expr, Functions, Need, Notes, Place, PolicyRule, SectionInfo, Slot, Slots, Table, Template,
};
use crate::calendar::Calendar;
use crate::decide::Entity;
use crate::moment::Seconds;
use crate::value::Value;

/// The number of a named value (a table's column or a setting) as rules refer to it, the same for every slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RefId(pub(crate) u32);

/// A place in an event's memory of worked-out tables and settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LocalId(pub(crate) u32);

/// The number of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ScheduleId(pub(crate) u32);

/// A checked bundle.
#[derive(Debug)]
pub(crate) struct Program {
    /// One for each slot, in their order.
    pub(crate) plans: [Plan; Slot::ALL.len()],
    pub(crate) sections: Box<[SectionInfo]>,
    pub(crate) filters: Box<[Filter]>,
    pub(crate) tables: Box<[Table]>,
    /// The values of settings.
    pub(crate) settings: Box<[Expr]>,
    /// Where each setting stands.
    pub(crate) setting_places: Box<[Place]>,
    pub(crate) tasks: Box<[TaskRule]>,
    pub(crate) fields: Box<[FieldRule]>,
    pub(crate) transfer: Option<Transfer>,
    pub(crate) schedules: Box<[Calendar]>,
    pub(crate) functions: Functions,
    /// In the order of the files.
    pub(crate) policies: Box<[PolicyRule]>,
    /// The long texts.
    pub(crate) notes: Notes,
    /// The files, for words in the trace.
    pub(crate) sources: Arc<SourceMap>,
}

/// What concerns the events of one slot; numbers are places in the program's arrays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) filter: Option<u32>,
    /// `entities`, by its columns.
    pub(crate) create: Option<RefId>,
    pub(crate) responsible: Option<RefId>,
    /// `store`.
    pub(crate) store: Option<RefId>,
    /// `forward`, by its columns; None without the table.
    pub(crate) forward: Option<ForwardColumns>,
    /// `click_to_call`.
    pub(crate) click_to_call: Option<RefId>,
    pub(crate) tasks: Box<[u32]>,
    pub(crate) fields: Box<[u32]>,
    pub(crate) policies: Box<[u32]>,
    /// What the policies need.
    pub(crate) needs: Box<[Need]>,
    /// What each reference means here; None for those that no rule of this slot makes.
    pub(crate) named: Box<[Option<Target>]>,
    /// Tables and settings in order of their [`LocalId`]: how much an event has to remember.
    pub(crate) tables: Box<[u32]>,
    pub(crate) settings: Box<[u32]>,
    /// The settings of the schema, by canonical name.
    pub(crate) schema_settings: Box<[(&'static str, RefId)]>,
    /// Those that the engine itself obeys.
    pub(crate) known: KnownSettings,
}

/// The columns of `forward` that a bundle has.
#[derive(Clone, Debug, Default)]
pub(crate) struct ForwardColumns {
    pub(crate) employee: Option<RefId>,
    pub(crate) to_number: Option<RefId>,
    pub(crate) return_code: Option<RefId>,
}

/// Settings that the engine itself obeys, where they concern a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownSettings {
    pub(crate) forward_to_manager: Option<RefId>,
    pub(crate) default_responsible: Option<RefId>,
    pub(crate) default_store: Option<RefId>,
    pub(crate) create_at: Option<RefId>,
    pub(crate) pass_without_contacts: Option<RefId>,
    pub(crate) click_to_call_number: Option<RefId>,
    pub(crate) always_show_number: Option<RefId>,
}

/// What a reference means for the events of a slot.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// A table's column.
    Table { local: LocalId, column: u32 },
    /// A setting.
    Setting(LocalId),
    /// A value that is the same for every event: a setting's default.
    Const(Value),
}

/// A filter.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) section: u32,
    /// None: everything passes.
    pub(crate) lines: Box<[FilterLine]>,
}

/// A line of a filter.
#[derive(Clone, Debug)]
pub(crate) struct FilterLine {
    pub(crate) line: u32,
    pub(crate) accept: bool,
    pub(crate) guard: Guard,
}

/// When a line of a filter counts.
#[derive(Clone, Debug)]
pub(crate) enum Guard {
    /// When this holds; with the condition's text in the file.
    When(Cond, Box<Spans>),
    /// Whenever none above did.
    Else,
}

/// A condition's text in the file: the whole, each part of an `and`, and each test.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans {
    pub(crate) whole: Span,
    pub(crate) parts: Box<[Span]>,
    /// What stands between `and`, `or` and `not`, in order.
    pub(crate) tests: Box<[Span]>,
}

/// A task.
#[derive(Clone, Debug)]
pub(crate) struct TaskRule {
    pub(crate) section: u32,
    pub(crate) name: SmolStr,
    /// The slots in which only events that reached nobody count (`missed`, `failed`).
    pub(crate) unreached: Slots,
    /// The slots in which only events that reached somebody count (`answered`).
    pub(crate) reached: Slots,
    pub(crate) when: Option<(Cond, Spans)>,
    pub(crate) title: Title,
    pub(crate) assign: Expr,
    pub(crate) due: Option<Due>,
    pub(crate) note: Option<Note>,
    pub(crate) cancel_when_reached: bool,
}

/// A task of a bundle, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskInfo {
    /// Its stable name, as in decisions.
    pub name: SmolStr,
    /// The events that it is for.
    pub slots: Slots,
    /// Of which of them only those count that reached nobody.
    pub unreached: Slots,
    /// Of which of them only those count that reached somebody.
    pub reached: Slots,
    /// Its header as written.
    pub head: String,
    /// Its description, the `##` lines.
    pub doc: Option<String>,
    /// The file.
    pub file: String,
    /// The line of the header.
    pub line: u32,
}

/// A task's title.
#[derive(Clone, Debug)]
pub(crate) enum Title {
    /// As the file says.
    Written(Template),
    /// The built-in one of each slot.
    BuiltIn(Box<[(Slot, Template)]>),
}

/// When a task is due.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    /// At a moment.
    At(Expr),
    /// So long after a moment.
    After { base: Expr, by: Seconds },
    /// So much working time after a moment.
    AfterWorking { base: Expr, by: Seconds, schedule: ScheduleId },
    /// So many working days after a moment.
    AfterDays { base: Expr, days: u32, schedule: ScheduleId },
}

/// A long text.
#[derive(Clone, Debug)]
pub(crate) enum Note {
    /// As the file says.
    Written(Template),
    /// A file, by its number in the notes.
    File(usize),
}

/// A line of a `fields` section.
#[derive(Clone, Debug)]
pub(crate) struct FieldRule {
    pub(crate) section: u32,
    pub(crate) line: u32,
    pub(crate) entity: Entity,
    pub(crate) code: SmolStr,
    pub(crate) value: Expr,
    pub(crate) always: bool,
}

/// `transfer orders`.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) section: u32,
    pub(crate) only_when: Option<(u32, Cond, Spans)>,
    pub(crate) per_store: bool,
    pub(crate) with_delivery: bool,
    pub(crate) pass: Box<[(SmolStr, Expr)]>,
    pub(crate) won: Option<(u32, Cond, Spans)>,
    pub(crate) lost: Option<(u32, Cond, Spans)>,
}

impl Program {
    /// The plan of a slot.
    pub(crate) fn plan(&self, slot: Slot) -> &Plan {
        match slot {
            Slot::IncomingCall => &self.plans[0],
            Slot::OutgoingCall => &self.plans[1],
            Slot::Chat => &self.plans[2],
            Slot::Request => &self.plans[3],
            Slot::Order => &self.plans[4],
        }
    }

    /// The tasks, for people who choose one.
    pub(crate) fn task_infos(&self) -> Vec<TaskInfo> {
        let slots_of = |at: usize| {
            let has = |slot: &Slot| self.plan(*slot).tasks.iter().any(|task| *task as usize == at);
            Slot::ALL.into_iter().filter(has).collect::<Slots>()
        };
        let info = |(at, task): (usize, &TaskRule)| {
            let section = self.sections.get(task.section as usize)?;
            let head: Vec<&str> = self.text(task.section, section.head).split_whitespace().collect();
            Some(TaskInfo {
                name: task.name.clone(),
                slots: slots_of(at),
                unreached: task.unreached,
                reached: task.reached,
                head: head.join(" "),
                doc: section.doc.clone(),
                file: self.sources.get(section.file)?.name().to_owned(),
                line: section.line,
            })
        };
        self.tasks.iter().enumerate().filter_map(info).collect()
    }

    /// A setting of the schema, if it is the same for every event of the slot.
    pub(crate) fn constant_setting(&self, slot: Slot, name: &str) -> Value {
        let plan = self.plan(slot);
        let reference = plan.schema_settings.iter().find(|(known, _)| *known == name);
        match reference.and_then(|(_, reference)| plan.named.get(reference.0 as usize)) {
            Some(Some(Target::Const(value))) => value.clone(),
            _ => Value::Missing,
        }
    }

    /// The text of a place in a section's file.
    pub(crate) fn text(&self, section: u32, span: Span) -> &str {
        let file = self.sections.get(section as usize).and_then(|section| self.sources.get(section.file));
        file.map_or("", |file| span.text(file.text()))
    }
}
