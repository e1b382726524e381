//! Orders as deals are made of them: read whole, many at once.
//!
//! Apart from [`Order`](super::Order), which is what the effects of a call look at. Money stays the number that it was
//! written as; moments stay on the CRM's clock, because which zone that is the client does not know (reference, sections 8
//! and 9.1).

use serde_json::{Map, Number, Value};

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::unreadable;
use super::wire;

/// The most orders that are read at once: the largest page that the vendor allows.
pub const MAX_SALES: usize = 100;

/// An order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sale {
    /// The CRM's own number.
    pub id: u64,
    /// The number people see.
    pub number: Option<String>,
    /// The number given by whoever created it.
    pub external_id: Option<String>,
    /// The shop.
    pub site: Option<String>,
    /// The status.
    pub status: Option<String>,
    /// When it was created, on the CRM's clock.
    pub created_at: Option<String>,
    /// Since when it has its status, on the CRM's clock.
    pub status_updated_at: Option<String>,
    /// Whether it is paid in full.
    pub is_paid: bool,
    /// The responsible user.
    pub manager_id: Option<u64>,
    /// The type.
    pub order_type: Option<String>,
    /// The way in which it was placed.
    pub order_method: Option<String>,
    /// Price of the goods.
    pub total: Option<Number>,
    /// Price of the goods and of delivery.
    pub total_with_delivery: Option<Number>,
    /// Price of delivery for the client.
    pub delivery_cost: Option<Number>,
    /// What the order itself says of the client.
    pub named: Contact,
    /// Whose order it is: a person, or for an order of a company its contact.
    pub person: Option<Contact>,
    /// The company, for an order of one.
    pub company: Option<String>,
    /// Traffic: source, medium, campaign, keyword, content.
    pub source: Traffic,
    /// Values of custom fields by code.
    pub custom_fields: Map<String, Value>,
    /// What the manager wrote.
    pub manager_comment: Option<String>,
    /// What the client wrote.
    pub customer_comment: Option<String>,
}

/// Where the client of an order came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Source.
    pub source: Option<String>,
    /// Medium.
    pub medium: Option<String>,
    /// Campaign.
    pub campaign: Option<String>,
    /// Keyword.
    pub keyword: Option<String>,
    /// Advertisement.
    pub content: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contact {
    /// The number of the card; 0 when there is none.
    pub id: u64,
    /// The name as people read it.
    pub name: Option<String>,
    /// Phones as written.
    pub phones: Vec<String>,
    /// E-mails as written.
    pub emails: Vec<String>,
    /// The responsible user.
    pub manager_id: Option<u64>,
    /// How many orders there are.
    pub orders_count: Option<u64>,
    /// Names of tags.
    pub tags: Vec<String>,
    /// Values of custom fields by code.
    pub custom_fields: Map<String, Value>,
}

impl Contact {
    fn read(value: &Value) -> Self {
        let text = |name| wire::text_field(value, name);
        let parts = ["lastName", "firstName", "patronymic"].into_iter().filter_map(text);
        let name = parts.map(|part| part.trim().to_owned()).collect::<Vec<_>>().join(" ");
        let listed = wire::elements(wire::field(value, "phones")).into_iter();
        let listed = listed.filter_map(|phone| wire::text_field(phone, "number"));
        let tags = wire::elements(wire::field(value, "tags")).into_iter();
        Self {
            id: wire::id_field(value, "id").unwrap_or(0),
            name: Some(name).filter(|name| !name.is_empty()),
            phones: listed.chain(text("phone")).chain(text("additionalPhone")).collect(),
            emails: text("email").into_iter().collect(),
            manager_id: wire::id_field(value, "managerId"),
            orders_count: wire::field(value, "ordersCount").and_then(Value::as_u64),
            tags: tags.filter_map(|one| wire::text(one).or_else(|| wire::text_field(one, "name"))).collect(),
            custom_fields: wire::map(wire::field(value, "customFields")),
        }
    }
}

impl Sale {
    fn read(value: &Value) -> Option<Self> {
        let text = |name| wire::text_field(value, name);
        let customer = wire::field(value, "customer");
        let is_company =
            customer.and_then(|one| wire::text_field(one, "type")).as_deref() == Some("customer_corporate");
        // Of a company the person is the contact; the company itself never is one.
        let person = if is_company { wire::field(value, "contact") } else { customer };
        let company = || {
            let named = |path: &str| value.pointer(path).and_then(wire::text);
            named("/company/name")
                .or_else(|| named("/company/contragent/legalName"))
                .or_else(|| named("/customer/nickName"))
                .or_else(|| named("/contragent/legalName"))
        };
        let traffic = |name: &str| value.pointer(&format!("/source/{name}")).and_then(wire::text);
        Some(Self {
            id: wire::id_field(value, "id")?,
            number: text("number"),
            external_id: text("externalId"),
            site: text("site"),
            status: text("status"),
            created_at: text("createdAt"),
            status_updated_at: text("statusUpdatedAt"),
            is_paid: text("fullPaidAt").is_some(),
            manager_id: wire::id_field(value, "managerId"),
            order_type: text("orderType"),
            order_method: text("orderMethod"),
            total: money(value.get("summ")),
            total_with_delivery: money(value.get("totalSumm")),
            delivery_cost: money(value.pointer("/delivery/cost")),
            named: Contact { id: 0, ..Contact::read(value) },
            person: person.map(Contact::read).filter(|person| person.id > 0),
            company: if is_company { company() } else { None },
            source: Traffic {
                source: traffic("source"),
                medium: traffic("medium"),
                campaign: traffic("campaign"),
                keyword: traffic("keyword"),
                content: traffic("content"),
            },
            custom_fields: wire::map(wire::field(value, "customFields")),
            manager_comment: text("managerComment"),
            customer_comment: text("customerComment"),
        })
    }
}

/// Money, also as a text.
fn money(value: Option<&Value>) -> Option<Number> {
    match value? {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => serde_json::from_str(text.trim()).ok(),
        _ => None,
    }
}

impl Client {
    /// Reads those of these orders that there are, in no order; at most [`MAX_SALES`] may be asked for.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn sales(&self, ids: &[u64], urgency: Urgency) -> Result<Vec<Sale>, CrmError> {
        let query = Form::new().each("filter[ids]", ids).with("limit", MAX_SALES);
        let answer = self.get("orders", "/api/v5/orders", query, urgency).await?;
        let rows = wire::field(&answer, "orders").ok_or_else(|| unreadable("orders"))?;
        let mut sales: Vec<Sale> = wire::elements(Some(rows)).into_iter().filter_map(Sale::read).collect();
        // A filter that is ignored returns strangers.
        sales.retain(|sale| ids.contains(&sale.id));
        Ok(sales)
    }

    /// Reads the orders of a client as the CRM lists them, the newest first; at most `most`, which is 20, 50 or 100.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn sales_of(&self, client: u64, most: u64, urgency: Urgency) -> Result<Vec<Sale>, CrmError> {
        let query = Form::new().with("filter[customerId]", client).with("limit", most);
        let answer = self.get("orders", "/api/v5/orders", query, urgency).await?;
        let rows = wire::field(&answer, "orders").ok_or_else(|| unreadable("orders"))?;
        let mut sales: Vec<Sale> = wire::elements(Some(rows)).into_iter().filter_map(Sale::read).collect();
        // A filter that is ignored returns strangers.
        sales.retain(|sale| sale.person.as_ref().is_some_and(|person| person.id == client));
        Ok(sales)
    }

    /// Finds an order by the number that people see; the newest, should two have it.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn order_by_number(&self, number: &str, urgency: Urgency) -> Result<Option<Sale>, CrmError> {
        let query = Form::new().each("filter[numbers]", [number]).with("limit", 20);
        let answer = self.get("orders", "/api/v5/orders", query, urgency).await?;
        let rows = wire::field(&answer, "orders").ok_or_else(|| unreadable("orders"))?;
        let sales = wire::elements(Some(rows)).into_iter().filter_map(Sale::read);
        Ok(sales.filter(|sale| sale.number.as_deref() == Some(number)).max_by_key(|sale| sale.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_person_of_a_company_is_the_contact_and_the_company_a_name() {
        let order = json!({"id": "6722", "summ": 100.5, "totalSumm": "450.50", "delivery": {"cost": 350},
            "customer": {"type": "customer_corporate", "id": 9, "nickName": "ООО Ромашка"},
            "company": {"id": 3, "name": "ООО «Ромашка»"}, "customFields": [], "payments": [],
            "contact": {"type": "customer", "id": 4770, "firstName": "Анна", "phones": [{"number": "+7 900 000-00-10"}]},
            "phone": "89000000011", "email": "anna@example.com"});
        let sale = Sale::read(&order).expect("an order");
        let person = sale.person.expect("a person");
        assert_eq!(
            (person.id, person.name.as_deref(), person.phones),
            (4770, Some("Анна"), vec!["+7 900 000-00-10".to_owned()])
        );
        assert_eq!(sale.company.as_deref(), Some("ООО «Ромашка»"));
        assert_eq!(
            (sale.named.phones, sale.named.emails),
            (vec!["89000000011".to_owned()], vec!["anna@example.com".to_owned()])
        );
        assert_eq!(sale.total_with_delivery.map(|sum| sum.to_string()).as_deref(), Some("450.5"));
        assert!(!sale.is_paid);
    }

    #[test]
    fn an_order_of_nobody_is_read_too() {
        let sale = Sale::read(&json!({"id": 1})).expect("an order");
        assert_eq!((sale.person, sale.company, sale.total), (None, None, None));
        assert!(Sale::read(&json!({"number": "1A"})).is_none());
    }
}
