//! The values of fields, by number.
//!
//! Plain fields are an array over all field numbers; entries of open fields (`client.custom.X`) a sorted map. Copies share
//! them until one is written to: whoever keeps an event longer than a decision (scripts, shadow rules) takes a copy.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::catalog;
use crate::schema::{FieldId, FieldKey};
use crate::value::{MISSING, Value};

/// Values of fields; a field that was never set is missing.
#[derive(Clone, Default)]
pub struct FieldValues {
    /// Indexed by field number; shorter than the numbers when the last ones are missing.
    plain: Arc<Vec<Value>>,
    /// Entries of open fields. Invariant: keys have their open part, values are not missing.
    open: Arc<BTreeMap<FieldKey, Value>>,
}

impl FieldValues {
    /// The value of a plain field.
    pub fn get(&self, id: FieldId) -> &Value {
        self.plain.get(id.index()).unwrap_or(&MISSING)
    }

    /// The value of a plain field or of an entry of an open one.
    pub fn value(&self, key: &FieldKey) -> &Value {
        match key.key {
            None => self.get(key.id),
            Some(_) => self.open.get(key).unwrap_or(&MISSING),
        }
    }

    /// Sets a value; missing takes it away.
    pub fn set(&mut self, key: FieldKey, value: Value) {
        if key.key.is_some() {
            let open = Arc::make_mut(&mut self.open);
            if value.is_missing() {
                open.remove(&key);
            } else {
                open.insert(key, value);
            }
            return;
        }
        let at = key.id.index();
        if self.plain.len() <= at {
            if value.is_missing() {
                return;
            }
            Arc::make_mut(&mut self.plain).resize(at + 1, Value::Missing);
        }
        if let Some(place) = Arc::make_mut(&mut self.plain).get_mut(at) {
            *place = value;
        }
    }

    /// The entries of open fields that are there, in order of field and key.
    pub fn open(&self) -> impl Iterator<Item = (&FieldKey, &Value)> {
        self.open.iter()
    }

    /// Whether nothing is there.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.plain.iter().all(Value::is_missing)
    }
}

impl fmt::Debug for FieldValues {
    /// The names of the fields that are there, without their values: names, phones and texts of people must not
    /// reach a log through `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = catalog::schema();
        let known = (0u16..).map_while(|number| schema.field_by_number(number));
        let plain = known.filter(|(id, _)| !self.get(*id).is_missing()).map(|(_, name)| name);
        let open = self.open.keys().map(|key| schema.field_name(key.id));
        f.debug_set().entries(plain.chain(open)).finish()
    }
}

impl PartialEq for FieldValues {
    fn eq(&self, other: &FieldValues) -> bool {
        let length = self.plain.len().max(other.plain.len());
        let value = |of: &FieldValues, at: usize| of.plain.get(at).cloned().unwrap_or_default();
        self.open == other.open && (0..length).all(|at| value(self, at) == value(other, at))
    }
}
