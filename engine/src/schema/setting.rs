//! Settings: named scalars of a `settings for …` section.
//!
//! Every setting that the product itself reads stands in one table with its type, default and meaning. A bundle
//! may add names of its own; those live in the bundle and their type is that of the value written.

use super::{Docs, EventKind};
use crate::ty::Type;

/// The number of a setting. Given at start, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SettingId(pub(super) u16);

/// What a setting is when no file says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingDefault {
    /// Missing.
    Missing,
    /// Yes or no.
    YesNo(bool),
    /// A value of the setting's enum, by its English name.
    Enum(&'static str),
    /// A number.
    Number(i64),
    /// A length of time in seconds.
    Seconds(i64),
}

/// A row of a settings table.
#[derive(Debug)]
pub struct SettingSpec {
    /// Canonical English name.
    pub name: &'static str,
    /// Russian name that the formatter writes.
    pub ru: &'static str,
    /// Other Russian spellings that are understood.
    pub ru_forms: &'static [&'static str],
    /// The type; optional when it may be left out without a default.
    pub ty: Type,
    /// The value without a file.
    pub default: SettingDefault,
    /// What it does.
    pub doc: Docs,
    /// A value as an English rules file writes it.
    pub example: &'static str,
}

/// A setting of one kind of event.
#[derive(Debug)]
pub struct Setting {
    /// Its number, the same on every kind that has a setting of this name.
    pub id: SettingId,
    /// The kind of event this row is for.
    pub kind: EventKind,
    /// The row.
    pub spec: &'static SettingSpec,
}

impl SettingId {
    /// Place in an array over all settings.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
