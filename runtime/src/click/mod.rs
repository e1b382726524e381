//! Click to call: from a click in the CRM to a call in UIS, at most once.
//!
//! Goes in: clicks that the intake has kept. Comes out: a call begun through the Call API, or a reason in the console and
//! in a notice to the user who clicked. A click is worth something for seconds: nothing here waits its turn behind other
//! work, nothing is tried twice once it may have rung, and an old click is not dialled.
//!
//! | file | what it does |
//! | --- | --- |
//! | `wanted` | who is to be connected with whom, and which number the client sees |
//! | `reason` | why a click is no call, in words |
//! | `pace` | how many calls a minute |
//! | `dial` | takes clicks, calls, writes down, tells the user |
//!
//! Leaves to others: reading the request (`source::retailcrm`), keeping it (`store`), what becomes of the call
//! (`worker`, from its notifications).

mod dial;
pub(crate) mod pace;
mod reason;
mod wanted;

pub use dial::{Dialler, DiallerSettings, click_of};
pub use reason::{Outcome, Reason};
pub use wanted::{NumberFrom, Wanted};
