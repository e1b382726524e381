//! What is kept of the pop-ups of a call.

use jiff::Timestamp;

use super::ids::{AccountId, Json, SessionKey};

/// Who saw the pop-up of a call, and whether somebody still may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopUp {
    /// The account.
    pub account: AccountId,
    /// The call.
    pub session: SessionKey,
    /// How often it was written; 0 for one that never was. A write names the version it was made from.
    pub version: u64,
    /// Whether somebody may have it on the screen, so that taking it away is owed.
    pub is_open: bool,
    /// Who saw it; the business of `popup`.
    pub data: Json,
    /// When it was last written.
    pub updated_at: Timestamp,
}
