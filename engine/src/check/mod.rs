//! From trees to a program: names are resolved, types fit, limits hold.
//!
//! Takes the parsed files of a bundle and the other files that they name; gives every problem and, when none is an
//! error, a [`Program`](crate::program::Program). Does not stop at the first problem: each line is checked by
//! itself, and what cannot be judged because of an earlier mistake is passed over in silence.

mod canonical;
mod checker;
mod condition;
mod ctx;
mod declare;
mod due;
mod events;
mod fields;
mod filter;
mod finish;
mod list;
mod literal;
mod measure;
mod named;
mod names;
mod note;
mod order;
mod policy;
mod question;
mod references;
mod run;
mod schedule;
mod scope;
mod script;
mod script_lists;
mod settings;
mod table;
mod task;
mod template;
mod title;
mod transfer;
mod unknown;
mod value;

pub(crate) use checker::{Checker, Placed, problem_in};
pub(crate) use run::{Built, Checked, check};
