//! What the CRM knows about a contact, before the rules decide.

use jiff::Timestamp;
use switchboard_engine::facts::Facts;

use super::turn::{Halt, Turn};
use crate::clients::Client;
use crate::communication::Contact;
use crate::crm::{CrmError, Priority, Urgency};
use crate::directory::Snapshot;
use crate::effect::{self, KnownClient, World};
use crate::store::record::Change;

/// What is known about a contact.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// In the words of the rules.
    pub(super) facts: Facts,
    /// The client, if there is one.
    pub(super) client: Option<KnownClient>,
    /// The client's manager, as a user of the CRM.
    pub(super) manager: Option<u64>,
    /// The client's name.
    pub(super) name: Option<String>,
    /// What was learned about our link to the client.
    pub(super) changes: Vec<Change>,
}

impl Known {
    /// Whether the CRM knew the contact.
    pub(super) fn contact(&self) -> Contact {
        if self.client.is_some() { Contact::Repeat } else { Contact::First }
    }
}

/// Asks the CRM about a contact. Without a phone nobody can be recognised, so nobody is known.
pub(super) async fn gather(
    turn: &Turn<'_>,
    phone: Option<&str>,
    directory: &Snapshot,
    now: Timestamp,
) -> Result<Result<Known, CrmError>, Halt> {
    let Some(phone) = phone else { return Ok(Ok(Known::default())) };
    let account = turn.account;
    let world = World {
        account: &account.id,
        crm: &turn.crm,
        store: &*turn.core.store,
        directory,
        now,
        again: false,
        book: None,
        guard: None,
    };
    let found = match effect::find(&world, phone, &account.site, Urgency::first(Priority::Entity)).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let Some(customer) = found else {
        account.clients.learn(phone, Client::default(), now);
        return Ok(Ok(Known { changes: vec![KnownClient::unlink(phone)], ..Known::default() }));
    };
    let client = KnownClient::from(&customer);
    let remembered = Client::of(&customer, directory);
    let facts = remembered.facts.clone();
    account.clients.learn(phone, remembered, now);
    Ok(Ok(Known {
        facts,
        manager: customer.manager_id,
        name: customer.full_name(),
        changes: vec![Change::PutLink(client.link(phone, now))],
        client: Some(client),
    }))
}
