//! Finding by name: what was found and how it was spelt.
//!
//! The checker uses the spelling to offer a fix; evaluation never comes here.

use super::{Field, Setting};

/// Which of a thing's names was written; the order is that of precedence.
///
/// A name that is the same in both languages counts as English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spelling {
    /// The canonical English name.
    English,
    /// The canonical Russian name.
    Russian,
    /// Another accepted Russian form.
    RussianForm,
    /// The name in UIS or RetailCRM.
    Original,
}

/// A field found by one of its names.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The field.
    pub field: &'static Field,
    /// How it was spelt.
    pub spelling: Spelling,
    /// What stood in place of the `X` of an open field.
    pub key: Option<&'a str>,
}

/// A setting found by one of its names.
#[derive(Clone, Copy, Debug)]
pub struct FoundSetting {
    /// The setting.
    pub setting: &'static Setting,
    /// How it was spelt.
    pub spelling: Spelling,
}
