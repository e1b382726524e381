//! `[account.uis.address_book]`: the client's manager is written into the address book of UIS.
//!
//! Struct, defaults, reading and rows of the reference stand together, so that a new setting is one place.

use std::time::Duration;

use crate::config::reader::Reader;
use crate::config::settings::{FLAG, Section, TIME, bounded_row, row, section};
use crate::config::value::Value as _;

/// What is written into the address book.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddressBook {
    /// Whether the client's manager is written.
    pub personal_manager: bool,
    /// How long what was written or seen is believed without asking UIS again.
    pub remember: Duration,
    /// How long one request may take.
    pub timeout: Duration,
}

const REMEMBER: (Duration, Duration, Duration) =
    (Duration::from_secs(24 * 3600), Duration::ZERO, Duration::from_secs(30 * 24 * 3600));
const TIMEOUT: (Duration, Duration, Duration) =
    (Duration::from_secs(3), Duration::from_millis(100), Duration::from_secs(10));

impl Default for AddressBook {
    fn default() -> Self {
        Self { personal_manager: false, remember: REMEMBER.0, timeout: TIMEOUT.0 }
    }
}

impl AddressBook {
    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        Self {
            personal_manager: reader.flag("personal_manager", false),
            remember: reader.bounded("remember", REMEMBER.0, REMEMBER.1, REMEMBER.2),
            timeout: reader.bounded("timeout", TIMEOUT.0, TIMEOUT.1, TIMEOUT.2),
        }
    }

    pub(super) fn section() -> Section {
        let time = |key, (default, least, most): (Duration, Duration, Duration), en: &str, ru: &str| {
            bounded_row(key, TIME, default.show(), (least.show(), most.show()), en, ru)
        };
        let settings = vec![
            row(
                "personal_manager",
                FLAG,
                Some("false"),
                "Whether, after a decision, the client's manager is written as the personal manager of the contact in UIS.",
                "Записывать ли после решения менеджера клиента персональным менеджером контакта в UIS.",
            ),
            time(
                "remember",
                REMEMBER,
                "How long what was written or seen there is believed without asking UIS again; asking costs a point.",
                "Сколько верить записанному или увиденному там, не спрашивая UIS снова; вопрос стоит балл.",
            ),
            time(
                "timeout",
                TIMEOUT,
                "How long one request to the address book may take.",
                "Сколько может длиться один запрос к адресной книге.",
            ),
        ];
        section(
            "[account.uis.address_book]",
            "The address book of UIS, by which the stock operation of a scenario finds the personal manager.",
            "Адресная книга UIS: по ней штатная операция сценария находит персонального менеджера.",
            settings,
        )
    }
}
