//! Reports of UIS as a source: calls that nobody told us of, what notifications lack, and chats and requests.
//!
//! Goes in: the Data API of one account. Comes out: events in the same inbox as notifications, with the same identity and
//! the same lanes, so that everything behind the inbox needs to know of neither. Nothing here decides anything.
//!
//! | file | what it does |
//! | --- | --- |
//! | `poll` | reads overlapping windows of the report of calls, and takes what is not known yet |
//! | `deliveries` | reads which notifications did not arrive |
//! | `desk` | asks for single calls that wait for their marketing data, many in one request |
//! | `intake` | a row of the report into the inbox, or not |
//! | `written` | reads chats and requests, and those chats again that are not over |
//! | `written_progress` | how far, and which; kept in the store |
//! | `ongoing` | follows calls that are longer than windows overlap |
//! | `points` | how many points are left, kept over a restart |
//! | `progress` | how far the windows were read, kept in the store |
//!
//! All of it can wait, so all of it leaves the reserve of points alone (`uis::Points`).

mod account;
mod deliveries;
mod desk;
mod intake;
mod ongoing;
mod points;
mod poll;
mod progress;
mod written;
mod written_progress;

pub use account::{Reports, ReportsSettings};
pub use desk::Asked;
pub use points::restore_points;
pub use progress::Progress;
pub use written::{Hint, Wanted, Wants};
pub use written_progress::WrittenProgress;
