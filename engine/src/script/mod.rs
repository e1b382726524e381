//! Scripts: functions written in Rhai, called from rules, under limits that are all ours.
//!
//! A file of functions is compiled by [`ScriptHost::compile`] and called by [`ScriptHost::call`]. A script sees
//! its arguments, the lists of its bundle and nothing else: there is no clock, no network, no file, no state between
//! calls, no `eval`, no `import`; what it prints goes into the trace. Every limit stands in [`ScriptLimits`]; the wall clock and the measure of memory,
//! which this crate does not have, are handed in as a [`Timer`] and a [`Gauge`].
//!
//! A policy (`fn entities(event, proposal, facts)`) is run by [`ScriptHost`] too: it sees the event and facts of the
//! catalogue, read only, and may do with its proposal what the hook's row allows.
//!
//! This is the one room that names `rhai`. Its packages are chosen one by one, because the default engine has a
//! `sleep` that no limit stops. Floats are switched off: numbers are whole or decimal, as in rules.

mod analyse;
mod api;
mod around;
mod call;
mod compile;
mod convert;
mod definitions;
mod host;
mod idle;
mod inspect;
mod limits;
mod lists;
mod literals;
mod meter;
mod policy;
mod proposal;
mod refusal;
mod sort;
mod steps;
mod texts;
mod views;
mod words;

pub(crate) use analyse::Policy;
pub use api::{HELPERS, Helper};
pub use call::{Limit, ScriptFailure};
pub use compile::{Script, SignatureProblem};
pub use definitions::definitions;
pub use host::ScriptHost;
pub use limits::{Deadline, Gauge, ScriptLimits, Signature, Timer};
pub(crate) use lists::{ListUse, Lists};
pub(crate) use literals::Literals;
pub(crate) use meter::Spent;
pub(crate) use proposal::Proposal;
pub(crate) use steps::Watch;
pub use steps::{LineStep, ScriptRun, Steps};
pub(crate) use views::Seen;
