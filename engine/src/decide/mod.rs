//! Deciding: one event, the facts around it and a program give a [`Decision`].
//!
//! A pure walk over the program: no clock, no I/O, no randomness, and no way to fail. What cannot be worked out is
//! missing, and the trace tells it.

mod ask;
mod cells;
mod deal;
mod decision;
mod early;
mod eval;
mod form;
mod forward;
mod json;
mod known;
mod numbers;
mod policy;
mod preview;
pub(crate) mod probe;
mod run;
mod task;
mod text;
mod told;
mod trace;
mod watched;
mod words;

pub use decision::{Deal, Decision, Entity, FieldWrite, Fields, Funnel, Outcome, Task};
pub use early::Early;
pub use form::{Form, UnknownForm};
pub use forward::{Forward, Forwarding};
pub use numbers::{ClickNumber, ClickNumberFrom};
pub use preview::{Preview, PreviewError};
pub use trace::{Trace, TraceNear, TraceStep};
pub use watched::Watched;

pub(crate) use deal::{deal_of, outcome};
pub(crate) use early::early;
pub(crate) use forward::{forward, forward_needs, forwards};
pub(crate) use numbers::{click_number, store_numbers};
pub(crate) use preview::preview;
pub(crate) use run::{decide, decide_in_steps, reaches_stage};
pub(crate) use watched::watched;
