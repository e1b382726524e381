//! The handle through which tests see and prepare the UIS account, play calls and send notifications.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::data::is_unlucky;
use super::deals::Contact;
use super::play::{CallScript, Direction, Notification, Played, Quirk, notifications, rows};
use super::state::{Campaign, Employee, Named, Row, Site, Token, UisState, VirtualNumber};
use crate::outbound::{Delivery, deliver};
use crate::world::World;

/// What the UIS account holds, and the calls that it makes happen.
#[derive(Debug, Clone)]
pub struct Uis {
    world: Arc<World>,
}

impl Uis {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    /// Plays a call: it appears in the reports, and its notifications are given back in the order of their sending.
    ///
    /// The same seed, script and quirks give the same notifications.
    pub fn play(&self, script: &CallScript, quirks: &[Quirk]) -> Played {
        let now = self.world.clock.now();
        let mut state = self.world.uis();
        let session = script.session.unwrap_or_else(|| state.fresh_id());
        let started = script.started.unwrap_or(now);
        let (call, legs) = rows(script, session, started, &state);
        let mut dice = fastrand::Rng::with_seed(self.world.randomness ^ session);
        let notifications = notifications(script, session, started, quirks, &state, &mut dice);
        let again = state.played.insert(session, now).is_some();
        for (noun, column, rows) in [("calls", "id", vec![call]), ("call_legs", "call_session_id", legs)] {
            let known = state.rows.entry(noun.to_owned()).or_default();
            // Looking through all of them for nothing would make a long day slow.
            if again {
                known.retain(|row| row.get(column) != Some(&json!(session)));
            }
            known.extend(rows);
        }
        Played { session, started, notifications }
    }

    /// Plays a call that was started through the Call API and runs still: session, direction, numbers, employee and
    /// external id are those that it was started with, the rest is what `script` says. It runs no longer then. `None`
    /// when no such call runs.
    pub fn play_live(&self, session: u64, script: &CallScript, quirks: &[Quirk]) -> Option<Played> {
        let live = {
            let mut state = self.world.uis();
            let at = state.live.iter().position(|row| row.get("call_session_id") == Some(&json!(session)))?;
            state.live.remove(at)
        };
        let text = |name: &str| live.get(name).and_then(Value::as_str).map(str::to_owned);
        let employee =
            live.get("legs").and_then(|legs| legs.pointer("/0/employee_id")).and_then(Value::as_u64);
        let is_out = text("direction").as_deref() == Some("out");
        let script = CallScript {
            session: Some(session),
            direction: if is_out { Direction::Out } else { Direction::In },
            client: text("contact_phone_number"),
            virtual_number: text("virtual_phone_number").unwrap_or_default(),
            caller: employee.filter(|_| is_out),
            external_id: text("external_id"),
            ..script.clone()
        };
        Some(self.play(&script, quirks))
    }

    /// Sends one notification to `{base}/{event}` and tells what came back. Failures are repeated as the switches say.
    pub async fn send(&self, notification: &Notification, base: &str) -> Delivery {
        deliver(&self.world, notification, base).await
    }

    /// Sends notifications one after the other, without waiting for their time.
    pub async fn send_all(&self, notifications: &[Notification], base: &str) -> Vec<Delivery> {
        let mut deliveries = Vec::with_capacity(notifications.len());
        for notification in notifications {
            deliveries.push(self.send(notification, base).await);
        }
        deliveries
    }

    /// Everything that was sent so far, by UIS and by RetailCRM, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world.deliveries.list()
    }

    /// The secret that notifications carry as `key`.
    #[must_use]
    pub fn notification_key(&self) -> String {
        self.world.uis().notification_key.clone()
    }

    /// Changes that secret.
    pub fn set_notification_key(&self, key: &str) {
        self.with(|state| key.clone_into(&mut state.notification_key));
    }

    /// All employees.
    #[must_use]
    pub fn employees(&self) -> Vec<Employee> {
        self.world.uis().employees.clone()
    }

    /// The number of the employee with this e-mail.
    #[must_use]
    pub fn employee_by_email(&self, email: &str) -> Option<u64> {
        let state = self.world.uis();
        state.employees.iter().find(|one| one.email.as_deref() == Some(email)).map(|one| one.id)
    }

    /// Adds an employee, or replaces the one with the same number.
    pub fn put_employee(&self, employee: Employee) {
        self.with(|state| put(&mut state.employees, employee, |a, b| a.id == b.id));
    }

    /// Adds a virtual number, or replaces the one with the same row number.
    pub fn put_number(&self, number: VirtualNumber) {
        self.with(|state| put(&mut state.numbers, number, |a, b| a.id == b.id));
    }

    /// Adds a scenario, or replaces the one with the same number.
    pub fn put_scenario(&self, scenario: Named) {
        self.with(|state| put(&mut state.scenarios, scenario, |a, b| a.id == b.id));
    }

    /// Adds a tag, or replaces the one with the same number.
    pub fn put_tag(&self, tag: Named) {
        self.with(|state| put(&mut state.tags, tag, |a, b| a.id == b.id));
    }

    /// Adds a site, or replaces the one with the same number.
    pub fn put_site(&self, site: Site) {
        self.with(|state| put(&mut state.sites, site, |a, b| a.id == b.id));
    }

    /// Adds a campaign, or replaces the one with the same number.
    pub fn put_campaign(&self, campaign: Campaign) {
        self.with(|state| put(&mut state.campaigns, campaign, |a, b| a.id == b.id));
    }

    /// Adds a token, or replaces the one with the same value.
    pub fn put_token(&self, token: Token) {
        self.with(|state| put(&mut state.tokens, token, |a, b| a.value == b.value));
    }

    /// Takes a token away.
    pub fn revoke_token(&self, value: &str) {
        self.with(|state| state.tokens.retain(|token| token.value != value));
    }

    /// Switches the account off, or on again.
    pub fn set_active(&self, active: bool) {
        self.with(|state| state.active = active);
    }

    /// Says whether the caller's address is on the list of allowed ones.
    pub fn set_address_allowed(&self, allowed: bool) {
        self.with(|state| state.address_allowed = allowed);
    }

    /// Sets the account's time zone, by its IANA name.
    pub fn set_time_zone(&self, zone: &str) {
        self.with(|state| zone.clone_into(&mut state.zone));
    }

    /// Puts a row into a report or dictionary, by its noun: `calls`, `call_legs`, `chats`, `chat_messages`,
    /// `offline_messages`, `visitors`, `sources`, `statuses`, `schedules`, `chat_channels`, `group_employees`,
    /// `contacts`, `blacklist`. A row with the same `id` is replaced.
    pub fn put_row(&self, noun: &str, row: Value) {
        let Value::Object(row) = row else { return };
        self.with(|state| {
            let rows = state.rows.entry(noun.to_owned()).or_default();
            put(rows, row, |a, b| a.contains_key("id") && a.get("id") == b.get("id"));
        });
    }

    /// Rows of a report or dictionary, by its noun.
    #[must_use]
    pub fn rows(&self, noun: &str) -> Vec<Value> {
        self.world.uis().rows(noun).iter().cloned().map(Value::Object).collect()
    }

    /// Sessions that were started through the Call API and run still.
    #[must_use]
    pub fn live_calls(&self) -> Vec<Value> {
        self.world.uis().live.iter().cloned().map(Value::Object).collect()
    }

    /// Histories of deals: one object a step, with `is_generated` and `modified_date_time` as they were taken.
    #[must_use]
    pub fn deals(&self) -> Vec<Value> {
        let state = self.world.uis();
        let steps = state.deals.deals.values().flat_map(|deal| &deal.history);
        steps
            .map(|step| {
                let mut row: Row = step.row.clone();
                row.insert("is_generated".to_owned(), json!(step.is_generated));
                row.insert("modified_date_time".to_owned(), json!(step.modified));
                Value::Object(row)
            })
            .collect()
    }

    /// Funnels with their stages.
    #[must_use]
    pub fn funnels(&self) -> Vec<Value> {
        self.world.uis().deals.funnels.iter().map(|funnel| json!(funnel)).collect()
    }

    /// Contacts of deals.
    #[must_use]
    pub fn deal_contacts(&self) -> Vec<Value> {
        let state = self.world.uis();
        let contacts = state.deals.contacts.iter();
        let row = |(ext_id, contact): (&String, &Contact)| json!({"ext_id": ext_id, "name": contact.name, "phone_numbers": contact.phones, "emails": contact.emails});
        contacts.map(row).collect()
    }

    /// Employees of deals: names by external id.
    #[must_use]
    pub fn deal_employees(&self) -> BTreeMap<String, String> {
        self.world.uis().deals.employees.clone()
    }

    /// Own fields of deals: name and data type by external id.
    #[must_use]
    pub fn deal_fields(&self) -> BTreeMap<String, (String, String)> {
        self.world.uis().deals.fields.clone()
    }

    /// Takes a row of a report away, by its number.
    pub fn remove_row(&self, noun: &str, id: u64) {
        self.with(|state| {
            let rows = state.rows.entry(noun.to_owned()).or_default();
            rows.retain(|row| row.get("id") != Some(&json!(id)));
        });
    }

    /// Takes a contact of deals away, as somebody in the office would.
    pub fn forget_deal_contact(&self, ext_id: &str) {
        self.with(|state| state.deals.contacts.remove(ext_id));
    }

    /// Has a deal stand in its stage since another moment, on the account's clock, as if another program had moved it.
    pub fn move_deal(&self, ext_id: &str, since: &str) {
        self.with(|state| {
            let last = state.deals.deals.get_mut(ext_id).and_then(|deal| deal.history.last_mut());
            if let Some(step) = last {
                since.clone_into(&mut step.modified_stage);
                step.row.insert("modified_stage_date_time".to_owned(), json!(since));
            }
        });
    }

    /// Whether every row of a deal is refused under the switches in force.
    #[must_use]
    pub fn refuses_deal(&self, ext_id: &str) -> bool {
        is_unlucky(ext_id, self.world.switches.get().deals_refused_percent)
    }

    fn with<T>(&self, change: impl FnOnce(&mut UisState) -> T) -> T {
        change(&mut self.world.uis())
    }
}

fn put<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|known| same(known, &item)) {
        Some(known) => *known = item,
        None => list.push(item),
    }
}
