//! The switches themselves.

use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::choices::{
    DuplicateAnswer, EmptyArrays, EmptyMaps, ErrorsShape, LimitScope, LimitsShape, MetadataName, PhoneSearch,
    Phones, RepeatedCall, Scope, TaskTextSearch, UnknownAccount, UnknownName,
};

/// The answer in force for every open question. As JSON: an object with the field names below.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// What a second create with a known `externalId` is told.
    pub duplicate_answer: DuplicateAnswer,
    /// Where an `externalId` is unique.
    pub external_id_scope: Scope,
    /// What `filter[text]` of tasks searches.
    pub task_text_search: TaskTextSearch,
    /// How long after its creation a customer, order or task is found by lists, in milliseconds.
    pub index_delay_ms: u64,
    /// How long after its creation an order is 404 by identifier, in milliseconds.
    pub order_read_delay_ms: u64,
    /// What `telephony/calls/upload` of a known call does.
    pub repeated_call: RepeatedCall,
    /// How much later than it is numbered a row of the history of orders may show, in milliseconds.
    pub history_late_ms: u64,
    /// Of how many rows in a hundred that is so; which ones follows from their numbers.
    pub history_late_percent: u32,
    /// Status when no key is sent: 400 or 403.
    pub key_missing_status: u16,
    /// Status of `Telephony not enabled`: 400 or 200.
    pub telephony_off_status: u16,
    /// What a filter with an unknown name does.
    pub unknown_filter: UnknownName,
    /// What a form part with an unknown name does.
    pub unknown_part: UnknownName,
    /// Whether the undocumented `filter[phone]` of customers works.
    pub filter_phone: bool,
    /// How `filter[name]` compares phones.
    pub phone_search: PhoneSearch,
    /// What `phones` of an edit does to the phones already there.
    pub phones_on_edit: Phones,
    /// Shape of `errors`.
    pub errors_shape: ErrorsShape,
    /// What an unknown account is told on GET; on POST it is always an HTML page.
    pub unknown_account: UnknownAccount,
    /// How an empty map is written.
    pub empty_maps: EmptyMaps,
    /// Whether the ids of `telephony/manager` and `additionalCodes` come as strings.
    pub ids_as_strings: bool,
    /// Whether requests above the limit are refused.
    pub limiter: bool,
    /// Whom the limit counts.
    pub limit_scope: LimitScope,
    /// Whether a 503 carries `Retry-After`.
    pub retry_after: bool,
    /// The words of the 503; the vendor promises none.
    pub limit_message: String,
    /// Requests a second for one key.
    pub limit_per_second: usize,
    /// Requests a second for one key below `/telephony`.
    pub telephony_limit_per_second: usize,
    /// Whether the account has paid for storage; an upload of a file is refused with 400 otherwise.
    pub storage_paid: bool,
    /// How often RetailCRM repeats a trigger request that failed.
    pub trigger_retries: u32,
    /// How UIS writes an empty array.
    pub empty_arrays: EmptyArrays,
    /// Whether `success` of UIS is the string `"true"`.
    pub success_as_string: bool,
    /// What the metadata of `get.account` is called.
    pub account_metadata: MetadataName,
    /// Which limits UIS reports.
    pub limits_shape: LimitsShape,
    /// Whether errors of UIS carry `id: null`.
    pub null_error_id: bool,
    /// Points a minute of a UIS token.
    pub points_per_minute: u32,
    /// Points a day of a UIS token.
    pub points_per_day: u32,
    /// How long after it was played a call appears in the reports, in milliseconds.
    pub report_delay_ms: u64,
    /// Whether the report of calls may be filtered by `id`.
    pub report_id_filter: bool,
    /// How long uploaded deals stay in processing, in milliseconds.
    pub deals_processing_ms: u64,
    /// Of how many deals in a hundred UIS refuses every row; which ones follows from their names.
    pub deals_refused_percent: u32,
    /// Whether the communication that a deal names must be known.
    pub deals_check_communications: bool,
    /// Whether a visitor's phone is a number in reports of chats and requests.
    pub visitor_phone_as_number: bool,
    /// How often UIS repeats a notification that was not answered with 2xx.
    pub notification_retries: u32,
    /// Pause before such a repeat, in milliseconds.
    pub notification_retry_ms: u64,
}

/// Why switches were not changed.
#[derive(Debug, thiserror::Error)]
#[error("switches were not changed: {0}")]
pub struct SwitchError(#[from] serde_json::Error);

/// The switches in force, shared by all stand-ins.
#[derive(Debug, Default)]
pub(crate) struct SwitchBoard(RwLock<Switches>);

impl Switches {
    /// These switches with the members of `changes` replaced.
    ///
    /// # Errors
    /// A member that is no switch, or a value that is no answer to it.
    pub fn with(&self, changes: &Value) -> Result<Self, SwitchError> {
        let mut all = serde_json::to_value(self)?;
        let changes: serde_json::Map<String, Value> = serde_json::from_value(changes.clone())?;
        if let Value::Object(all) = &mut all {
            all.extend(changes);
        }
        Ok(serde_json::from_value(all)?)
    }
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            duplicate_answer: DuplicateAnswer::Listed,
            external_id_scope: Scope::Site,
            task_text_search: TaskTextSearch::Text,
            index_delay_ms: 0,
            order_read_delay_ms: 0,
            repeated_call: RepeatedCall::Ignored,
            history_late_ms: 0,
            history_late_percent: 0,
            key_missing_status: 400,
            telephony_off_status: 400,
            unknown_filter: UnknownName::Refused,
            unknown_part: UnknownName::Refused,
            filter_phone: false,
            phone_search: PhoneSearch::Loose,
            phones_on_edit: Phones::Added,
            errors_shape: ErrorsShape::Object,
            unknown_account: UnknownAccount::Json,
            empty_maps: EmptyMaps::List,
            ids_as_strings: false,
            limiter: true,
            limit_scope: LimitScope::Key,
            retry_after: false,
            limit_message: "Rate limit exceeded".to_owned(),
            limit_per_second: 10,
            telephony_limit_per_second: 40,
            storage_paid: true,
            trigger_retries: 0,
            empty_arrays: EmptyArrays::List,
            success_as_string: true,
            account_metadata: MetadataName::MetaData,
            limits_shape: LimitsShape::DayAndMinute,
            null_error_id: false,
            points_per_minute: 200,
            points_per_day: 3500,
            report_delay_ms: 0,
            report_id_filter: true,
            deals_processing_ms: 0,
            deals_refused_percent: 0,
            deals_check_communications: false,
            visitor_phone_as_number: true,
            notification_retries: 0,
            notification_retry_ms: 1000,
        }
    }
}

impl SwitchBoard {
    pub(crate) fn get(&self) -> Switches {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }
}
