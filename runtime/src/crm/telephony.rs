//! Telephony: the history of calls and the pop-up.
//!
//! Two vocabularies that differ by one letter: an event says `no answered`, the history says `no answer`
//! (reference, sections 5.1 and 5.2).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use switchboard_engine::phone::Phone;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::Source;
use super::wire;

/// Where calls are written into the history.
const UPLOAD: &str = "/api/v5/telephony/calls/upload";

/// Most calls of one upload.
pub const MAX_CALLS: usize = 50;

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The client called.
    In,
    /// The client was called.
    Out,
}

/// How a call ended, in the words of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallResult {
    /// There was talk.
    #[serde(rename = "answered")]
    Answered,
    /// The other side was busy.
    #[serde(rename = "busy")]
    Busy,
    /// It did not get through.
    #[serde(rename = "failed")]
    Failed,
    /// Nobody answered.
    #[serde(rename = "no answer")]
    NoAnswer,
    /// It was not allowed.
    #[serde(rename = "not allowed")]
    NotAllowed,
    /// Not known.
    #[serde(rename = "unknown")]
    Unknown,
}

/// One call of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// Our number of the call: the key against duplicates.
    pub external_id: String,
    /// When it began, in the CRM's zone: `2026-03-02 11:59:58`.
    pub date: String,
    /// Which way it went.
    #[serde(rename = "type")]
    pub direction: Direction,
    /// The client's number.
    pub phone: String,
    /// The user who handled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<u64>,
    /// How it ended.
    pub result: CallResult,
    /// Seconds of talk.
    pub duration: u64,
    /// Seconds of waiting.
    pub duration_waiting: u64,
    /// The recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_url: Option<String>,
    /// The number that was dialled or shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_phone: Option<String>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Where the contact came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// What an upload did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uploaded {
    /// Calls that were taken.
    pub processed: u64,
    /// External ids that were known before; nothing was done about them.
    pub duplicates: Vec<String>,
}

/// Something that happens in a call, for the pop-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallEvent {
    /// The client's number.
    pub phone: String,
    /// What happens: `in`, `out` or `hangup`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Users whose pop-up it concerns.
    pub user_ids: Vec<u64>,
    /// How the call ended; only with `hangup`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hangup_status: Option<Hangup>,
    /// The shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The number that was dialled or shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_phone: Option<String>,
    /// Our number of the call, the same as in its upload.
    pub call_external_id: String,
    /// Where the contact came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_analytics_data: Option<WebAnalytics>,
}

/// Advertising data of a call that rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebAnalytics {
    /// The campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Campaign>,
    /// The marks of the link that was clicked, as a query without `?`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_string: Option<String>,
}

/// An advertising campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// The name.
    pub name: String,
    /// The code.
    pub code: String,
}

/// How a call ended, in the words of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Hangup {
    /// There was talk.
    #[serde(rename = "answered")]
    Answered,
    /// The other side was busy.
    #[serde(rename = "busy")]
    Busy,
    /// The caller gave up.
    #[serde(rename = "cancel")]
    Cancel,
    /// It did not get through.
    #[serde(rename = "failed")]
    Failed,
    /// Nobody answered.
    #[serde(rename = "no answered")]
    NoAnswered,
}

/// Whom a caller belongs to, as the method for telephony tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallManager {
    /// The responsible user.
    pub manager: Option<u64>,
    /// Whether there is a client with this number.
    pub is_client: bool,
    /// The client's name, when it was told.
    pub client_name: Option<String>,
}

impl Client {
    /// Asks whom a call from `phone` should be routed to. With `ignore_status` a manager counts who is not free, too.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn call_manager(
        &self,
        phone: Phone,
        ignore_status: bool,
        urgency: Urgency,
    ) -> Result<CallManager, CrmError> {
        let query = Form::new()
            .with("phone", format!("+{}", phone.digits()))
            .with("details", 1)
            .with("ignoreStatus", u8::from(ignore_status));
        let answer = self.get("telephony/manager", "/api/v5/telephony/manager", query, urgency).await?;
        let customer = wire::field(&answer, "customer");
        let names =
            ["lastName", "firstName"].map(|name| customer.and_then(|one| wire::text_field(one, name)));
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Ok(CallManager {
            manager: wire::field(&answer, "manager").and_then(|manager| wire::id_field(manager, "id")),
            is_client: customer.is_some_and(|one| wire::id_field(one, "id").is_some()),
            client_name: Some(name).filter(|name| !name.trim().is_empty()),
        })
    }

    /// Writes calls into the history; at most [`MAX_CALLS`] a time. Calls that are known already are left as they are,
    /// so repeating an upload is safe.
    ///
    /// # Errors
    ///
    /// [`CrmError::TelephonyOff`] when the module is not registered, [`CrmError::Partial`] when only some rows were
    /// taken, and any other.
    pub async fn upload_calls(&self, calls: &[CallRecord], urgency: Urgency) -> Result<Uploaded, CrmError> {
        self.upload_turn(urgency).await;
        self.upload_now(calls).await
    }

    /// Waits for the turn of an upload.
    pub(super) async fn upload_turn(&self, urgency: Urgency) {
        self.turn(UPLOAD, urgency).await;
    }

    /// Writes calls into the history, in a turn that was waited for.
    pub(super) async fn upload_now(&self, calls: &[CallRecord]) -> Result<Uploaded, CrmError> {
        let form = Form::new().json("calls", &calls);
        let answer = self.post_now("telephony/calls/upload", UPLOAD, form).await?;
        Ok(Uploaded {
            processed: wire::field(&answer, "processedCallsCount").and_then(Value::as_u64).unwrap_or(0),
            duplicates: wire::texts_field(&answer, "duplicateCalls"),
        })
    }

    /// Shows or hides the pop-up. Gives the users that the CRM does not know.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn call_event(&self, event: &CallEvent, urgency: Urgency) -> Result<Vec<u64>, CrmError> {
        let form = Form::new().json("event", event);
        let answer = self.post("telephony/call/event", "/api/v5/telephony/call/event", form, urgency).await?;
        let unknown = wire::elements(wire::field(&answer, "notExistUsers"));
        Ok(unknown.into_iter().filter_map(wire::id).collect())
    }
}
