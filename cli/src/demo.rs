//! The demo: a day of a shop through server and stand-ins, and whether everything came out as it should.
//!
//! `day` and `written` are what happened, `expect` what should come of it. `play` tells the calls to the server, `write`
//! shows chats and requests in UIS, `clerk` works on the orders. `compare` looks at what is in RetailCRM and UIS, `summary`
//! says so, and `why` shows the reasons of a few. `place` is the folder, `progress` the bar.

mod clerk;
mod compare;
mod day;
mod expect;
mod place;
mod play;
mod progress;
mod summary;
mod why;
mod write;
mod written;

pub(crate) use clerk::work;
pub(crate) use compare::{compare, deals_are_there, done};
pub(crate) use day::{Call, ZONE, day};
pub(crate) use expect::{Expected, expect};
pub(crate) use place::{ACCOUNT, Place};
pub(crate) use play::{Player, Told};
pub(crate) use progress::Progress;
pub(crate) use summary::Summary;
pub(crate) use why::{again, cases, write_call, write_written, written_cases};
pub(crate) use write::Writer;
pub(crate) use written::{Written, until, written};
