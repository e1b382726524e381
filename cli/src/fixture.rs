//! Fixtures: events with what is to come of them, one JSON file each in the folder `tests` of a bundle.
//!
//! What stands in `tests/NAME.json` and in `NAME.snap` beside it, the engine reads (`switchboard_engine::fixture`); here are
//! the files. Names are paths below `tests` without their ending. Reading never stops at the first file that has a fault.

pub(crate) mod draft;
mod folder;
mod snapshot;

pub(crate) use folder::{Folder, Found, folder};
pub(crate) use snapshot::{read_snapshot, remove_snapshot, snapshot_path, write_snapshot};
