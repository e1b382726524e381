//! Where everything is kept, and the only truth about it.

mod api;
mod hint;
pub mod record;

pub use api::{
    BoxError, MAX_LANE_COMMUNICATIONS, MAX_LANE_EFFECTS, MAX_LANE_EVENTS, MAX_PAGE, Store, StoreError,
    StoreFuture,
};
pub use hint::{WorkHint, WorkSignal};
