//! Histories of deals (reference, section 6.2).
//!
//! The first row of a deal makes it, later ones move it. An upload is taken whole or not at all; what became of one whose
//! answer was lost can be looked up, once UIS has processed it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::client::{Client, number, rows};
use super::error::UisError;
use super::filter::Filter;
use super::funnels::params;

/// The most rows of one upload.
pub const MAX_ROWS: usize = 1_000;

/// A row of a deal's history. Moments are on the clock of the UIS account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct DealRow {
    /// Our name for the deal.
    pub ext_id: String,
    /// What people read.
    pub name: String,
    /// When it was created.
    pub created_date_time: String,
    /// When it was changed.
    pub modified_date_time: String,
    /// Since when it is in this stage.
    pub modified_stage_date_time: String,
    /// When it was closed; only in the last two stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_date_time: Option<String>,
    /// The funnel.
    pub sales_funnel_ext_id: String,
    /// The stage.
    pub stage_ext_id: String,
    /// The contacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact_ext_ids: Vec<String>,
    /// The main one among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_contact_ext_id: Option<String>,
    /// The responsible employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_ext_id: Option<String>,
    /// The amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue: Option<Value>,
    /// Comments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
    /// The source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The communication that it came of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_id: Option<u64>,
    /// What kind of communication that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_type: Option<String>,
    /// Values of own fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_fields: Vec<FieldValue>,
}

/// The value of an own field; always a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValue {
    /// The field.
    pub ext_id: String,
    /// Its value.
    pub value: String,
}

/// Where UIS says that a deal was at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// Our name for the deal.
    pub ext_id: String,
    /// The funnel.
    pub funnel: String,
    /// The stage.
    pub stage: String,
    /// Since when, on the clock of the UIS account.
    pub since: String,
    /// Kind and number of the communication that it names; only when that was asked for.
    pub communication: Option<(String, u64)>,
}

impl Client {
    /// Uploads rows: all of them, or none when one is refused. Rows of one deal stand in the order of their times.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn upload_deals(&self, rows: &[&DealRow]) -> Result<(), UisError> {
        self.call("upload.deals_history", params([("deals", json!(rows))])).await.map(drop)
    }

    /// Deletes deals. Those that are not there are an error.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn delete_deals(&self, ext_ids: &[String]) -> Result<(), UisError> {
        self.call("delete.deals", params([("ext_ids", json!(ext_ids))])).await.map(drop)
    }

    /// How many deals UIS has taken and not processed yet.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn deals_in_processing(&self) -> Result<u64, UisError> {
        let result = self.call("get.deals_in_processing", Map::new()).await?;
        let count = rows(&result).first().and_then(|row| number(row.get("count")?));
        count.ok_or_else(|| UisError::Unreadable { status: 200, reason: "no `count`".to_owned() })
    }

    /// Reads the histories of deals, as far as they are processed, with the communications that they name if wanted.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; [`UisError::Misuse`] when deals cannot be asked for by name.
    pub async fn deals_history(
        &self,
        ext_ids: &[String],
        with_communications: bool,
    ) -> Result<Vec<KnownRow>, UisError> {
        let filter = Filter::OneOf("ext_id", ext_ids.iter().map(|id| json!(id)).collect());
        let mut fields = vec!["ext_id", "sales_funnel_ext_id", "stage_ext_id", "modified_stage_date_time"];
        if with_communications {
            fields.extend(["communication_id", "communication_type"]);
        }
        let asked = params([("filter", filter.to_json()), ("fields", json!(fields))]);
        let mut found = Vec::new();
        let read = |row: &Value| {
            let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
            Some(KnownRow {
                ext_id: text("ext_id")?,
                funnel: text("sales_funnel_ext_id")?,
                stage: text("stage_ext_id")?,
                since: text("modified_stage_date_time")?,
                communication: text("communication_type").zip(row.get("communication_id").and_then(number)),
            })
        };
        self.pages("get.deals_history", &asked, |row| found.extend(read(row))).await?;
        Ok(found)
    }
}
