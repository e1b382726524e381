//! The last pass: what has been checked becomes a program, with a plan for each slot.

use std::sync::Arc;

use smol_str::SmolStr;

use super::checker::Checker;
use super::measure::constant;
use super::named::{Visible, default_value};
use super::run::Built;
use super::scope::Decl;
use crate::catalog::{CLICK_TO_CALL, ENTITIES, FORWARD, STORE, schema};
use crate::program::{
    Expr, ForwardColumns, Functions, KnownSettings, LocalId, Notes, Place, Plan, PolicyRule, Program, RefId,
    SectionInfo, Slot, Slots, Table, Target, together,
};
use crate::value::Value;

/// References to what the server reads, for one slot.
struct Results {
    create: Option<RefId>,
    responsible: Option<RefId>,
    store: Option<RefId>,
    click_to_call: Option<RefId>,
    forward: Option<ForwardColumns>,
}

impl Checker<'_> {
    /// The program. None when something is absent, which then has been reported. A draft, with which nothing is ever
    /// decided but of which something may be proved, has tables and settings that say nothing in their place.
    pub(crate) fn finish(
        &mut self,
        built: Built,
        functions: Functions,
        policies: Vec<(Slots, PolicyRule)>,
        notes: Notes,
        draft: bool,
    ) -> Option<Program> {
        let results: Vec<Results> = Slot::ALL.iter().map(|slot| self.results(*slot)).collect();
        let settings: Vec<Box<[(&'static str, RefId)]>> =
            Slot::ALL.iter().map(|slot| self.schema_settings(*slot)).collect();
        let mut plans: [Plan; Slot::ALL.len()] = Default::default();
        for (((slot, plan), results), settings) in
            Slot::ALL.into_iter().zip(plans.iter_mut()).zip(results).zip(settings)
        {
            *plan = self.plan(slot, &built, results, settings);
            plan.policies = places(&policies, |slots: &Slots| slots.has(slot)).collect();
            let own = policies.iter().filter(|(slots, _)| slots.has(slot));
            plan.needs = together(own.map(|(_, policy)| policy));
        }
        let sections = self
            .sections
            .iter()
            .map(|placed| SectionInfo {
                file: placed.file,
                line: self.line(placed.file, placed.section.head),
                head: placed.section.head,
                doc: placed.section.doc(),
            })
            .collect();
        Some(Program {
            plans,
            sections,
            filters: built.filters.into_iter().map(|(_, filter)| filter).collect(),
            tables: built
                .tables
                .into_iter()
                .map(|table| table.or_else(|| draft.then(Table::unknown)))
                .collect::<Option<_>>()?,
            settings: built
                .settings
                .into_iter()
                .map(|setting| setting.or_else(|| draft.then_some(Expr::Const(Value::Missing))))
                .collect::<Option<_>>()?,
            setting_places: self
                .scope
                .settings
                .iter()
                .map(|setting| {
                    let file = self.sections.get(setting.section).map(|placed| placed.file);
                    Place {
                        section: u32::try_from(setting.section).unwrap_or(u32::MAX),
                        line: file.map_or(0, |file| self.line(file, setting.span)),
                    }
                })
                .collect(),
            tasks: built.tasks.into_iter().map(|(_, task)| task).collect(),
            fields: built.fields.into_iter().map(|(_, field)| field).collect(),
            transfer: built.transfer,
            schedules: built.schedules.into_iter().collect::<Option<_>>()?,
            functions,
            policies: policies.into_iter().map(|(_, policy)| policy).collect(),
            notes,
            sources: Arc::clone(self.sources),
        })
    }

    /// References to what the server reads: `entities`, `store`, `forward` and `click_to_call` by column.
    fn results(&mut self, slot: Slot) -> Results {
        let mut reference = |table: &'static str, column: &str| {
            let Some(Decl::Table(at)) = self.scope.for_slot(table, slot) else { return None };
            let columns = self.scope.tables.get(at)?.columns.as_ref()?;
            columns.iter().any(|found| found.name == column).then(|| self.reference(table, Some(column)))
        };
        let forward = ForwardColumns {
            employee: reference(FORWARD.name, "employee"),
            to_number: reference(FORWARD.name, "to_number"),
            return_code: reference(FORWARD.name, "return_code"),
        };
        Results {
            create: reference(ENTITIES.name, "create"),
            responsible: reference(ENTITIES.name, "responsible"),
            store: reference(STORE.name, "store"),
            click_to_call: reference(CLICK_TO_CALL.name, "show_number"),
            forward: self.scope.for_slot(FORWARD.name, slot).map(|_| forward),
        }
    }

    /// References to the settings of the schema, by canonical name.
    fn schema_settings(&mut self, slot: Slot) -> Box<[(&'static str, RefId)]> {
        let names = schema().settings(slot.kind()).iter().map(|setting| setting.spec.name);
        names.map(|name| (name, self.reference(name, None))).collect()
    }

    fn plan(
        &self,
        slot: Slot,
        built: &Built,
        results: Results,
        schema_settings: Box<[(&'static str, RefId)]>,
    ) -> Plan {
        let known =
            |name| schema_settings.iter().find(|(known, _)| *known == name).map(|(_, reference)| *reference);
        let known = KnownSettings {
            forward_to_manager: known("forward_to_manager"),
            default_responsible: known("default_responsible"),
            default_store: known("default_store"),
            create_at: known("create_at"),
            pass_without_contacts: known("pass_without_contacts"),
            click_to_call_number: known("click_to_call_number"),
            always_show_number: known("always_show_number"),
        };
        let mut tables: Vec<u32> = Vec::new();
        let mut settings: Vec<u32> = Vec::new();
        let named = self
            .refs
            .keys()
            .map(|(name, column)| self.target(slot, name, column.as_ref(), &mut tables, &mut settings));
        let named = named.collect();
        let concerns = |slots: &Slots| slots.has(slot);
        let Results { create, responsible, store, click_to_call, forward } = results;
        Plan {
            filter: places(&built.filters, concerns).next(),
            create,
            responsible,
            store,
            forward,
            click_to_call,
            tasks: places(&built.tasks, concerns).collect(),
            fields: places(&built.fields, concerns).collect(),
            policies: Box::default(),
            needs: Box::default(),
            named,
            tables: tables.into(),
            settings: settings.into(),
            schema_settings,
            known,
        }
    }

    /// What a reference means for a slot.
    fn target(
        &self,
        slot: Slot,
        name: &str,
        column: Option<&SmolStr>,
        tables: &mut Vec<u32>,
        settings: &mut Vec<u32>,
    ) -> Option<Target> {
        match self.visible(name, slot)? {
            Visible::Default(spec) => Some(Target::Const(default_value(spec))),
            Visible::Declared(Decl::Setting(at)) => {
                let (value, _) = self.scope.settings.get(at)?.value.as_ref()?;
                match constant(value) {
                    Some(value) => Some(Target::Const(value.clone())),
                    None => Some(Target::Setting(local(settings, at))),
                }
            }
            Visible::Declared(Decl::Table(at)) => {
                let columns = self.scope.tables.get(at)?.columns.as_ref()?;
                let column = columns.iter().position(|found| Some(&found.name) == column)?;
                let column = u32::try_from(column).ok()?;
                Some(Target::Table { local: local(tables, at), column })
            }
        }
    }
}

/// The place of a table or setting in an event's memory.
fn local(of: &mut Vec<u32>, at: usize) -> LocalId {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let place = of.iter().position(|known| *known == at).unwrap_or_else(|| {
        of.push(at);
        of.len() - 1
    });
    LocalId(u32::try_from(place).unwrap_or(u32::MAX))
}

/// The places of what concerns a slot.
fn places<T>(of: &[(Slots, T)], concerns: impl Fn(&Slots) -> bool) -> impl Iterator<Item = u32> {
    (0u32..).zip(of).filter(move |(_, (slots, _))| concerns(slots)).map(|(at, _)| at)
}
