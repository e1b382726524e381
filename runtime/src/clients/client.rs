//! One client in the words of the rules.

use serde_json::{Map, Value, json};
use switchboard_engine::facts::Facts;

use crate::crm::{CallManager, Customer};
use crate::directory::Snapshot;

/// What RetailCRM knows of whoever has a number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Client {
    /// Whether there is such a client at all.
    pub is_known: bool,
    /// The responsible user, whether or not the rules can name that user.
    pub manager: Option<u64>,
    /// The client in the words of the rules.
    pub facts: Facts,
}

impl Client {
    /// From a card.
    pub fn of(customer: &Customer, directory: &Snapshot) -> Self {
        Self { is_known: true, manager: customer.manager_id, facts: facts(customer, directory) }
    }

    /// From the answer of the method for telephony, which tells the manager and the name only.
    pub fn of_call(found: &CallManager, directory: &Snapshot) -> Self {
        let email = found.manager.and_then(|user| directory.email_of_user(user));
        let client = json!({"client": {"manager": email, "name": found.client_name}});
        Self {
            is_known: found.is_client || found.manager.is_some(),
            manager: found.manager,
            facts: Facts::from_json(&client).unwrap_or_default(),
        }
    }
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
        Facts::from_json(&json!({ "client": client })).ok()
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
