//! The statuses of an account's orders, remembered for a while: facts about orders tell the group of each.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::crm::{Client, CrmError, Statuses, Urgency};

/// How long they are remembered. Somebody who adds a status sees its group in decisions after that at the latest.
const KEPT_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The statuses as they were read last.
#[derive(Debug, Default)]
pub(super) struct KnownStatuses {
    read: Mutex<Option<(Timestamp, Arc<Statuses>)>>,
}

impl KnownStatuses {
    /// The statuses; asked for when they are not known, or were read long ago. Whoever wants them meanwhile waits for the
    /// same answer.
    pub(super) async fn known(
        &self,
        crm: &Client,
        now: Timestamp,
        urgency: Urgency,
    ) -> Result<Arc<Statuses>, CrmError> {
        let mut read = self.read.lock().await;
        if let Some((at, statuses)) = &*read
            && now.duration_since(*at).abs() < KEPT_FOR
        {
            return Ok(Arc::clone(statuses));
        }
        let statuses = Arc::new(crm.statuses(urgency).await?);
        *read = Some((now, Arc::clone(&statuses)));
        Ok(statuses)
    }
}
