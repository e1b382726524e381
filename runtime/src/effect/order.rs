//! There is to be an order for this communication.
//!
//! Its external id follows from the communication, so it is created without looking first; when RetailCRM says that it
//! exists, or refuses it in any other words, or the answer of an earlier create was lost, it is read back by that id.

use serde_json::json;

use super::client::refused;
use super::find::find;
use super::request::{EnsureOrder, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, ORDER_LINK, Target, World};
use crate::crm::{CrmError, OrderFields, Priority, RecordRef, Ref, Refusal};

pub(super) async fn look(
    world: &World<'_>,
    wanted: &EnsureOrder,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    if needed.target(&wanted.client) == Target::Missing {
        return Ok(Look::Done(Done::skipped("there is no client")));
    }
    if !sent.may_be_there() {
        return Ok(Look::Absent);
    }
    Ok(match by_external_id(world, wanted).await? {
        Some(id) => Look::Done(found(world, wanted, id)),
        None => Look::Absent,
    })
}

pub(super) async fn send(
    world: &World<'_>,
    wanted: &EnsureOrder,
    sent: &mut Sent,
    needed: &Needed,
) -> Result<Done, Trouble> {
    let client = match needed.target(&wanted.client) {
        Target::Id { id, .. } => Some(id),
        Target::Nobody => None,
        Target::Missing => return Ok(Done::skipped("there is no client")),
    };
    let created = match (create(world, wanted, client).await, client) {
        // The client may have been merged since we learned its number.
        (Err(CrmError::Refused(refusal)), Some(id)) if is_about_customer(&refusal) => {
            match client_now(world, wanted).await? {
                Some(now) if now != id => create(world, wanted, Some(now)).await,
                _ => Err(CrmError::Refused(refusal)),
            }
        }
        (created, _) => created,
    };
    match created {
        Ok(id) => {
            let done = Done::with(id, json!({"created": true}));
            Ok(done.linked(world.linked(ORDER_LINK, &wanted.external_id, id)))
        }
        Err(error @ (CrmError::AlreadyExists(_) | CrmError::Refused(_))) => {
            match by_external_id(world, wanted).await? {
                Some(id) => Ok(found(world, wanted, id)),
                None => Err(refused(&error, sent)),
            }
        }
        Err(error) => Err(Trouble::of_write(&error)),
    }
}

async fn create(world: &World<'_>, wanted: &EnsureOrder, client: Option<u64>) -> Result<u64, CrmError> {
    let fields = OrderFields {
        external_id: Some(wanted.external_id.clone()),
        customer: client.map(|id| Ref { id }),
        first_name: wanted.name.clone(),
        phone: wanted.phone.clone(),
        email: wanted.email.clone(),
        manager_id: wanted.manager.as_ref().and_then(|manager| world.user_of(manager)),
        source: wanted.source.to_source(),
        custom_fields: wanted.fields.clone(),
    };
    world.crm.create_order(&fields, &wanted.site, world.urgency(Priority::Entity)).await
}

/// Whose phone it is now.
async fn client_now(world: &World<'_>, wanted: &EnsureOrder) -> Result<Option<u64>, Trouble> {
    let Some(phone) = &wanted.phone else { return Ok(None) };
    let found = find(world, phone, &wanted.site, world.urgency(Priority::Entity)).await;
    found.map(|customer| customer.map(|customer| customer.id)).map_err(|error| Trouble::of_read(&error))
}

fn is_about_customer(refusal: &Refusal) -> bool {
    refusal
        .fields
        .iter()
        .any(|field| field.field.starts_with("customer") && !field.field.starts_with("customF"))
}

fn found(world: &World<'_>, wanted: &EnsureOrder, id: u64) -> Done {
    // Whoever made it, it was made for this communication: nobody else knows the external id.
    Done::with(id, json!({"created": true, "found": true})).linked(world.linked(
        ORDER_LINK,
        &wanted.external_id,
        id,
    ))
}

async fn by_external_id(world: &World<'_>, wanted: &EnsureOrder) -> Result<Option<u64>, Trouble> {
    let record = RecordRef::External(wanted.external_id.clone());
    match world.crm.order(&record, &wanted.site, world.urgency(Priority::Entity)).await {
        Ok(order) => Ok(Some(order.id)),
        Err(CrmError::NotFound) => Ok(None),
        Err(error) => Err(Trouble::of_read(&error)),
    }
}
