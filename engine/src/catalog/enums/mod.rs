//! The enums of the catalogue, one table each: English name, Russian name and forms, names in UIS, meaning.
//!
//! Brands are spelt the same in both languages: a name that is both English and Russian is found as English.

mod call_source;
mod chats;
mod communication;
mod finish_reason;

pub use call_source::CALL_SOURCE;
pub use chats::{CHANNEL, CHAT_STAGE, CHAT_STATUS, INITIATOR, RELEASE_CAUSE};
pub use communication::{CONTACT, CREATE, DIRECTION, MARKETING_CHANNEL, OUTCOME, REQUEST_TYPE};
pub use finish_reason::FINISH_REASON;

use crate::schema::{Docs, EnumItem, EnumType};

/// Every enum of the catalogue.
pub static ALL: [&EnumType; 13] = [
    &CONTACT,
    &DIRECTION,
    &CREATE,
    &OUTCOME,
    &MARKETING_CHANNEL,
    &REQUEST_TYPE,
    &CHANNEL,
    &CHAT_STATUS,
    &CHAT_STAGE,
    &INITIATOR,
    &RELEASE_CAUSE,
    &CALL_SOURCE,
    &FINISH_REASON,
];

const fn item(
    en: &'static str,
    ru: &'static str,
    ru_forms: &'static [&'static str],
    originals: &'static [&'static str],
    doc_en: &'static str,
    doc_ru: &'static str,
) -> EnumItem {
    EnumItem { en, ru, ru_forms, originals, doc: Docs { en: doc_en, ru: doc_ru } }
}
