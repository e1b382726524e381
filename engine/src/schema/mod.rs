//! What names mean: fields, enums and settings as data, and finding them by any of their names.
//!
//! Knows the shape of the tables but none of their rows; those are in [`crate::catalog`].

pub(crate) mod agree;
mod build;
mod enums;
mod field;
mod kind;
mod lookup;
mod setting;
pub mod suggest;

pub use build::{KindTables, Schema};
pub use enums::{EnumItem, EnumType, EnumValue};
pub use field::{Field, FieldId, FieldKey, FieldSpec, Origin};
pub use kind::{Direction, EventKind};
pub use lookup::{Found, FoundSetting, Spelling};
pub use setting::{Setting, SettingDefault, SettingId, SettingSpec};

/// One sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Docs {
    /// English.
    pub en: &'static str,
    /// Russian.
    pub ru: &'static str,
}
