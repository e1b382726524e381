//! Why a turn ended before its work did. It is nobody's order that is at fault, so every order keeps its place.

use std::time::Duration;

use crate::crm::CrmError;
use crate::directory::NotReady;
use crate::store::StoreError;
use crate::uis::{Class, UisError};

/// The longest pause after troubles in a row.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// The first one.
const FIRST: Duration = Duration::from_secs(2);

/// Why a turn ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// Our own store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// RetailCRM.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// UIS.
    #[error(transparent)]
    Uis(#[from] UisError),
    /// Users, shops or zones are not known yet.
    #[error(transparent)]
    NotReady(#[from] NotReady),
    /// The zone of the UIS account is not known yet.
    #[error("the time zone of the UIS account is not known yet")]
    NoZone,
    /// The points of UIS are used up to the reserve.
    #[error("the points of UIS are used up; more in {} s", .0.as_secs())]
    Points(Duration),
}

impl Trouble {
    /// How long to wait, after so many troubles in a row.
    pub(super) fn wait(&self, times: u32) -> Duration {
        let grown = FIRST.saturating_mul(1 << times.min(10)).min(LONGEST);
        match self {
            Self::Uis(UisError::LimitExceeded { wait }) | Self::Points(wait) => {
                (*wait).clamp(Duration::from_millis(100), LONGEST)
            }
            Self::Crm(CrmError::Paused { wait }) => *wait,
            Self::NotReady(not_ready) => not_ready.wait.min(LONGEST),
            Self::NoZone | Self::Store(_) => FIRST.min(grown),
            Self::Crm(_) | Self::Uis(_) => grown,
        }
    }
}

/// Whether UIS has refused this content, and another content may be taken.
pub(super) fn is_refusal(error: &UisError) -> bool {
    error.class() == Class::Permanent && !matches!(error, UisError::OptionMissing { .. })
}

/// Whether something is there that was to be made.
pub(super) fn is_duplicate(error: &UisError) -> bool {
    error.mnemonic() == Some("duplicate_entity")
}

/// Whether something is not there that was named.
pub(super) fn is_absent(error: &UisError) -> bool {
    error.mnemonic() == Some("entity_not_found")
}
