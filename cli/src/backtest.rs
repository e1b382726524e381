//! Recorded traffic through other rules: which communications are walked, what is judged, how it is counted and told.
//!
//! Everything here reads: the settings without their secrets, the store without its lock. No client of the outside is ever
//! made.

mod fixtures;
mod human;
mod joined;
mod json;
mod made_up;
mod pages;
mod progress;
mod tally;
mod traffic;

pub(crate) use fixtures::{Written, write_fixtures};
pub(crate) use human::{Telling, human, percent};
pub(crate) use joined::{Happened, Joined, join};
pub(crate) use json::as_json;
pub(crate) use pages::{Limits, Rules, replay};
pub(crate) use progress::Progress;

pub(crate) use traffic::{Place, Traffic, TrafficArgs, When, unreadable};
