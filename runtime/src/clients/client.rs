//! One client in the words of the rules.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use switchboard_engine::bundle::Need;
use switchboard_engine::catalog::Fact;
use switchboard_engine::facts::Facts;

use super::asked;
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
    /// The card; only the method for telephony tells of a client without one.
    pub card: Option<Arc<Customer>>,
}

impl Client {
    /// From a card.
    pub fn of(customer: &Customer, directory: &Snapshot) -> Self {
        Self {
            is_known: true,
            manager: customer.manager_id,
            facts: facts(customer, directory),
            card: Some(Arc::new(customer.clone())),
        }
    }

    /// From the answer of the method for telephony, which tells the manager and the name only.
    pub fn of_call(found: &CallManager, directory: &Snapshot) -> Self {
        let email = found.manager.and_then(|user| directory.email_of_user(user));
        let client = json!({"client": {"manager": email, "name": found.client_name}});
        Self {
            is_known: found.is_client || found.manager.is_some(),
            manager: found.manager,
            facts: Facts::from_json(&client).unwrap_or_default(),
            card: None,
        }
    }

    /// What is known of the client, with the facts that policies need added as far as the card has them; without a card
    /// those are what the rules know anyway.
    pub fn facts_with(&self, needs: &[Need], directory: &Snapshot) -> Facts {
        let mut facts = self.facts.clone();
        if needs.is_empty() || !self.is_known {
            return facts;
        }
        let added = match &self.card {
            Some(card) => asked::of_card(needs, card, directory, &mut facts),
            None => {
                let known = facts.to_json().get("client").cloned().unwrap_or_default();
                let is_asked = needs.iter().any(|need| need.fact == Fact::Client);
                if is_asked { asked::put(&mut facts, Fact::Client, &known) } else { Ok(()) }
            }
        };
        if let Err(misfit) = added {
            tracing::error!(%misfit, "a client's card");
        }
        facts
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
