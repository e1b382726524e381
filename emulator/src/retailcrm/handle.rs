//! The handle through which tests see and prepare the account.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::record::Record;
use super::service::act;
use super::state::{ApiKey, CustomField, Dictionary, ReferenceRow, Shop, State, User};
use crate::ledger::Kept;
use crate::limiter::Peak;
use crate::wire::param::Param;
use crate::world::World;

/// What the RetailCRM account holds: snapshots for assertions, seeding, and the figures of the limiter.
///
/// Reading copies; writing takes effect at once, without field rules and without requests in the log. Records that are
/// put in here are found by lists at once.
#[derive(Debug, Clone)]
pub struct Crm {
    pub(super) world: Arc<World>,
}

/// A pop-up as a user has seen it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Popup {
    /// Who saw it.
    pub user: u64,
    /// The client's number.
    pub phone: String,
    /// `callExternalId` of its events.
    pub call: Option<String>,
    /// Whether it still hangs on the screen: the last event for this user and call was no `hangup`.
    pub open: bool,
}

impl Crm {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }

    /// All customers, oldest first; merged ones are gone.
    #[must_use]
    pub fn customers(&self) -> Vec<Record> {
        self.world.crm().customers.to_vec()
    }

    /// All orders, oldest first.
    #[must_use]
    pub fn orders(&self) -> Vec<Record> {
        self.world.crm().orders.to_vec()
    }

    /// An order.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<Record> {
        self.world.crm().orders.get(id).cloned()
    }

    /// All tasks, oldest first.
    #[must_use]
    pub fn tasks(&self) -> Vec<Record> {
        self.world.crm().tasks.to_vec()
    }

    /// The history of calls, in order of upload.
    #[must_use]
    pub fn calls(&self) -> Vec<Record> {
        self.world.crm().calls.to_vec()
    }

    /// All notes on customers.
    #[must_use]
    pub fn notes(&self) -> Vec<Record> {
        self.world.crm().notes.to_vec()
    }

    /// All companies.
    #[must_use]
    pub fn companies(&self) -> Vec<Record> {
        self.world.crm().corporate.to_vec()
    }

    /// All call events, oldest first; `shownTo` holds the users who saw each.
    #[must_use]
    pub fn events(&self) -> Vec<Record> {
        self.world.crm().popups.to_vec()
    }

    /// All uploaded files, with their text.
    #[must_use]
    pub fn files(&self) -> Vec<Record> {
        self.world.crm().files.to_vec()
    }

    /// Notices sent to users.
    #[must_use]
    pub fn notices(&self) -> Vec<Record> {
        self.world.crm().notices.to_vec()
    }

    /// An integration module as it was last written.
    #[must_use]
    pub fn module(&self, code: &str) -> Option<Value> {
        self.world.crm().modules.get(code).cloned().map(Value::Object)
    }

    /// What users have on their screens, or had: one entry for each user and call.
    #[must_use]
    pub fn popups(&self) -> Vec<Popup> {
        let mut popups: Vec<Popup> = Vec::new();
        for event in self.world.crm().popups.iter() {
            let phone = event.text("phone").unwrap_or_default().to_owned();
            let open = event.text("type") != Some("hangup");
            let users = event.fields.get("shownTo").and_then(Value::as_array).cloned().unwrap_or_default();
            for user in users.iter().filter_map(Value::as_u64) {
                let same = |known: &&mut Popup| {
                    known.user == user
                        && known.call == event.external_id
                        && (known.call.is_some() || known.phone == phone)
                };
                match popups.iter_mut().find(same) {
                    Some(known) => known.open = open,
                    None => popups.push(Popup {
                        user,
                        phone: phone.clone(),
                        call: event.external_id.clone(),
                        open,
                    }),
                }
            }
        }
        popups
    }

    /// The busiest second of every key and class since the start, whether or not the limiter is on.
    #[must_use]
    pub fn peaks(&self) -> Vec<Peak> {
        self.world.limiter().peaks()
    }

    /// Forgets the figures of [`Crm::peaks`].
    pub fn clear_peaks(&self) {
        self.world.limiter().clear();
    }

    /// The first key that sees everything, and the default shop.
    #[must_use]
    pub fn master_key(&self) -> (String, String) {
        let state = self.world.crm();
        let master = state.keys.iter().find(|key| key.scopes.is_none() && key.sites.is_none());
        let key = master.map(|key| key.value.clone()).unwrap_or_default();
        (key, state.sites.first().map(|site| site.code.clone()).unwrap_or_default())
    }

    /// Adds a key, or replaces the one with the same value.
    pub fn put_key(&self, key: ApiKey) {
        self.with(|state| put(&mut state.keys, key, |a, b| a.value == b.value));
    }

    /// Revokes a key.
    pub fn revoke_key(&self, value: &str) {
        self.with(|state| state.keys.retain(|key| key.value != value));
    }

    /// Adds a shop, or replaces the one with the same code. The first shop is the default one.
    pub fn put_site(&self, site: Shop) {
        self.with(|state| put(&mut state.sites, site, |a, b| a.code == b.code));
    }

    /// Removes a shop.
    pub fn remove_site(&self, code: &str) {
        self.with(|state| state.sites.retain(|site| site.code != code));
    }

    /// Adds a user, or replaces the one with the same number.
    pub fn put_user(&self, user: User) {
        self.with(|state| put(&mut state.users, user, |a, b| a.id == b.id));
    }

    /// All users.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.world.crm().users.clone()
    }

    /// Adds a custom field, or replaces the one with the same entity and code.
    pub fn put_custom_field(&self, field: CustomField) {
        self.with(|state| {
            put(&mut state.custom_fields, field, |a, b| a.entity == b.entity && a.code == b.code);
        });
    }

    /// Adds a custom dictionary, or replaces the one with the same code.
    pub fn put_dictionary(&self, dictionary: Dictionary) {
        self.with(|state| put(&mut state.dictionaries, dictionary, |a, b| a.code == b.code));
    }

    /// Adds a row to a reference, named by its answer key (`statuses`, `statusGroups`, `orderMethods`, `orderTypes`,
    /// `paymentStatuses`), or replaces the one with the same code.
    pub fn put_reference(&self, reference: &str, row: ReferenceRow) {
        self.with(|state| {
            put(state.reference.entry(reference.to_owned()).or_default(), row, |a, b| a.code == b.code);
        });
    }

    /// Makes a field mandatory on create: `require("order", "phone")`.
    pub fn require(&self, entity: &str, field: &str) {
        self.with(|state| state.required.insert((entity.to_owned(), field.to_owned())));
    }

    /// Puts an integration module there, as if it had been registered; `None` removes it.
    pub fn put_module(&self, code: &str, module: Option<Value>) {
        self.with(|state| match module {
            Some(Value::Object(module)) => {
                state.modules.insert(code.to_owned(), module);
            }
            _ => {
                state.modules.remove(code);
            }
        });
    }

    /// Sets the account's time zone, by its IANA name.
    pub fn set_time_zone(&self, zone: &str) {
        self.with(|state| zone.clone_into(&mut state.zone));
    }

    /// Puts a customer there and gives his number. `fields` has the API's names; `externalId` among them is understood.
    pub fn put_customer(&self, site: &str, fields: Value) -> u64 {
        let now = self.world.clock.now();
        self.with(|state| {
            let (external_id, fields) = taken(fields);
            state.customers.insert(external_id, site, now, fields)
        })
    }

    /// Puts an order there, as a user would, and gives its number; status, type and method fall to the defaults.
    pub fn put_order(&self, site: &str, fields: Value) -> u64 {
        let now = self.world.clock.now();
        self.with(|state| {
            let (external_id, mut fields) = taken(fields);
            for (name, reference) in
                [("status", "statuses"), ("orderType", "orderTypes"), ("orderMethod", "orderMethods")]
            {
                if let Some(code) = state.default_code(reference).map(str::to_owned) {
                    fields.entry(name).or_insert_with(|| json!(code));
                }
            }
            super::orders::sum_up(&mut fields);
            let id = state.orders.insert(external_id, site, now, fields);
            if let Some(row) = state.orders.get_mut(id) {
                row.fields.entry("number").or_insert_with(|| json!(format!("{id}C")));
            }
            if let Some(row) = state.orders.get(id) {
                let snapshot = row.to_json();
                state.change("order", None, now, json!({"created": true, "order": snapshot}));
            }
            self.world.orders_changed.notify_one();
            id
        })
    }

    /// Changes fields of an order as a user would, history row included; false when there is no such order.
    pub fn edit_order(&self, id: u64, changes: Value) -> bool {
        let now = self.world.clock.now();
        self.with(|state| {
            let Some(before) = state.orders.get(id).map(|row| row.fields.clone()) else { return false };
            let mut after = before.clone();
            super::call::merge(&mut after, taken(changes).1);
            super::orders::sum_up(&mut after);
            if after.get("status") != before.get("status") {
                after.insert("statusUpdatedAt".to_owned(), json!(state.local(now)));
            }
            state.changes("order", id, None, now, &before, &after);
            if let Some(row) = state.orders.get_mut(id) {
                row.fields = after;
            }
            self.world.orders_changed.notify_one();
            true
        })
    }

    /// Posts to a path of the API with the first key that sees everything: with field rules, and kept in the ledger; not in
    /// the log, and no limit counts it. Structures are JSON texts.
    ///
    /// # Errors
    /// The words of the refusal.
    pub fn act(&self, path: &str, parts: &[(&str, &str)]) -> Result<(), String> {
        let (key, _) = self.master_key();
        let form = parts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let kept = Kept {
            at: self.world.clock.now(),
            path: path.to_owned(),
            key,
            query: Param::collect(std::iter::empty()),
            form: Param::collect(form),
            body: Vec::new(),
            switches: None,
        };
        act(&self.world, kept)
    }

    /// Deletes an order, as a user would, history row included; false when there is no such order.
    pub fn delete_order(&self, id: u64) -> bool {
        self.remove_order(id, None)
    }

    /// Merges one order into another, as a user would: the one is gone, its history says where to.
    pub fn combine_orders(&self, gone: u64, survivor: u64) -> bool {
        self.remove_order(gone, Some(survivor))
    }

    fn remove_order(&self, id: u64, survivor: Option<u64>) -> bool {
        let now = self.world.clock.now();
        self.with(|state| {
            let Some(gone) = state.orders.remove(id) else { return false };
            let mut row = json!({"deleted": true, "order": gone.to_json()});
            if let (Some(survivor), Value::Object(row)) = (survivor, &mut row) {
                row.insert("combinedTo".to_owned(), json!({"id": survivor}));
            }
            state.change("order", None, now, row);
            self.world.orders_changed.notify_one();
            true
        })
    }

    /// Puts a company there and gives its number; `fields` has the API's names.
    pub fn put_company(&self, site: &str, fields: Value) -> u64 {
        let now = self.world.clock.now();
        self.with(|state| {
            let (external_id, fields) = taken(fields);
            state.corporate.insert(external_id, site, now, fields)
        })
    }

    /// Changes a customer, as a user would; `fields` has the API's names.
    pub fn edit_customer(&self, id: u64, fields: Value) {
        self.with(|state| {
            if let Some(row) = state.customers.get_mut(id) {
                row.fields.extend(taken(fields).1);
            }
        });
    }

    /// Changes a task, as a user would: completes it, gives it to somebody else. `fields` has the API's names.
    pub fn edit_task(&self, id: u64, fields: Value) {
        let now = self.world.clock.now();
        self.with(|state| {
            let completed_at = json!(state.local(now));
            let Some(task) = state.tasks.get_mut(id) else { return };
            let (_, fields) = taken(fields);
            task.fields.extend(fields);
            if task.flag("complete") {
                task.fields.entry("completedAt").or_insert(completed_at);
            } else {
                task.fields.shift_remove("completedAt");
            }
        });
    }

    /// Merges one customer into another, as a user would.
    pub fn merge_customers(&self, gone: u64, survivor: u64) {
        self.with(|state| state.merge_customer(gone, survivor));
    }

    /// Removes everything that was created and leaves settings, people and reference data.
    pub fn clear_records(&self) {
        self.with(|state| {
            let fresh = State::empty("");
            state.customers = fresh.customers;
            state.merged = fresh.merged;
            state.corporate = fresh.corporate;
            state.orders = fresh.orders;
            state.tasks = fresh.tasks;
            state.calls = fresh.calls;
            state.notes = fresh.notes;
            state.popups = fresh.popups;
            state.files = fresh.files;
            state.notices = fresh.notices;
            state.order_history = fresh.order_history;
            state.customer_history = fresh.customer_history;
            state.task_history = fresh.task_history;
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.world.crm())
    }
}

fn put<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|known| same(known, &item)) {
        Some(known) => *known = item,
        None => list.push(item),
    }
}

fn taken(fields: Value) -> (Option<String>, Map<String, Value>) {
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    let external_id = super::call::take_external_id(&mut fields);
    (external_id, fields)
}
