//! The order of the passes.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use switchboard_grammar::ast::{self, SectionKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};
use switchboard_grammar::source::{FileId, SourceMap};
use switchboard_grammar::span::Span;

use super::checker::{Checker, Placed, problem_in};
use super::scope::{Decl, Scope};
use crate::bundle::{BundleSource, LoadOptions};
use crate::calendar::Calendar;
use crate::limits::MAX_DEPTH;
use crate::lint;
use crate::program::{Expr, FieldRule, Filter, Notes, Program, Slots, Table, TaskRule, Transfer};

/// What came of a check.
pub(crate) struct Checked {
    /// The program; None when a diagnostic is an error.
    pub(crate) program: Option<Program>,
    /// Everything found.
    pub(crate) found: Vec<Diagnostic>,
    /// What was too much to look through.
    pub(crate) undecided: Vec<Text>,
}

/// What has been checked so far; a None was reported.
#[derive(Default)]
pub(crate) struct Built {
    pub(crate) tables: Vec<Option<Table>>,
    pub(crate) settings: Vec<Option<Expr>>,
    pub(crate) schedules: Vec<Option<Calendar>>,
    pub(crate) filters: Vec<(Slots, Filter)>,
    pub(crate) tasks: Vec<(Slots, TaskRule)>,
    pub(crate) fields: Vec<(Slots, FieldRule)>,
    pub(crate) transfer: Option<Transfer>,
    /// Sections that could not be built.
    lost: Vec<usize>,
}

/// Checks the files of a bundle.
pub(crate) fn check(
    files: &[(FileId, ast::File)],
    sources: &Arc<SourceMap>,
    assets: &BundleSource,
    options: &LoadOptions,
) -> Checked {
    let sections = files
        .iter()
        .flat_map(|(file, tree)| {
            tree.sections.iter().map(|section| Placed { file: *file, lang: tree.lang, section })
        })
        .collect();
    let mut checker = Checker {
        sources,
        assets,
        options,
        sections,
        scope: Scope::default(),
        found: Vec::new(),
        refs: IndexMap::new(),
        negations: Vec::new(),
        written: Vec::new(),
        searched: 0,
        scripts: super::script::Scripts::default(),
        notes: Notes::default(),
    };
    checker.declare();
    let built = checker.sections();
    let lost = built.lost.clone();
    // Before the lints: what only a script asks for is used, too.
    let (scripts, policies) = checker.compile_scripts();
    lint::run(&mut checker, &built);
    let notes = std::mem::take(&mut checker.notes);
    // What the parser could not read it has told of.
    let unread = checker.sections.iter().any(|placed| placed.section.broken);
    let wrong = |checker: &Checker<'_>| unread || checker.found.iter().any(Diagnostic::is_error);
    if !wrong(&checker) {
        lost.into_iter().for_each(|section| checker.lost_section(section));
    }
    // Proofs speak of what is whole, so that one mistake hides no other; a program with mistakes decides nothing.
    let draft = wrong(&checker);
    let program = checker.finish(built, scripts, policies, notes, draft);
    let asked = program.as_ref().filter(|_| options.proof.lint_steps > 0);
    let undecided = asked.map(|program| lint::prove(&mut checker, program)).unwrap_or_default();
    Checked { program: program.filter(|_| !draft), found: checker.found, undecided }
}

impl Checker<'_> {
    /// Checks all sections, values before those that need them.
    fn sections(&mut self) -> Built {
        let mut built = Built {
            tables: (0..self.scope.tables.len()).map(|_| None).collect(),
            settings: (0..self.scope.settings.len()).map(|_| None).collect(),
            ..Built::default()
        };
        for decl in self.order() {
            match decl {
                Decl::Table(at) => {
                    let table = self.table(at);
                    self.table_depth(at, table.as_ref());
                    if let Some(place) = built.tables.get_mut(at) {
                        *place = table;
                    }
                }
                Decl::Setting(at) => {
                    let setting = self.setting(at);
                    self.setting_depth(at, setting.as_ref());
                    if let Some(place) = built.settings.get_mut(at) {
                        *place = setting;
                    }
                }
            }
        }
        built.schedules = (0..self.scope.schedules.len()).map(|at| self.schedule(at)).collect();
        let mut task_names = HashMap::new();
        for (number, placed) in self.sections.clone().into_iter().enumerate() {
            match &placed.section.kind {
                SectionKind::Filter(filter) => match self.filter(number, filter) {
                    Some(filter) => built.filters.push(filter),
                    None => built.lost.push(number),
                },
                SectionKind::Task(task) => match self.task(number, task, &mut task_names) {
                    Some((events, rule)) => built.tasks.push((events.slots, rule)),
                    None => built.lost.push(number),
                },
                SectionKind::Fields(fields) => {
                    let (slots, rules) = self.fields(number, fields);
                    if rules.len() < fields.lines.len() {
                        built.lost.push(number);
                    }
                    built.fields.extend(rules.into_iter().map(|rule| (slots, rule)));
                }
                SectionKind::Transfer(transfer) => match self.transfer(number, transfer) {
                    Some(transfer) => built.transfer = Some(transfer),
                    None => built.lost.push(number),
                },
                SectionKind::Include(_)
                | SectionKind::Settings(_)
                | SectionKind::Table(_)
                | SectionKind::List(_)
                | SectionKind::Script(_)
                | SectionKind::Schedule(_)
                | SectionKind::Unknown => {}
            }
        }
        self.unread_settings();
        built
    }

    /// A section without a value and without a report is a defect of ours; it must not be without effect silently.
    fn lost_section(&mut self, section: usize) {
        let Some(placed) = self.sections.get(section).copied() else { return };
        self.report(problem_in(
            &codes::UNEXPECTED_TEXT,
            placed.file,
            placed.section.head,
            Text::new("this section cannot be used", "этот раздел нельзя использовать"),
            Text::new(
                "please report this as a defect of the program",
                "пожалуйста, сообщите об этой ошибке программы",
            ),
        ));
    }

    fn table_depth(&mut self, at: usize, table: Option<&Table>) {
        let depth = table.map_or(0, |table| self.depth_of_table(table));
        let Some(decl) = self.scope.tables.get_mut(at) else { return };
        decl.depth = depth.min(MAX_DEPTH);
        let section = decl.section;
        if depth > MAX_DEPTH {
            let head = self.sections.get(section).map(|placed| (placed.file, placed.section.head));
            head.into_iter().for_each(|(file, span)| self.too_deep(file, span));
        }
    }

    fn setting_depth(&mut self, at: usize, setting: Option<&Expr>) {
        let depth = setting.map_or(0, |setting| self.depth(setting));
        let Some(decl) = self.scope.settings.get_mut(at) else { return };
        decl.depth = depth.min(MAX_DEPTH);
        let (section, span) = (decl.section, decl.span);
        if depth > MAX_DEPTH {
            let file = self.sections.get(section).map(|placed| placed.file);
            file.into_iter().for_each(|file| self.too_deep(file, span));
        }
    }

    /// Reports values that need one another through too many steps.
    pub(crate) fn too_deep(&mut self, file: FileId, span: Span) {
        self.report(problem_in(
            &codes::NESTING_TOO_DEEP,
            file,
            span,
            Text::new(
                "this value needs others through too many steps",
                "это значение зависит от других через слишком много шагов",
            ),
            Text::new(format!("{MAX_DEPTH} steps are the most"), format!("не больше {MAX_DEPTH} шагов")),
        ));
    }
}
