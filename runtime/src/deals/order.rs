//! An order in the words of the rules, and the people that it names.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use switchboard_engine::decimal;
use switchboard_engine::event::{Event, EventBuilder};
use switchboard_engine::moment::Moment;
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::EventKind;
use switchboard_engine::value::Value;

use crate::crm::{Contact, Sale};
use crate::directory::Snapshot;
use crate::store::record::OrderId;
use crate::uis::DealContact;

/// An order as it is read, with what the rules can read of it whatever its status is.
#[derive(Debug)]
pub(super) struct Order<'a> {
    pub(super) sale: &'a Sale,
    /// Custom fields of the order, and of the client, that rules have a type for.
    custom: Vec<(String, &'a Json)>,
    directory: &'a Snapshot,
    created: Moment,
}

impl<'a> Order<'a> {
    pub(super) fn new(sale: &'a Sale, created: Moment, directory: &'a Snapshot) -> Self {
        let of_order = sale.custom_fields.iter().map(|(code, value)| (format!("order.custom.{code}"), value));
        let person = sale.person.as_ref();
        let of_client = person.into_iter().flat_map(|person| &person.custom_fields);
        let of_client = of_client.map(|(code, value)| (format!("order.client.custom.{code}"), value));
        let fits = |(name, value): &(String, &Json)| {
            EventBuilder::new(EventKind::Order, None).set_json(name, value).build().is_ok()
        };
        let custom = of_order.chain(of_client).filter(fits).collect();
        Self { sale, custom, directory, created }
    }

    /// The event of an order that has this status.
    ///
    /// # Errors
    ///
    /// What the schema refuses, in words.
    pub(super) fn event(&self, status: &str, group: Option<&str>) -> Result<Event, String> {
        let sale = self.sale;
        let text = |text: Option<&str>| text.map_or(Value::Missing, Value::text);
        let number = |number: &Option<serde_json::Number>| {
            number.as_ref().and_then(decimal::from_json).map_or(Value::Missing, Value::Number)
        };
        let user = |user: Option<u64>| text(user.and_then(|user| self.directory.email_of_user(user)));
        let person = sale.person.clone().unwrap_or_default();
        let phones = sale.named.phones.iter().chain(&person.phones);
        let phone = phones.filter_map(|phone| Phone::parse(phone).ok()).next();
        let email = sale.named.emails.first().or(person.emails.first());
        let tags = Value::list(person.tags.iter().map(|tag| Value::text(tag.as_str())));
        let count = person.orders_count.map_or(Value::Missing, |count| Value::Number(count.into()));
        let mut builder = EventBuilder::new(EventKind::Order, None)
            .set("order.number", text(sale.number.as_deref()))
            .set("order.status", Value::text(status))
            .set("order.status_group", text(group))
            .set("order.total", number(&sale.total).or_else(&ZERO).clone())
            .set("order.total_with_delivery", self.with_delivery())
            .set("order.delivery_cost", number(&sale.delivery_cost))
            .set("order.store", text(sale.site.as_deref()))
            .set("order.manager", user(sale.manager_id))
            .set("order.method", text(sale.order_method.as_deref()))
            .set("order.type", text(sale.order_type.as_deref()))
            .set("order.created", self.created)
            .set("order.paid", sale.is_paid)
            .set("order.client.name", text(self.client_name().as_deref()))
            .set("order.client.phone", phone.map_or(Value::Missing, Value::Phone))
            .set("order.client.email", text(email.map(String::as_str)))
            .set("order.client.manager", user(person.manager_id))
            .set("order.client.orders_count", count)
            .set("order.client.tags", tags)
            .set("order.source.source", text(sale.source.source.as_deref()))
            .set("order.source.medium", text(sale.source.medium.as_deref()))
            .set("order.source.campaign", text(sale.source.campaign.as_deref()))
            .set("order.source.keyword", text(sale.source.keyword.as_deref()))
            .set("order.source.content", text(sale.source.content.as_deref()));
        for (name, value) in &self.custom {
            builder = builder.set_json(name, value);
        }
        builder.build().map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            errors.join("; ")
        })
    }

    /// The sum with delivery; worked out where RetailCRM does not say it.
    fn with_delivery(&self) -> Value {
        let known = |number: &Option<serde_json::Number>| number.as_ref().and_then(decimal::from_json);
        let sum = known(&self.sale.total_with_delivery).or_else(|| {
            known(&self.sale.total)?.checked_add(known(&self.sale.delivery_cost).unwrap_or_default())
        });
        Value::Number(sum.unwrap_or_default())
    }

    fn client_name(&self) -> Option<String> {
        let person = self.sale.person.as_ref().and_then(|person| person.name.clone());
        person.or_else(|| self.sale.named.name.clone())
    }

    /// The contacts of the deal, the main one first: the person's card, and what the order alone says of the client. The
    /// company is never one of them.
    pub(super) fn contacts(&self, prefix: &str) -> Vec<DealContact> {
        let sale = self.sale;
        let number = sale.number.clone().unwrap_or_else(|| sale.id.to_string());
        let mut contacts = Vec::new();
        let (mut phones, mut emails) = (BTreeSet::new(), BTreeSet::new());
        if let Some(person) = &sale.person {
            let contact = DealContact {
                ext_id: format!("{prefix}{}", person.id),
                name: self.client_name().unwrap_or_else(|| format!("Клиент {}", person.id)),
                phones: e164(person),
                emails: written(person),
            };
            phones.extend(contact.phones.iter().cloned());
            emails.extend(contact.emails.iter().cloned());
            contacts.push(contact);
        }
        // Kept apart from the card: two orders that name two phones must not write one contact to and fro.
        let own = DealContact {
            ext_id: own_contact(prefix, sale.id),
            name: sale.named.name.clone().unwrap_or_else(|| format!("Заказ {number}")),
            phones: e164(&sale.named).into_iter().filter(|phone| !phones.contains(phone)).collect(),
            emails: written(&sale.named).into_iter().filter(|email| !emails.contains(email)).collect(),
        };
        if !own.phones.is_empty() || !own.emails.is_empty() {
            contacts.push(own);
        }
        contacts
    }
}

/// Our name for the contact of what only an order says of its client.
pub(super) fn own_contact(prefix: &str, order: OrderId) -> String {
    format!("{prefix}order-{order}")
}

static ZERO: Value = Value::Number(decimal::Decimal::ZERO);

/// Phones as UIS takes them, each once; what is no number is left out.
fn e164(contact: &Contact) -> Vec<String> {
    let read = contact.phones.iter().filter_map(|phone| Phone::parse(phone).ok());
    let unique: BTreeSet<String> = read.map(|phone| phone.digits().to_string()).collect();
    unique.into_iter().collect()
}

/// E-mails, each once, however they are written.
fn written(contact: &Contact) -> Vec<String> {
    let read = contact.emails.iter().map(|email| email.trim().to_lowercase());
    let is_email = |email: &String| email.contains('@') && !email.contains(char::is_whitespace);
    let unique: BTreeSet<String> = read.filter(is_email).collect();
    unique.into_iter().collect()
}
