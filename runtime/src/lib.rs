//! The server between UIS and RetailCRM.

pub mod outbound;
