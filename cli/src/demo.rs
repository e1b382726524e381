//! The demo: a day of calls through server and stand-ins, and whether everything came out as it should.
//!
//! `day` is what happened, `expect` what should come of it, `play` tells it to the server, `compare` looks at what is in
//! the CRM, `summary` says so, and `why` shows the reasons of a few. `place` is the folder, `progress` the bar.

mod compare;
mod day;
mod expect;
mod place;
mod play;
mod progress;
mod summary;
mod why;

pub(crate) use compare::{compare, done};
pub(crate) use day::{Call, day};
pub(crate) use expect::{Expected, expect};
pub(crate) use place::{ACCOUNT, Place};
pub(crate) use play::{Player, Told};
pub(crate) use progress::Progress;
pub(crate) use summary::Summary;
pub(crate) use why::{again, cases, write_call};
