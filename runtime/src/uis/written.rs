//! Reports of chats and requests, and the one list of all communications (reference, section 5.8).
//!
//! Windows on the clock of the account go in, rows come out as they came. What a row says is left to `source`; here only
//! which one it is, and when it began.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::calls_report::Window;
use super::client::{Client, number, rows};
use super::error::UisError;
use super::filter::Filter;

/// A row of the list of all communications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The number of the communication.
    pub communication: u64,
    /// `call`, `chat`, `offline_message`, …
    pub kind: String,
    /// When it began.
    pub began: Option<Timestamp>,
}

/// A row of the report of chats or of requests.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenRow {
    /// Its number in its own report.
    pub id: u64,
    /// The number of the communication; its own number where that is not told.
    pub communication: u64,
    /// When it began.
    pub began: Option<Timestamp>,
    /// All columns, as they came.
    pub columns: Map<String, Value>,
}

/// Parameters of a report: a window, columns, a filter, an order that new rows do not change.
fn report(window: Window, zone: &TimeZone, fields: &[&str], filter: Option<&Filter>) -> Map<String, Value> {
    let mut params = window.params(zone);
    params.insert("fields".to_owned(), json!(fields));
    if let Some(filter) = filter {
        params.insert("filter".to_owned(), filter.to_json());
    }
    params.insert("sort".to_owned(), json!([{"field": "id", "order": "asc"}]));
    params
}

fn began(row: &Map<String, Value>, zone: &TimeZone) -> Option<Timestamp> {
    let local: DateTime = row.get("date_time")?.as_str()?.trim().parse().ok()?;
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

impl WrittenRow {
    fn read(row: &Value, zone: &TimeZone) -> Option<Self> {
        let columns = row.as_object()?;
        let id = number(columns.get("id")?)?;
        let communication = columns.get("communication_id").and_then(number).unwrap_or(id);
        Some(Self { id, communication, began: began(columns, zone), columns: columns.clone() })
    }
}

impl Client {
    /// Lists the communications of all kinds that began in a window.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn communications(&self, window: Window, zone: &TimeZone) -> Result<Vec<Listed>, UisError> {
        let fields = ["id", "communication_id", "communication_type", "date_time"];
        let params = report(window, zone, &fields, None);
        let mut found = Vec::new();
        self.pages("get.communications_report", &params, |row| {
            let Some(columns) = row.as_object() else { return };
            let given = |name: &str| columns.get(name).and_then(number);
            let kind = columns.get("communication_type").and_then(Value::as_str);
            if let (Some(communication), Some(kind)) =
                (given("communication_id").or_else(|| given("id")), kind)
            {
                found.push(Listed { communication, kind: kind.to_owned(), began: began(columns, zone) });
            }
        })
        .await?;
        Ok(found)
    }

    /// Reads the chats that began in a window, with these columns; `id` should be among them.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn chats_report(
        &self,
        window: Window,
        zone: &TimeZone,
        fields: &[&str],
        filter: Option<&Filter>,
    ) -> Result<Vec<WrittenRow>, UisError> {
        let params = report(window, zone, fields, filter);
        let mut found = Vec::new();
        self.pages("get.chats_report", &params, |row| found.extend(WrittenRow::read(row, zone))).await?;
        Ok(found)
    }

    /// Reads the requests that came in a window, with these columns; `id` should be among them.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn requests_report(
        &self,
        window: Window,
        zone: &TimeZone,
        fields: &[&str],
    ) -> Result<Vec<WrittenRow>, UisError> {
        let params = report(window, zone, fields, None);
        let mut found = Vec::new();
        self.pages("get.offline_messages_report", &params, |row| found.extend(WrittenRow::read(row, zone)))
            .await?;
        Ok(found)
    }

    /// Reads the messages of chats, with these columns, in the order of their numbers.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn chat_messages(
        &self,
        chats: &[u64],
        fields: &[&str],
    ) -> Result<Vec<Map<String, Value>>, UisError> {
        let params = Map::from_iter([
            ("chat_ids".to_owned(), json!(chats)),
            ("fields".to_owned(), json!(fields)),
            ("sort".to_owned(), json!([{"field": "id", "order": "asc"}])),
        ]);
        let mut found = Vec::new();
        self.pages("get.chat_messages_report", &params, |row| found.extend(row.as_object().cloned())).await?;
        Ok(found)
    }

    /// Reads a visitor; nothing when UIS does not know him.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn visitor(&self, id: u64) -> Result<Option<Map<String, Value>>, UisError> {
        let params = Map::from_iter([("visitor_id".to_owned(), json!(id))]);
        match self.call("getobj.visitor", params).await {
            Ok(result) => Ok(rows(&result).first().and_then(|row| row.as_object().cloned())),
            Err(UisError::Misuse { mnemonic, .. }) if mnemonic == "entity_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }
}
