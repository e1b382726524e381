//! The settings of one account: its rules, its secrets, its two neighbours.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use switchboard_engine::phone::Phone;

use crate::config::reports::Reports;
use crate::config::{AddressBook, Count, Deals, Forwarding, Network, Secret, Shadow, Workplace};

/// `[[account]]`: one shop.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Account {
    /// Its name in addresses, logs and metrics: small letters, digits, `-` and `_`.
    pub name: String,
    /// The folder with its rules.
    pub bundle: PathBuf,
    /// Rules that are tried beside those in force, when there are any.
    pub shadow: Option<Shadow>,
    /// The secrets of its notification addresses: one, or two while the secret is being changed.
    pub hook_secrets: Vec<Secret>,
    /// The `key` that bodies must carry as well, when the templates send one.
    pub body_key: Option<Secret>,
    /// From where notifications may come; empty means from anywhere.
    pub allow_from: Vec<Network>,
    /// How long after the last word about an ended call to wait before deciding.
    pub settle: Duration,
    /// How long to wait for the recording of a call with talk before the call is uploaded without one.
    pub record_wait: Duration,
    /// What becomes of a recording that arrives after the call was uploaded.
    pub late_records: LateRecords,
    /// After how much silence a call whose end was never reported is taken to have ended.
    pub open_wait: Duration,
    /// The zone of the times in notifications; asked of UIS when not set.
    pub timezone: Option<TimeZone>,
    /// Its pop-ups.
    pub popup: PopUp,
    /// The CRM.
    pub retailcrm: RetailCrm,
    /// The Data API and the Call API, when the account has keys for them.
    pub uis: Option<Uis>,
    /// E-mails of the employees of UIS who take part; empty, with no groups either, means all.
    pub employees: Vec<String>,
    /// Groups of UIS whose employees take part.
    pub employee_groups: Vec<String>,
    /// How incoming calls are put through to the client's manager.
    pub forwarding: Forwarding,
    /// Calls by a click in the CRM.
    pub click_to_call: ClickToCall,
    /// How orders become deals in UIS.
    pub deals: Deals,
    /// The operator workplace on a page of the CRM.
    pub workplace: Workplace,
}

/// What becomes of a recording that arrives after the call was uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LateRecords {
    /// It is noted at the client.
    #[default]
    Note,
    /// The call is uploaded once more, when it has no recording yet; otherwise it is noted.
    Upload,
}

/// `[account.retailcrm]`: the CRM of an account.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetailCrm {
    /// Scheme and host, without a path and without a slash at the end.
    pub url: String,
    /// The API key.
    pub key: Secret,
    /// The code of the shop that entities are made in.
    pub site: String,
    /// The zone of the CRM's times; asked of the CRM when not set.
    pub timezone: Option<TimeZone>,
    /// What becomes of what was written in a chat, when anything does.
    pub transcript: Option<Transcript>,
    /// The integration module that is registered there, when one is to be.
    pub module: Option<Module>,
}

/// What becomes of what was written in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transcript {
    /// Where it is kept.
    pub form: TranscriptForm,
    /// The most letters of it; of a longer one the end is kept.
    pub letters: usize,
}

/// Where RetailCRM keeps what was written in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TranscriptForm {
    /// In a note in the client's card.
    Note,
    /// In a text file that hangs on the client and the order.
    File,
}

/// `[account.retailcrm.module]`: the integration module.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Module {
    /// Whether it is registered and its callbacks are taken.
    pub active: bool,
    /// The code of this instance.
    pub code: String,
    /// The code of the module in the marketplace; the instance's code begins with it.
    pub integration_code: String,
    /// What people see.
    pub name: String,
    /// Where RetailCRM reaches the listener of notifications: `https://calls.example.ru`, no slash at the end.
    pub public_url: String,
    /// Outside numbers of shops, by the shop's code; those that the rules name are added.
    pub external_phones: Vec<(String, Phone)>,
}

/// `[account.click_to_call]`: calls by a click in the CRM.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClickToCall {
    /// Clicks of one person on one number within so much time are one.
    pub double_click: Duration,
    /// A click that is older is not dialled.
    pub max_age: Duration,
    /// With what a number with its country must begin to be dialled; empty means with anything.
    pub allowed_prefixes: Vec<String>,
    /// Calls of one person in a minute.
    pub per_minute_user: Count,
    /// Calls of the account in a minute.
    pub per_minute_account: Count,
    /// Whether the employee's phone shows the virtual number instead of the client's.
    pub employee_sees_virtual_number: bool,
    /// Whether the employee hears the line while the client's phone rings.
    pub employee_hears_ringing: bool,
}

/// `[account.popup]`: when who rings sees the client's card.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PopUp {
    /// Whether incoming calls have one.
    pub incoming: bool,
    /// Whether outgoing calls have one.
    pub outgoing: bool,
    /// How old a ring may be when its pop-up is sent.
    pub max_age: Duration,
    /// After how much silence a pop-up of a call that only rings is taken off.
    pub sweep: Duration,
}

/// `[account.uis]`: the telephony of an account.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Uis {
    /// Base address of the Data API.
    pub data_api: String,
    /// Base address of the Call API, when it is used.
    pub call_api: Option<String>,
    /// The access token.
    pub token: Secret,
    /// The access token of the Call API, when it has one of its own.
    pub call_token: Option<Secret>,
    /// What callbacks of the Chat API show, when they are taken.
    pub chat_token: Option<Secret>,
    /// How its reports are read.
    pub reports: Reports,
    /// What is written into its address book.
    pub address_book: AddressBook,
}
