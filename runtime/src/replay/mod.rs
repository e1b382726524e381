//! Decisions that were kept, made again by other rules.
//!
//! Goes in: the decisions of one communication as the store has them, and a bundle. Comes out: what was decided about the
//! communication as a whole, what the bundle would have decided, or what was not asked then and would have to be known.
//! Pure: nothing is asked, nothing is sent.

mod again;
mod circumstances;
mod lacking;
mod recorded;
mod ruled;
mod whole;

pub use again::Again;
pub use circumstances::Circumstances;
pub use lacking::{Lacking, Then, lacking, wants_messages};
pub use recorded::{Recorded, Unreadable};
pub use ruled::Ruled;
pub use whole::{Communication, Judged};
