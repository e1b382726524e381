//! Whom an incoming call is put through to, while the client is on the line.
//!
//! UIS asks from inside a scenario (interactive call processing) and obeys the answer. Goes in: its question. Comes out:
//! numbers to call, or a return code by which the scenario goes on. The answer comes from memory; RetailCRM is waited
//! for no longer than a budget, and what it says after that is remembered for the next call. Nothing is written to the
//! store: what was answered is counted, logged, and kept in memory for the console.
//! Leaves to others: reading the question (`source`), what is remembered (`clients`), what the rules say (the engine).
//!
//! | file | what it does |
//! | --- | --- |
//! | `answer` | what UIS is told, and why |
//! | `event` | a call that has only begun, in the words of the rules |
//! | `ask` | asks RetailCRM about a number |
//! | `desk` | answers |
//! | `journal` | the last answers |

mod answer;
mod ask;
mod desk;
mod event;
mod journal;

pub use answer::{Answer, Reason};
pub use desk::{Desk, DeskSettings};
pub use journal::{Answered, Knowledge};
