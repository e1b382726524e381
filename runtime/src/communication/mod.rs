//! Many notifications make one call, one chat or one request.
//!
//! [`Call`] is what is kept: the notifications themselves, as a set, so that neither their order nor their number
//! of deliveries matters. [`Merged`] is what they say together, computed from the set each time. `phase` says when a
//! call is over, `event` puts it into the words of the rules. Chats and requests are in `written`.
//!
//! Leaves to others: where calls are kept (`store`), who looks at them when (`worker`), what follows (`effect`).

mod call;
mod event;
mod merged;
mod people;
mod phase;
mod record;
mod screens;
mod time;
mod traffic;
mod written;

pub use call::{Call, Heard, MAX_HEARD, VERSION};
pub use event::{Contact, EmployeeLookup, event};
pub use merged::Merged;
pub use people::{Employee, People};
pub use phase::{RecordWait, Stage, Timing};
pub use record::Recording;
pub use screens::{Left, Screen, screens};
pub use written::{Contacts, Handled, Stage as WrittenStage, Whole, Written, written_event, written_values};

/// The kind of communication a call is, as the store keeps it.
pub const KIND: &str = "call";
