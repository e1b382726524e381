//! Contacts that a visitor left after a client or an order was made for him are to be in the card and in the order.
//!
//! Only what is not there is written: a phone that the card has not, an e-mail or a name where there was none. An edit adds
//! phones (reference, section 7.1), so the same edit again does no harm, and a lost answer is a reason to repeat.

use std::time::Duration;

use serde_json::json;
use switchboard_engine::phone::Phone;

use super::find::{KnownClient, read_following};
use super::request_chat::CompleteContact;
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{CrmError, Customer, CustomerFields, Order, OrderFields, PhoneNumber, Priority, RecordRef};

pub(super) async fn look(
    world: &World<'_>,
    wanted: &CompleteContact,
    needed: &Needed,
) -> Result<Look, Trouble> {
    let there = read(world, wanted, needed).await?;
    let Some(card) = &there.client else {
        return Ok(Look::Done(Done::skipped("there is no client")));
    };
    if missing(wanted, card).is_none()
        && there.order.as_ref().and_then(|order| lacks(wanted, order)).is_none()
    {
        return Ok(Look::Done(done(card, Vec::new())));
    }
    Ok(Look::Absent)
}

pub(super) async fn send(
    world: &World<'_>,
    wanted: &CompleteContact,
    needed: &Needed,
) -> Result<Done, Trouble> {
    // Read again: somebody may have written it in between.
    let there = read(world, wanted, needed).await?;
    let Some(card) = &there.client else { return Ok(Done::skipped("there is no client")) };
    let urgency = world.urgency(Priority::Entity);
    let mut written = Vec::new();
    if let Some(fields) = missing(wanted, card) {
        let site = card.site.as_deref().unwrap_or(&wanted.site);
        let edited = world.crm.edit_customer(card.id, &fields, site, urgency).await;
        edited.map_err(|error| repeat(&error))?;
        written.push("client");
    }
    if let Some(order) = &there.order
        && let Some(fields) = lacks(wanted, order)
    {
        let edited = world.crm.edit_order(order.id, &fields, &wanted.site, urgency).await;
        edited.map_err(|error| repeat(&error))?;
        written.push("order");
    }
    Ok(done(card, written))
}

/// The card and the order as they are now.
struct There {
    client: Option<Customer>,
    order: Option<Order>,
}

async fn read(world: &World<'_>, wanted: &CompleteContact, needed: &Needed) -> Result<There, Trouble> {
    let urgency = world.urgency(Priority::Entity);
    let client = match needed.target(&wanted.client) {
        Target::Id { id, site, .. } => {
            let known = KnownClient { id, site: site.or_else(|| Some(wanted.site.clone())) };
            read_following(world, &known, &wanted.site, urgency)
                .await
                .map_err(|error| Trouble::of_read(&error))?
        }
        Target::Nobody | Target::Missing => None,
    };
    let order = match needed.target(&wanted.order) {
        Target::Id { id, .. } => match world.crm.order(&RecordRef::Id(id), &wanted.site, urgency).await {
            Ok(order) => Some(order),
            Err(CrmError::NotFound) => None,
            Err(error) => return Err(Trouble::of_read(&error)),
        },
        Target::Nobody | Target::Missing => None,
    };
    Ok(There { client, order })
}

/// What the card lacks.
fn missing(wanted: &CompleteContact, card: &Customer) -> Option<CustomerFields> {
    let is_new = |phone: &&String| Phone::parse(phone).is_ok_and(|phone| !card.has_phone(phone));
    let is_makeshift = |name: &String| wanted.makeshift.contains(name) || Phone::parse(name).is_ok();
    let named = card.first_name.as_ref().is_some_and(|name| !is_makeshift(name));
    let fields = CustomerFields {
        phones: wanted
            .phones
            .iter()
            .filter(is_new)
            .map(|number| PhoneNumber { number: number.clone() })
            .collect(),
        email: wanted.email.clone().filter(|_| card.email.is_none()),
        first_name: wanted.name.clone().filter(|_| !named && card.last_name.is_none()),
        ..CustomerFields::default()
    };
    (fields != CustomerFields::default()).then_some(fields)
}

/// What the order lacks.
fn lacks(wanted: &CompleteContact, order: &Order) -> Option<OrderFields> {
    let fields = OrderFields {
        phone: wanted.phones.first().cloned().filter(|_| order.phone.is_none()),
        email: wanted.email.clone().filter(|_| order.email.is_none()),
        ..OrderFields::default()
    };
    (fields != OrderFields::default()).then_some(fields)
}

fn repeat(error: &CrmError) -> Trouble {
    match error {
        // An edit makes nothing that could exist already.
        CrmError::AlreadyExists(_) => {
            Trouble::Retry { error: error.to_string(), at_least: Duration::ZERO, counts: true }
        }
        error => Trouble::of_read(error),
    }
}

fn done(card: &Customer, written: Vec<&str>) -> Done {
    Done::with(card.id, json!({ "completed": written }))
}

#[cfg(test)]
mod tests {
    use super::super::request::Whose;
    use super::*;

    fn wanted() -> CompleteContact {
        CompleteContact {
            client: Whose::Known(1),
            order: Whose::Nobody,
            site: "main".to_owned(),
            phones: vec!["+79000000012".to_owned()],
            email: Some("anna@client.example".to_owned()),
            name: Some("Анна".to_owned()),
            makeshift: vec!["chat:5".to_owned()],
        }
    }

    #[test]
    fn only_what_is_lacking_is_written() {
        let bare = Customer { first_name: Some("chat:5".to_owned()), ..Customer::default() };
        let fields = missing(&wanted(), &bare).expect("all of it");
        assert_eq!(
            (fields.phones.len(), fields.email.is_some(), fields.first_name.as_deref()),
            (1, true, Some("Анна"))
        );
        let full = Customer {
            first_name: Some("Анна Петровна".to_owned()),
            email: Some("other@client.example".to_owned()),
            phones: vec!["8 (900) 000-00-12".to_owned()],
            ..Customer::default()
        };
        assert_eq!(missing(&wanted(), &full), None);
        let named_by_number = Customer { first_name: Some("+79000000012".to_owned()), ..full };
        let fields = missing(&wanted(), &named_by_number).expect("the name");
        assert_eq!((fields.first_name.as_deref(), fields.email), (Some("Анна"), None));
    }
}
