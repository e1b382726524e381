//! Keeps the rulebook told of what the account has, so that names in the rules are held against it.
//!
//! Done when RetailCRM or UIS was listed anew, but not more often than the caller allows, unless a person asked for the
//! lists: users, shops and fields are taken from that listing, the rest is asked for (ten requests, of those that nobody
//! waits for; six of them cost a point of UIS each, and the points of a day are few). A kind that cannot be listed keeps the
//! names it had. What was known is kept in the store, so a server that starts while a side is down still checks.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use switchboard_engine::references::Inventory;

use super::references::Listed;
use super::refresh::Directory;
use crate::rulebook::{Known, Rulebook};

/// Under which name the names are kept in the store.
const CURSOR: &str = "directory.names";

/// Tells the rulebooks, of the rules in force and of shadow rules, for ever; drop the future to stop. `least` is the shortest time between two listings of names.
pub async fn keep_names(directory: Arc<Directory>, rulebooks: [Arc<Rulebook>; 2], least: Duration) {
    let mut changes = directory.changes();
    let account = directory.account().clone();
    let mut known = kept(&directory).await;
    if let Some(known) = known.clone() {
        tell(&rulebooks, account.as_str(), known, directory.now()).await;
    }
    let (mut seen, mut last): (_, Option<Timestamp>) = ((None, None), None);
    loop {
        changes.borrow_and_update();
        let status = directory.status();
        let listed_at = (status.crm.listed_at, status.uis.and_then(|uis| uis.listed_at));
        // What was listed by an earlier run was told above, with the rest that belongs to it.
        let is_fresh = status.tried_at.is_some() && listed_at != seen;
        let is_due = last.is_none_or(|last| directory.now().duration_since(last).unsigned_abs() >= least);
        if is_fresh
            && (directory.take_wish() || is_due)
            && let Some(Listed { inventory, left_out }) = directory.list_names().await
        {
            (seen, last) = (listed_at, Some(inventory.taken_at));
            for (kind, reason) in &left_out {
                let kind = kind.en();
                tracing::info!(%account, kind, reason, "names of this kind are not listed");
            }
            let mut references = known.map(|known| known.references).unwrap_or_default();
            references.update(inventory.references);
            let now_known = Known { references, listed_at: inventory.taken_at, left_out };
            keep(&directory, &now_known).await;
            tell(&rulebooks, account.as_str(), now_known.clone(), directory.now()).await;
            known = Some(now_known);
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Reading files and checking rules takes too long for a thread that others share.
async fn tell(rulebooks: &[Arc<Rulebook>; 2], account: &str, known: Known, now: Timestamp) {
    for rulebook in rulebooks {
        let (rulebook, account, known) = (Arc::clone(rulebook), account.to_owned(), known.clone());
        let told = tokio::task::spawn_blocking(move || rulebook.know(&account, known, now)).await;
        if let Err(error) = told {
            tracing::error!(%error, "names in the rules were not checked");
        }
    }
}

async fn kept(directory: &Directory) -> Option<Known> {
    let text = directory.kept_text(CURSOR).await?;
    let inventory = Inventory::from_json(&text).ok()?;
    Some(Known { references: inventory.references, listed_at: inventory.taken_at, left_out: Vec::new() })
}

async fn keep(directory: &Directory, known: &Known) {
    let inventory = Inventory {
        account: directory.account().as_str().to_owned(),
        taken_at: known.listed_at,
        references: known.references.clone(),
    };
    directory.keep_text(CURSOR, inventory.to_json().to_string()).await;
}
