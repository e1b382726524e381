//! The catalogue as rows, for `rules fields` and for the documentation.
//!
//! One row a field and kind of event, with everything that is known about it; drawing a table of them is left to
//! the caller.

use super::schema;
use crate::schema::{Docs, EnumValue, EventKind, Origin};
use crate::ty::{Scalar, Type};

/// A field, all that is known about it.
#[derive(Clone, Debug)]
pub struct FieldRow {
    /// The kind of event.
    pub kind: EventKind,
    /// Canonical English name.
    pub name: &'static str,
    /// Canonical Russian name.
    pub ru: &'static str,
    /// Other Russian spellings.
    pub ru_forms: &'static [&'static str],
    /// Names in UIS or RetailCRM.
    pub originals: &'static [&'static str],
    /// The type; [`Type::optional`] says whether the value may be missing.
    pub ty: Type,
    /// The values of an enum.
    pub values: Vec<EnumValue>,
    /// The longest value in characters, for texts.
    pub max_chars: Option<u32>,
    /// Whether the event brings it or the CRM knows it.
    pub origin: Origin,
    /// What it is.
    pub doc: Docs,
    /// A value as event files write it, in JSON.
    pub example: &'static str,
}

/// A setting, all that is known about it.
#[derive(Clone, Debug)]
pub struct SettingRow {
    /// The kind of event.
    pub kind: EventKind,
    /// Canonical English name.
    pub name: &'static str,
    /// Canonical Russian name.
    pub ru: &'static str,
    /// The type.
    pub ty: Type,
    /// The values of an enum.
    pub values: Vec<EnumValue>,
    /// What it does.
    pub doc: Docs,
    /// A value as an English rules file writes it.
    pub example: &'static str,
}

/// The fields of a kind of event, in the order of the documentation.
pub fn field_rows(kind: EventKind) -> Vec<FieldRow> {
    let rows = schema().fields(kind).iter().map(|field| {
        let spec = field.spec;
        FieldRow {
            kind,
            name: spec.name,
            ru: spec.ru,
            ru_forms: spec.ru_forms,
            originals: spec.originals,
            ty: spec.ty,
            values: values(spec.ty),
            max_chars: spec.max_chars,
            origin: spec.origin,
            doc: spec.doc,
            example: spec.example,
        }
    });
    rows.collect()
}

/// The settings of a kind of event, in the order of the documentation.
pub fn setting_rows(kind: EventKind) -> Vec<SettingRow> {
    let rows = schema().settings(kind).iter().map(|setting| {
        let spec = setting.spec;
        SettingRow {
            kind,
            name: spec.name,
            ru: spec.ru,
            ty: spec.ty,
            values: values(spec.ty),
            doc: spec.doc,
            example: spec.example,
        }
    });
    rows.collect()
}

fn values(ty: Type) -> Vec<EnumValue> {
    match ty.scalar {
        Scalar::Enum(of) => of.values().collect(),
        _ => Vec::new(),
    }
}
