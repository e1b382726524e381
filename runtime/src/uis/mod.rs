//! The UIS clients: the Data API, as far as this program asks it, and the Call API, which starts calls.
//!
//! Goes in: a method and its parameters. Comes out: typed answers, or a [`UisError`] whose class says what may be done.
//! All that is asked of the Data API is read only, but for the address book and for deals, where everything may be said
//! again; what is asked of the Call API is asked once.
//! Leaves to others: notifications (`source`), and what employees are matched with (`directory`).

mod answer;
mod book;
mod call;
mod calls_report;
mod client;
mod contacts;
mod deal_parties;
mod deals;
mod deliveries;
mod error;
mod filter;
mod funnels;
mod limits;
mod names;
mod points;
mod written;

pub use book::{AddressBook, Entry};
pub use call::{CallApi, CallApiSettings, CallEmployee, StartCall};
pub use calls_report::{CallRow, Window};
pub use client::{Client, ClientSettings, Employee};
pub use contacts::Contact;
pub use deal_parties::{DealContact, DealEmployee, DealField, MAX_CONTACTS};
pub use deals::{DealRow, FieldValue, KnownRow, MAX_ROWS};
pub use deliveries::{OfficeReport, SentNotification};
pub use error::{Class, UisError};
pub use filter::Filter;
pub use funnels::{MAX_ORDER, MAX_STAGES, SalesFunnel, Stage, StageStatus};
pub use limits::{Limits, PERIODS, Period};
pub use names::Names;
pub use points::{Points, PointsSettings};
pub use written::{Listed, WrittenRow};
