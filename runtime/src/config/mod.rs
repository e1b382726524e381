//! `switchboard.toml`: what the server is told before it starts.
//!
//! Text goes in; a [`Config`] or the list of everything that is wrong with the text comes out.
//! Settings know no other module and are handed down as plain values; who reads them again compares them with those in force.

mod account;
mod address_book;
mod deals;
mod error;
mod forwarding;
mod limits;
mod load;
mod marketplace;
mod network;
mod read_account;
mod read_credentials;
mod read_module;
mod read_secret;
mod reader;
mod reports;
mod secret;
mod settings;
mod settings_calls;
mod settings_crm;
mod shadow;
mod types;
mod urls;
mod value;
mod workplace;

pub use account::{
    Account, ClickToCall, LateRecords, Module, PopUp, RetailCrm, Transcript, TranscriptForm, Uis,
};
pub use address_book::AddressBook;
pub(crate) use deals::LEAST_KEEP_DAYS;
pub use deals::{Deals, Deleted, NUMBER, OldStages, StagesOf, Unmatched};
pub use error::{ConfigError, Problem};
pub use forwarding::{Ask, Codes, Dial, Forwarding};
pub use limits::Limits;
pub(crate) use load::DATA;
pub use load::{Environment, Process, load, load_without_secrets, parse};
pub use marketplace::Marketplace;
pub use network::Network;
pub use reports::Reports;
pub use secret::{MAX_SECRET_BYTES, Secret};
pub use settings::{Section, Setting, page, reference};
pub use shadow::Shadow;
pub use types::{Config, Log, LogFormat, Security, Server};
pub use value::{Bytes, Count, show_duration};
pub use workplace::Workplace;
