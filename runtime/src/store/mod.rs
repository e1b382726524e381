//! Where everything is kept, and the only truth about it.

mod api;
pub mod contract;
mod deals;
mod figures;
mod hint;
mod open;
pub mod record;
mod rulings;
mod shadows;
mod sqlite;

pub use api::{
    BoxError, MAX_CLAIM, MAX_EVENT_BYTES, MAX_LANE_COMMUNICATIONS, MAX_LANE_EFFECTS, MAX_LANE_EVENTS,
    MAX_PAGE, Store, StoreError, StoreFuture,
};
pub use deals::{DealStore, MAX_DUE};
pub use hint::{WorkHint, WorkSignal};
pub use open::{StoreSettings, open};
pub use rulings::RulingStore;
pub use shadows::ShadowStore;
pub use sqlite::{History, Mark, Sqlite, SqliteSettings, Walk};
