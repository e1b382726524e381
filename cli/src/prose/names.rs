//! What the names of a bundle are: fields, settings, tables, lists, schedules, values of a set.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_engine::catalog::{self, enums, result_column, result_table};
use switchboard_engine::schema::{EnumType, EventKind, Field};
use switchboard_engine::ty::{Scalar, Type};
use switchboard_grammar::ast::{File, SectionKind, Value};
use switchboard_grammar::lang::Lang;

use super::events::slots;
use super::phrases::spaced;

/// What the files of a bundle declare.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    /// Tables by name, each with the numbers of its articles.
    pub(super) tables: BTreeMap<String, Vec<usize>>,
    /// Lists.
    pub(super) lists: BTreeSet<String>,
    /// Schedules.
    pub(super) schedules: BTreeSet<String>,
    /// Settings by name, the known ones in English.
    settings: BTreeMap<String, Vec<Given<'a>>>,
}

/// A setting as a section gives it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    /// The number of the article.
    pub(super) number: usize,
    /// The events of the section.
    slots: u8,
    pub(super) value: &'a Value,
}

impl<'a> Declared<'a> {
    /// Adds what a file declares; `number` gives the number of a section's article.
    pub(super) fn add(&mut self, file: &'a File, mut number: impl FnMut(usize) -> usize) {
        for (at, section) in file.sections.iter().enumerate() {
            match &section.kind {
                SectionKind::Table(table) => {
                    if let Some(name) = &table.name {
                        self.tables.entry(canonical_table(&name.text)).or_default().push(number(at));
                    }
                }
                SectionKind::List(list) => {
                    self.lists.extend(list.name.iter().map(|name| name.text.to_string()));
                }
                SectionKind::Schedule(schedule) => {
                    self.schedules.extend(schedule.name.iter().map(|name| name.text.to_string()));
                }
                SectionKind::Settings(settings) => {
                    for line in &settings.lines {
                        let name = canonical_setting(&line.item.name.text);
                        let slots = slots(settings.events.as_ref());
                        let given = Given { number: number(at), slots, value: &line.item.value };
                        self.settings.entry(name).or_default().push(given);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'a> Declared<'a> {
    /// Whether any section gives this setting.
    pub(super) fn has_setting(&self, name: &str) -> bool {
        self.settings.contains_key(&canonical_setting(name))
    }

    /// The place that gives a setting for all of these events. A setting that the server does not know and that is
    /// given once is a constant for every event, as the check has it.
    pub(super) fn setting(&self, name: &str, slots: u8) -> Option<Given<'a>> {
        let given = self.settings.get(&canonical_setting(name))?;
        if let [only] = given.as_slice()
            && setting(name, Lang::En).is_none()
        {
            return Some(*only);
        }
        given.iter().find(|given| slots != 0 && given.slots & slots == slots).copied()
    }
}

/// A setting's name, the known ones in English.
fn canonical_setting(name: &str) -> String {
    let known = EventKind::ALL.into_iter().find_map(|kind| catalog::schema().find_setting(kind, name));
    known.map_or(name, |found| found.setting.spec.name).to_owned()
}

/// A table's name, the known ones in English.
pub(super) fn canonical_table(name: &str) -> String {
    result_table(name).map_or(name, |table| table.name).to_owned()
}

/// A field by any of its names, with the open part.
pub(super) fn field(name: &str) -> Option<(&'static Field, Option<&str>)> {
    let found = EventKind::ALL
        .into_iter()
        .filter_map(|kind| catalog::schema().find_field(kind, name))
        .min_by_key(|found| found.spelling)?;
    Some((found.field, found.key))
}

/// A setting of the server's: its name and what it does.
pub(super) struct SettingWords {
    pub(super) name: String,
    pub(super) doc: &'static str,
    pub(super) ty: Type,
}

/// A setting of the server's by any of its names.
pub(super) fn setting(name: &str, lang: Lang) -> Option<SettingWords> {
    let found = EventKind::ALL.into_iter().find_map(|kind| catalog::schema().find_setting(kind, name))?;
    let spec = found.setting.spec;
    let name = match spec.name {
        "default_responsible" => lang.pick("default employee", "сотрудник по умолчанию").to_owned(),
        _ => spaced(lang.pick(spec.name, spec.ru)),
    };
    Some(SettingWords { name, doc: lang.pick(spec.doc.en, spec.doc.ru), ty: spec.ty })
}

/// The type of a field, setting or known column.
pub(super) fn type_of(name: &str) -> Option<Type> {
    field(name)
        .map(|(field, _)| field.ty())
        .or_else(|| setting(name, Lang::En).map(|setting| setting.ty))
        .or_else(|| result_column(name).map(|column| column.ty))
}

/// The set of values that a type has.
pub(super) fn set_of(ty: Option<Type>) -> Option<&'static EnumType> {
    match ty?.scalar {
        Scalar::Enum(set) => Some(set),
        _ => None,
    }
}

/// A value of a set in words.
pub(super) fn item(set: &'static EnumType, name: &str, lang: Lang) -> Option<String> {
    let item = set.find(name)?.0.item();
    if *set == enums::CHANNEL {
        // Names of messengers are spelled in what they mean; the rest of that sentence explains.
        let doc = lang.pick(item.doc.en, item.doc.ru);
        return Some(
            if item.en == "request" { doc } else { doc.split(", ").next().unwrap_or(doc) }.to_owned(),
        );
    }
    Some(spaced(lang.pick(item.en, item.ru)))
}
