//! The embedded store: one SQLite file, one writer thread with group commit, a few readers.
//!
//! # How a write becomes durable
//!
//! A call puts a job into a bounded queue ([`queue`]). The writer thread takes everything that waits, runs it in one
//! transaction (each job in a savepoint, so that one that fails takes only itself back), syncs once, and only then
//! answers all of them ([`writer`]). Under load a sync serves hundreds of events; without load an event waits for
//! nobody.
//!
//! # Who may open the file
//!
//! One process, which holds a lock on a file beside the database ([`lock`]). Leases therefore end with the process: on
//! start every lane is free again at once. Other programs may read the database at any time.
//!
//! # What is on disk
//!
//! `switchboard.db` with its `-wal` and `-shm`, and `switchboard.lock`. The tables, and which of them hold personal data
//! in the clear, are described in `schema/0001.sql`.

mod accept;
mod accounts;
mod claims;
mod clicks;
mod codec;
mod commit;
mod connect;
mod deals;
mod error;
mod history;
mod lanes;
mod lock;
mod lookups;
mod migrate;
mod overview;
mod pages;
mod popups;
mod prune;
mod queue;
mod readers;
mod retry;
mod rows;
mod rulings;
mod sessions;
mod settings;
mod shadows;
mod store;
mod timeline;
mod upkeep;
mod work;
mod writer;

#[cfg(test)]
mod tests;

pub use history::{History, Mark, Walk};
pub use settings::SqliteSettings;
pub use store::Sqlite;
