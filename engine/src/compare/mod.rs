//! What two decisions about one event say differently.
//!
//! Two decisions, of two bundles or of one bundle and a record, each as [`Said`], give a list of [`Change`]s: which part
//! differs, what it was, what it is. Each change belongs to a [`Group`] that stays the same between runs and of which
//! there are few, so that changes of many events can be counted. How a decision came about, its trace, is no part of this.
//! What two bundles would decide differently about *any* event is the affair of [`crate::prove`].

mod change;
mod group;
mod kind;
mod pairs;
mod said;
mod words;

pub use change::{Change, Part};
pub use group::{Group, Told};
pub use kind::Kind;
pub use pairs::{changes, field_changes, forwarded};
pub use said::{Said, SaidError};
