//! The schema as a whole: tables put together, numbered and indexed by name.
//!
//! Takes the catalogue's rows, gives constant-time look-up by any name and arrays by number. Built once.

use std::collections::{HashMap, HashSet};

use super::{
    Field, FieldId, FieldSpec, Found, FoundSetting, Setting, SettingId, SettingSpec, Spelling,
    kind::EventKind,
};

/// All fields and settings of all kinds of event.
#[derive(Debug)]
pub struct Schema {
    kinds: [Kind; EventKind::ALL.len()],
    /// One name for each number, in order of numbers.
    field_names: Vec<&'static str>,
    setting_names: Vec<&'static str>,
}

/// What the catalogue has for one kind of event.
#[derive(Clone, Copy, Debug)]
pub struct KindTables {
    /// The kind.
    pub kind: EventKind,
    /// Its own fields, and those that it shares with other kinds.
    pub fields: &'static [&'static [FieldSpec]],
    /// Its settings.
    pub settings: &'static [SettingSpec],
}

#[derive(Debug, Default)]
struct Kind {
    fields: Vec<Field>,
    field_slots: Vec<Option<usize>>,
    field_names: HashMap<&'static str, (usize, Spelling)>,
    /// Objects of the JSON shape: `client`, `client.custom`.
    prefixes: HashSet<&'static str>,
    /// Stems of open fields, `client.custom.`; few, so a list will do.
    open_stems: Vec<(&'static str, usize, Spelling)>,
    settings: Vec<Setting>,
    setting_names: HashMap<&'static str, (usize, Spelling)>,
}

impl Schema {
    /// Puts the tables together: for each kind its field tables and its settings.
    ///
    /// Numbers are given in order of first appearance, so they are the same in every run of one build.
    pub fn build(tables: [KindTables; EventKind::ALL.len()]) -> Schema {
        let mut schema =
            Schema { kinds: Default::default(), field_names: Vec::new(), setting_names: Vec::new() };
        for KindTables { kind, fields, settings } in tables {
            let mut built = Kind::default();
            for spec in fields.iter().copied().flatten() {
                let id = FieldId(number_of(&mut schema.field_names, spec.name));
                built.add_field(Field { id, kind, spec });
            }
            for spec in settings {
                let id = SettingId(number_of(&mut schema.setting_names, spec.name));
                built.add_setting(Setting { id, kind, spec });
            }
            if let Some(place) = schema.kinds.get_mut(kind.index()) {
                *place = built;
            }
        }
        schema
    }

    /// The fields of a kind, in the order of the documentation.
    pub fn fields(&self, kind: EventKind) -> &[Field] {
        self.kind(kind).map_or(&[], |of| &of.fields)
    }

    /// The settings of a kind, in the order of the documentation.
    pub fn settings(&self, kind: EventKind) -> &[Setting] {
        self.kind(kind).map_or(&[], |of| &of.settings)
    }

    /// How many field numbers there are: the length of an array over all fields.
    pub fn field_count(&self) -> usize {
        self.field_names.len()
    }

    /// The English name of a field number; the same on every kind.
    pub fn field_name(&self, id: FieldId) -> &'static str {
        self.field_names.get(id.index()).copied().unwrap_or_default()
    }

    /// The fields one by one, by number from 0; None past the last.
    pub(crate) fn field_by_number(&self, number: u16) -> Option<(FieldId, &'static str)> {
        let name = self.field_names.get(usize::from(number))?;
        Some((FieldId(number), name))
    }

    /// The field of a number on a kind; None when the kind has no such field.
    pub fn field(&self, kind: EventKind, id: FieldId) -> Option<&Field> {
        let of = self.kind(kind)?;
        let slot = of.field_slots.get(id.index()).copied().flatten()?;
        of.fields.get(slot)
    }

    /// The number of a field by its English name, whatever kinds have it.
    pub fn field_id(&self, name: &str) -> Option<FieldId> {
        EventKind::ALL.into_iter().find_map(|kind| {
            let of = self.kind(kind)?;
            let (slot, spelling) = of.field_names.get(name)?;
            let field = of.fields.get(*slot)?;
            (*spelling == Spelling::English).then_some(field.id)
        })
    }

    /// The kinds that have a field of this number.
    pub fn kinds_with(&self, id: FieldId) -> impl Iterator<Item = EventKind> {
        EventKind::ALL.into_iter().filter(move |kind| self.field(*kind, id).is_some())
    }

    /// Finds a field of a kind by any of its names; the `X` of an open field may be anything but empty.
    pub fn find_field<'a>(&'static self, kind: EventKind, name: &'a str) -> Option<Found<'a>> {
        let of = self.kind(kind)?;
        if let Some((slot, spelling)) = of.field_names.get(name) {
            return Some(Found { field: of.fields.get(*slot)?, spelling: *spelling, key: None });
        }
        of.open_stems.iter().find_map(|(stem, slot, spelling)| {
            let key = name.strip_prefix(stem).filter(|key| !key.is_empty() && !key.contains('.'))?;
            Some(Found { field: of.fields.get(*slot)?, spelling: *spelling, key: Some(key) })
        })
    }

    /// Whether English names of a kind go on after this one with a dot: `client`, `client.custom`.
    pub fn is_prefix(&self, kind: EventKind, name: &str) -> bool {
        self.kind(kind).is_some_and(|of| of.prefixes.contains(name))
    }

    /// Finds a setting of a kind by any of its names.
    pub fn find_setting(&'static self, kind: EventKind, name: &str) -> Option<FoundSetting> {
        let of = self.kind(kind)?;
        let (slot, spelling) = of.setting_names.get(name)?;
        Some(FoundSetting { setting: of.settings.get(*slot)?, spelling: *spelling })
    }

    /// Every name under which a field of a kind is known, with the field: candidates for "did you mean".
    ///
    /// Open fields come with their `X`.
    pub fn field_names(&self, kind: EventKind) -> impl Iterator<Item = (&'static str, Spelling, &Field)> {
        self.fields(kind)
            .iter()
            .flat_map(|field| names_of_field(field.spec).map(move |(name, how)| (name, how, field)))
    }

    /// Every name under which a setting of a kind is known, with the setting.
    pub fn setting_names(&self, kind: EventKind) -> impl Iterator<Item = (&'static str, Spelling, &Setting)> {
        self.settings(kind)
            .iter()
            .flat_map(|setting| names_of_setting(setting.spec).map(move |(name, how)| (name, how, setting)))
    }

    fn kind(&self, kind: EventKind) -> Option<&Kind> {
        self.kinds.get(kind.index())
    }
}

impl Kind {
    fn add_field(&mut self, field: Field) {
        let slot = self.fields.len();
        let spec = field.spec;
        if self.field_slots.len() <= field.id.index() {
            self.field_slots.resize(field.id.index() + 1, None);
        }
        if let Some(place) = self.field_slots.get_mut(field.id.index()) {
            *place = Some(slot);
        }
        for (name, spelling) in names_of_field(spec) {
            if spec.is_open() && name.ends_with(".X") {
                self.open_stems.push((FieldSpec::stem(name), slot, spelling));
            } else {
                put_name(&mut self.field_names, name, slot, spelling);
            }
        }
        self.prefixes.extend(spec.name.match_indices('.').filter_map(|(at, _)| spec.name.get(..at)));
        self.fields.push(field);
    }

    fn add_setting(&mut self, setting: Setting) {
        let slot = self.settings.len();
        for (name, spelling) in names_of_setting(setting.spec) {
            put_name(&mut self.setting_names, name, slot, spelling);
        }
        self.settings.push(setting);
    }
}

/// The number of a name, a new one when it is met for the first time.
fn number_of(names: &mut Vec<&'static str>, name: &'static str) -> u16 {
    let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    // The tables hold a few hundred names; a test counts them.
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Enters a name. `channel` is a field of chats and what UIS calls the marketing channel: the product's own
/// names win over those of others.
fn put_name(
    names: &mut HashMap<&'static str, (usize, Spelling)>,
    name: &'static str,
    slot: usize,
    spelling: Spelling,
) {
    let known = names.entry(name).or_insert((slot, spelling));
    if spelling < known.1 {
        *known = (slot, spelling);
    }
}

fn names_of_field(spec: &'static FieldSpec) -> impl Iterator<Item = (&'static str, Spelling)> {
    spellings(spec.name, spec.ru, spec.ru_forms, spec.originals)
}

fn names_of_setting(spec: &'static SettingSpec) -> impl Iterator<Item = (&'static str, Spelling)> {
    spellings(spec.name, spec.ru, spec.ru_forms, &[])
}

fn spellings(
    en: &'static str,
    ru: &'static str,
    ru_forms: &'static [&'static str],
    originals: &'static [&'static str],
) -> impl Iterator<Item = (&'static str, Spelling)> {
    let canonical = [(en, Spelling::English), (ru, Spelling::Russian)];
    let forms = ru_forms.iter().map(|name| (*name, Spelling::RussianForm));
    let originals = originals.iter().map(|name| (*name, Spelling::Original));
    canonical.into_iter().chain(forms).chain(originals)
}
