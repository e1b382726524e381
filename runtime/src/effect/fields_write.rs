//! Fields of a client or an order are to have these values.
//!
//! An edit can be repeated, so a lost answer is followed by the same edit. What must not happen is that the values of an
//! earlier call overwrite those of a later one; so the moment of the newest values is kept beside each record.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use smol_str::ToSmolStr as _;

use super::find::{KnownClient, moved_to};
use super::request::WriteFields;
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{CrmError, CustomerFields, FieldEntity, OrderFields, Priority};
use crate::store::record::{Link, NaturalKey};

/// Links under which the moment of the newest values is kept, in microseconds.
const CLIENT_VALUES: &str = "client_fields";
const ORDER_VALUES: &str = "order_fields";

pub(super) async fn look(world: &World<'_>, wanted: &WriteFields, needed: &Needed) -> Result<Look, Trouble> {
    let skip = |reason| Ok(Look::Done(Done::skipped(reason)));
    match needed.target(&wanted.target) {
        Target::Nobody | Target::Missing => skip("there is no record to write to"),
        Target::Id { created: true, .. } if wanted.unless_created => skip("written while creating"),
        Target::Id { .. } if wanted.fields.is_empty() => skip("no field can be written"),
        Target::Id { id, .. } => match world.link(values_link(wanted.entity), &id.to_string()).await? {
            Some(newest)
                if newest.remote_id.parse().is_ok_and(|newest| microseconds(wanted.as_of) < newest) =>
            {
                skip("newer values were written")
            }
            _ => Ok(Look::Absent),
        },
    }
}

pub(super) async fn send(world: &World<'_>, wanted: &WriteFields, needed: &Needed) -> Result<Done, Trouble> {
    let Target::Id { id, site, .. } = needed.target(&wanted.target) else {
        return Ok(Done::skipped("there is no record to write to"));
    };
    let record = KnownClient { id, site: site.or_else(|| Some(wanted.site.clone())) };
    let written = match write(world, wanted, &record).await {
        Err(CrmError::Merged { into, site }) => {
            let survivor = KnownClient { id: into, site: site.or_else(|| record.site.clone()) };
            write(world, wanted, &survivor).await.map(|()| into)
        }
        Err(CrmError::NotFound) if wanted.entity == FieldEntity::Customer => {
            match moved_to(world, &record, &wanted.site).await? {
                Some(now) => write(world, wanted, &now).await.map(|()| now.id),
                None => Err(CrmError::NotFound),
            }
        }
        other => other.map(|()| id),
    };
    // The same edit again does no harm, so a lost answer is a reason to repeat and not to look.
    let id = match written {
        // An edit makes nothing that could exist already.
        Err(error @ CrmError::AlreadyExists(_)) => {
            return Err(Trouble::Retry { error: error.to_string(), at_least: Duration::ZERO, counts: true });
        }
        written => written.map_err(|error| Trouble::of_read(&error))?,
    };
    let codes: Vec<&String> = wanted.fields.keys().collect();
    let newest = Link {
        kind: values_link(wanted.entity).into(),
        natural_key: NaturalKey::new(id.to_smolstr()),
        remote_id: microseconds(wanted.as_of).to_smolstr(),
        checked_at: world.now,
    };
    Ok(Done::with(id, json!({ "written": codes })).linked(newest))
}

async fn write(world: &World<'_>, wanted: &WriteFields, record: &KnownClient) -> Result<(), CrmError> {
    let urgency = world.urgency(Priority::Entity);
    let (id, site) = (record.id, record.site.as_deref().unwrap_or(&wanted.site));
    match wanted.entity {
        FieldEntity::Customer => {
            let fields = CustomerFields { custom_fields: wanted.fields.clone(), ..CustomerFields::default() };
            world.crm.edit_customer(id, &fields, site, urgency).await
        }
        FieldEntity::Order => {
            let fields = OrderFields { custom_fields: wanted.fields.clone(), ..OrderFields::default() };
            world.crm.edit_order(id, &fields, site, urgency).await
        }
    }
}

fn values_link(entity: FieldEntity) -> &'static str {
    match entity {
        FieldEntity::Customer => CLIENT_VALUES,
        FieldEntity::Order => ORDER_VALUES,
    }
}

fn microseconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_microsecond()).unwrap_or(0)
}
