//! Strict stand-ins for RetailCRM and UIS.
//!
//! An [`Emulator`] binds a RetailCRM account (API v5), a UIS account (Data API v2.0, Call API v4.0) and a page to
//! loopback, keeps everything that was created, logs every request, and misbehaves on demand: [`Faults`] make it slow,
//! cut connections or answer rubbish; [`Switches`] choose between the answers that the vendors' documents leave open.
//! It shares no code with the server it tests, so that a misread protocol is not misread on both sides.
//!
//! ```no_run
//! use switchboard_emulator::{Emulator, Fault, Settings};
//!
//! # async fn example() -> Result<(), switchboard_emulator::StartError> {
//! let emulator = Emulator::start(Settings::default()).await?;
//! println!("{}", emulator.addresses().to_json());
//!
//! // The next order is stored, but its answer never arrives.
//! emulator.faults().add(Fault::reset().after_commit().on("/api/v5/orders/create").times(1));
//!
//! // … let the program under test work …
//!
//! assert_eq!(emulator.crm().orders().len(), 1);
//! assert!(emulator.crm().peaks().iter().all(|peak| peak.busiest_second <= peak.limit));
//! emulator.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod addresses;
mod clock;
mod control;
mod emulator;
mod fault;
mod faults;
mod journal;
mod ledger;
mod limiter;
mod outbound;
mod retailcrm;
mod server;
mod settings;
mod snapshot;
mod switches;
mod uis;
mod wire;
mod world;

pub use addresses::{Addresses, RetailCrmAddress, ServiceAddresses, UisAddress};
pub use clock::Clock;
pub use control::Control;
pub use emulator::{Emulator, StartError};
pub use fault::{Fault, Trouble};
pub use faults::{FaultId, FaultRule, Faults};
pub use journal::{Entry, Journal, MAX_KEPT_ANSWER_BYTES, Service};
pub use ledger::LedgerError;
pub use limiter::{Class, Peak};
pub use outbound::{DELIVERY_TIME_OUT, Delivery};
pub use retailcrm::{
    ApiKey, CallbackError, Crm, CustomField, Dictionary, Element, Installed, Popup, Record, ReferenceRow,
    RetailCrm, Shop, User,
};
pub use settings::{
    DEFAULT_ACCOUNT, DEFAULT_JOURNAL_ENTRIES, DEFAULT_KEY, DEFAULT_MAX_BODY_BYTES, DEFAULT_TOKEN, Seed,
    Settings,
};
pub use snapshot::SnapshotError;
pub use switches::{
    Choice, DuplicateAnswer, EmptyArrays, EmptyMaps, ErrorsShape, LimitScope, LimitsShape, MetadataName,
    PhoneSearch, Phones, QUESTIONS, Question, RepeatedCall, Scope, SwitchError, Switches, TaskTextSearch,
    UnknownAccount, UnknownName,
};
pub use uis::{
    AskBy, Asked, Asking, CallScript, Campaign, DEFAULT_NOTIFICATION_KEY, Direction, Employee, Named, Next,
    Notification, Played, Quirk, Site, Token, Transfer, Uis, UisApi, VirtualNumber,
};
pub use wire::body::{Answered, Cut};
pub use world::Accounts;
