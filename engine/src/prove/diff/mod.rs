//! What two bundles decide differently.
//!
//! Goes in: two bundles. Comes out: for each kind of event and each part of the decision the regions in which it
//! changes, each with an event for which both bundles were asked; or the proof that nothing changes; or what was left
//! open. Every part is on each side a list of cases, areas with an outcome, the first that matches counts. Where a case
//! of the old list and one of the new list with another outcome meet, outside of all cases before either, is a change.

mod cases;
mod inside;
mod parts;
mod regions;
mod report;
mod shared;
mod side;
mod slot;
mod tasks;
#[cfg(test)]
mod tests;
mod verify;
mod words;
mod work;

pub use inside::Seen;
pub(super) use parts::without_contacts;
pub use report::{Change, Comparison, Example, Open, Side};
pub use slot::compare;
