//! `get.calls_report`: calls that have ended, by the moment at which they began (reference, section 5.8).
//!
//! A window on the clock of the account goes in, rows come out. What a row says is left to `source`; here only which
//! call it is and from when to when it lasted. Calls that still go on come only when they are asked for.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::client::{Client, number};
use super::error::UisError;
use super::filter::Filter;

const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S";

/// A range of time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub till: Timestamp,
}

/// A row of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRow {
    /// The session of the call.
    pub session: u64,
    /// When the call began.
    pub started: Option<Timestamp>,
    /// When it ended; nothing while it goes on.
    pub finished: Option<Timestamp>,
    /// All columns, as they came.
    pub columns: Map<String, Value>,
}

impl Window {
    /// The parameters of a report, on the clock of the account.
    pub(super) fn params(&self, zone: &TimeZone) -> Map<String, Value> {
        // Where clocks are put back, a later moment has an earlier name, and an hour has two.
        let changed = zone.to_offset(self.from) != zone.to_offset(self.till);
        let spread = SignedDuration::from_hours(if changed { 2 } else { 0 });
        let text = |at: Result<Timestamp, jiff::Error>, or: Timestamp| {
            zone.to_datetime(at.unwrap_or(or)).strftime(DATE_TIME).to_string()
        };
        let from = text(self.from.saturating_sub(spread), self.from);
        let till = text(self.till.saturating_add(spread), self.till);
        Map::from_iter([("date_from".to_owned(), json!(from)), ("date_till".to_owned(), json!(till))])
    }
}

impl CallRow {
    fn read(row: &Value, zone: &TimeZone) -> Option<Self> {
        let columns = row.as_object()?;
        let moment = |name: &str| {
            let local: DateTime = columns.get(name)?.as_str()?.trim().parse().ok()?;
            zone.to_ambiguous_timestamp(local).compatible().ok()
        };
        Some(Self {
            session: number(columns.get("id")?)?,
            started: moment("start_time"),
            finished: moment("finish_time"),
            columns: columns.clone(),
        })
    }
}

impl Client {
    /// Reads the calls that began in a window, with these columns; `id`, `start_time` and `finish_time` should be among
    /// them. Rows without a readable number are left out.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn calls_report(
        &self,
        window: Window,
        zone: &TimeZone,
        fields: &[&str],
        filter: Option<&Filter>,
    ) -> Result<Vec<CallRow>, UisError> {
        self.calls_report_of(window.params(zone), zone, fields, filter).await
    }

    /// The same, whole, with calls that still go on.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn calls_report_with_ongoing(
        &self,
        window: Window,
        zone: &TimeZone,
        fields: &[&str],
    ) -> Result<Vec<CallRow>, UisError> {
        let mut params = window.params(zone);
        params.insert("include_ongoing_calls".to_owned(), json!(true));
        self.calls_report_of(params, zone, fields, None).await
    }

    async fn calls_report_of(
        &self,
        mut params: Map<String, Value>,
        zone: &TimeZone,
        fields: &[&str],
        filter: Option<&Filter>,
    ) -> Result<Vec<CallRow>, UisError> {
        params.insert("fields".to_owned(), json!(fields));
        if let Some(filter) = filter {
            params.insert("filter".to_owned(), filter.to_json());
        }
        // Pages of an order that new rows do not change.
        params.insert("sort".to_owned(), json!([{"field": "id", "order": "asc"}]));
        let mut found = Vec::new();
        self.pages("get.calls_report", &params, |row| found.extend(CallRow::read(row, zone))).await?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::super::client::ClientSettings;
    use super::super::points::{Points, PointsSettings};
    use super::*;
    use crate::config::Secret;
    use crate::outbound::fake::{FakeTransport, answered};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn an_hour_that_clocks_repeat_is_asked_for_whole() {
        let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
        // At 22:00 in UTC the clocks went from 2:00 back to 1:00.
        let window = Window { from: at("2014-10-25T21:50:00Z"), till: at("2014-10-25T22:10:00Z") };
        let params = window.params(&moscow);
        assert_eq!(params.get("date_from"), Some(&json!("2014-10-25 23:50:00")));
        assert_eq!(params.get("date_till"), Some(&json!("2014-10-26 03:10:00")));
    }

    #[tokio::test]
    async fn the_window_is_on_the_clock_of_the_account() {
        let rows = json!([
            {"id": "998700001", "start_time": "2026-03-02 11:59:38", "finish_time": "2026-03-02 12:00:31"},
            {"id": 998_700_002, "start_time": "2026-03-02 11:59:39", "finish_time": null},
            {"start_time": "2026-03-02 11:59:39"},
        ]);
        let body = json!({"result": {"data": rows, "metadata": {"total_items": 3}}}).to_string();
        let transport = FakeTransport::new(move |_| answered(200, body.clone()));
        let settings = ClientSettings {
            account: "romashka".to_owned(),
            data_api: "https://dataapi.uiscom.ru/v2.0".to_owned(),
            token: Secret::new("t0ken"),
            timeout: Duration::from_secs(10),
            points: Arc::new(Points::new(&PointsSettings::default())),
        };
        let client = Client::new(settings, transport.clone());
        let zone = TimeZone::get("Europe/Moscow").expect("a zone");
        let window = Window { from: at("2026-03-02T08:00:00Z"), till: at("2026-03-02T09:30:00Z") };
        let filter = Filter::OneOf("id", vec![json!(998_700_001)]);
        let rows = client.calls_report(window, &zone, &["id"], Some(&filter)).await.expect("read");
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].session, rows[0].started), (998_700_001, Some(at("2026-03-02T08:59:38Z"))));
        assert_eq!((rows[0].finished, rows[1].finished), (Some(at("2026-03-02T09:00:31Z")), None));
        let seen = transport.take();
        let sent: Value = serde_json::from_str(&seen[0].body).expect("JSON");
        assert_eq!(
            sent.get("params"),
            Some(&json!({"access_token": "t0ken", "limit": 1000, "offset": 0, "fields": ["id"],
                "date_from": "2026-03-02 11:00:00", "date_till": "2026-03-02 12:30:00",
                "filter": {"field": "id", "operator": "in", "value": [998_700_001]},
                "sort": [{"field": "id", "order": "asc"}]}))
        );
    }
}
