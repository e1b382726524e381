//! Uploads that are taken whole or not at all.
//!
//! Rows of one deal stay together and in their order. A batch that is refused is cut in halves until a deal is alone that is
//! refused by itself; everybody else goes through. A request that may have been carried out leaves its deals *unknown*.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::observe::{DEAL_ROWS, DEAL_UPLOADS};
use crate::store::record::{AccountId, OrderId};
use crate::uis::{self, DealRow, UisError};

use super::trouble::{Trouble, is_refusal};

/// The rows of one deal.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) order: OrderId,
    pub(super) rows: Vec<DealRow>,
}

/// What became of uploads.
#[derive(Debug, Default)]
pub(super) struct Uploaded {
    /// Taken.
    pub(super) taken: BTreeSet<OrderId>,
    /// Refused by themselves.
    pub(super) refused: Vec<(OrderId, UisError)>,
    /// Maybe taken.
    pub(super) unknown: BTreeSet<OrderId>,
    /// Why it ended before its end.
    pub(super) trouble: Option<Trouble>,
}

/// Uploads deals, at most `most` rows in one request.
pub(super) async fn upload(
    uis: &uis::Client,
    account: &AccountId,
    units: Vec<Unit>,
    most: usize,
) -> Uploaded {
    let mut outcome = Uploaded::default();
    let mut waiting = packed(units, most);
    waiting.reverse();
    let count = |outcome: &'static str| {
        let account = account.as_str().to_owned();
        metrics::counter!(DEAL_UPLOADS.name, "account" => account, "outcome" => outcome).increment(1);
    };
    while let Some(mut batch) = waiting.pop() {
        if let Err(wait) = uis.spare() {
            outcome.trouble = Some(Trouble::Points(wait.max(Duration::from_millis(1))));
            return outcome;
        }
        let rows: Vec<&DealRow> = batch.iter().flat_map(|unit| &unit.rows).collect();
        match uis.upload_deals(&rows).await {
            Ok(()) => {
                count("taken");
                let rows = u64::try_from(rows.len()).unwrap_or(u64::MAX);
                metrics::counter!(DEAL_ROWS.name, "account" => account.as_str().to_owned()).increment(rows);
                outcome.taken.extend(batch.iter().map(|unit| unit.order));
            }
            Err(error) if is_refusal(&error) => {
                count("refused");
                if batch.len() == 1 {
                    outcome.refused.extend(batch.iter().map(|unit| (unit.order, error.clone())));
                } else {
                    let half = batch.split_off(batch.len() / 2);
                    waiting.push(half);
                    waiting.push(batch);
                }
            }
            Err(error) => {
                count("failed");
                if error.may_have_happened() {
                    outcome.unknown.extend(batch.iter().map(|unit| unit.order));
                }
                outcome.trouble = Some(error.into());
                return outcome;
            }
        }
    }
    outcome
}

/// Batches of at most so many rows. A deal with more rows than that is a batch by itself; UIS says what it thinks of it.
fn packed(units: Vec<Unit>, most: usize) -> Vec<Vec<Unit>> {
    let mut batches: Vec<Vec<Unit>> = Vec::new();
    let mut rows = usize::MAX;
    for unit in units {
        let more = unit.rows.len();
        match batches.last_mut().filter(|_| rows.saturating_add(more) <= most) {
            Some(batch) => {
                rows += more;
                batch.push(unit);
            }
            None => {
                rows = more;
                batches.push(vec![unit]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_whole_deals_in_their_order() {
        let unit = |order: OrderId, rows: usize| Unit { order, rows: vec![DealRow::default(); rows] };
        let batches = packed(vec![unit(1, 2), unit(2, 2), unit(3, 9), unit(4, 1), unit(5, 3)], 4);
        let orders: Vec<Vec<OrderId>> =
            batches.iter().map(|batch| batch.iter().map(|unit| unit.order).collect()).collect();
        assert_eq!(orders, [vec![1, 2], vec![3], vec![4, 5]]);
    }
}
