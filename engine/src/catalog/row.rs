//! Writing rows of the field tables: only what differs from the usual has to be said.
//!
//! Everything is `const`, so a table is data and nothing is computed at start.

use crate::schema::{Docs, FieldSpec, Origin};
use crate::ty::{ReferenceKind, Scalar, Type};

/// Longest text where nothing else is known: names, titles, codes (the limit of RetailCRM's string fields).
const USUAL_MAX_CHARS: u32 = 255;

pub(super) const TEXT: Type = Type::of(Scalar::Text);
pub(super) const NUMBER: Type = Type::of(Scalar::Number);
pub(super) const YES_NO: Type = Type::of(Scalar::YesNo);
pub(super) const PHONE: Type = Type::of(Scalar::Phone);
pub(super) const DURATION: Type = Type::of(Scalar::Duration);
pub(super) const MOMENT: Type = Type::of(Scalar::Moment);
pub(super) const ANY: Type = Type::of(Scalar::Any);
pub(super) const TEXTS: Type = Type::list_of(Scalar::Text);
pub(super) const TAGS: Type = Type::list_of(Scalar::Reference(ReferenceKind::Tag));
pub(super) const EMPLOYEE: Type = Type::of(Scalar::Reference(ReferenceKind::Employee));

pub(super) const fn reference(kind: ReferenceKind) -> Type {
    Type::of(Scalar::Reference(kind))
}

/// A row: names, type, an example in JSON.
pub(super) const fn field(
    name: &'static str,
    ru: &'static str,
    ty: Type,
    example: &'static str,
) -> FieldSpec {
    let max_chars = match ty.scalar {
        Scalar::Text | Scalar::Reference(_) | Scalar::Any => Some(USUAL_MAX_CHARS),
        _ => None,
    };
    FieldSpec {
        name,
        ru,
        ru_forms: &[],
        originals: &[],
        ty,
        max_chars,
        origin: Origin::Event,
        stand_in: None,
        doc: Docs { en: "", ru: "" },
        example,
    }
}

impl FieldSpec {
    /// What the field is, in English and Russian.
    pub(super) const fn doc(mut self, en: &'static str, ru: &'static str) -> FieldSpec {
        self.doc = Docs { en, ru };
        self
    }

    /// Other Russian spellings.
    pub(super) const fn forms(mut self, forms: &'static [&'static str]) -> FieldSpec {
        self.ru_forms = forms;
        self
    }

    /// Names in UIS or RetailCRM.
    pub(super) const fn from(mut self, originals: &'static [&'static str]) -> FieldSpec {
        self.originals = originals;
        self
    }

    /// Longest value in characters.
    pub(super) const fn max(mut self, chars: u32) -> FieldSpec {
        self.max_chars = Some(chars);
        self
    }

    /// The CRM knows it.
    pub(super) const fn fact(mut self) -> FieldSpec {
        self.origin = Origin::Facts;
        self
    }

    /// What a template prints in its place.
    pub(super) const fn stand_in(mut self, en: &'static str, ru: &'static str) -> FieldSpec {
        self.stand_in = Some(Docs { en, ru });
        self
    }
}
