//! What the shop's people do with orders: goods, and a status.
//!
//! A fourth of the orders is completed, a fourth is being delivered, a fourth is lost, and nobody has looked at the rest.
//! What is done is requests of RetailCRM's API, so the stand-in's ledger has them; what stands in an order already is not
//! written again.

use std::time::Duration;

use serde_json::json;
use switchboard_emulator::Crm;
use switchboard_runtime::effect::key::order_external_id;
use switchboard_runtime::store::record::{AccountId, SessionKey};

use super::place::ACCOUNT;

/// How often is looked for new orders.
const LOOK: Duration = Duration::from_millis(300);

/// What becomes of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// Completed.
    Won,
    /// Being delivered.
    OnTheWay,
    /// Not in stock.
    Lost,
}

impl Fate {
    /// What becomes of the order of a communication with this number; nothing as a rule of thumb for each fourth.
    pub(crate) const fn of(number: u64) -> Option<Self> {
        match number % 4 {
            0 => Some(Self::Won),
            1 => Some(Self::OnTheWay),
            2 => Some(Self::Lost),
            _ => None,
        }
    }

    /// The status in RetailCRM.
    const fn status(self) -> &'static str {
        match self {
            Self::Won => "complete",
            Self::OnTheWay => "delivering",
            Self::Lost => "no-product",
        }
    }

    /// The stage in UIS, where it is known by the group of the status.
    pub(crate) const fn stage(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::OnTheWay => "group:delivery",
            Self::Lost => "lost",
        }
    }
}

/// What the goods of an order cost.
pub(crate) const fn price(number: u64) -> u64 {
    1_500 + 250 * (number % 8)
}

/// Works through these orders until each is as it should be: the session that each came of, and its number.
pub(crate) async fn work(crm: &Crm, orders: Vec<(SessionKey, u64)>) {
    let account = AccountId::new(ACCOUNT);
    let mut open: Vec<(String, Fate, u64)> = orders
        .into_iter()
        .filter_map(|(session, number)| {
            Some((order_external_id(&account, &session), Fate::of(number)?, price(number)))
        })
        .collect();
    while !open.is_empty() {
        let orders = crm.orders();
        open.retain(|(external_id, fate, price)| {
            let order = orders.iter().find(|order| order.external_id.as_ref() == Some(external_id));
            order.is_none_or(|order| {
                if order.text("status") == Some(fate.status()) {
                    return false;
                }
                let goods = json!([{"productName": "Букет", "quantity": 1, "initialPrice": price}]);
                let edit = json!({"items": goods, "status": fate.status()});
                let path = format!("/api/v5/orders/{}/edit", order.id);
                // Refused for a moment or for ever: looked at again, and seen at the end as what is missing.
                let _ = crm.act(&path, &[("by", "id"), ("site", &order.site), ("order", &edit.to_string())]);
                true
            })
        });
        tokio::time::sleep(LOOK).await;
    }
}
