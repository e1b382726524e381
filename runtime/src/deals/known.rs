//! What UIS has of an order where that is not known here: an answer was lost, or what was known was forgotten; and what is
//! forgotten when.
//!
//! UIS is asked once for all such orders of a turn, by our names for their deals. It is the one to say where a deal is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::clock::{after, before, read, second};
use super::memory::{Last, Memory};
use super::parties::{Parties, Way};
use super::reason::Reason;
use super::settle::{Outcome, given_up};
use super::trouble::{Trouble, is_absent, is_refusal};
use super::turn::{Look, Work};
use crate::config::{Deleted, LEAST_KEEP_DAYS};
use crate::crm::Sale;
use crate::store::record::{Due, OrderId, Settled};
use crate::uis::KnownRow;

/// How long what UIS processes is waited for before it is asked what became of an upload.
const PROCESSING_PATIENCE: Duration = Duration::from_secs(10 * 60);
/// Orders that are forgotten in one step.
const PRUNE_STEP: usize = 500;
/// The steps of one look.
const PRUNE_STEPS: usize = 20;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Work {
    /// Asks UIS what it has of orders: what became of uploads whose answer was lost, and where deals are that were
    /// forgotten here. By our names for the deals; `None` while it is still at an upload.
    pub(super) async fn probe(
        &mut self,
        look: &Look<'_>,
        due: &[Due],
        asked: &BTreeSet<OrderId>,
    ) -> Result<Option<BTreeMap<String, Vec<KnownRow>>>, Trouble> {
        let parts = &look.desk.parts;
        let mut known: BTreeMap<String, Vec<KnownRow>> = BTreeMap::new();
        if asked.is_empty() {
            return Ok(Some(known));
        }
        if let Some(sent_at) = due.iter().filter_map(|due| due.sent_at).max()
            && parts.uis.deals_in_processing().await? > 0
            && after(sent_at, PROCESSING_PATIENCE) > look.now
        {
            return Ok(None);
        }
        let ext_ids: Vec<String> =
            asked.iter().map(|order| format!("{}{order}", parts.settings.prefix)).collect();
        // What was forgotten here has lost its communication, too.
        let forgotten = due.iter().any(|due| due.sent_at.is_none() && asked.contains(&due.order));
        let mut told = parts.uis.deals_history(&ext_ids, forgotten).await;
        if forgotten && told.as_ref().is_err_and(is_refusal) {
            told = parts.uis.deals_history(&ext_ids, false).await;
        }
        match told {
            Ok(rows) => {
                for row in rows {
                    known.entry(row.ext_id.clone()).or_default().push(row);
                }
            }
            // Deals cannot be asked for by name: then the rows are sent again, which changes nothing that is there.
            Err(error) if is_refusal(&error) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Some(known))
    }

    /// What is so, given what UIS has.
    pub(super) fn adopt(&self, memory: Memory, rows: Vec<KnownRow>, look: &Look<'_>) -> Memory {
        let told = rows.into_iter().filter_map(|row| {
            let since = read(&row.since, look.zone)?;
            Some((since, row))
        });
        let Some((since, row)) = told.max_by_key(|(since, _)| *since) else {
            return Memory { sending: None, ..memory };
        };
        let communication = memory.communication.clone().or_else(|| row.communication.clone());
        let memory = Memory { communication: communication.filter(|_| !memory.unlinked), ..memory };
        let is = |last: &Last| last.funnel == row.funnel && last.stage == row.stage && last.since == since;
        let was_there = memory.last.as_ref().is_some_and(is);
        if memory.sending.as_ref().is_some_and(is) && !was_there {
            return memory.taken();
        }
        if was_there {
            return Memory { sending: None, ..memory };
        }
        let ends = [super::stages::WON, super::stages::LOST];
        let is_end = ends.iter().any(|end| self.funnels.stage(&row.funnel, end) == row.stage);
        let last = Last {
            funnel: row.funnel,
            stage: row.stage,
            is_end,
            since,
            modified: second(look.now),
            digest: String::new(),
            parties: String::new(),
        };
        // UIS is the one to say where its deal is, whatever is remembered here.
        Memory { last: Some(last), sending: None, ..memory }
    }

    /// An order that was deleted.
    pub(super) async fn gone(&self, look: &Look<'_>, due: &Due, memory: Memory) -> Result<Settled, Trouble> {
        let is_there = memory.last.is_some() || memory.sending.is_some();
        if !is_there || look.desk.parts.settings.deleted == Deleted::Keep {
            return Ok(Outcome::Gone.settle(due, memory, look.desk));
        }
        self.take_away(look, due, memory, Outcome::Gone).await
    }

    /// Deletes the deal of an order.
    pub(super) async fn take_away(
        &self,
        look: &Look<'_>,
        due: &Due,
        memory: Memory,
        outcome: Outcome,
    ) -> Result<Settled, Trouble> {
        let parts = &look.desk.parts;
        let ext_id = format!("{}{}", parts.settings.prefix, due.order);
        match parts.uis.delete_deals(&[ext_id]).await {
            Ok(()) => {}
            Err(error) if is_absent(&error) => {}
            Err(error) if is_refusal(&error) => {
                return Ok(given_up(due, Reason::refused(&error), Some(memory), look.desk));
            }
            Err(error) => return Err(error.into()),
        }
        let memory = Memory { last: None, sending: None, ..memory };
        Ok(outcome.settle(due, memory, look.desk))
    }
}

impl Look<'_> {
    /// Whether UIS has to be asked what it has of an order: an answer was lost, or the order is old enough to have been
    /// forgotten here.
    pub(super) fn is_asked_for(&self, due: &Due, sale: Option<&Sale>) -> bool {
        let zone = &self.directory.zones().crm;
        let created = sale.and_then(|sale| read(sale.created_at.as_deref()?, zone));
        // A day less, because clocks differ.
        let least = DAY.saturating_mul(LEAST_KEEP_DAYS.0.saturating_sub(1));
        let is_old = |created| created <= before(self.now, least);
        let is_unknown = || due.memory.is_none() && created.map_or(due.is_gone, is_old);
        due.sent_at.is_some() || is_unknown()
    }
}

/// Forgets orders whose deals have been closed for so long that hardly anything more will come of them, and the contacts
/// that were made for them alone. When something does, UIS is asked where the deal is.
pub(super) async fn forget_closed(look: &Look<'_>) -> Result<(), Trouble> {
    let (parts, settings) = (&look.desk.parts, &look.desk.parts.settings);
    let age = DAY.saturating_mul(settings.keep_closed_days.0);
    let before = before(look.now, age);
    for _ in 0..PRUNE_STEPS {
        let forgotten = parts.store.deals().prune_deals(&parts.account, before, PRUNE_STEP).await?;
        let count = forgotten.len();
        let way = Way { account: &parts.account, uis: &parts.uis, store: &*parts.store };
        let own = forgotten.iter().map(|order| super::order::own_contact(&settings.prefix, *order));
        Parties::forget_contacts(way, own.collect()).await?;
        if count > 0 {
            tracing::info!(account = %parts.account, count, "closed deals were forgotten");
        }
        if count < PRUNE_STEP {
            break;
        }
    }
    Ok(())
}
