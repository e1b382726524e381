//! Looking whether a stopped account can be used again.
//!
//! While an account is stopped its lanes wait and no attempt is burnt. The cheapest question, what the key may do, is
//! asked at growing intervals; once it is answered the account goes on by itself.

use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::keeper::later;
use super::pool::Core;
use crate::crm::{CrmError, Priority, Urgency};
use crate::module::is_paused;
use crate::observe::mask_text;
use crate::store::record::Activity;

/// Waits between two questions; the last one repeats.
const WAITS: &[Duration] = &[
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];
/// How long to wait when the store does not say whether the account is stopped.
const STORE_WAIT: Duration = Duration::from_secs(5);

/// Watches an account for ever.
pub(super) async fn run(core: Arc<Core>, account: Arc<Account>) {
    let mut asked = 0;
    loop {
        let wait = match core.store.activity(&account.id).await {
            Ok(Activity::Active) => {
                asked = 0;
                account.was_stopped.notified().await;
                continue;
            }
            Ok(Activity::Stopped { .. }) => WAITS.get(asked).or(WAITS.last()).copied().unwrap_or(STORE_WAIT),
            Err(error) => {
                tracing::warn!(account = %account.id, %error, "store does not say whether the account is stopped");
                STORE_WAIT
            }
        };
        core.clock.sleep_until(later(core.clock.now(), core.backoff.around(wait))).await;
        asked += 1;
        // Only RetailCRM switches its module on again.
        if is_paused(&*core.store, &account.id).await {
            continue;
        }
        if works(&account).await {
            match core.store.resume_account(&account.id).await {
                Ok(_) => tracing::info!(account = %account.id, "account is resumed"),
                Err(error) => tracing::warn!(account = %account.id, %error, "account was not resumed"),
            }
        }
    }
}

async fn works(account: &Account) -> bool {
    match account.crm.credentials(Urgency::first(Priority::Background)).await {
        // Refused for want of a right, the key itself is good.
        Ok(_) | Err(CrmError::AccessDenied(_)) => true,
        Err(error) => {
            let error = mask_text(&error.to_string());
            tracing::info!(account = %account.id, error, "account stays stopped");
            false
        }
    }
}
