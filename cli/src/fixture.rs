//! Fixtures: events with what is to come of them, one JSON file each in the folder `tests` of a bundle.
//!
//! `tests/NAME.json` is `{"about", "event", "facts", "now", "expect"}`, only `event` has to be there. Beside it lies
//! `NAME.snap`, the decision in words as it was accepted. Names are paths below `tests` without their ending. Reading
//! collects every fault of a file and never stops at the first file that has one.

pub(crate) mod draft;
mod expect;
mod folder;
mod read;
mod snapshot;

pub(crate) use expect::Expect;
pub(crate) use folder::{Folder, Found, folder};
pub(crate) use read::{Fixture, is_fixture};
pub(crate) use snapshot::{read_snapshot, remove_snapshot, snapshot_path, snapshot_text, write_snapshot};
