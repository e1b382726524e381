//! The client and the orders of a conversation, asked of RetailCRM.
//!
//! The rules saw them as they were at the decision; an operator wants them as they are. A card is kept for a while and asked
//! for again when the rules have done something meanwhile. Requests are of those that nobody waits for, so no client and no
//! order of the rules is made later for them; when RetailCRM does not answer in time, the card that is known is shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::recent::Brief;
use crate::crm::{self, CrmError, Customer, Priority, RecordRef, Sale, Statuses, Urgency};
use crate::directory::Snapshot;
use crate::effect::{World, find_by};
use crate::store::Store;
use crate::store::record::{AccountId, SessionKey};

/// The most orders of a client that are shown; a size of page that RetailCRM has.
const MOST_ORDERS: u64 = 20;
/// The most cards that are kept.
const MOST_CARDS: usize = 1_000;
/// How long names of statuses are believed.
const STATUSES_LAST: Duration = Duration::from_secs(3600);

/// What RetailCRM knows of a client.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Card {
    /// The client; none when RetailCRM has none.
    pub client: Option<Customer>,
    /// The name of the responsible user.
    pub manager: Option<String>,
    /// The latest orders, the newest first.
    pub orders: Vec<OrderOf>,
}

/// An order of a client.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OrderOf {
    /// The order.
    pub order: Sale,
    /// The name of its status, or its code when there is no name.
    pub status: Option<String>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The conversation.
    pub(super) brief: &'a Brief,
    /// The client that the rules made or found, when they did.
    pub(super) client: Option<u64>,
    /// Differs when the rules have done something since.
    pub(super) stamp: Option<Timestamp>,
}

/// What cards are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) account: &'a AccountId,
    pub(super) site: &'a str,
    pub(super) crm: &'a crm::Client,
    pub(super) store: &'a dyn Store,
    pub(super) directory: &'a Snapshot,
    pub(super) now: Timestamp,
}

#[derive(Debug)]
struct Kept {
    at: Timestamp,
    stamp: Option<Timestamp>,
    contacts: Vec<String>,
    card: Card,
}

type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// The cards of one account.
#[derive(Debug)]
pub(super) struct Cards {
    lasts: Duration,
    timeout: Duration,
    kept: Mutex<HashMap<SessionKey, Slot>>,
    statuses: tokio::sync::Mutex<Option<(Timestamp, Arc<Statuses>)>>,
}

impl Cards {
    /// `lasts` is how long a card is believed, `timeout` how long RetailCRM is waited for.
    pub(super) fn new(lasts: Duration, timeout: Duration) -> Self {
        Self { lasts, timeout, kept: Mutex::default(), statuses: tokio::sync::Mutex::default() }
    }

    /// The card of a conversation, and whether it is as RetailCRM has it now. Nothing when RetailCRM does not answer and
    /// nothing was known before.
    pub(super) async fn of(&self, wanted: Wanted<'_>, from: From<'_>) -> Option<(Card, bool)> {
        let slot = self.slot(&wanted.brief.key);
        // Two pages with one conversation ask once.
        let mut slot = slot.lock().await;
        if let Some(kept) = slot.as_ref()
            && kept.stamp == wanted.stamp
            && kept.contacts == wanted.brief.contacts
            && from.now.duration_since(kept.at).unsigned_abs() < self.lasts
        {
            return Some((kept.card.clone(), true));
        }
        match tokio::time::timeout(self.timeout, self.ask(wanted, from)).await {
            Ok(Ok(card)) => {
                let (stamp, contacts) = (wanted.stamp, wanted.brief.contacts.clone());
                *slot = Some(Kept { at: from.now, stamp, contacts, card: card.clone() });
                Some((card, true))
            }
            Ok(Err(error)) => {
                tracing::debug!(account = %from.account, error = error.name(), "card of a client was not read");
                slot.as_ref().map(|kept| (kept.card.clone(), false))
            }
            Err(_) => slot.as_ref().map(|kept| (kept.card.clone(), false)),
        }
    }

    fn slot(&self, key: &SessionKey) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_CARDS && !kept.contains_key(key) {
            // Those that nobody looks at just now; they are asked for again when somebody does.
            kept.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(kept.entry(key.clone()).or_default())
    }

    async fn ask(&self, wanted: Wanted<'_>, from: From<'_>) -> Result<Card, CrmError> {
        let Some(client) = customer(wanted, from).await? else { return Ok(Card::default()) };
        let urgency = Urgency::first(Priority::Background);
        let sales = from.crm.sales_of(client.id, MOST_ORDERS, urgency).await?;
        let statuses = if sales.is_empty() { Arc::default() } else { self.statuses(from).await };
        let named = |sale: &Sale| {
            let code = sale.status.clone()?;
            Some(statuses.status(&code).map_or(code, |status| status.name.clone()))
        };
        let orders = sales.into_iter().map(|order| OrderOf { status: named(&order), order }).collect();
        let manager = client.manager_id.and_then(|user| from.directory.name_of_user(user)).map(str::to_owned);
        Ok(Card { client: Some(client), manager, orders })
    }

    /// Names of statuses; none when they cannot be read, which is no reason to show no order.
    async fn statuses(&self, from: From<'_>) -> Arc<Statuses> {
        let mut kept = self.statuses.lock().await;
        if let Some((at, statuses)) = kept.as_ref()
            && from.now.duration_since(*at).unsigned_abs() < STATUSES_LAST
        {
            return Arc::clone(statuses);
        }
        match from.crm.statuses(Urgency::first(Priority::Background)).await {
            Ok(statuses) => {
                let statuses = Arc::new(statuses);
                *kept = Some((from.now, Arc::clone(&statuses)));
                statuses
            }
            Err(_) => kept.as_ref().map(|(_, statuses)| Arc::clone(statuses)).unwrap_or_default(),
        }
    }
}

/// The client by phone or e-mail as the rules find one; else the one that they made.
async fn customer(wanted: Wanted<'_>, from: From<'_>) -> Result<Option<Customer>, CrmError> {
    let contacts = &wanted.brief.contacts;
    let first =
        |is_email: bool| contacts.iter().find(|one| one.contains('@') == is_email).map(String::as_str);
    let world = World {
        account: from.account,
        crm: from.crm,
        store: from.store,
        directory: from.directory,
        now: from.now,
        again: false,
        book: None,
        guard: None,
    };
    let urgency = Urgency::first(Priority::Background);
    if let Some(found) = find_by(&world, first(false), first(true), from.site, urgency).await? {
        return Ok(Some(found));
    }
    let Some(id) = wanted.client else { return Ok(None) };
    match from.crm.customer(&RecordRef::Id(id), from.site, urgency).await {
        Ok(found) => Ok(Some(found)),
        Err(CrmError::Merged { into, site }) => {
            let site = site.unwrap_or_else(|| from.site.to_owned());
            from.crm.customer(&RecordRef::Id(into), &site, urgency).await.map(Some)
        }
        Err(CrmError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
