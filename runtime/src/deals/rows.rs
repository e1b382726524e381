//! The rows of one deal.
//!
//! Every row says what is so now; only stage and times differ. The last row is sent although its stage is known when
//! something else has changed: sum, contact, responsible, a field.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use switchboard_engine::decide::Deal as Decided;
use switchboard_engine::decimal;

use super::clock::write;
use super::memory::{Last, Memory};
use super::parties::Fields;
use crate::config::{Deals, NUMBER};
use crate::crm::{CustomField, FieldEntity, FieldType, Sale};
use crate::directory::Snapshot;
use crate::uis::{DealContact, DealField, DealRow, FieldValue};

/// The longest comment that goes along, in characters.
const MAX_COMMENT: usize = 2_000;
/// The longest other text.
const MAX_TEXT: usize = 255;
/// Our field for the shop.
const SHOP: (&str, &str) = ("retailcrm_shop", "Магазин");
/// Our field for the company of an order.
const COMPANY: (&str, &str) = ("retailcrm_company", "Компания");

/// What the rows of a deal are made of.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) sale: &'a Sale,
    pub(super) decided: &'a Decided,
    pub(super) contacts: &'a [DealContact],
    pub(super) memory: &'a Memory,
    pub(super) settings: &'a Deals,
    pub(super) directory: &'a Snapshot,
    pub(super) created: Timestamp,
    pub(super) now: Timestamp,
}

impl Content<'_> {
    /// A row without its stage.
    pub(super) fn row(&self, fields: &Fields, zone: &TimeZone) -> DealRow {
        let (sale, prefix) = (self.sale, &self.settings.prefix);
        let communication = self.memory.communication.clone();
        DealRow {
            ext_id: format!("{prefix}{}", sale.id),
            name: self.name(),
            created_date_time: write(self.created, zone),
            modified_date_time: write(self.now, zone),
            contact_ext_ids: self.contacts.iter().map(|contact| contact.ext_id.clone()).collect(),
            main_contact_ext_id: self.contacts.first().map(|contact| contact.ext_id.clone()),
            employee_ext_id: sale.manager_id.map(|user| format!("{prefix}{user}")),
            revenue: self.decided.amount.as_ref().map(decimal::to_json).filter(Value::is_number),
            comments: self.comments(),
            source: self.source(),
            communication_id: communication.as_ref().map(|(_, id)| *id),
            communication_type: communication.map(|(kind, _)| kind),
            user_fields: self.values(fields),
            ..DealRow::default()
        }
    }

    pub(super) fn number(&self) -> String {
        self.sale.number.clone().unwrap_or_else(|| self.sale.id.to_string())
    }

    fn name(&self) -> String {
        cut(&self.settings.name.replace(NUMBER, &self.number()), MAX_TEXT)
    }

    fn comments(&self) -> Option<String> {
        if !self.settings.comments {
            return None;
        }
        let both = [&self.sale.manager_comment, &self.sale.customer_comment];
        let both: Vec<&str> = both.into_iter().flatten().map(|text| text.trim()).collect();
        Some(cut(&both.join("\n"), MAX_COMMENT)).filter(|text| !text.is_empty())
    }

    fn source(&self) -> Option<String> {
        let traffic = &self.sale.source;
        let parts = [&traffic.source, &traffic.medium, &traffic.campaign];
        let parts: Vec<&str> = parts.into_iter().flatten().map(|part| part.trim()).collect();
        Some(cut(&parts.join(" / "), MAX_TEXT)).filter(|text| !text.is_empty())
    }

    /// The responsible user, as UIS is to know him.
    pub(super) fn employee(&self) -> Option<(String, String)> {
        let user = self.sale.manager_id?;
        let name = self.directory.name_of_user(user).map_or_else(|| user.to_string(), str::to_owned);
        Some((format!("{}{user}", self.settings.prefix), cut(&name, MAX_TEXT)))
    }

    /// The fields that UIS must have.
    pub(super) fn fields(&self) -> Vec<DealField> {
        let passed = self.decided.pass.iter().map(|(code, _)| {
            let known = self.directory.field(FieldEntity::Order, code);
            let is_numeric =
                known.is_some_and(|field| matches!(field.kind, FieldType::Integer | FieldType::Numeric));
            let name = known.and_then(|field| field.name.clone()).unwrap_or_else(|| code.to_string());
            (code.as_str(), name, is_numeric)
        });
        let own = [(SHOP, self.shop()), (COMPANY, self.sale.company.clone())].into_iter();
        let own = own.filter_map(|((code, name), value)| value.map(|_| (code, name.to_owned(), false)));
        let all = passed.chain(own).map(|(code, name, is_numeric)| DealField {
            ext_id: format!("{}{code}", self.settings.prefix),
            name: cut(&name, MAX_TEXT),
            is_numeric,
        });
        all.collect()
    }

    fn shop(&self) -> Option<String> {
        let site = self.sale.site.as_deref()?;
        Some(self.directory.name_of_site(site).unwrap_or(site).to_owned())
    }

    fn values(&self, fields: &Fields) -> Vec<FieldValue> {
        let passed = self.decided.pass.iter().filter_map(|(code, _)| {
            let raw = self.sale.custom_fields.get(code.as_str())?;
            Some((code.as_str(), self.shown(self.directory.field(FieldEntity::Order, code), raw)?))
        });
        let own = [(SHOP.0, self.shop()), (COMPANY.0, self.sale.company.clone())].into_iter();
        let own = own.filter_map(|(code, value)| Some((code, value?)));
        let values = passed.chain(own).filter_map(|(code, value)| {
            let ext_id = format!("{}{code}", self.settings.prefix);
            // A field that somebody made for numbers takes nothing else.
            let fits = match fields.is_numeric(&ext_id)? {
                true => decimal::parse(&value).is_some(),
                false => true,
            };
            fits.then(|| FieldValue { ext_id, value: cut(&value, MAX_TEXT) })
        });
        values.collect()
    }

    /// The value of a custom field as people read it.
    fn shown(&self, field: Option<&CustomField>, raw: &Value) -> Option<String> {
        let dictionary = field.and_then(|field| self.directory.dictionary(field.dictionary.as_deref()?));
        let one = |value: &Value| match value {
            Value::String(text) => {
                let element = dictionary.and_then(|all| all.elements.iter().find(|one| one.code == *text));
                Some(element.map_or_else(|| text.trim().to_owned(), |element| element.name.clone()))
            }
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(true) => Some("да".to_owned()),
            Value::Bool(false) => Some("нет".to_owned()),
            _ => None,
        };
        let text = match raw {
            Value::Array(several) => several.iter().filter_map(one).collect::<Vec<_>>().join(", "),
            value => one(value)?,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// A row in its stage.
pub(super) fn placed(content: &DealRow, at: &Last, zone: &TimeZone) -> DealRow {
    let since = write(at.since, zone);
    DealRow {
        sales_funnel_ext_id: at.funnel.clone(),
        stage_ext_id: at.stage.clone(),
        closed_date_time: at.is_end.then(|| since.clone()),
        modified_stage_date_time: since,
        ..content.clone()
    }
}

/// A hash of everything that a row says but for its times and its stage.
pub(super) fn digest(row: &DealRow) -> String {
    hash(&DealRow {
        modified_date_time: String::new(),
        modified_stage_date_time: String::new(),
        closed_date_time: None,
        sales_funnel_ext_id: String::new(),
        stage_ext_id: String::new(),
        ..row.clone()
    })
}

/// A hash of contacts and communication, which may change only together with newer times.
pub(super) fn parties(row: &DealRow) -> String {
    hash(&DealRow {
        contact_ext_ids: row.contact_ext_ids.clone(),
        main_contact_ext_id: row.main_contact_ext_id.clone(),
        communication_id: row.communication_id,
        communication_type: row.communication_type.clone(),
        ..DealRow::default()
    })
}

/// A short hash of anything with a JSON form.
pub(super) fn hash(of: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(of).unwrap_or_default();
    let hex = blake3::hash(text.as_bytes()).to_hex();
    hex.chars().take(24).collect()
}

fn cut(text: &str, most: usize) -> String {
    let clean = text.chars().filter(|letter| *letter == '\n' || !letter.is_control());
    clean.take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stage_and_times_are_no_content_and_everything_else_is() {
        let row = DealRow { name: "Заказ 1".to_owned(), ..DealRow::default() };
        let last = Last {
            funnel: "f".to_owned(),
            stage: "won".to_owned(),
            is_end: true,
            since: Timestamp::UNIX_EPOCH,
            modified: Timestamp::UNIX_EPOCH,
            digest: String::new(),
            parties: String::new(),
        };
        let there = placed(&row, &last, &TimeZone::UTC);
        assert_eq!(there.closed_date_time.as_deref(), Some("1970-01-01 00:00:00"));
        assert_eq!(digest(&there), digest(&row));
        let other = DealRow { revenue: Some(1.into()), ..row.clone() };
        assert_ne!(digest(&other), digest(&row));
        assert_eq!(parties(&other), parties(&row));
        let other = DealRow { communication_id: Some(1), ..row.clone() };
        assert_ne!(parties(&other), parties(&row));
        assert_eq!(cut("а\u{7}б\nв", 3), "аб\n");
    }
}
