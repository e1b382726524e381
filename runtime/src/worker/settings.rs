//! The numbers of the workers, each with its reason.

use std::time::Duration;

/// How the workers work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerSettings {
    /// Lanes worked on at once.
    pub workers: usize,
    /// Lanes of one account worked on at once.
    pub per_account: usize,
    /// How long a lane is ours when we do not renew; renewed each third of it.
    pub lease: Duration,
    /// How often to look for work that no hint told of.
    pub poll: Duration,
    /// How long an effect is tried before it is parked for a person, on average; the time in which its account is stopped
    /// does not count.
    pub horizon: Duration,
    /// How long to wait before each look for a record whose request got no answer; after the last of these, "not there"
    /// is believed. A request may be carried out after its answer was given up on, a new record may not be found at
    /// once, and nobody has promised that RetailCRM refuses a second record with the same external id.
    pub settle: Vec<Duration>,
    /// The seed of the dice that spread retries; random when not given.
    pub seed: Option<u64>,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            workers: 8,
            per_account: 64,
            lease: seconds(30),
            poll: seconds(1),
            horizon: seconds(72 * 3600),
            settle: vec![seconds(5), seconds(60)],
            seed: None,
        }
    }
}
