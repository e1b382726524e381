//! The pop-up: who rings sees the client's card, and it goes away when the call leaves the screen.
//!
//! Goes in: the bell that the inbox rings when an event of a call is durable. Comes out: `telephony/call/event` requests to
//! RetailCRM (reference, section 5.1). A path beside the lanes, because a pop-up is worthless when it is late: it waits
//! for no backlog, and for no other call of the same contact. It depends on nothing that a lane makes, and no lane
//! depends on it.
//!
//! What keeps it honest is the same as in a lane. The store is the truth: a bell only says which call to look at, and all
//! that was heard of the call is read from the inbox. That somebody is about to see the pop-up is committed before the
//! request leaves, so it is shown at most once, and taking it off is owed from then on, also after a crash; that is
//! repeated until it is done, since taking off what is gone changes nothing. Two desks cannot both write one pop-up: a
//! write names the version that was read.
//!
//! | file | what it does |
//! | --- | --- |
//! | `bell` | the hint that a call has something new |
//! | `card` | who saw the pop-up of a call and who did not, as it is kept |
//! | `change` | what is to be shown and taken off; pure |
//! | `eye` | one call under the eye: what was heard, what is kept |
//! | `look` | one look at one call: who is to see it, and when to look again |
//! | `tell` | telling RetailCRM: commit, send, commit |
//! | `desk` | all calls with a pop-up: looks when a bell rings, and by and by |

mod bell;
mod card;
mod change;
mod desk;
mod eye;
mod look;
mod settings;
mod tell;

pub use bell::Bell;
pub(crate) use card::{Card, Whose};
pub use desk::{Desk, DeskParts, desk};
pub use settings::{PopUpAccount, PopUpSettings};
