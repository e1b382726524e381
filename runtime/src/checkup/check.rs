//! The questions in their order.

use std::sync::Arc;

use jiff::Timestamp;

use super::finding::Report;
use super::{crm, people, uis};
use crate::config::{Account, Config};
use crate::outbound::Transport;

/// Asks both sides of an account how they are.
pub async fn check(
    config: &Config,
    account: &Account,
    transport: &Arc<dyn Transport>,
    now: Timestamp,
) -> Report {
    let mut report = Report::new(&account.name);
    let crm = crm::check(config, account, transport, now, &mut report).await;
    let uis = uis::check(config, account, transport, now, &mut report).await;
    if let Some(crm) = crm {
        people::check(account, &crm, uis.as_ref(), &mut report);
    }
    report
}
