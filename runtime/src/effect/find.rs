//! Which client of RetailCRM a phone belongs to.
//!
//! By our link first, then by phone; whoever is found must have the phone in the card. A client belongs to a shop, and
//! is read and edited under that shop whatever shop a call belongs to, so the link keeps both. A merged client is
//! followed once (reference, section 7.4).

use jiff::Timestamp;
use smol_str::{SmolStr, ToSmolStr as _, format_smolstr};
use switchboard_engine::phone::Phone;

use super::verdict::Trouble;
use super::world::World;
use crate::crm::{CrmError, Customer, Priority, RecordRef, Urgency, choose};
use crate::store::record::{Change, Link, NaturalKey};

/// A client that is there: its number, and the shop under which it is read and edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownClient {
    /// The CRM's own number.
    pub id: u64,
    /// The shop whose client it is; unknown when nobody told.
    pub site: Option<String>,
}

impl KnownClient {
    /// The kind of links from phones to clients.
    pub const LINK: &'static str = "client";

    /// From what a link keeps: `4770@romashka-msk`, or `4770`.
    pub fn of_link(kept: &str) -> Option<Self> {
        let (id, site) = match kept.split_once('@') {
            Some((id, site)) => (id, Some(site.to_owned())),
            None => (kept, None),
        };
        Some(Self { id: id.parse().ok()?, site })
    }

    /// The link from a phone to this client, seen to be so at `now`.
    pub fn link(&self, phone: &str, now: Timestamp) -> Link {
        let remote_id = match &self.site {
            Some(site) => format_smolstr!("{}@{site}", self.id),
            None => self.id.to_smolstr(),
        };
        let kind = SmolStr::new_static(Self::LINK);
        Link { kind, natural_key: NaturalKey::new(phone), remote_id, checked_at: now }
    }

    /// Forgets the link from a phone that belongs to nobody.
    pub fn unlink(phone: &str) -> Change {
        Change::DropLink { kind: SmolStr::new_static(Self::LINK), natural_key: NaturalKey::new(phone) }
    }
}

impl From<&Customer> for KnownClient {
    fn from(customer: &Customer) -> Self {
        Self { id: customer.id, site: customer.site.clone() }
    }
}

/// Finds the client with a phone; `site` is the shop under which one is read whose shop is not known.
///
/// # Errors
///
/// Any error of RetailCRM except those that mean "not there".
pub async fn find(
    world: &World<'_>,
    phone: &str,
    site: &str,
    urgency: Urgency,
) -> Result<Option<Customer>, CrmError> {
    let Ok(number) = Phone::parse(phone) else { return Ok(None) };
    let link = world.store.link(world.account, KnownClient::LINK, &NaturalKey::new(phone)).await;
    // Without our own store nothing goes on anyway; asking the CRM is never wrong.
    let linked = link.ok().flatten().and_then(|link| KnownClient::of_link(&link.remote_id));
    if let Some(linked) = linked
        && let Some(customer) = read_following(world, &linked, site, urgency).await?
        && customer.has_phone(number)
    {
        return Ok(Some(customer));
    }
    let all = world.crm.find_customers(number, urgency).await?;
    Ok(choose(&all).cloned())
}

/// Finds the client with one of these contacts, the phone before the e-mail; `site` as in [`find`].
///
/// # Errors
///
/// Any error of RetailCRM except those that mean "not there".
pub async fn find_by(
    world: &World<'_>,
    phone: Option<&str>,
    email: Option<&str>,
    site: &str,
    urgency: Urgency,
) -> Result<Option<Customer>, CrmError> {
    if let Some(phone) = phone
        && let Some(customer) = find(world, phone, site, urgency).await?
    {
        return Ok(Some(customer));
    }
    let Some(email) = email else { return Ok(None) };
    let link = world.store.link(world.account, KnownClient::LINK, &NaturalKey::new(email)).await;
    if let Some(linked) = link.ok().flatten().and_then(|link| KnownClient::of_link(&link.remote_id))
        && let Some(customer) = read_following(world, &linked, site, urgency).await?
        && customer.has_email(email)
    {
        return Ok(Some(customer));
    }
    let all = world.crm.find_customers_by_email(email, urgency).await?;
    Ok(choose(&all).cloned())
}

/// Where a client is now that RetailCRM says it is not where it was; `None` when it is nowhere else.
pub(super) async fn moved_to(
    world: &World<'_>,
    known: &KnownClient,
    site: &str,
) -> Result<Option<KnownClient>, Trouble> {
    match read_following(world, known, site, world.urgency(Priority::Entity)).await {
        Ok(customer) => Ok(customer.filter(|now| now.id != known.id).map(|now| KnownClient::from(&now))),
        Err(error) => Err(Trouble::of_read(&error)),
    }
}

/// Reads a client, going after a merge once.
pub(super) async fn read_following(
    world: &World<'_>,
    known: &KnownClient,
    site: &str,
    urgency: Urgency,
) -> Result<Option<Customer>, CrmError> {
    let first = read(world, known, site, urgency).await;
    let Err(CrmError::Merged { into, site: elsewhere }) = first else { return unless_absent(first) };
    let survivor = KnownClient { id: into, site: elsewhere.or_else(|| known.site.clone()) };
    unless_absent(read(world, &survivor, site, urgency).await)
}

async fn read(
    world: &World<'_>,
    known: &KnownClient,
    site: &str,
    urgency: Urgency,
) -> Result<Customer, CrmError> {
    let site = known.site.as_deref().unwrap_or(site);
    let mut customer = world.crm.customer(&RecordRef::Id(known.id), site, urgency).await?;
    customer.site.get_or_insert_with(|| site.to_owned());
    Ok(customer)
}

fn unless_absent(read: Result<Customer, CrmError>) -> Result<Option<Customer>, CrmError> {
    match read {
        Ok(customer) => Ok(Some(customer)),
        Err(CrmError::NotFound | CrmError::Merged { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_shop() {
        for (client, kept) in [
            (KnownClient { id: 4770, site: Some("romashka-msk".to_owned()) }, "4770@romashka-msk"),
            (KnownClient { id: 4770, site: None }, "4770"),
        ] {
            let link = client.link("+79990001122", Timestamp::UNIX_EPOCH);
            assert_eq!(link.remote_id, kept);
            assert_eq!(KnownClient::of_link(kept), Some(client));
        }
        assert_eq!(KnownClient::of_link("x@y"), None);
    }
}
