//! What every store must do alike.
//!
//! [`exercise`] runs the cases of [`CASES`] against a store, each on an empty place of its own. A store's tests hand in
//! a [`Rig`] and expect no [`Broken`]; the cases say what the words of [`Store`](super::Store) mean.

mod clicks;
mod deals;
mod exercise;
mod inbox;
mod lanes;
mod leases;
mod popups;
mod readiness;
mod rig;
mod rulings;
mod sample;
mod sessions;
mod shadows;
mod upkeep;
mod views;
mod work;

pub use exercise::{CASES, Case, exercise};
pub use rig::{Broken, Outcome, Rig};
