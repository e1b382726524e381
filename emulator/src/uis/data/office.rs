//! Reports of the office: their list, and the one of notifications.
//!
//! They want the number of a report and write coded values as pairs `{"value", "value_id"}`. The vendor publishes neither
//! the names of their columns nor their codes; those here are made up, as everything is that a caller must not rely on.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::calls::three_months;
use crate::outbound::Delivery;
use crate::uis::list::{Column, LIST, col, list, report};
use crate::uis::method::{Call, Method, Reply, reads};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;
use crate::uis::state::{Row, UisState};

pub(super) const METHODS: &[Method] = &[
    reads("get.reports_list", LIST, reports),
    reads("get.notifications", NOTIFICATIONS_PARAMS, notifications),
];

/// Number of the report of notifications.
const NOTIFICATIONS: u64 = 3_102;
/// Most notifications that are kept.
const MAX_SENT: usize = 10_000;

const NOTIFICATIONS_PARAMS: &[Param] = &[
    need("report_id", P::Number),
    need("date_from", P::Moment),
    need("date_till", P::Moment),
    opt("limit", P::Number),
    opt("offset", P::Number),
];

const REPORTS: &[Column] = &[col("id"), col("name"), col("report_type")];

const SENT: &[Column] = &[
    col("id"),
    col("date_time"),
    col("notification_name"),
    col("status"),
    col("channel"),
    col("delay"),
    col("recipient"),
    col("message"),
    col("error_type"),
    col("error_text"),
];

fn reports(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = [
        json!({"id": 3_101, "name": "Обзор звонков", "report_type": {"value": "Звонки", "value_id": "calls"}}),
        json!({"id": NOTIFICATIONS, "name": "Отправленные уведомления",
            "report_type": {"value": "Уведомления", "value_id": "notifications"}}),
    ];
    let rows = rows.iter().filter_map(Value::as_object).cloned().collect();
    list(call, &[REPORTS], rows)
}

fn notifications(call: &mut Call<'_>) -> Result<Reply, Fault> {
    if call.int("report_id") != Some(NOTIFICATIONS) {
        let given = call.params.get("report_id").cloned().unwrap_or_default();
        return Err(Fault::param("entity_not_found", "report_id", given));
    }
    report(call, &[SENT], call.state.sent.clone(), "date_time", three_months())
}

impl UisState {
    /// Writes down what became of a notification.
    pub(crate) fn note_sent(&mut self, delivery: &Delivery, at: Timestamp) {
        let taken = delivery.is_taken();
        let coded = |value: &str, id: &str| json!({"value": value, "value_id": id});
        let error = match delivery.status {
            _ if taken => Value::Null,
            Some(_) => coded("Ответ сервера", "http_status"),
            None => coded("Нет ответа", "no_answer"),
        };
        let row = json!({
            "id": self.fresh_id(),
            "date_time": self.local(at),
            "notification_name": "RetailCRM",
            "status": if taken { coded("Доставлено", "delivered") } else { coded("Не доставлено", "failed") },
            "channel": coded("HTTP", "http"),
            "delay": 0,
            "recipient": delivery.url,
            "message": delivery.sent,
            "error_type": error,
            "error_text": if taken { Value::Null } else { json!(delivery.answer) },
        });
        let row: Row = row.as_object().cloned().unwrap_or_default();
        if self.sent.len() >= MAX_SENT {
            self.sent.remove(0);
        }
        self.sent.push(row);
    }
}
