//! What the account holds: records by number, found also by external id.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One customer, order, task, call, note or pop-up event as the account holds it.
///
/// `fields` has the API's names and only what was written or computed; links to other records are `{"id": …}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Internal number.
    pub id: u64,
    /// The caller's identifier.
    pub external_id: Option<String>,
    /// Shop.
    pub site: String,
    /// When it was created, as the account shows it; a caller may have named an earlier time.
    pub created_at: Timestamp,
    /// When it was really stored.
    pub stored_at: Timestamp,
    /// Everything else, by the API's names.
    pub fields: Map<String, Value>,
}

/// Records of one kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Table {
    rows: BTreeMap<u64, Record>,
    next: u64,
    by_external: HashMap<String, Vec<u64>>,
}

/// How a table is kept in a snapshot; the index is made anew.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Stored {
    next: u64,
    rows: Vec<Record>,
}

impl Record {
    /// A field that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    /// A field that is a whole number.
    #[must_use]
    pub fn int(&self, name: &str) -> Option<u64> {
        self.fields.get(name).and_then(Value::as_u64)
    }

    /// A field that is a yes or no; absent is no.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.fields.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The number of a linked record: `linked("customer")` of an order.
    #[must_use]
    pub fn linked(&self, name: &str) -> Option<u64> {
        self.fields.get(name).and_then(|link| link.get("id")).and_then(Value::as_u64)
    }

    /// The numbers in `phones` (customers) or `phone` (everything else), as written.
    #[must_use]
    pub fn phones(&self) -> Vec<&str> {
        let listed = self.fields.get("phones").and_then(Value::as_array).into_iter().flatten();
        let listed = listed.filter_map(|phone| phone.get("number")).filter_map(Value::as_str);
        listed.chain(self.text("phone")).chain(self.text("additionalPhone")).collect()
    }

    /// The value of a custom field.
    #[must_use]
    pub fn custom(&self, code: &str) -> Option<&Value> {
        self.fields.get("customFields").and_then(|fields| fields.get(code))
    }

    /// The record as one JSON object: `id`, `externalId`, `site`, `createdAt` (UTC) and all fields.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut all = Map::new();
        all.insert("id".to_owned(), self.id.into());
        all.insert("externalId".to_owned(), self.external_id.clone().into());
        all.insert("site".to_owned(), self.site.clone().into());
        all.insert("createdAt".to_owned(), self.created_at.to_string().into());
        all.extend(self.fields.clone());
        Value::Object(all)
    }
}

impl Table {
    /// An empty table that counts from `first`.
    pub(crate) fn starting_at(first: u64) -> Self {
        Self { next: first, ..Self::default() }
    }

    /// Adds a record that is created now, and gives its number.
    pub(crate) fn insert(
        &mut self,
        external_id: Option<String>,
        site: &str,
        now: Timestamp,
        fields: Map<String, Value>,
    ) -> u64 {
        let id = self.next;
        self.next += 1;
        if let Some(external_id) = &external_id {
            self.by_external.entry(external_id.clone()).or_default().push(id);
        }
        let site = site.to_owned();
        self.rows.insert(id, Record { id, external_id, site, created_at: now, stored_at: now, fields });
        id
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Record> {
        self.rows.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Record> {
        self.rows.get_mut(&id)
    }

    /// The record with this external id, within a shop when one is given.
    pub(crate) fn by_external(&self, external_id: &str, site: Option<&str>) -> Option<&Record> {
        let ids = self.by_external.get(external_id)?;
        ids.iter().filter_map(|id| self.rows.get(id)).find(|row| site.is_none_or(|site| row.site == site))
    }

    /// Gives a record another external id.
    pub(crate) fn rename(&mut self, id: u64, external_id: Option<String>) {
        let Some(row) = self.rows.get_mut(&id) else { return };
        if let Some(old) = std::mem::replace(&mut row.external_id, external_id.clone())
            && let Some(ids) = self.by_external.get_mut(&old)
        {
            ids.retain(|other| *other != id);
        }
        if let Some(new) = external_id {
            self.by_external.entry(new).or_default().push(id);
        }
    }

    pub(crate) fn remove(&mut self, id: u64) -> Option<Record> {
        let row = self.rows.remove(&id)?;
        if let Some(ids) =
            row.external_id.as_ref().and_then(|external_id| self.by_external.get_mut(external_id))
        {
            ids.retain(|other| *other != id);
        }
        Some(row)
    }

    /// All records, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.rows.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Record> {
        self.rows.values_mut()
    }

    /// All records, oldest first, as copies for tests.
    pub(crate) fn to_vec(&self) -> Vec<Record> {
        self.rows.values().cloned().collect()
    }
}

impl From<Stored> for Table {
    fn from(stored: Stored) -> Self {
        let mut table = Self::starting_at(stored.next);
        for row in stored.rows {
            if let Some(external_id) = &row.external_id {
                table.by_external.entry(external_id.clone()).or_default().push(row.id);
            }
            table.rows.insert(row.id, row);
        }
        table
    }
}

impl From<Table> for Stored {
    fn from(table: Table) -> Self {
        Self { next: table.next, rows: table.rows.into_values().collect() }
    }
}
