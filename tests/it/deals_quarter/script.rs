//! What happens in the CRM, one change after the other, the same for the same seed.

use serde_json::{Value, json};
use switchboard_emulator::Crm;

/// Shops, one funnel each.
const SHOPS: [&str; 3] = ["romashka-main", "romashka-msk", "romashka-spb"];
/// Statuses that an order goes through.
const STATUSES: [&str; 9] = [
    "new",
    "availability-confirmed",
    "client-confirmed",
    "prepayed",
    "send-to-assembling",
    "delivering",
    "complete",
    "no-call",
    "cancel-other",
];

/// What has happened.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// An order was created.
    Created(u64),
    /// An order was changed.
    Changed(u64),
    /// An order was deleted, or merged into another.
    Gone(u64),
    /// Something that is about no order alone.
    Other,
}

impl Act {
    /// The order that a trigger would name.
    pub(crate) fn order(&self) -> Option<u64> {
        match self {
            Self::Created(order) | Self::Changed(order) => Some(*order),
            Self::Gone(_) | Self::Other => None,
        }
    }
}

/// The script.
pub(crate) struct Script {
    dice: fastrand::Rng,
    orders: Vec<u64>,
    clients: Vec<u64>,
    company: Option<u64>,
}

impl Script {
    pub(crate) fn new(seed: u64) -> Self {
        let dice = fastrand::Rng::with_seed(seed);
        Self { dice, orders: Vec::new(), clients: Vec::new(), company: None }
    }

    /// Changes an order that somebody else has made, too.
    pub(crate) fn adopt(&mut self, order: u64) {
        self.orders.push(order);
    }

    /// How often the last change is told by a trigger.
    pub(crate) fn told(&mut self) -> u32 {
        match self.dice.u32(0..10) {
            0..=1 => 0,
            2..=8 => 1,
            _ => 2,
        }
    }

    /// Does the next thing.
    pub(crate) fn next(&mut self, crm: &Crm) -> Act {
        match self.dice.u32(0..1_000) {
            _ if self.orders.len() < 5 => self.create(crm),
            0..=299 => self.create(crm),
            300..=849 => {
                let status = STATUSES[self.dice.usize(0..STATUSES.len())];
                self.change(crm, json!({"status": status}))
            }
            850..=899 => {
                // One in eight becomes too cheap for the rules to pass it on.
                let price = if self.dice.u32(0..8) == 0 { 40 } else { self.dice.u32(60..9_000) };
                let items = json!([{"productName": "Ромашка", "quantity": 1, "initialPrice": price}]);
                self.change(crm, json!({"items": items}))
            }
            900..=929 => {
                let manager = [27, 28, 29, 30][self.dice.usize(0..4)];
                self.change(crm, json!({"managerId": manager}))
            }
            930..=949 => {
                let source = format!("s{}", self.dice.u32(0..9));
                self.change(crm, json!({"customFields": {"uis_source": source}}))
            }
            950..=969 => {
                let gone = self.any_order();
                self.orders.retain(|order| *order != gone);
                crm.delete_order(gone);
                Act::Gone(gone)
            }
            970..=979 => {
                let gone = self.any_order();
                self.orders.retain(|order| *order != gone);
                let survivor = self.any_order();
                crm.combine_orders(gone, survivor);
                Act::Gone(gone)
            }
            980..=989 if self.clients.len() > 2 => {
                let gone = self.clients.swap_remove(self.dice.usize(0..self.clients.len()));
                let survivor = self.clients[self.dice.usize(0..self.clients.len())];
                crm.merge_customers(gone, survivor);
                // As in life, the orders that moved are changed by it.
                let moved: Vec<u64> = crm
                    .orders()
                    .iter()
                    .filter(|order| order.linked("customer") == Some(survivor))
                    .map(|order| order.id)
                    .collect();
                for order in &moved {
                    crm.edit_order(*order, json!({"mark": self.dice.u32(1..1_000_000)}));
                }
                Act::Other
            }
            _ => {
                let comment = format!("Комментарий {}", self.dice.u32(..));
                self.change(crm, json!({"managerComment": comment}))
            }
        }
    }

    fn any_order(&mut self) -> u64 {
        self.orders[self.dice.usize(0..self.orders.len())]
    }

    fn change(&mut self, crm: &Crm, changes: Value) -> Act {
        let order = self.any_order();
        crm.edit_order(order, changes);
        Act::Changed(order)
    }

    fn create(&mut self, crm: &Crm) -> Act {
        let shop = SHOPS[self.dice.usize(0..SHOPS.len())];
        let client = if self.clients.len() > 3 && self.dice.u32(0..10) < 4 {
            self.clients[self.dice.usize(0..self.clients.len())]
        } else {
            let phone = format!("+7905{:07}", self.dice.u32(0..10_000_000));
            let fields = json!({"firstName": "Клиент", "lastName": phone, "phones": [{"number": phone}],
                "email": format!("{}@example.com", self.dice.u32(..))});
            let client = crm.put_customer(shop, fields);
            self.clients.push(client);
            client
        };
        // One in ten is too cheap for the rules to pass it on.
        let price = if self.dice.u32(0..10) == 0 { 40 } else { self.dice.u32(60..9_000) };
        let mut order = json!({"managerId": 27, "customer": {"id": client},
            "items": [{"productName": "Ромашка", "quantity": 1, "initialPrice": price}],
            "delivery": {"cost": self.dice.u32(0..500)}});
        if self.dice.u32(0..12) == 0 {
            let company = *self
                .company
                .get_or_insert_with(|| crm.put_company(shop, json!({"nickName": "ООО Василёк"})));
            order["customer"] = json!({"type": "customer_corporate", "id": company});
            order["contact"] = json!({"id": client});
            order["company"] = json!({"id": 1, "name": "ООО Василёк"});
        }
        let id = crm.put_order(shop, order);
        self.orders.push(id);
        Act::Created(id)
    }
}
