//! What a bundle declares: tables, settings, lists, schedules, functions, by name.
//!
//! Filled before anything is checked, so that order in the files does not matter.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::ast;
use switchboard_grammar::span::Span;

use crate::lists::ValueList;
use crate::program::{Expr, Slot, Slots};
use crate::schema::SettingSpec;
use crate::ty::{ReferenceKind, Scalar, Type};

/// Everything declared.
#[derive(Default)]
pub(crate) struct Scope<'a> {
    pub(crate) tables: Vec<TableDecl<'a>>,
    pub(crate) settings: Vec<SettingDecl<'a>>,
    pub(crate) lists: Vec<ListDecl>,
    pub(crate) schedules: Vec<ScheduleDecl<'a>>,
    pub(crate) functions: Vec<FunctionDecl>,
    /// Functions whose declaration is wrong: calls of them are passed over.
    pub(crate) broken_functions: HashSet<SmolStr>,
    /// Tables and settings by canonical name; several may share one when their events differ.
    values: HashMap<SmolStr, Vec<Decl>>,
    list_names: HashMap<SmolStr, usize>,
    schedule_names: HashMap<SmolStr, usize>,
    function_names: HashMap<SmolStr, usize>,
}

/// A table or setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Decl {
    /// By its place in [`Scope::tables`].
    Table(usize),
    /// By its place in [`Scope::settings`].
    Setting(usize),
}

/// A table.
pub(crate) struct TableDecl<'a> {
    pub(crate) section: usize,
    /// Canonical: the English name of a table that the server reads.
    pub(crate) name: SmolStr,
    pub(crate) slots: Slots,
    pub(crate) ast: &'a ast::Table,
    /// Its result columns, once checked.
    pub(crate) columns: Option<Vec<ColumnDecl>>,
    /// How deep working it out nests, once checked.
    pub(crate) depth: usize,
    pub(crate) used: bool,
}

/// A result column.
#[derive(Clone, Debug)]
pub(crate) struct ColumnDecl {
    /// Canonical: the English name of a column that the server reads.
    pub(crate) name: SmolStr,
    pub(crate) ty: Type,
    /// The longest text it can give, in characters; None when there is no bound.
    pub(crate) longest: Option<usize>,
}

/// A setting.
pub(crate) struct SettingDecl<'a> {
    pub(crate) section: usize,
    /// Canonical: the English name of a setting that the server reads.
    pub(crate) name: SmolStr,
    /// Its row in the schema, when there is one.
    pub(crate) spec: Option<&'static SettingSpec>,
    pub(crate) slots: Slots,
    pub(crate) ast: &'a ast::Setting,
    pub(crate) span: Span,
    /// What it is, once checked.
    pub(crate) value: Option<(Expr, Type)>,
    pub(crate) longest: Option<usize>,
    pub(crate) depth: usize,
    pub(crate) used: bool,
}

/// A list.
pub(crate) struct ListDecl {
    pub(crate) section: usize,
    pub(crate) name: SmolStr,
    /// The values; None when they could not be read, which was reported.
    pub(crate) values: Option<Arc<ValueList>>,
    pub(crate) used: bool,
    /// The types of value that it has been asked about: each is checked once.
    pub(crate) asked: Vec<Scalar>,
    /// The kinds of names that it was held against, as above.
    pub(crate) held: Vec<ReferenceKind>,
}

/// A schedule.
pub(crate) struct ScheduleDecl<'a> {
    pub(crate) section: usize,
    pub(crate) name: SmolStr,
    pub(crate) ast: &'a ast::Schedule,
    pub(crate) used: bool,
}

/// A script function.
#[derive(Clone, Debug)]
pub(crate) struct FunctionDecl {
    pub(crate) section: usize,
    pub(crate) name: SmolStr,
    pub(crate) span: Span,
    pub(crate) parameters: Vec<(SmolStr, Type)>,
    pub(crate) gives: Type,
}

impl<'a> Scope<'a> {
    /// Adds a table.
    pub(crate) fn add_table(&mut self, table: TableDecl<'a>) {
        let decl = Decl::Table(self.tables.len());
        self.values.entry(table.name.clone()).or_default().push(decl);
        self.tables.push(table);
    }

    /// Adds a setting.
    pub(crate) fn add_setting(&mut self, setting: SettingDecl<'a>) {
        let decl = Decl::Setting(self.settings.len());
        self.values.entry(setting.name.clone()).or_default().push(decl);
        self.settings.push(setting);
    }

    /// Adds a list; gives back the one that has the name already.
    pub(crate) fn add_list(&mut self, list: ListDecl) -> Option<&ListDecl> {
        if let Some(first) = self.list_names.get(&list.name) {
            return self.lists.get(*first);
        }
        self.list_names.insert(list.name.clone(), self.lists.len());
        self.lists.push(list);
        None
    }

    /// Adds a schedule; gives back the one that has the name already.
    pub(crate) fn add_schedule(&mut self, schedule: ScheduleDecl<'a>) -> Option<&ScheduleDecl<'a>> {
        if let Some(first) = self.schedule_names.get(&schedule.name) {
            return self.schedules.get(*first);
        }
        self.schedule_names.insert(schedule.name.clone(), self.schedules.len());
        self.schedules.push(schedule);
        None
    }

    /// Adds a function; gives back the one that has the name already.
    pub(crate) fn add_function(&mut self, function: FunctionDecl) -> Option<&FunctionDecl> {
        if let Some(first) = self.function_names.get(&function.name) {
            return self.functions.get(*first);
        }
        self.function_names.insert(function.name.clone(), self.functions.len());
        self.functions.push(function);
        None
    }

    /// Tables and settings of a canonical name, for any events.
    pub(crate) fn named(&self, name: &str) -> &[Decl] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// The events that a table or setting is for.
    pub(crate) fn slots(&self, decl: Decl) -> Slots {
        match decl {
            Decl::Table(at) => self.tables.get(at).map_or(Slots::NONE, |table| table.slots),
            Decl::Setting(at) => self.settings.get(at).map_or(Slots::NONE, |setting| setting.slots),
        }
    }

    /// The table or setting of a name that is written for a slot.
    pub(crate) fn for_slot(&self, name: &str, slot: Slot) -> Option<Decl> {
        self.named(name).iter().copied().find(|decl| self.slots(*decl).has(slot))
    }

    /// The list of a name, by its place.
    pub(crate) fn list(&self, name: &str) -> Option<usize> {
        self.list_names.get(name).copied()
    }

    /// The schedule of a name, by its place.
    pub(crate) fn schedule(&self, name: &str) -> Option<usize> {
        self.schedule_names.get(name).copied()
    }

    /// The function of a name, by its place.
    pub(crate) fn function(&self, name: &str) -> Option<usize> {
        self.function_names.get(name).copied()
    }

    /// The names of tables and settings that some of these events have.
    pub(crate) fn value_names(&self, slots: Slots) -> impl Iterator<Item = &str> {
        let tables = self.tables.iter().map(|table| (&table.name, table.slots));
        let settings = self.settings.iter().map(|setting| (&setting.name, setting.slots));
        tables.chain(settings).filter(move |(_, of)| !of.and(slots).is_empty()).map(|(name, _)| name.as_str())
    }

    /// Notes that a table or setting is used.
    pub(crate) fn mark_used(&mut self, decl: Decl) {
        match decl {
            Decl::Table(at) => self.tables.get_mut(at).into_iter().for_each(|table| table.used = true),
            Decl::Setting(at) => {
                self.settings.get_mut(at).into_iter().for_each(|setting| setting.used = true);
            }
        }
    }
}
