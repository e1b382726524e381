//! Who is to be connected with whom, and which number the client sees.
//!
//! The number, in this order: the setting `click_to_call_number` when `always_show_number` is on; a row of the table
//! `click_to_call`; the setting; the outside number of the shop, as RetailCRM tells it. The Call API shows the client
//! exactly the number it is given (`virtual_phone_usage_rule` stays at its default, fixed), so an employee's own rule
//! in UIS cannot come in between: what "always" overrides are the rules here that speak of single employees or shops.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::ClickNumberFrom;
use switchboard_engine::event::EventBuilder;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::{Direction, EventKind};
use switchboard_engine::value::Value;

use super::reason::Reason;
use crate::directory::Snapshot;
use crate::scripts::at_length;
use crate::source::retailcrm::ClickAsked;

/// A call that is to be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The client.
    pub contact: Phone,
    /// The employee.
    pub employee: u64,
    /// The number that the client sees.
    pub number: Phone,
    /// What named it.
    pub number_from: NumberFrom,
}

/// What named the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFrom {
    /// The setting of the rules.
    Setting,
    /// The table of the rules.
    Table,
    /// The shop's outside number.
    Shop,
}

impl Wanted {
    /// Works out a call.
    ///
    /// # Errors
    ///
    /// The [`Reason`] why there can be none.
    pub fn of(
        asked: &ClickAsked,
        allowed_prefixes: &[String],
        directory: &Snapshot,
        rules: Option<&Bundle>,
        now: Timestamp,
    ) -> Result<Self, Reason> {
        let contact = Phone::parse(&asked.phone).map_err(|_| Reason::BadPhone)?;
        let digits = contact.digits().to_string();
        let allowed = allowed_prefixes.iter().any(|prefix| digits.starts_with(prefix.as_str()));
        if !allowed && !allowed_prefixes.is_empty() {
            return Err(Reason::NotAllowed);
        }
        let employee = employee(asked, directory).ok_or(Reason::Unsynchronised)?;
        let shop = asked.external_phone.as_deref().and_then(|phone| Phone::parse(phone).ok());
        let (number, number_from) =
            number(contact, employee, shop, directory, rules, now).ok_or(Reason::NoNumber)?;
        Ok(Self { contact, employee, number, number_from })
    }
}

/// By user when he is told, else by extension.
fn employee(asked: &ClickAsked, directory: &Snapshot) -> Option<u64> {
    match (asked.user, &asked.code) {
        (Some(user), _) => directory.employee_of_user(user),
        (None, Some(code)) => directory.employee_by_extension(code),
        (None, None) => None,
    }
}

fn number(
    contact: Phone,
    employee: u64,
    shop: Option<Phone>,
    directory: &Snapshot,
    rules: Option<&Bundle>,
    now: Timestamp,
) -> Option<(Phone, NumberFrom)> {
    let by_shop = shop.map(|phone| (phone, NumberFrom::Shop));
    let email =
        directory.employee(employee).map_or(Value::Missing, |known| Value::text(known.email.as_str()));
    let event = EventBuilder::new(EventKind::Call, Some(Direction::Outgoing))
        .set("phone", Value::Phone(contact))
        .set("virtual_number", shop.map_or(Value::Missing, Value::Phone))
        .set("caller", email)
        .build();
    let (Some(rules), Ok(event)) = (rules, event) else { return by_shop };
    let offset = directory.zones().crm.to_offset(now);
    let said = at_length(rules, || rules.click_number(&event, &Facts::none(), Moment::new(now, offset)));
    match (said.number, said.from) {
        (Some(number), ClickNumberFrom::Setting) => Some((number, NumberFrom::Setting)),
        (Some(number), _) => Some((number, NumberFrom::Table)),
        (None, _) => by_shop,
    }
}
