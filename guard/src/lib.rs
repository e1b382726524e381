//! Time and memory of scripts, as programs measure them: what the engine asks for and, without I/O, cannot know.
//!
//! A program that runs rules makes [`Counting`] its allocator and hands [`Memory`] and [`Budget`] to the engine. Without the
//! allocator [`held`] never moves, and scripts are bounded by their operations and the sizes of single values only.

mod memory;
mod options;
mod time;

pub use memory::{Counting, Memory, forget_highest, held, highest};
pub use options::load_options;
pub use time::Budget;
