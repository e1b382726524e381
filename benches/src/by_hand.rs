//! The decisions of the rules, written in Rust: what a company would write that has no rules.
//!
//! `call` is the event with its types, `shop` decides what the English example bundle decides, `rows` what the large
//! tables do. Values and folding of texts are the engine's own, so that what differs is only the rules; a trace of the
//! decision is not kept, because code keeps none. Tests hold the answers together.

mod call;
mod rows;
mod shop;

pub use call::{Call, read, read_manager};
pub use rows::{Indexed, Rows};
pub use shop::{Answer, Shop, Task, title};
