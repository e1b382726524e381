//! What the CRM knows about a contact, before the rules decide.

use jiff::Timestamp;
use serde_json::{Map, Value};
use switchboard_engine::facts::Facts;

use super::turn::{Halt, Turn};
use crate::communication::Contact;
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
    };
    let found = match effect::find(&world, phone, &account.site, Urgency::first(Priority::Entity)).await {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let Some(customer) = found else {
        return Ok(Ok(Known { changes: vec![KnownClient::unlink(phone)], ..Known::default() }));
    };
    let client = KnownClient::from(&customer);
    Ok(Ok(Known {
        facts: facts(&customer, directory),
        changes: vec![Change::PutLink(client.link(phone, now))],
        client: Some(client),
    }))
}

/// A client in the words of the rules. A custom field that the rules have no type for is left out.
fn facts(customer: &Customer, directory: &Snapshot) -> Facts {
    let mut client = Map::new();
    let manager = customer.manager_id.and_then(|user| directory.email_of_user(user));
    client.insert("manager".to_owned(), manager.into());
    client.insert("name".to_owned(), customer.full_name().into());
    client.insert("orders_count".to_owned(), customer.orders_count.into());
    client.insert("tags".to_owned(), customer.tags.clone().into());
    client.insert("segments".to_owned(), customer.segments.clone().into());
    let with = |custom: Map<String, Value>| {
        let mut client = client.clone();
        client.insert("custom".to_owned(), custom.into());
        Facts::from_json(&serde_json::json!({ "client": client })).ok()
    };
    with(customer.custom_fields.clone())
        .or_else(|| {
            let fit = customer.custom_fields.iter().filter(|(code, value)| {
                with(Map::from_iter([((*code).clone(), (*value).clone())])).is_some()
            });
            with(fit.map(|(code, value)| (code.clone(), value.clone())).collect())
        })
        .or_else(|| with(Map::new()))
        .unwrap_or_default()
}
