//! Many news make one chat or one request.
//!
//! [`Written`] is what is kept: the latest reading of the report, the notifications, the messages, and how far it was
//! handled. [`Whole`] is what they say together, computed each time; `event` puts it into the words of the rules.
//!
//! A chat goes on for hours and is looked at again and again, so unlike a call it may be decided more than once: when it
//! has come to the stage at which things are created, and when it is over.

mod event;
mod kept;
mod whole;

pub use event::{written_event, written_values};
pub use kept::{Handled, Written};
pub use whole::{Contacts, Stage, Whole};
