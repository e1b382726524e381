//! Enums: sets of values that the schema lists, written bare in rules.
//!
//! A closed enum takes nothing else; an open one also takes text, for values that UIS adds without telling.
//! The sets themselves stand in [`crate::catalog::enums`].

use std::fmt;
use std::hash::{Hash, Hasher};

use super::{Docs, Spelling};
use crate::text;

/// A set of named values.
///
/// There is one static of each; it is known by its [`EnumType::name`].
pub struct EnumType {
    /// English name of the set, for messages.
    pub name: &'static str,
    /// Russian name of the set, for messages.
    pub ru: &'static str,
    /// Whether values outside the set pass as text.
    pub open: bool,
    /// The values, in the order of the documentation.
    pub items: &'static [EnumItem],
}

/// One value of an enum.
#[derive(Debug)]
pub struct EnumItem {
    /// English name: what events, decisions and English rules write.
    pub en: &'static str,
    /// Russian name that the formatter writes.
    pub ru: &'static str,
    /// Other Russian forms that are understood (`первый`, `первая` beside `первое`).
    pub ru_forms: &'static [&'static str],
    /// What UIS or RetailCRM call it; several may mean one.
    pub originals: &'static [&'static str],
    /// What it means.
    pub doc: Docs,
}

/// A value of an enum.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EnumValue {
    of: &'static EnumType,
    /// Invariant: a place in `of.items`.
    index: u16,
}

impl EnumType {
    /// The values, in order.
    pub fn values(&'static self) -> impl Iterator<Item = EnumValue> {
        (0u16..).zip(self.items).map(move |(index, _)| EnumValue { of: self, index })
    }

    /// Finds a value by any of its names, written exactly.
    pub fn find(&'static self, name: &str) -> Option<(EnumValue, Spelling)> {
        // English names win over Russian ones and those over UIS originals; within one enum a test keeps all
        // names apart, so the order only decides how a name that is both English and original is called.
        let ranked = [Spelling::English, Spelling::Russian, Spelling::RussianForm, Spelling::Original];
        ranked.into_iter().find_map(|spelling| {
            self.values().find(|value| value.item().has(name, spelling)).map(|value| (value, spelling))
        })
    }

    /// Finds a value as people and systems may write it: any name, any letter case.
    pub fn find_folded(&'static self, name: &str) -> Option<EnumValue> {
        self.find(name).or_else(|| self.find(&text::fold(name))).map(|(value, _)| value)
    }

    /// The value with the English name `name`.
    pub fn by_en(&'static self, name: &str) -> Option<EnumValue> {
        self.values().find(|value| value.en() == name)
    }
}

impl EnumItem {
    fn has(&self, name: &str, spelling: Spelling) -> bool {
        match spelling {
            Spelling::English => self.en == name,
            Spelling::Russian => self.ru == name,
            Spelling::RussianForm => self.ru_forms.contains(&name),
            Spelling::Original => self.originals.contains(&name),
        }
    }
}

static NOTHING: EnumItem =
    EnumItem { en: "", ru: "", ru_forms: &[], originals: &[], doc: Docs { en: "", ru: "" } };

impl EnumValue {
    /// The set it is of.
    pub const fn of(&self) -> &'static EnumType {
        self.of
    }

    /// Its place in the set.
    pub const fn index(&self) -> usize {
        self.index as usize
    }

    /// Its row in the set's table.
    pub fn item(&self) -> &'static EnumItem {
        self.of.items.get(self.index()).unwrap_or(&NOTHING)
    }

    /// English name.
    pub fn en(&self) -> &'static str {
        self.item().en
    }

    /// Russian name.
    pub fn ru(&self) -> &'static str {
        self.item().ru
    }
}

impl PartialEq for EnumType {
    fn eq(&self, other: &EnumType) -> bool {
        std::ptr::eq(self, other) || self.name == other.name
    }
}

impl Eq for EnumType {}

impl Hash for EnumType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for EnumType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Debug for EnumValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.of.name, self.en())
    }
}
