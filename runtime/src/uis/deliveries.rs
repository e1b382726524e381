//! `get.reports_list` and `get.notifications`: which notifications UIS sent, and which of them did not arrive.
//!
//! `get.notifications` is a report of the office: it wants the number of a report from `get.reports_list`, and gives coded
//! values as pairs `{"value", "value_id"}` (reference, end of section 5.8). The names of its columns are not published, so
//! nothing here depends on one name: a notification did not arrive when a column about errors says something or one about
//! the status says that it failed; which call it was about stands in a column of its own or in the text that was sent.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::calls_report::Window;
use super::client::{Client, number, rows};
use super::error::UisError;

/// What a report of notifications is called, in either language.
const NOTIFICATIONS: [&str; 2] = ["notification", "уведомлен"];
/// Words of a status that mean that nothing arrived.
const FAILED: [&str; 7] = ["fail", "error", "not_", "undeliver", "ошибк", "не доставл", "не отправл"];
/// Names under which the number of a call is sent; for calls both are the same number.
const SESSION: [&str; 2] = ["call_session_id", "communication_id"];

/// A report of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeReport {
    /// Its number.
    pub id: u64,
    /// Whether it is one of notifications.
    pub is_notifications: bool,
}

/// A notification that UIS sent, or tried to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentNotification {
    /// Whether it did not arrive.
    pub failed: bool,
    /// The session of the call that it was about, when that can be told.
    pub session: Option<u64>,
}

impl OfficeReport {
    fn read(row: &Value) -> Option<Self> {
        let id = row.get("id").or_else(|| row.get("report_id"))?;
        let texts = row.as_object()?.values().filter_map(|value| plain(value).as_str());
        let mut texts = texts.map(str::to_lowercase);
        let is_notifications = texts.any(|text| NOTIFICATIONS.iter().any(|word| text.contains(word)));
        Some(Self { id: number(plain(id))?, is_notifications })
    }
}

impl SentNotification {
    fn read(row: &Value) -> Option<Self> {
        let columns = row.as_object()?;
        let failed = columns.iter().any(|(name, value)| {
            if name.contains("error") {
                return says_something(plain(value));
            }
            name.contains("status") && coded(value).any(|word| FAILED.iter().any(|part| word.contains(part)))
        });
        let own = SESSION.iter().find_map(|name| number(plain(columns.get(*name)?)));
        let inside = || columns.values().filter_map(|value| session_in(plain(value).as_str()?)).next();
        Some(Self { failed, session: own.or_else(inside) })
    }
}

/// The value of a coded pair, or the value itself.
fn plain(value: &Value) -> &Value {
    value.get("value").unwrap_or(value)
}

/// The words of a value: of a coded pair both.
fn coded(value: &Value) -> impl Iterator<Item = String> {
    let both = [value.get("value_id"), Some(plain(value))];
    both.into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase)
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Number(code) => code.as_i64() != Some(0),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
        Value::Bool(true) => true,
    }
}

/// The number of the call in what was sent, whether it is JSON or the query of an address.
fn session_in(text: &str) -> Option<u64> {
    SESSION.iter().find_map(|name| {
        let (_, after) = text.split_once(name)?;
        let after = after.trim_start_matches(['"', '\\', ':', '=', ' ']);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        after.get(..digits)?.parse().ok()
    })
}

impl Client {
    /// Lists the reports of the office.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn office_reports(&self) -> Result<Vec<OfficeReport>, UisError> {
        let result = self.call("get.reports_list", Map::new()).await?;
        Ok(rows(&result).into_iter().filter_map(OfficeReport::read).collect())
    }

    /// Reads which notifications were sent in a window; `report` is a number of [`Client::office_reports`].
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn sent_notifications(
        &self,
        report: u64,
        window: Window,
        zone: &TimeZone,
    ) -> Result<Vec<SentNotification>, UisError> {
        let mut params = window.params(zone);
        params.insert("report_id".to_owned(), json!(report));
        let mut found = Vec::new();
        self.pages("get.notifications", &params, |row| found.extend(SentNotification::read(row))).await?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(row: Value, failed: bool, session: Option<u64>) {
        assert_eq!(SentNotification::read(&row), Some(SentNotification { failed, session }), "{row}");
    }

    #[test]
    fn failures_are_told_whatever_the_columns_are_called() {
        check(
            json!({"status": {"value": "Доставлено", "value_id": "delivered"}, "error_text": null}),
            false,
            None,
        );
        check(json!({"status": {"value": "Не доставлено", "value_id": "x"}}), true, None);
        check(json!({"status": {"value": "?", "value_id": "failed"}}), true, None);
        check(json!({"delivery_status": "error", "call_session_id": "5"}), true, Some(5));
        check(json!({"error_type": {"value": "Таймаут", "value_id": "timeout"}}), true, None);
        check(json!({"error": "", "error_code": 0, "errors": []}), false, None);
    }

    #[test]
    fn the_call_stands_in_a_column_or_in_what_was_sent() {
        check(json!({"communication_id": {"value": 7, "value_id": 7}}), false, Some(7));
        check(
            json!({"message": "{\"event\":\"call_end\",\"call_session_id\": 998700001}"}),
            false,
            Some(998_700_001),
        );
        check(json!({"url": "https://a/hooks/call_end?call_session_id=42&direction=in"}), false, Some(42));
        check(json!({"message": "{\"call_session_id\":null}"}), false, None);
    }

    #[test]
    fn the_report_of_notifications_is_found_by_its_words() {
        let list = json!([{"id": 1, "name": "Звонки"}, {"report_id": "2", "name": "Отправленные уведомления"},
            {"id": 3, "type": {"value": "x", "value_id": "y"}, "method": "get.notifications"}, {"name": "без номера"}]);
        let found: Vec<OfficeReport> =
            list.as_array().expect("a list").iter().filter_map(OfficeReport::read).collect();
        let flags: Vec<(u64, bool)> = found.iter().map(|one| (one.id, one.is_notifications)).collect();
        assert_eq!(flags, [(1, false), (2, true), (3, true)]);
    }
}
