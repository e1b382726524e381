//! The RetailCRM client.
//!
//! Goes in: typed requests with an urgency. Comes out: typed answers, or a [`CrmError`] whose [`Class`] says what may be
//! done. Every fact about the other side comes from its reference; this module is where it is spelled in code, and the
//! only one that knows paths, parameters and answers.
//! Leaves to others: when to try again, what to create, and what it is called in our store.

mod address;
mod answer;
mod breaker;
mod client;
mod customers;
mod error;
mod files;
mod form;
mod modules;
mod notes;
mod order_history;
mod orders;
mod pace;
mod record;
mod reference;
mod sales;
mod statuses;
mod system;
mod tasks;
mod telephony;
mod uploads;
mod users;
mod wire;

pub use address::{Address, AddressError, AddressRules, VENDOR_DOMAINS};
pub use breaker::{Breaker, BreakerSettings};
pub use client::{BadKeyText, Client, ClientSettings};
pub use customers::{Customer, CustomerFields, PhoneNumber, choose};
pub use error::{Class, CrmError, FieldError, Refusal};
pub use files::{Attached, AttachedTo, FileSearch, KeptFile};
pub use modules::{
    Actions, AdditionalCode, EmbedJs, EmbedPage, ExternalPhone, IntegrationModule, Integrations, MenuTitle,
    ModuleThere, Registered, Telephony,
};
pub use notes::{KeptNote, Note, Notice};
pub use order_history::{HistoryPage, HistoryRow, Since};
pub use orders::{Order, OrderFields};
pub use pace::{Bucket, Hurry, Pace, PaceSettings, Priority, Urgency};
pub use record::{RecordRef, Ref, Source};
pub use reference::{Codes, CustomField, Dictionary, Element, FieldEntity, FieldType, Site};
pub use sales::{Contact, MAX_SALES, Sale, Traffic};
pub use statuses::{Status, Statuses};
pub use system::{AccountSettings, Credentials, FILE_SCOPES, MODULE_SCOPES, NEEDED_SCOPES};
pub use tasks::{NewTask, Task, TaskSearch};
pub use telephony::{
    CallEvent, CallManager, CallRecord, CallResult, Campaign, Direction, Hangup, MAX_CALLS, Uploaded,
    WebAnalytics,
};
pub use users::User;

#[cfg(test)]
mod tests;
