//! The integration module in RetailCRM: registered, kept up to date, and listened to.
//!
//! Goes in: settings, the directory, the rules, and what RetailCRM calls us about. Comes out: a registration that is sent
//! when it differs from the one that was accepted last, and a durable record of what RetailCRM said: whether the module
//! works, where the account moved to, which status a user has.
//!
//! | file | what it does |
//! | --- | --- |
//! | `registry` | finds the module that a callback is for |
//! | `memory` | what is kept in the store about a module |
//! | `registration` | what is registered |
//! | `registrar` | sends it when it must be sent |
//! | `open` | puts a module together with its work |
//!
//! Leaves to others: reading requests (`source::retailcrm`, `http`), calling (`click`).

mod memory;
mod open;
mod registrar;
mod registration;
mod registry;

pub(crate) use memory::is_paused;
pub use memory::{Accepted, Activity, Moved, Status, release_unused};
pub use open::{Opened, Opening};
pub use registrar::{RegistrarSettings, register};
pub use registration::{CALLBACKS, Callback, Given, LOGO, LOGO_PATH, Withheld, registration};
pub use registry::{Module, ModuleParts, Modules, Shown};
