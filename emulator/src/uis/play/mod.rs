//! Calls that are played: a script goes in, notifications and rows of reports come out.

mod catalogue;
mod notification;
mod quirk;
mod report;
mod script;
mod template;
mod timeline;

pub(crate) use notification::notifications;
pub use notification::{Notification, Played};
pub use quirk::Quirk;
pub(super) use report::rows;
pub use script::{CallScript, Direction, Transfer};
