//! RetailCRM, API v5.
//!
//! One file a resource: field rules, filters and methods together. A new resource is a new file with its own list of
//! routes, named once in [`ROUTES`]. What a request goes through before its method is in `service`.

mod answer;
mod call;
mod callbacks;
mod corporate;
mod custom_fields;
mod customers;
mod files;
mod handle;
mod history;
mod links;
mod list;
mod marketplace;
mod modules;
mod orders;
mod record;
mod reference;
mod route;
mod schema;
mod search;
mod seed;
mod service;
mod state;
mod system;
mod tasks;
mod telephony;
mod upload;
mod users;

pub use callbacks::CallbackError;
pub(crate) use callbacks::{last_change, run_triggers};
pub use handle::{Crm, Popup};
pub use marketplace::Installed;
pub use record::Record;
pub use service::RetailCrm;
pub(crate) use service::again;
pub(crate) use state::State;
pub use state::{ApiKey, CustomField, Dictionary, Element, ReferenceRow, Shop, User};

use route::Route;

/// All methods: resources, their files, the routes of each.
const ROUTES: &[&[&[Route]]] = &[
    &[system::ROUTES, users::ROUTES],
    customers::ROUTES,
    &[corporate::ROUTES],
    orders::ROUTES,
    &[tasks::ROUTES, reference::ROUTES, custom_fields::ROUTES],
    telephony::ROUTES,
    &[modules::ROUTES, files::ROUTES],
];
