//! Everything in an account that rules may name.

use std::sync::Arc;

use jiff::Timestamp;

use super::{crm, uis};
use crate::config::{Account, Config};
use crate::directory::Listed;
use crate::outbound::Transport;

/// Lists both sides of an account. Nothing is changed there; UIS charges some ten points.
///
/// # Errors
///
/// What is wrong with the settings of its RetailCRM. A kind that cannot be listed is no error: it is named beside the
/// others.
pub async fn inventory(
    config: &Config,
    account: &Account,
    transport: &Arc<dyn Transport>,
    now: Timestamp,
) -> Result<Listed, String> {
    let crm = crm::client(config, account, transport)?;
    let uis = account.uis.as_ref().map(|settings| uis::client(config, account, settings, transport));
    Ok(Listed::list(&account.name, &crm, uis.as_ref(), now).await)
}
