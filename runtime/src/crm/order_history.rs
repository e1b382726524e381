//! The history of orders: what no trigger told (reference, section 9.3).
//!
//! Rows are in the order of their numbers. Of a row only what deals need is read: which order, which status it got, whether
//! it was deleted or merged into another. Rows that our own key wrote are not left out: nothing here ever writes an order
//! because of a row, so there is no loop to break, and an order that a call made is an order all the same.

use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{last_page, unreadable};
use super::wire;

/// Rows of a page; the most that the vendor allows.
const PAGE: usize = 100;

/// From where on the history is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Behind this row.
    Row(u64),
    /// From this moment on, on the CRM's clock.
    Moment(String),
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// Its number.
    pub id: u64,
    /// When, on the CRM's clock.
    pub at: Option<String>,
    /// The order; rows about something else are kept for their number.
    pub order: Option<u64>,
    /// The status that it got.
    pub status: Option<String>,
    /// Whether it was created.
    pub is_created: bool,
    /// Whether it was deleted, or merged into another.
    pub is_deleted: bool,
    /// The order that took its place.
    pub combined_to: Option<u64>,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPage {
    /// Its rows, by number.
    pub rows: Vec<HistoryRow>,
    /// Whether there are more behind it.
    pub more: bool,
}

impl HistoryRow {
    fn read(value: &Value) -> Option<Self> {
        let flag = |name| wire::flag_field(value, name).unwrap_or(false);
        let is_created = flag("created");
        let code = |value: &Value| wire::text(value).or_else(|| wire::text_field(value, "code"));
        let status = if is_created {
            value.pointer("/order/status").and_then(code)
        } else {
            let is_status = wire::text_field(value, "field").as_deref() == Some("status");
            wire::field(value, "newValue").filter(|_| is_status).and_then(code)
        };
        let link = wire::field(value, "combinedTo");
        let combined_to = link.and_then(|link| wire::id(link).or_else(|| wire::id_field(link, "id")));
        Some(Self {
            id: wire::id_field(value, "id")?,
            at: wire::text_field(value, "createdAt"),
            order: wire::field(value, "order").and_then(|order| wire::id_field(order, "id")),
            status,
            is_created,
            is_deleted: flag("deleted") || combined_to.is_some(),
            combined_to,
        })
    }
}

impl Client {
    /// Reads the first page of the history behind a row or a moment.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn order_history(&self, since: &Since, urgency: Urgency) -> Result<HistoryPage, CrmError> {
        let query = Form::new().with("limit", PAGE);
        let query = match since {
            Since::Row(row) => query.with("filter[sinceId]", row),
            Since::Moment(moment) => query.with("filter[startDate]", moment),
        };
        let answer = self.get("orders/history", "/api/v5/orders/history", query, urgency).await?;
        let found = wire::field(&answer, "history").ok_or_else(|| unreadable("history"))?;
        let found = wire::elements(Some(found));
        let more = last_page(&answer) > 1;
        let mut rows: Vec<HistoryRow> = found.into_iter().filter_map(HistoryRow::read).collect();
        rows.sort_by_key(|row| row.id);
        // A row without a number cannot be passed; a page of nothing else would be read for ever.
        let more = more && !rows.is_empty();
        Ok(HistoryPage { rows, more })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_read_in_every_shape() {
        let row = |value: Value| HistoryRow::read(&value).expect("a row");
        let change = row(json!({"id": 7039, "createdAt": "2026-03-02 12:00:00", "field": "status",
            "oldValue": {"code": "new"}, "newValue": {"code": "complete"}, "order": {"id": 6722, "status": "complete"}}));
        assert_eq!((change.order, change.status.as_deref()), (Some(6722), Some("complete")));
        let bare = row(json!({"id": 1, "field": "status", "newValue": "complete", "order": {"id": "5"}}));
        assert_eq!((bare.order, bare.status.as_deref()), (Some(5), Some("complete")));
        let other = row(json!({"id": 2, "field": "manager", "newValue": {"id": 27}, "order": {"id": 5}}));
        assert_eq!(other.status, None);
        let made = row(json!({"id": 3, "created": true, "order": {"id": 5, "status": "new"}}));
        assert_eq!((made.is_created, made.status.as_deref()), (true, Some("new")));
        let merged = row(json!({"id": 4, "deleted": true, "combinedTo": {"id": 9}, "order": {"id": 5}}));
        assert_eq!((merged.is_deleted, merged.combined_to), (true, Some(9)));
        assert!(HistoryRow::read(&json!({"field": "status"})).is_none());
    }
}
