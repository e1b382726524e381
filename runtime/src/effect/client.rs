//! There is to be a client with this phone, or with whatever else it is known by.
//!
//! Looked for by our link, then by our external id, then by phone. Created with an external id that follows from the
//! phone, so that a second create of the same client is refused by RetailCRM and recognised here.

use std::time::Duration;

use serde_json::json;

use super::find::{KnownClient, find_by};
use super::request::{EnsureClient, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::World;
use crate::crm::{CrmError, CustomerFields, PhoneNumber, Priority, RecordRef};

/// How long "the CRM has no such client" stays believable without asking again. Covers the moment between gathering
/// facts and acting on the decision made from them.
const ABSENCE_LASTS: Duration = Duration::from_secs(30);
/// How long a link stays believable without asking again.
const LINK_LASTS: Duration = Duration::from_secs(60);
/// How many refusals of a create, each followed by a look that found nothing, end the attempts. The first ones may be
/// "exists already" in words we do not know, about a record that cannot be found yet.
const MAX_REFUSALS: u32 = 3;

pub(super) async fn look(world: &World<'_>, wanted: &EnsureClient, sent: &Sent) -> Result<Look, Trouble> {
    let Some(known_by) = known_by(wanted) else {
        return Ok(Look::Done(Done::skipped("the number is hidden")));
    };
    if let Some(link) = world.link(KnownClient::LINK, known_by).await?
        && world.now.duration_since(link.checked_at).unsigned_abs() < LINK_LASTS
        && let Some(client) = KnownClient::of_link(&link.remote_id)
    {
        return Ok(Look::Done(found(world, known_by, &client)));
    }
    let absent_at =
        wanted.absent_at.filter(|at| world.now.duration_since(*at).unsigned_abs() < ABSENCE_LASTS);
    if absent_at.is_some() && !sent.may_be_there() {
        return Ok(Look::Absent);
    }
    if sent.may_be_there()
        && let Some(client) = by_external_id(world, wanted).await?
    {
        return Ok(Look::Done(found(world, known_by, &client)));
    }
    let urgency = world.urgency(Priority::Entity);
    // A call's client is known by the number alone, whatever else was said.
    let email = wanted.email.as_deref().filter(|_| wanted.known_by.is_some());
    let there = find_by(world, wanted.phone.as_deref(), email, &wanted.site, urgency).await;
    Ok(match there.map_err(|error| Trouble::of_read(&error))? {
        Some(customer) => Look::Done(found(world, known_by, &KnownClient::from(&customer))),
        None => Look::Absent,
    })
}

/// What the client is known by: the phone, else what the plan says.
fn known_by(wanted: &EnsureClient) -> Option<&str> {
    wanted.phone.as_deref().or(wanted.known_by.as_deref())
}

pub(super) async fn send(world: &World<'_>, wanted: &EnsureClient, sent: &mut Sent) -> Result<Done, Trouble> {
    let Some(known_by) = known_by(wanted) else { return Ok(Done::skipped("the number is hidden")) };
    let phones = wanted.phone.iter().map(|phone| PhoneNumber { number: phone.clone() });
    let fields = CustomerFields {
        external_id: Some(wanted.external_id.clone()),
        // A card without a name cannot be told from another one; people write the number there too.
        first_name: Some(wanted.name.clone().unwrap_or_else(|| known_by.to_owned())),
        email: wanted.email.clone(),
        phones: phones.collect(),
        manager_id: wanted.manager.as_ref().and_then(|manager| world.user_of(manager)),
        source: wanted.source.to_source(),
        custom_fields: wanted.fields.clone(),
    };
    match world.crm.create_customer(&fields, &wanted.site, world.urgency(Priority::Entity)).await {
        Ok(id) => {
            let client = KnownClient { id, site: Some(wanted.site.clone()) };
            Ok(done(world, known_by, &client, true))
        }
        // Words and status of "exists already" are not documented: any refusal is a reason to go and look.
        Err(error @ (CrmError::AlreadyExists(_) | CrmError::Refused(_))) => {
            match by_external_id(world, wanted).await? {
                Some(client) => Ok(found(world, known_by, &client)),
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

fn found(world: &World<'_>, known_by: &str, client: &KnownClient) -> Done {
    done(world, known_by, client, false)
}

fn done(world: &World<'_>, known_by: &str, client: &KnownClient, created: bool) -> Done {
    let response = json!({"created": created, "site": client.site});
    Done::with(client.id, response).linked(client.link(known_by, world.now))
}

async fn by_external_id(world: &World<'_>, wanted: &EnsureClient) -> Result<Option<KnownClient>, Trouble> {
    let record = RecordRef::External(wanted.external_id.clone());
    let here = || Some(wanted.site.clone());
    match world.crm.customer(&record, &wanted.site, world.urgency(Priority::Entity)).await {
        Ok(customer) => Ok(Some(KnownClient { id: customer.id, site: customer.site.or_else(here) })),
        Err(CrmError::Merged { into, site }) => Ok(Some(KnownClient { id: into, site: site.or_else(here) })),
        Err(CrmError::NotFound) => Ok(None),
        Err(error) => Err(Trouble::of_read(&error)),
    }
}
