//! What the CRM knows about a contact, before the rules decide.

use jiff::Timestamp;
use switchboard_engine::facts::Facts;
use switchboard_engine::phone::Phone;

use super::turn::{Halt, Turn};
use crate::clients::Client;
use crate::communication::{Contact, Contacts};
use crate::crm::{CrmError, Customer, Priority, Urgency};
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
    /// The client's card, as it was found.
    pub(super) card: Option<Customer>,
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
    let phones = phone.map(str::to_owned).into_iter().collect();
    gather_by(turn, &Contacts { phones, emails: Vec::new() }, directory, now).await
}

/// Asks the CRM about somebody who wrote: by phone, then by e-mail. Who left neither is nobody that could be recognised.
pub(super) async fn gather_by(
    turn: &Turn<'_>,
    contacts: &Contacts,
    directory: &Snapshot,
    now: Timestamp,
) -> Result<Result<Known, CrmError>, Halt> {
    let (phone, email) = (contacts.phones.first(), contacts.emails.first());
    let Some(known_by) = contacts.first() else { return Ok(Ok(Known::default())) };
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
    let urgency = Urgency::first(Priority::Entity);
    let (by_phone, by_email) = (phone.map(String::as_str), email.map(String::as_str));
    let found = match effect::find_by(&world, by_phone, by_email, &account.site, urgency).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let Some(customer) = found else {
        if let Some(phone) = phone {
            account.clients.learn(phone, Client::default(), now);
        }
        return Ok(Ok(Known { changes: vec![KnownClient::unlink(known_by)], ..Known::default() }));
    };
    let client = KnownClient::from(&customer);
    let remembered = Client::of(&customer, directory);
    let facts = remembered.facts.clone();
    let has_phone = |phone: &String| Phone::parse(phone).is_ok_and(|phone| customer.has_phone(phone));
    if let Some(phone) = phone.filter(|phone| has_phone(phone)) {
        account.clients.learn(phone, remembered, now);
    }
    // A client that was found by e-mail has not got the phone yet, so the phone is no link to it.
    let link = contacts.all().find(|contact| match contact.contains('@') {
        true => customer.has_email(contact),
        false => Phone::parse(contact).is_ok_and(|phone| customer.has_phone(phone)),
    });
    let changes = link.map(|contact| Change::PutLink(client.link(contact, now))).into_iter().collect();
    Ok(Ok(Known {
        facts,
        manager: customer.manager_id,
        name: customer.full_name(),
        changes,
        client: Some(client),
        card: Some(customer),
    }))
}
