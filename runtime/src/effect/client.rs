//! There is to be a client with this phone.
//!
//! Looked for by our link, then by our external id, then by phone; whoever is found must have the phone in the card.
//! Created with an external id that follows from the phone, so that a second create of the same client is refused by
//! RetailCRM and recognised here.

use std::time::Duration;

use serde_json::json;
use switchboard_engine::phone::Phone;

use super::request::{EnsureClient, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{CLIENT_LINK, World};
use crate::crm::{
    Class, CrmError, Customer, CustomerFields, PhoneNumber, Priority, RecordRef, Urgency, choose,
};
use crate::store::record::NaturalKey;

/// How long "the CRM has no such client" stays believable without asking again. Covers the moment between gathering
/// facts and acting on the decision made from them.
const ABSENCE_LASTS: Duration = Duration::from_secs(30);
/// How long a link stays believable without asking again.
const LINK_LASTS: Duration = Duration::from_secs(60);
/// How many refusals of a create, each followed by a look that found nothing, end the attempts. The first ones may be
/// "exists already" in words we do not know, about a record that cannot be found yet.
const MAX_REFUSALS: u32 = 3;

/// A client that was found, and what was learned about our link to it.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundClient {
    /// The client.
    pub customer: Customer,
    /// Whether our link named another one, or none.
    pub link_changed: bool,
}

pub(super) async fn look(world: &World<'_>, wanted: &EnsureClient, sent: &Sent) -> Result<Look, Trouble> {
    let Some(phone) = wanted.phone.as_deref() else {
        return Ok(Look::Done(Done::skipped("the number is hidden")));
    };
    if let Some((id, checked_at)) = world.link(CLIENT_LINK, phone).await?
        && world.now.duration_since(checked_at).unsigned_abs() < LINK_LASTS
    {
        return Ok(Look::Done(found(world, phone, id)));
    }
    let absent_at =
        wanted.absent_at.filter(|at| world.now.duration_since(*at).unsigned_abs() < ABSENCE_LASTS);
    if absent_at.is_some() && !sent.may_be_there() {
        return Ok(Look::Absent);
    }
    if sent.may_be_there()
        && let Some(id) = by_external_id(world, wanted).await?
    {
        return Ok(Look::Done(found(world, phone, id)));
    }
    let urgency = world.urgency(Priority::Entity);
    let there = find(world, phone, &wanted.site, urgency).await.map_err(|error| Trouble::of_read(&error))?;
    Ok(match there {
        Some(there) => Look::Done(found(world, phone, there.customer.id)),
        None => Look::Absent,
    })
}

pub(super) async fn send(world: &World<'_>, wanted: &EnsureClient, sent: &mut Sent) -> Result<Done, Trouble> {
    let Some(phone) = wanted.phone.as_deref() else { return Ok(Done::skipped("the number is hidden")) };
    let manager = wanted.manager.as_ref();
    let fields = CustomerFields {
        external_id: Some(wanted.external_id.clone()),
        // A card without a name cannot be told from another one; people write the number there too.
        first_name: Some(wanted.name.clone().unwrap_or_else(|| phone.to_owned())),
        email: wanted.email.clone(),
        phones: vec![PhoneNumber { number: phone.to_owned() }],
        manager_id: manager
            .and_then(|manager| manager.user.or_else(|| world.directory.user_by_email(&manager.email))),
        source: wanted.source.to_source(),
        custom_fields: wanted.fields.clone(),
    };
    let created = world.crm.create_customer(&fields, &wanted.site, world.urgency(Priority::Entity)).await;
    match created {
        Ok(id) => {
            let done = Done::with(id, json!({"created": true}));
            Ok(done.linked(world.linked(CLIENT_LINK, phone, id)))
        }
        // Words and status of "exists already" are not documented: any refusal is a reason to go and look.
        Err(error @ (CrmError::AlreadyExists(_) | CrmError::Refused(_))) => {
            match by_external_id(world, wanted).await? {
                Some(id) => Ok(found(world, phone, id)),
                None => Err(refused(&error, sent)),
            }
        }
        Err(error) => Err(Trouble::of_write(&error)),
    }
}

/// A refusal after which nothing was found.
pub(super) fn refused(error: &CrmError, sent: &mut Sent) -> Trouble {
    sent.refused += 1;
    let exists = matches!(error, CrmError::AlreadyExists(_));
    // Certain words about the content, and no earlier request that could have left a record: there is nothing to find.
    if (!exists && !sent.may_have_left_one()) || sent.refused >= MAX_REFUSALS {
        return Trouble::Dead { error: error.to_string() };
    }
    Trouble::Retry { error: error.to_string(), at_least: Duration::from_secs(5), counts: true }
}

fn found(world: &World<'_>, phone: &str, id: u64) -> Done {
    Done::with(id, json!({"created": false})).linked(world.linked(CLIENT_LINK, phone, id))
}

async fn by_external_id(world: &World<'_>, wanted: &EnsureClient) -> Result<Option<u64>, Trouble> {
    let record = RecordRef::External(wanted.external_id.clone());
    match world.crm.customer(&record, &wanted.site, world.urgency(Priority::Entity)).await {
        Ok(customer) => Ok(Some(customer.id)),
        Err(CrmError::Merged { into }) => Ok(Some(into)),
        Err(CrmError::NotFound) => Ok(None),
        Err(error) => Err(Trouble::of_read(&error)),
    }
}

/// Finds the client with a phone: by our link, following a merge once, then by phone. Also how facts are gathered.
///
/// # Errors
///
/// Any error of RetailCRM except those that mean "not there".
pub async fn find(
    world: &World<'_>,
    phone: &str,
    site: &str,
    urgency: Urgency,
) -> Result<Option<FoundClient>, CrmError> {
    let Ok(number) = Phone::parse(phone) else { return Ok(None) };
    let link = world.store.link(world.account, CLIENT_LINK, &NaturalKey::new(phone)).await;
    // Without our own store nothing goes on anyway; asking the CRM is never wrong.
    let linked = link.ok().flatten().and_then(|link| link.remote_id.parse::<u64>().ok());
    if let Some(id) = linked
        && let Some(customer) = read_following(world, id, site, urgency).await?
        && customer.has_phone(number)
    {
        return Ok(Some(FoundClient { link_changed: customer.id != id, customer }));
    }
    let all = world.crm.find_customers(number, urgency).await?;
    Ok(choose(&all)
        .cloned()
        .map(|customer| FoundClient { link_changed: linked != Some(customer.id), customer }))
}

/// Reads a client, going after a merge once.
async fn read_following(
    world: &World<'_>,
    id: u64,
    site: &str,
    urgency: Urgency,
) -> Result<Option<Customer>, CrmError> {
    let absent = |error: CrmError| match error {
        CrmError::NotFound | CrmError::Merged { .. } => Ok(None),
        error => Err(error),
    };
    match world.crm.customer(&RecordRef::Id(id), site, urgency).await {
        Ok(customer) => Ok(Some(customer)),
        Err(CrmError::Merged { into }) => {
            world.crm.customer(&RecordRef::Id(into), site, urgency).await.map(Some).or_else(absent)
        }
        Err(error) => absent(error),
    }
}

/// Where a client is now that RetailCRM says it is not where it was; `None` when it is nowhere.
pub(super) async fn moved_to(world: &World<'_>, id: u64, site: &str) -> Result<Option<u64>, Trouble> {
    let urgency = world.urgency(Priority::Entity);
    match read_following(world, id, site, urgency).await {
        Ok(customer) => Ok(customer.map(|customer| customer.id).filter(|now| *now != id)),
        Err(error) if error.class() == Class::Permanent => Ok(None),
        Err(error) => Err(Trouble::of_read(&error)),
    }
}
