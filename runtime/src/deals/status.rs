//! How the deals of an account stand, for health, console and figures.

use jiff::Timestamp;

/// How the deals of an account stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Up to when the history of orders was read.
    pub history_read_at: Option<Timestamp>,
    /// Why the last turn failed.
    pub error: Option<String>,
    /// Deals that UIS has taken and not processed, as it said last.
    pub in_processing: Option<u64>,
    /// Since when there are some.
    pub processing_since: Option<Timestamp>,
    /// Whether that is longer than the settings allow.
    pub is_slow: bool,
    /// Names of the funnels that are kept in UIS.
    pub funnels: Vec<String>,
}
