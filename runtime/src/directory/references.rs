//! Everything in an account that rules may name, for checking rules against it.
//!
//! Every kind is listed apart: one that cannot be listed, for lack of a right or of an option, is left out, and rules
//! are not checked for it.

use std::time::Duration;

use jiff::Timestamp;
use switchboard_engine::phone::Phone;
use switchboard_engine::references::{Inventory, References};
use switchboard_engine::ty::ReferenceKind;

use super::snapshot::normal_email;
use crate::crm::{self, Codes, CrmError, FieldEntity, Priority, Urgency};
use crate::uis::{self, Names};

/// How long to wait when RetailCRM asks to slow down: others may use the same key.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// What an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What was listed.
    pub inventory: Inventory,
    /// What could not be listed, and why.
    pub left_out: Vec<(ReferenceKind, String)>,
}

impl Listed {
    /// Lists both sides of an account. Nothing is changed there.
    pub async fn list(account: &str, crm: &crm::Client, uis: Option<&uis::Client>, now: Timestamp) -> Self {
        let inventory =
            Inventory { account: account.to_owned(), taken_at: now, references: References::new() };
        let mut listed = Self { inventory, left_out: Vec::new() };
        listed.list_crm(crm).await;
        if let Some(uis) = uis {
            listed.list_uis(uis).await;
        }
        listed
    }

    async fn list_crm(&mut self, crm: &crm::Client) {
        let urgency = Urgency::first(Priority::Background);
        let users = patiently(|| crm.users(urgency)).await.map(|users| {
            let active = users.into_iter().filter(|user| user.active);
            active.filter_map(|user| normal_email(user.email.as_deref()?)).collect()
        });
        self.learn(ReferenceKind::Employee, users);
        let sites = patiently(|| crm.sites(urgency)).await;
        let sites = sites.map(|sites| sites.into_iter().map(|site| site.code).collect());
        self.learn(ReferenceKind::Store, sites);
        let fields = patiently(|| crm.custom_fields(urgency)).await;
        for (kind, entity) in [
            (ReferenceKind::ClientField, FieldEntity::Customer),
            (ReferenceKind::OrderField, FieldEntity::Order),
        ] {
            let of = fields.as_ref().map(|fields| {
                let of = fields.iter().filter(|field| field.entity == entity);
                of.map(|field| field.code.clone()).collect()
            });
            self.learn(kind, of);
        }
        for (kind, codes) in [
            (ReferenceKind::OrderStatus, Codes::Statuses),
            (ReferenceKind::StatusGroup, Codes::StatusGroups),
            (ReferenceKind::OrderMethod, Codes::OrderMethods),
            (ReferenceKind::OrderType, Codes::OrderTypes),
        ] {
            self.learn(kind, patiently(|| crm.codes(codes, urgency)).await);
        }
    }

    async fn list_uis(&mut self, uis: &uis::Client) {
        for (kind, names) in [
            (ReferenceKind::Scenario, Names::Scenarios),
            (ReferenceKind::Site, Names::Sites),
            (ReferenceKind::Campaign, Names::Campaigns),
            (ReferenceKind::Source, Names::Sources),
            (ReferenceKind::Tag, Names::Tags),
        ] {
            self.learn(kind, uis.names(names).await);
        }
        let numbers = uis.names(Names::VirtualNumbers).await.map(|numbers| {
            // UIS writes digits without a plus; one that is no number for us cannot be named in rules either.
            let read = numbers.iter().filter_map(|number| Phone::parse(number).ok());
            read.map(|number| number.to_string()).collect()
        });
        self.learn(ReferenceKind::VirtualNumber, numbers);
    }

    fn learn<E: ToString>(&mut self, kind: ReferenceKind, listed: Result<Vec<String>, E>) {
        match listed {
            Ok(mut names) => {
                names.sort();
                names.dedup();
                self.inventory.references.set(kind, names);
            }
            Err(error) => self.left_out.push((kind, error.to_string())),
        }
    }
}

/// Asks again while the answer is that too much was asked.
async fn patiently<T, F>(mut ask: impl FnMut() -> F) -> Result<T, CrmError>
where
    F: Future<Output = Result<T, CrmError>>,
{
    for pause in PAUSES {
        match ask().await {
            Err(CrmError::RateLimited { .. }) => tokio::time::sleep(pause).await,
            other => return other,
        }
    }
    ask().await
}
