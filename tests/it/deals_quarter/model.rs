//! What should stand in UIS: worked out from what the CRM holds, by other code than the server's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use switchboard_emulator::{Crm, Record};

use super::script::Act;

/// Orders that were ever heard of, and whether they are gone.
#[derive(Debug, Default)]
pub(crate) struct Model {
    orders: BTreeMap<u64, bool>,
    /// Those that were ever dear enough to be passed on.
    dear: BTreeSet<u64>,
}

/// What an order should be.
pub(crate) enum Wanted {
    /// Deleted, and its deal with it.
    Gone,
    /// Refused by UIS.
    Refused,
    /// Never passed on.
    Kept,
    /// Too cheap to be passed on as it is now; a deal all the same, when it was one before.
    Cheap(Box<Deal>),
    /// A deal.
    Deal(Box<Deal>),
}

/// A deal as it should be.
pub(crate) struct Deal {
    funnel: String,
    stage: &'static str,
    revenue: f64,
    employee: String,
    main: String,
    company: bool,
    source: Option<String>,
    created: String,
}

impl Wanted {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::Kept => "kept",
            Self::Cheap(_) => "cheap",
            Self::Deal(_) => "deals",
        }
    }
}

impl Model {
    /// Takes note of what has happened.
    pub(crate) fn heard(&mut self, crm: &Crm, act: &Act) {
        if let Some(order) = act.order()
            && crm.order(order).is_some_and(|record| record.fields["summ"].as_f64() > Some(50.0))
        {
            self.dear.insert(order);
        }
        match act {
            Act::Created(order) | Act::Changed(order) => {
                self.orders.entry(*order).or_insert(false);
            }
            Act::Gone(order) => {
                self.orders.insert(*order, true);
            }
            Act::Other => {}
        }
    }

    /// Whether so many orders are all that there were.
    pub(crate) fn is_known_to(&self, orders: u64) -> bool {
        orders == self.orders.len() as u64
    }

    /// What every order should be.
    pub(crate) fn wanted(&self, crm: &Crm, refuses: impl Fn(u64) -> bool) -> Vec<(u64, Wanted)> {
        let orders: BTreeMap<u64, Record> = crm.orders().into_iter().map(|order| (order.id, order)).collect();
        let what = |order: u64, gone: bool| match orders.get(&order) {
            None => {
                assert!(gone, "{order} is gone, and nobody has taken it");
                Wanted::Gone
            }
            Some(record) => {
                let goods = record.fields["summ"].as_f64().expect("a sum");
                if goods <= 50.0 && self.dear.contains(&order) {
                    Wanted::Cheap(Box::new(deal(record)))
                } else if goods <= 50.0 {
                    Wanted::Kept
                } else if refuses(order) {
                    Wanted::Refused
                } else {
                    Wanted::Deal(Box::new(deal(record)))
                }
            }
        };
        self.orders.iter().map(|(order, gone)| (*order, what(*order, *gone))).collect()
    }

    /// Every contact that a living deal names has exactly the phones and e-mails of its card.
    pub(crate) fn check_contacts(&self, crm: &Crm, contacts: &[Value]) {
        let named: BTreeSet<&str> =
            contacts.iter().map(|one| one["ext_id"].as_str().expect("a name")).collect();
        assert_eq!(named.len(), contacts.len(), "no contact twice");
        let customers: BTreeMap<String, Record> =
            crm.customers().into_iter().map(|one| (one.id.to_string(), one)).collect();
        let living: BTreeSet<u64> = crm.orders().iter().filter_map(person).collect();
        let mut checked = 0;
        for contact in contacts {
            let Some(card) = contact["ext_id"].as_str().and_then(|id| customers.get(id)) else { continue };
            if !living.contains(&card.id) {
                continue;
            }
            let phones: BTreeSet<String> =
                card.phones().iter().map(|phone| phone.trim_start_matches('+').to_owned()).collect();
            let there = contact["phone_numbers"].as_array().expect("phones").iter();
            let there: BTreeSet<String> = there.map(|phone| phone.as_str().unwrap().to_owned()).collect();
            // Who was merged into the card since its last order changed is told with the next change.
            let is_told = !there.is_empty() || phones.is_empty();
            assert!(there.is_subset(&phones) && is_told, "{contact}: {phones:?}");
            let email = card.text("email").map(str::to_lowercase);
            assert_eq!(
                contact["emails"].as_array().and_then(|all| all.first()),
                email.map(Value::from).as_ref()
            );
            checked += 1;
        }
        assert!(checked > 0);
    }
}

fn person(order: &Record) -> Option<u64> {
    order.linked("contact").or_else(|| order.linked("customer"))
}

fn deal(order: &Record) -> Deal {
    let group = match order.text("status").expect("a status") {
        "new" => "group:new",
        "availability-confirmed" | "client-confirmed" | "prepayed" => "group:approval",
        "send-to-assembling" => "group:assembling",
        "delivering" => "group:delivery",
        "complete" => "won",
        _ => "lost",
    };
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
    let created = order.created_at.to_zoned_datetime(zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
    Deal {
        funnel: format!("retailcrm:{}", order.site),
        stage: group,
        revenue: order.fields["totalSumm"].as_f64().expect("a sum"),
        employee: order.int("managerId").expect("a manager").to_string(),
        main: person(order).expect("a person").to_string(),
        company: order.linked("contact").is_some(),
        source: order.custom("uis_source").and_then(Value::as_str).map(str::to_owned),
        created,
    }
}

impl Deal {
    /// Holds the rows of a deal against it.
    pub(crate) fn check(&self, order: u64, rows: &[Value]) {
        let last = rows.last().unwrap_or_else(|| panic!("{order} is not there"));
        let text = |name: &str| last[name].as_str().unwrap_or_default().to_owned();
        let ends = ["won", "lost"];
        assert_eq!(
            (
                text("sales_funnel_ext_id"),
                text("stage_ext_id"),
                text("employee_ext_id"),
                text("created_date_time")
            ),
            (self.funnel.clone(), self.stage.to_owned(), self.employee.clone(), self.created.clone()),
            "{order}: {rows:#?}"
        );
        assert_eq!(
            (last["revenue"].as_f64(), text("main_contact_ext_id")),
            (Some(self.revenue), self.main.clone()),
            "{order}"
        );
        assert_eq!(
            last.get("closed_date_time").is_some_and(Value::is_string),
            ends.contains(&self.stage),
            "{order}"
        );
        let fields = last["user_fields"].as_array().cloned().unwrap_or_default();
        let field = |name: &str| {
            fields.iter().find(|one| one["ext_id"] == json!(name)).map(|one| one["value"].clone())
        };
        assert_eq!(field("uis_source"), self.source.as_ref().map(|source| json!(source)), "{order}");
        assert_eq!(field("retailcrm_company").is_some(), self.company, "{order}");
        let at = |row: &Value| row["modified_stage_date_time"].as_str().unwrap().to_owned();
        assert!(rows.windows(2).all(|pair| at(&pair[0]) <= at(&pair[1])), "{order}: {rows:#?}");
        for pair in rows.windows(2) {
            let stage = |row: &Value| row["stage_ext_id"].as_str().unwrap().to_owned();
            if ends.contains(&stage(&pair[0]).as_str()) && stage(&pair[0]) != stage(&pair[1]) {
                assert!(at(&pair[0]) < at(&pair[1]), "{order}: reopened at the moment of its end: {pair:#?}");
            }
        }
    }
}
