//! Rows of the reports of chats and requests, as the emulator's UIS shows them.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};
use switchboard_emulator::Emulator;

/// A chat whose row changes as it goes on.
#[derive(Debug, Clone)]
pub(crate) struct Chat {
    pub(crate) id: u64,
    row: Map<String, Value>,
    messages: u64,
    /// What time it is; the machine's when nobody said.
    now: Option<Timestamp>,
}

/// A moment on the clock of the emulator's account.
pub(crate) fn local(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Moscow").expect("a zone");
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// So many seconds ago.
pub(crate) fn ago(seconds: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_secs(seconds)
}

impl Chat {
    /// A chat that was opened in Telegram a minute ago and that nobody took yet; its communication has another number.
    pub(crate) fn new(id: u64) -> Self {
        let row = json!({
            "id": id, "communication_id": id + 900_000, "communication_type": "chat", "status": "new",
            "initiator": "visitor", "date_time": local(ago(60)), "chat_channel_type": "telegram",
            "chat_channel_id": 7, "chat_channel_name": "Бот магазина", "messages_count": 0,
            "employee_messages_count": 0, "is_group_chat": false, "is_transfer": false, "visitor_ids": [id + 5000],
            "site_domain_name": "romashka.ru", "campaign_name": "Лето", "source_name": "Яндекс.Директ",
            "utm_source": "yandex", "tags": [],
        });
        Self { id, row: row.as_object().cloned().expect("an object"), messages: 0, now: None }
    }

    /// Its session in the store.
    pub(crate) fn session(&self) -> switchboard_runtime::store::record::SessionKey {
        format!("chat:{}", self.id + 900_000).into()
    }

    /// The same chat with other columns.
    #[must_use]
    pub(crate) fn with(mut self, columns: Value) -> Self {
        self.row.extend(columns.as_object().cloned().expect("an object"));
        self
    }

    /// It is so late now; before the chat was shown, it began a minute ago.
    pub(crate) fn at(&mut self, now: Timestamp, is_new: bool) {
        self.now = Some(now);
        if is_new {
            self.row.insert("date_time".to_owned(), json!(local(now - SignedDuration::from_secs(60))));
        }
    }

    /// Shows the row as it is now.
    pub(crate) fn show(&self, emulator: &Emulator) {
        emulator.uis().put_row("chats", Value::Object(self.row.clone()));
    }

    /// Changes columns and shows the row.
    pub(crate) fn becomes(&mut self, emulator: &Emulator, columns: Value) {
        self.row.extend(columns.as_object().cloned().expect("an object"));
        self.show(emulator);
    }

    /// Somebody writes: `visitor` or `operator`.
    pub(crate) fn says(&mut self, emulator: &Emulator, source: &str, text: &str) {
        self.messages += 1;
        let id = self.id * 1000 + self.messages;
        emulator.uis().put_row(
            "chat_messages",
            json!({"id": id, "chat_id": self.id, "date_time": local(self.now.unwrap_or_else(Timestamp::now)), "source": source, "text": text,
                "employee_full_name": (source == "operator").then_some("Лисина Анна")}),
        );
        let of_employee = self.row.get("employee_messages_count").and_then(Value::as_u64).unwrap_or(0);
        let of_employee = of_employee + u64::from(source == "operator");
        self.becomes(
            emulator,
            json!({"messages_count": self.messages, "employee_messages_count": of_employee}),
        );
    }

    /// An employee takes it.
    pub(crate) fn taken(&mut self, emulator: &Emulator, employee: u64) {
        self.becomes(
            emulator,
            json!({"status": "active", "employee_id": employee, "employee_full_name": "Лисина Анна"}),
        );
    }

    /// It ends.
    pub(crate) fn ends(&mut self, emulator: &Emulator, status: &str) {
        self.becomes(
            emulator,
            json!({"status": status, "release_cause": "closed_by_operator", "duration": "50"}),
        );
    }

    /// Its visitor leaves contacts.
    pub(crate) fn visitor(&self, emulator: &Emulator, name: &str, phones: &[&str], emails: &[&str]) {
        emulator.uis().put_row(
            "visitors",
            json!({"id": self.id + 5000, "name": name, "phone_numbers": phones, "emails": emails, "properties": []}),
        );
    }
}

/// Shows a request and gives its session.
pub(crate) fn request(
    emulator: &Emulator,
    id: u64,
    columns: &Value,
) -> switchboard_runtime::store::record::SessionKey {
    let mut row = json!({
        "id": id, "communication_id": id, "communication_type": "offline_message", "date_time": local(ago(30)),
        "status": "not_processed", "form_type": "Пользовательская", "form_name": "Купить в 1 клик",
        "site_domain_name": "romashka.ru", "campaign_name": "Бренд", "employee_id": null,
    });
    let all = row.as_object_mut().expect("an object");
    all.extend(columns.as_object().cloned().expect("an object"));
    emulator.uis().put_row("offline_messages", row);
    format!("request:{id}").into()
}
