//! The address book of an account: contacts by number, and whose client each is (reference, section 5.7).
//!
//! An update replaces lists whole, and nobody promises what becomes of a field that is not sent; so what was read is sent
//! back with the one change. Nothing optional that is absent is sent, because UIS refuses what it does not expect
//! (section 5.1).

use serde_json::{Map, Value, json};

use super::client::{Client, number, rows};
use super::error::UisError;
use super::filter::Filter;

/// The columns that are read, which are all that an update can write, and the name.
const FIELDS: [&str; 10] = [
    "id",
    "last_name",
    "first_name",
    "patronymic",
    "full_name",
    "emails",
    "phone_numbers",
    "personal_manager_id",
    "organization_id",
    "groups",
];

/// A contact as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Its number.
    pub id: u64,
    /// The employee whose client it is.
    pub personal_manager: Option<u64>,
    /// All columns, as they came.
    columns: Map<String, Value>,
}

impl Contact {
    fn read(row: &Value) -> Option<Self> {
        let columns = row.as_object()?;
        Some(Self {
            id: number(columns.get("id")?)?,
            personal_manager: columns.get("personal_manager_id").and_then(number),
            columns: columns.clone(),
        })
    }

    /// Whether it has a number, digits with the country's code.
    fn has_phone(&self, digits: &str) -> bool {
        let phones = self.columns.get("phone_numbers").and_then(Value::as_array);
        let bare = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
        phones.into_iter().flatten().any(|phone| match phone {
            Value::String(phone) => bare(phone) == digits,
            Value::Number(phone) => phone.to_string() == digits,
            _ => false,
        })
    }

    /// What an update sends: what was read, with another manager.
    fn with_manager(&self, employee: u64) -> Map<String, Value> {
        let mut params = Map::from_iter([("id".to_owned(), json!(self.id))]);
        let texts = ["last_name", "first_name", "patronymic"];
        let numbers = ["organization_id"];
        let lists = ["emails", "phone_numbers"];
        let is_there = |value: &&Value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        };
        for name in texts.into_iter().chain(numbers).chain(lists) {
            if let Some(value) = self.columns.get(name).filter(is_there) {
                params.insert(name.to_owned(), value.clone());
            }
        }
        let groups = self.columns.get("groups").and_then(Value::as_array);
        let groups: Vec<u64> =
            groups.into_iter().flatten().filter_map(|group| number(group.get("group_id")?)).collect();
        if !groups.is_empty() {
            params.insert("group_ids".to_owned(), json!(groups));
        }
        if !params.contains_key("last_name")
            && let Some(name) = self.columns.get("full_name").filter(is_there)
        {
            // UIS wants one with every update.
            params.insert("last_name".to_owned(), name.clone());
        }
        params.insert("personal_manager_id".to_owned(), json!(employee));
        params
    }
}

/// How contacts are asked for by number. Which operators lists may be filtered with is not published for each method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The list of numbers and a list of one number have something in common.
    Overlap,
    /// The number is given as it is.
    Equal,
}

impl Client {
    /// Contacts that have a number, digits with the country's code. Others are left out, whatever the filter did.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub(super) async fn contacts(&self, digits: &str, by: By) -> Result<Vec<Contact>, UisError> {
        let filter = match by {
            By::Overlap => Filter::Overlaps("phone_numbers", vec![json!(digits)]),
            By::Equal => Filter::Is("phone_numbers", json!(digits)),
        };
        let params =
            Map::from_iter([("fields".to_owned(), json!(FIELDS)), ("filter".to_owned(), filter.to_json())]);
        let mut found = Vec::new();
        let take = |row: &Value| {
            found.extend(Contact::read(row).filter(|contact| contact.has_phone(digits)));
        };
        self.pages("get.contacts", &params, take).await?;
        Ok(found)
    }

    /// Makes an employee the personal manager of a contact, and leaves the rest of it as it was read.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; see [`UisError::may_have_happened`].
    pub(super) async fn assign(&self, contact: &Contact, employee: u64) -> Result<(), UisError> {
        self.call("update.contacts", contact.with_manager(employee)).await.map(drop)
    }

    /// Adds a contact with a number and a manager, and gives its own number when UIS tells it.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; see [`UisError::may_have_happened`].
    pub(super) async fn add_contact(
        &self,
        digits: &str,
        name: &str,
        employee: u64,
    ) -> Result<Option<u64>, UisError> {
        let params = Map::from_iter([
            ("last_name".to_owned(), json!(name)),
            ("phone_numbers".to_owned(), json!([digits])),
            ("personal_manager_id".to_owned(), json!(employee)),
        ]);
        let result = self.call("create.contacts", params).await?;
        Ok(rows(&result).first().and_then(|row| row.get("id")).and_then(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_sends_back_what_was_read_and_nothing_that_was_absent() {
        let contact = Contact::read(&json!({
            "id": 71, "last_name": "Петрова", "first_name": "Анна", "patronymic": null, "full_name": "Петрова Анна",
            "emails": [], "phone_numbers": ["79000000010", "74950000009"], "personal_manager_id": null,
            "personal_manager_full_name": null, "organization_id": 5, "organization_name": "Ромашка",
            "groups": [{"group_id": 3, "group_name": "VIP"}],
        }));
        let contact = contact.expect("a contact");
        assert!(contact.has_phone("74950000009") && !contact.has_phone("7495000000"));
        assert_eq!(
            Value::Object(contact.with_manager(323_401)),
            json!({"id": 71, "last_name": "Петрова", "first_name": "Анна", "phone_numbers": ["79000000010", "74950000009"],
                "organization_id": 5, "group_ids": [3], "personal_manager_id": 323_401})
        );
    }

    #[test]
    fn a_contact_without_a_last_name_is_called_by_its_whole_name() {
        let contact =
            Contact::read(&json!({"id": "72", "full_name": "Анна", "phone_numbers": [79_000_000_010_u64]}));
        let contact = contact.expect("a contact");
        assert!(contact.has_phone("79000000010"));
        assert_eq!(contact.with_manager(1).get("last_name"), Some(&json!("Анна")));
    }
}
