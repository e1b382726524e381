//! The server between UIS and RetailCRM.

pub mod clock;
pub mod outbound;
pub mod store;
