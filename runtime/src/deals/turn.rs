//! A turn: the history, then the orders that are due.
//!
//! Steps of a turn, each with its limit: statuses and funnels (at intervals), the history (at intervals, and before any
//! order is read, so that each change of status is known with its own time), orders of a batch read by number, decided,
//! what they name made sure of in UIS, rows written down and sent, outcomes written down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::format_smolstr;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::moment::Moment;

use super::clock::{after, read, second};
use super::desk::Desk;
use super::funnels::Funnels;
use super::history::Reading;
use super::item::{Item, Seen};
use super::known::forget_closed;
use super::memory::{Last, Memory};
use super::order::Order;
use super::parties::{Parties, Way};
use super::reason::Reason;
use super::rows::Content;
use super::settle::{Outcome, again, given_up};
use super::stages::{Between, Plan, is_reachable, news, points};
use super::trouble::{Trouble, is_absent};
use super::upload::{Unit, upload};
use crate::config::{Deals, OldStages, Unmatched};
use crate::crm::{MAX_SALES, Priority, Sale, Statuses, Urgency};
use crate::directory::Snapshot;
use crate::rulings::{Answer, Asked};
use crate::scripts::at_length;
use crate::store::record::{Due, OrderId, RulingKind, Settled, Wanted};
use crate::uis::MAX_STAGES;

/// How the external ids begin that we give to orders.
const OUR_ORDERS: &str = "uis-";
/// How long an order of ours may be waited for until it is written down from which communication it was made.
const MAKER_PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait before it is asked again whether UIS is through.
const PROCESSING_PAUSE: Duration = Duration::from_secs(15);
/// How long to wait before the next look where a moment is enough.
const SOON: Duration = Duration::from_secs(2);
/// The least time between two readings of statuses because an order has an unknown one.
const STATUSES_PAUSE: Duration = Duration::from_secs(60);
/// The time between two looks for what may be forgotten.
const PRUNE_PAUSE: Duration = Duration::from_secs(60 * 60);

/// What a desk knows from one turn to the next; all of it can be learned again.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) troubles: u32,
    pub(super) is_watching: bool,
    pub(super) watched_at: Option<Timestamp>,
    pub(super) funnels: Funnels,
    pub(super) parties: Parties,
    statuses: Statuses,
    statuses_at: Option<Timestamp>,
    /// When the history was read with its overlap.
    history_at: Option<Timestamp>,
    pruned_at: Option<Timestamp>,
    planned: Vec<Between>,
}

/// What the orders of a turn are looked at with.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) desk: &'a Desk,
    pub(super) bundle: &'a Arc<Bundle>,
    pub(super) directory: &'a Snapshot,
    /// The clock of UIS.
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
}

impl Work {
    /// When statuses or history are to be read again.
    pub(super) fn next_look(&self, settings: &Deals) -> Option<Timestamp> {
        let statuses = self.statuses_at.map(|at| after(at, settings.funnels_interval));
        let history = self.history_at.map(|at| after(at, settings.history_interval));
        let watch = self.watched_at.filter(|_| self.is_watching);
        let watch = watch.map(|at| after(at, settings.processing_check));
        [statuses, history, watch].into_iter().flatten().min()
    }

    /// Does what there is to do; tells whether there is more.
    pub(super) async fn turn(
        &mut self,
        desk: &Desk,
        bundle: &Arc<Bundle>,
        directory: &Snapshot,
        zone: &TimeZone,
    ) -> Result<bool, Trouble> {
        let (parts, settings) = (&desk.parts, &desk.parts.settings);
        let now = parts.clock.now();
        let look = Look { desk, bundle, directory, zone, now };
        let passed = |at: Option<Timestamp>, by| at.is_none_or(|at| after(at, by) <= now);
        if passed(self.statuses_at, settings.funnels_interval) {
            self.statuses(&look).await?;
        }
        let deals = parts.store.deals();
        let is_due = deals.next_deal(&parts.account).await?.is_some_and(|at| at <= now);
        let mut more = false;
        let is_overlap_due = passed(self.history_at, settings.history_interval);
        if is_due || is_overlap_due {
            let reading = Reading {
                account: &parts.account,
                crm: &parts.crm,
                store: &*parts.store,
                zone: &directory.zones().crm,
                first: settings.history_first,
                overlap: settings.history_overlap,
                overlap_rows: settings.history_overlap_rows.as_usize(),
            };
            more = reading.read(now, is_overlap_due).await?;
            if is_overlap_due {
                self.history_at = Some(now);
            }
            desk.shown().history_read_at = Some(now);
        }
        if passed(self.pruned_at, PRUNE_PAUSE) {
            forget_closed(&look).await?;
            self.pruned_at = Some(now);
        }
        let limit = settings.batch_orders.as_usize();
        let due = deals.due_deals(Wanted { account: parts.account.clone(), now, limit }).await?;
        if due.is_empty() {
            return Ok(more);
        }
        more |= due.len() >= limit;
        let mut settled = Vec::new();
        let outcome = self.orders(&look, due, &mut settled).await;
        // What is known is written down even when the turn ended before its end.
        deals.settle_deals(&parts.account, settled, parts.clock.now()).await?;
        outcome.map(|()| more)
    }

    async fn statuses(&mut self, look: &Look<'_>) -> Result<(), Trouble> {
        let parts = &look.desk.parts;
        self.statuses = parts.crm.statuses(Urgency::first(Priority::Upload)).await?;
        self.statuses_at = Some(look.now);
        self.planned = look.plan(&self.statuses).between(look.moment(), MAX_STAGES);
        // Renamed people, fields and funnels are looked at as often.
        self.parties.forget();
        let (uis, settings) = (&parts.uis, &parts.settings);
        self.funnels.keep_in_step(uis, settings, look.directory, &self.planned, look.now).await?;
        if settings.old_stages == OldStages::Remove {
            let is_old = |ext_id: &str| !is_reachable(&self.statuses, settings.stages, ext_id);
            self.funnels.remove(uis, settings, is_old, look.now).await?;
        }
        look.desk.shown().funnels = self.funnels.names(settings);
        Ok(())
    }

    async fn orders(
        &mut self,
        look: &Look<'_>,
        due: Vec<Due>,
        settled: &mut Vec<Settled>,
    ) -> Result<(), Trouble> {
        let (parts, settings) = (&look.desk.parts, &look.desk.parts.settings);
        let mut sales: BTreeMap<OrderId, Sale> = BTreeMap::new();
        let ids: Vec<OrderId> = due.iter().map(|due| due.order).collect();
        for some in ids.chunks(MAX_SALES) {
            let found = parts.crm.sales(some, Urgency::first(Priority::Upload)).await?;
            sales.extend(found.into_iter().map(|sale| (sale.id, sale)));
        }
        // Nothing that was read is later than now.
        let look = &Look { now: parts.clock.now(), ..*look };
        let unknown =
            |sale: &Sale| sale.status.as_deref().is_some_and(|status| self.statuses.status(status).is_none());
        let pause_over = self.statuses_at.is_none_or(|at| after(at, STATUSES_PAUSE) <= look.now);
        if pause_over && sales.values().any(unknown) {
            self.statuses(look).await?;
        }
        let asked: BTreeSet<OrderId> = due
            .iter()
            .filter(|due| look.is_asked_for(due, sales.get(&due.order)))
            .map(|due| due.order)
            .collect();
        let mut known = self.probe(look, &due, &asked).await?;
        let mut items: Vec<Item> = Vec::new();
        for due in due {
            let memory = Memory::of(due.memory.as_ref());
            let memory = match (asked.contains(&due.order), &mut known) {
                (false, _) => memory,
                (true, None) => {
                    settled.push(again(&due, Reason::Unknown, after(look.now, PROCESSING_PAUSE)));
                    continue;
                }
                (true, Some(known)) => {
                    let ext_id = format!("{}{}", settings.prefix, due.order);
                    self.adopt(memory, known.remove(&ext_id).unwrap_or_default(), look)
                }
            };
            match sales.remove(&due.order) {
                Some(sale) => match self.see(look, due, sale, memory).await? {
                    Seen::Item(item) => items.push(*item),
                    Seen::Settled(one) => settled.push(*one),
                },
                None if due.is_gone => settled.push(self.gone(look, &due, memory).await?),
                None => settled.push(look.desk.not_found(&due, look.now)),
            }
        }
        self.name(look, &mut items, settled).await?;
        self.send(look, items, settled).await
    }

    /// Has the rules decide about an order.
    async fn see(
        &mut self,
        look: &Look<'_>,
        due: Due,
        sale: Sale,
        mut memory: Memory,
    ) -> Result<Seen, Trouble> {
        let unreadable = |due: &Due, what: &str| {
            let reason = Reason::Unreadable { what: what.to_owned() };
            Seen::settled(given_up(due, reason, None, look.desk))
        };
        let crm_zone = &look.directory.zones().crm;
        let moment = |text: Option<&str>| text.and_then(|text| read(text, crm_zone));
        let now = second(look.now);
        let Some(created) = moment(sale.created_at.as_deref()) else {
            return Ok(unreadable(&due, "createdAt"));
        };
        let Some(status) = sale.status.clone() else { return Ok(unreadable(&due, "status")) };
        let created = created.min(now);
        memory.number.clone_from(&sale.number);
        if memory.communication.is_none()
            && !memory.unlinked
            && sale.external_id.as_deref().is_some_and(|id| id.starts_with(OUR_ORDERS))
        {
            let parts = &look.desk.parts;
            let maker = parts.store.deals().maker_of_order(&parts.account, due.order).await?;
            match maker {
                Some(session) => memory.communication = communication(session.as_str()),
                None if after(created, MAKER_PATIENCE) > look.now => {
                    let due_at = after(look.now, SOON);
                    return Ok(Seen::settled(again(&due, Reason::AwaitsMaker, due_at)));
                }
                None => {}
            }
        }
        let offset = crm_zone.to_offset(created);
        let order = Order::new(&sale, Moment::new(created, offset), look.directory);
        let plan = look.plan(&self.statuses);
        let since = moment(sale.status_updated_at.as_deref()).unwrap_or(created);
        let facts = look.facts(&sale, &self.statuses).await?;
        let unmatched = look.desk.parts.settings.unmatched;
        let follows = memory.last.is_some() && unmatched == Unmatched::Follow;
        let (mut places, mut present, mut asked) = (Vec::new(), None, None);
        for (status, since) in points(&due.steps, &status, since) {
            let event = match order.event(&status, self.statuses.group_of(&status)) {
                Ok(event) => event,
                Err(what) => return Ok(unreadable(&due, &what)),
            };
            let ask = || Answer::of(look.bundle, RulingKind::Deal, follows, (&event, &facts, look.moment()));
            let answer = at_length(look.bundle, ask);
            present = answer.deal().cloned();
            asked = Some((event, answer));
            places.extend(present.as_ref().map(|deal| plan.place(deal, &status, since)));
        }
        if let Some((event, answer)) = asked {
            let (subject, rules) = (Some(format_smolstr!("order:{}", due.order)), Arc::clone(look.bundle));
            let asked = Asked { subject, rules, event, facts, now: look.moment(), answer };
            look.desk.parts.keeper.keep(&look.desk.parts.account, asked);
        }
        let Some(decided) = present else {
            if memory.last.is_none() {
                return Ok(Seen::settled(Outcome::NotPassed.settle(&due, memory, look.desk)));
            }
            if unmatched == Unmatched::Delete {
                let settled = self.take_away(look, &due, memory, Outcome::NotPassed).await?;
                return Ok(Seen::settled(settled));
            }
            let reason = Some(Reason::LeftAsItWas.to_json());
            let settled = Outcome::NotPassed.settle(&due, memory, look.desk);
            return Ok(Seen::settled(Settled { reason, ..settled }));
        };
        let contacts = order.contacts(&look.desk.parts.settings.prefix);
        Ok(Seen::Item(Box::new(Item { due, sale, memory, decided, places, contacts, created })))
    }

    /// Makes sure that UIS has everything that the orders name; those whose names are refused are given up.
    async fn name(
        &mut self,
        look: &Look<'_>,
        items: &mut Vec<Item>,
        settled: &mut Vec<Settled>,
    ) -> Result<(), Trouble> {
        let (parts, settings) = (&look.desk.parts, &look.desk.parts.settings);
        let way = Way { account: &parts.account, uis: &parts.uis, store: &*parts.store };
        let mut refused: BTreeMap<OrderId, Reason> = BTreeMap::new();
        let (mut contacts, mut employees, mut fields) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for item in items.iter_mut() {
            let count = item.places.len();
            for (index, place) in std::mem::take(&mut item.places).into_iter().enumerate() {
                let needed = (&place.stage, self.planned.as_slice());
                let store = place.store.as_deref();
                let made = self.funnels.ensure(&parts.uis, settings, look.directory, store, needed).await?;
                match made {
                    Ok(()) => item.places.push(place),
                    Err(reason) if index + 1 == count => {
                        refused.insert(item.due.order, reason);
                    }
                    // A stage on the way that cannot be is no reason to hold up where the order is now.
                    Err(_) => {}
                }
            }
            let content = item.content(look.desk, look.directory, second(look.now));
            contacts.extend(item.contacts.iter().map(|one| (one.ext_id.clone(), one.clone())));
            employees.extend(content.employee());
            fields.extend(content.fields().into_iter().map(|field| (field.ext_id.clone(), field)));
        }
        look.desk.shown().funnels = self.funnels.names(settings);
        self.parties.ensure_fields(way, fields.into_values().collect()).await?;
        let no_employees = self.parties.employees(way, employees).await?;
        let no_contacts = Parties::contacts(way, contacts).await?;
        items.retain(|item| {
            let of_contact = item.contacts.iter().find_map(|one| no_contacts.get(&one.ext_id));
            let employee = item.content(look.desk, look.directory, look.now).employee();
            let of_employee = employee.and_then(|(ext_id, _)| no_employees.get(&ext_id));
            let reason = refused.get(&item.due.order).or(of_contact).or(of_employee);
            if let Some(reason) = reason {
                settled.push(given_up(&item.due, reason.clone(), Some(item.memory.clone()), look.desk));
            }
            reason.is_none()
        });
        Ok(())
    }

    /// Writes the rows, sends them, and tells what became of them.
    async fn send(
        &mut self,
        look: &Look<'_>,
        items: Vec<Item>,
        settled: &mut Vec<Settled>,
    ) -> Result<(), Trouble> {
        let (parts, settings) = (&look.desk.parts, &look.desk.parts.settings);
        let fields = self.parties.fields();
        let now = second(look.now);
        let mut leaving: BTreeMap<OrderId, Item> = BTreeMap::new();
        let mut units = Vec::new();
        for mut item in items {
            let places = std::mem::take(&mut item.places);
            let resolve = |place: &super::stages::Place| {
                let funnel = Funnels::ext_id(place.store.as_deref(), settings);
                let stage = self.funnels.stage(&funnel, &place.stage.ext_id);
                (funnel, stage)
            };
            let last = item.memory.last.clone();
            let Ok(news) = news(places, last.as_ref(), resolve, (item.created, now)) else {
                settled.push(again(&item.due, Reason::SameSecond, after(look.now, SOON)));
                continue;
            };
            let content: Content<'_> = item.content(look.desk, look.directory, now);
            let row = content.row(&fields, look.zone);
            let (digest, parties) = (super::rows::digest(&row), super::rows::parties(&row));
            let same_second = last.as_ref().is_some_and(|last| {
                last.modified >= now && !last.parties.is_empty() && last.parties != parties
            });
            if same_second {
                settled.push(again(&item.due, Reason::SameSecond, after(look.now, SOON)));
                continue;
            }
            let mut stages: Vec<Last> = news.into_iter().map(|(stage, _)| stage).collect();
            if stages.is_empty() {
                match last {
                    Some(last) if last.digest == digest => {
                        let memory = item.memory.clone();
                        settled.push(Outcome::Unchanged.settle(&item.due, memory, look.desk));
                        continue;
                    }
                    Some(last) => stages.push(Last { modified: now, ..last }),
                    None => {}
                }
            }
            let rows = stages.iter().map(|stage| super::rows::placed(&row, stage, look.zone)).collect();
            item.memory.sending = stages.pop().map(|stage| Last { digest, parties, ..stage });
            units.push(Unit { order: item.due.order, rows });
            leaving.insert(item.due.order, item);
        }
        if units.is_empty() {
            return Ok(());
        }
        let written = leaving.values().map(|item| (item.due.order, item.memory.to_json())).collect();
        parts.store.deals().sending_deals(&parts.account, written, parts.clock.now()).await?;
        let outcome = upload(&parts.uis, &parts.account, units, settings.batch_rows.as_usize()).await;
        self.is_watching |= !outcome.taken.is_empty() || !outcome.unknown.is_empty();
        for order in &outcome.taken {
            if let Some(item) = leaving.remove(order) {
                settled.push(Outcome::Sent.settle(&item.due, item.memory.taken(), look.desk));
            }
        }
        let mut doubted = BTreeSet::new();
        for (order, error) in &outcome.refused {
            let Some(item) = leaving.remove(order) else { continue };
            if is_absent(error) {
                doubted.extend(item.contacts.iter().map(|contact| contact.ext_id.clone()));
            }
            settled.push(look.desk.refused(&item, error, look.now));
        }
        if !doubted.is_empty() {
            // Somebody has taken away in UIS what is thought to be there.
            let way = Way { account: &parts.account, uis: &parts.uis, store: &*parts.store };
            Parties::forget_contacts(way, doubted).await?;
            self.parties.forget();
            self.funnels.forget();
        }
        outcome.trouble.map_or(Ok(()), Err)
    }
}

/// The kind and the number of a communication in UIS, from what it is called here.
fn communication(session: &str) -> Option<(String, u64)> {
    let (kind, number) = session.split_once(':')?;
    let kind = match kind {
        "call" => "call",
        "chat" => "chat",
        "request" => "offline_message",
        _ => return None,
    };
    Some((kind.to_owned(), number.parse().ok()?))
}

impl<'a> Look<'a> {
    fn plan<'p>(&self, statuses: &'p Statuses) -> Plan<'p>
    where
        'a: 'p,
    {
        Plan { bundle: self.bundle, statuses, of: self.desk.parts.settings.stages }
    }

    /// Now, on the CRM's clock.
    fn moment(&self) -> Moment {
        Moment::new(self.now, self.directory.zones().crm.to_offset(self.now))
    }
}
