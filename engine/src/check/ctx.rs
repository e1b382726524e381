//! Where a piece of rules stands and for which events: what every check needs to know.

use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::FileId;

use crate::program::Slots;
use crate::schema::{FieldKey, Spelling};

/// The surroundings of a value or condition.
#[derive(Clone, Debug)]
pub(crate) struct Ctx {
    /// The file.
    pub(crate) file: FileId,
    /// Its language.
    pub(crate) lang: Lang,
    /// The events that the section is for.
    pub(crate) slots: Slots,
    /// Fields that are known to be there, because a test around says so.
    pub(crate) present: Vec<FieldKey>,
}

impl Ctx {
    /// The surroundings of a section.
    pub(crate) const fn new(file: FileId, lang: Lang, slots: Slots) -> Ctx {
        Ctx { file, lang, slots, present: Vec::new() }
    }

    /// Whether a name found under `spelling` is written as this file's language has it.
    pub(crate) const fn speaks(&self, spelling: Spelling) -> bool {
        matches!(
            (self.lang, spelling),
            (Lang::En, Spelling::English) | (Lang::Ru, Spelling::Russian | Spelling::RussianForm)
        )
    }

    /// The same surroundings where some more fields are known to be there.
    pub(crate) fn with_present(&self, fields: impl IntoIterator<Item = FieldKey>) -> Ctx {
        let mut ctx = self.clone();
        ctx.present.extend(fields);
        ctx
    }

    /// Whether a field is known to be there.
    pub(crate) fn knows(&self, field: &FieldKey) -> bool {
        self.present.contains(field)
    }
}
