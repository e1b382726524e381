//! The rules in force: one bundle an account, swapped whole, the last good one kept.
//!
//! `folder` reads the files of a bundle so that no half-written state is taken for a whole one; `book` checks and swaps
//! them; `names` holds the names in them against what the account has; `debounce` says when a folder has been quiet long
//! enough; `watch` hears of changes and looks from time to time; `hear` hears of changes of one file, for the settings.
//!
//! Leaves to others: what rules mean (`engine`), when they are asked (`worker`).

mod book;
mod debounce;
mod folder;
mod hear;
mod names;
mod status;
mod watch;

pub use book::{InForce, Outcome, Role, Rulebook};
pub use debounce::Debounce;
pub use folder::{FolderError, MAX_BYTES, MAX_FILES, MAX_READS, Quiet};
pub use hear::{Hearing, hear};
pub use names::{Known, Names};
pub use status::{Problem, Status};
pub use watch::{Changes, Pace, Watching, watch};
