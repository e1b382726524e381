//! Customers: find, read, create, edit.
//!
//! RetailCRM has no search by phone: `filter[name]` looks through names and phones alike, loosely, so strangers come
//! along and every row is checked again here (reference, section 7.2).

use serde::Serialize;
use serde_json::{Map, Value};
use switchboard_engine::phone::Phone;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{RecordRef, Source, last_page, unreadable};
use super::wire;

/// Rows of a page; the most that the vendor allows.
const PAGE: u64 = 100;
/// Most pages of one search that are read. A run of ten digits matches few people; more than this many rows mean that
/// the other side ignores the filter.
const MAX_PAGES: u64 = 5;

/// A customer as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Customer {
    /// The CRM's own number.
    pub id: u64,
    /// The number given by whoever created it.
    pub external_id: Option<String>,
    /// The shop whose customer it is.
    pub site: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Father's name.
    pub patronymic: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phones as they are written in the card.
    pub phones: Vec<String>,
    /// The responsible user.
    pub manager_id: Option<u64>,
    /// How many orders there are.
    pub orders_count: u64,
    /// Names of tags.
    pub tags: Vec<String>,
    /// Names of segments.
    pub segments: Vec<String>,
    /// Values of custom fields by code.
    pub custom_fields: Map<String, Value>,
}

/// What is written to a customer; what is absent is left alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerFields {
    /// Our number. Only while creating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phones. An edit adds them, so an edit that is not about phones has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<PhoneNumber>,
    /// The responsible user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_id: Option<u64>,
    /// Where the contact came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Values of custom fields by code.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom_fields: Map<String, Value>,
}

/// One phone of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneNumber {
    /// The number.
    pub number: String,
}

impl Customer {
    fn read(value: &Value) -> Option<Self> {
        let names = |name| {
            let all = wire::elements(wire::field(value, name)).into_iter();
            all.filter_map(|one| wire::text(one).or_else(|| wire::text_field(one, "name"))).collect()
        };
        Some(Self {
            id: wire::id_field(value, "id")?,
            external_id: wire::text_field(value, "externalId"),
            site: wire::text_field(value, "site"),
            first_name: wire::text_field(value, "firstName"),
            last_name: wire::text_field(value, "lastName"),
            patronymic: wire::text_field(value, "patronymic"),
            email: wire::text_field(value, "email"),
            phones: wire::elements(wire::field(value, "phones"))
                .into_iter()
                .filter_map(|phone| wire::text_field(phone, "number"))
                .collect(),
            manager_id: wire::id_field(value, "managerId"),
            orders_count: wire::field(value, "ordersCount").and_then(Value::as_u64).unwrap_or(0),
            tags: names("tags"),
            segments: names("segments"),
            custom_fields: wire::map(wire::field(value, "customFields")),
        })
    }

    /// Tells whether one of the phones in the card is `phone`, however it is written.
    pub fn has_phone(&self, phone: Phone) -> bool {
        self.phones.iter().any(|written| Phone::parse(written).is_ok_and(|read| read == phone))
    }

    /// Tells whether the e-mail in the card is `email`, whatever the case.
    pub fn has_email(&self, email: &str) -> bool {
        self.email
            .as_deref()
            .is_some_and(|written| written.trim().to_lowercase() == email.trim().to_lowercase())
    }

    /// The name as people read it, if there is any.
    pub fn full_name(&self) -> Option<String> {
        let parts = [&self.last_name, &self.first_name, &self.patronymic];
        let parts: Vec<&str> = parts.into_iter().flatten().map(|part| part.trim()).collect();
        if parts.is_empty() { None } else { Some(parts.join(" ")) }
    }
}

/// The one to work with when several customers have the phone: one with a manager before one without, then the one with
/// most orders, then the oldest. They are never merged by us.
pub fn choose(customers: &[Customer]) -> Option<&Customer> {
    customers.iter().min_by_key(|one| (one.manager_id.is_none(), std::cmp::Reverse(one.orders_count), one.id))
}

impl Client {
    /// Finds the customers that have `phone`, however it is written in their cards.
    ///
    /// Asks with the digits, and when nobody has the phone once more with another customary spelling.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`]. [`CrmError::Unreadable`] also when the answer has more pages than such a search can have: then
    /// the filter was ignored, and "not found" would be a guess.
    pub async fn find_customers(&self, phone: Phone, urgency: Urgency) -> Result<Vec<Customer>, CrmError> {
        for spelling in spellings(phone) {
            let mut found = self.search_customers("filter[name]", &spelling, urgency).await?;
            found.retain(|customer| customer.has_phone(phone));
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Finds the customers with an e-mail.
    ///
    /// # Errors
    ///
    /// As [`Client::find_customers`].
    pub async fn find_customers_by_email(
        &self,
        email: &str,
        urgency: Urgency,
    ) -> Result<Vec<Customer>, CrmError> {
        let mut found = self.search_customers("filter[email]", email, urgency).await?;
        found.retain(|customer| customer.has_email(email));
        Ok(found)
    }

    async fn search_customers(
        &self,
        filter: &'static str,
        text: &str,
        urgency: Urgency,
    ) -> Result<Vec<Customer>, CrmError> {
        let mut found = Vec::new();
        for page in 1..=MAX_PAGES {
            let query = Form::new().with(filter, text).with("limit", PAGE).with("page", page);
            let answer = self.get("customers", "/api/v5/customers", query, urgency).await?;
            let rows = wire::field(&answer, "customers").ok_or_else(|| unreadable("customers"))?;
            found.extend(wire::elements(Some(rows)).into_iter().filter_map(Customer::read));
            if page >= last_page(&answer) {
                return Ok(found);
            }
        }
        Err(unreadable("end of the list of customers"))
    }

    /// Reads a customer.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`] when there is none, [`CrmError::Merged`] when another one took its place, and any other.
    pub async fn customer(
        &self,
        customer: &RecordRef,
        site: &str,
        urgency: Urgency,
    ) -> Result<Customer, CrmError> {
        let (segment, by) = customer.segment();
        let query = Form::new().with("by", by).with("site", site);
        let answer =
            self.get("customers/{id}", &format!("/api/v5/customers/{segment}"), query, urgency).await?;
        wire::field(&answer, "customer").and_then(Customer::read).ok_or_else(|| unreadable("customer"))
    }

    /// Creates a customer and gives its number.
    ///
    /// # Errors
    ///
    /// [`CrmError::AlreadyExists`] when the external id is taken, and any other.
    pub async fn create_customer(
        &self,
        fields: &CustomerFields,
        site: &str,
        urgency: Urgency,
    ) -> Result<u64, CrmError> {
        let form = Form::new().json("customer", fields).with("site", site);
        let answer = self.post("customers/create", "/api/v5/customers/create", form, urgency).await?;
        wire::id_field(&answer, "id").ok_or_else(|| unreadable("id"))
    }

    /// Edits a customer.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`], [`CrmError::Merged`], and any other.
    pub async fn edit_customer(
        &self,
        id: u64,
        fields: &CustomerFields,
        site: &str,
        urgency: Urgency,
    ) -> Result<(), CrmError> {
        let form = Form::new().json("customer", fields).with("by", "id").with("site", site);
        self.post("customers/edit", &format!("/api/v5/customers/{id}/edit"), form, urgency).await.map(drop)
    }
}

/// The two ways to ask for a phone: all digits, and what all customary spellings of the number share.
fn spellings(phone: Phone) -> [String; 2] {
    let digits = phone.digits().to_string();
    // `+7 900…`, `8900…` and `900…` end in the same ten digits.
    let other = match digits.len().checked_sub(10) {
        Some(from @ 1..) => digits.get(from..).unwrap_or(&digits).to_owned(),
        _ => format!("+{digits}"),
    };
    [digits, other]
}
