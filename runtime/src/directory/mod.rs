//! What an account consists of on both sides: people, shops, custom fields, time zones.
//!
//! Goes in: what RetailCRM and UIS list. Comes out: a [`Snapshot`] that matches one with the other, and the
//! [`Problem`]s that a person should see. It is fetched at the start, at intervals and on demand; the last good one stays
//! in force when a fetch fails, also over a restart.
//! Leaves to others: what is done with it.

mod chosen;
mod names;
mod problem;
mod references;
mod refresh;
mod snapshot;
mod status;
mod zone;

pub use chosen::Chosen;
pub use names::keep_names;
pub use problem::Problem;
pub use references::Listed;
pub use refresh::{Directory, DirectorySettings, NotReady};
pub use snapshot::{CrmPart, Matched, Person, Reach, Snapshot, UisPart, normal_email};
pub use status::{SideStatus, Status};
pub use zone::{Zones, crm_date, crm_instant, crm_minute, crm_moment};
