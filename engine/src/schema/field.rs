//! Fields: the names of what an event and the facts around it hold.
//!
//! A [`FieldSpec`] is a row as the catalogue writes it; a [`Field`] is the row with its number. One name has one
//! number and one type on every kind of event, so that a section for several kinds can be checked once.

use smol_str::SmolStr;

use super::{Docs, EventKind};
use crate::ty::Type;

/// The number of a field: events and facts are indexed by it. Given at start, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub(super) u16);

/// A field, or one entry of an open one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldKey {
    /// The field.
    pub id: FieldId,
    /// The last part of an open field's name: `loyalty` of `client.custom.loyalty`.
    pub key: Option<SmolStr>,
}

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The event brings it.
    Event,
    /// The CRM knows it: it is fetched before the decision and kept with it.
    Facts,
}

/// A row of a catalogue table.
#[derive(Debug)]
pub struct FieldSpec {
    /// Canonical English name, dotted (`utm.source`); an open field ends in `.X`.
    pub name: &'static str,
    /// Russian name that the formatter writes.
    pub ru: &'static str,
    /// Other Russian spellings that are understood.
    pub ru_forms: &'static [&'static str],
    /// UIS or RetailCRM names: understood, and offered as a fix.
    pub originals: &'static [&'static str],
    /// The type; optional when the value may be missing.
    pub ty: Type,
    /// The longest value in characters, for texts; counted into the longest possible title.
    pub max_chars: Option<u32>,
    /// Where the value comes from.
    pub origin: Origin,
    /// What a template prints when the value is missing, for fields that practically never are: a caller's
    /// hidden number. A template needs no `else` for such a field.
    pub stand_in: Option<Docs>,
    /// What it is.
    pub doc: Docs,
    /// A value as event files write it, in JSON.
    pub example: &'static str,
}

/// A field of one kind of event.
#[derive(Debug)]
pub struct Field {
    /// Its number, the same on every kind that has a field of this name.
    pub id: FieldId,
    /// The kind of event this row is for.
    pub kind: EventKind,
    /// The row.
    pub spec: &'static FieldSpec,
}

impl FieldId {
    /// Place in an array over all fields.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl FieldSpec {
    /// Whether the name is open: `client.custom.X` stands for any code in place of `X`.
    pub fn is_open(&self) -> bool {
        self.name.ends_with(".X")
    }

    /// The name without the `X` of an open field, for looking up: `client.custom.`.
    pub(super) fn stem(name: &'static str) -> &'static str {
        name.strip_suffix('X').unwrap_or(name)
    }
}

impl Field {
    /// Canonical English name.
    pub const fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Russian name.
    pub const fn ru(&self) -> &'static str {
        self.spec.ru
    }

    /// The type.
    pub const fn ty(&self) -> Type {
        self.spec.ty
    }

    /// Whether the name is open.
    pub fn is_open(&self) -> bool {
        self.spec.is_open()
    }

    /// The English name with the open part filled in.
    pub fn name_with(&self, key: Option<&str>) -> String {
        with_key(self.spec.name, key)
    }

    /// The Russian name with the open part filled in.
    pub fn ru_with(&self, key: Option<&str>) -> String {
        with_key(self.spec.ru, key)
    }
}

impl FieldKey {
    /// A field that is not open.
    pub const fn plain(id: FieldId) -> FieldKey {
        FieldKey { id, key: None }
    }

    /// An entry of an open field.
    pub fn open(id: FieldId, key: impl Into<SmolStr>) -> FieldKey {
        FieldKey { id, key: Some(key.into()) }
    }
}

fn with_key(name: &'static str, key: Option<&str>) -> String {
    match key {
        Some(key) => format!("{}{key}", FieldSpec::stem(name)),
        None => name.to_owned(),
    }
}
