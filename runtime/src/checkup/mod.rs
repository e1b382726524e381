//! Whether an account is set up: both sides are asked, and everything that keeps it from working is said.
//!
//! Goes in: the settings of an account and a way out. Comes out: a [`Report`] of [`Finding`]s, each with what is the case
//! and one sentence on what to do, in English and in Russian. Nothing is changed on either side. UIS charges a point for
//! each question; there are few.

mod check;
mod crm;
mod finding;
mod inventory;
mod people;
mod uis;

pub use check::check;
pub use finding::{Finding, Level, Report};
pub use inventory::inventory;
