//! The server between UIS and RetailCRM.

pub mod accounts;
pub mod app;
pub mod checkup;
pub mod click;
pub mod clients;
pub mod clock;
pub mod communication;
pub mod config;
pub mod crm;
pub mod deals;
pub mod directory;
pub mod effect;
pub mod forwarding;
pub mod http;
pub mod marketplace;
pub mod module;
pub mod observe;
pub mod outbound;
pub mod popup;
mod random;
pub mod reports;
pub mod rulebook;
pub mod source;
pub mod store;
pub mod uis;
pub mod worker;
pub mod workplace;
