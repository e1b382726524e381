//! What RetailCRM calls us about: read from whatever it is wrapped in.
//!
//! A query, a form or a JSON body goes in; names and texts come out. None of these calls is signed, `clientId` is all
//! there is, and it is looked up by `module`. What each callback says is read here, what follows from it is not.

mod operator;
mod order;
mod params;
mod said;

pub use operator::{OperatorAsked, Unreadable};
pub use order::{order_of, trigger_address};
pub use params::Params;
pub use said::{Activity, ClickAsked};
