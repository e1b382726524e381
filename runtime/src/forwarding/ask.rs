//! Asks RetailCRM about a number: with the urgency of somebody on the line, or, before anybody waits, behind clients and
//! orders.

use std::sync::Arc;

use jiff::Timestamp;
use switchboard_engine::phone::Phone;

use super::desk::Desk;
use crate::clients::Client;
use crate::config::Ask;
use crate::crm::{self, CrmError, Priority, Urgency};
use crate::directory::Snapshot;
use crate::effect::{self, World};

impl Desk {
    /// Who has the number, as RetailCRM knows it.
    pub(super) async fn ask(
        &self,
        crm: &crm::Client,
        phone: &str,
        directory: &Arc<Snapshot>,
        priority: Priority,
        now: Timestamp,
    ) -> Result<Client, CrmError> {
        let Ok(number) = Phone::parse(phone) else { return Ok(Client::default()) };
        let urgency = Urgency::first(priority);
        let settings = self.settings();
        match settings.forwarding.ask {
            Ask::Customer => {
                let world = World {
                    account: &settings.account,
                    crm,
                    store: self.store(),
                    directory,
                    now,
                    again: false,
                    book: None,
                    guard: None,
                };
                let found = effect::find(&world, phone, &settings.site, urgency).await?;
                Ok(found.map(|customer| Client::of(&customer, directory)).unwrap_or_default())
            }
            Ask::Telephony => {
                let found = crm.call_manager(number, settings.forwarding.ignore_status, urgency).await?;
                Ok(Client::of_call(&found, directory))
            }
        }
    }
}
