//! Both accounts as one JSON document, and back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::retailcrm::State;
use crate::switches::Switches;
use crate::uis::UisState;
use crate::world::Accounts;

/// Shape of the document; a document of another shape is refused.
const VERSION: u32 = 1;

/// Why a snapshot was not restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The document is not what [`Accounts::snapshot`] gives.
    #[error("not a snapshot")]
    Unreadable(#[from] serde_json::Error),
    /// The document was made by another version.
    #[error("snapshot has version {0}, not {VERSION}")]
    Version(u32),
}

#[derive(Debug, Serialize, Deserialize)]
struct Snapshot {
    version: u32,
    switches: Switches,
    retailcrm: State,
    uis: UisState,
}

impl Accounts {
    /// Everything that both accounts hold, and the switches. Log, faults and figures of limits are not in it.
    ///
    /// # Errors
    /// None that is known; JSON can hold all of it.
    pub fn snapshot(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(Snapshot {
            version: VERSION,
            switches: self.switches(),
            retailcrm: self.0.crm().clone(),
            uis: self.0.uis().clone(),
        })
    }

    /// Puts both accounts and the switches back to a snapshot.
    ///
    /// # Errors
    /// [`SnapshotError`]; nothing is changed then.
    pub fn restore(&self, snapshot: &Value) -> Result<(), SnapshotError> {
        if let Some(version) =
            snapshot.get("version").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok())
            && version != VERSION
        {
            return Err(SnapshotError::Version(version));
        }
        let snapshot = Snapshot::deserialize(snapshot)?;
        *self.0.crm() = snapshot.retailcrm;
        *self.0.uis() = snapshot.uis;
        self.set_switches(|switches| *switches = snapshot.switches);
        Ok(())
    }
}
