//! Everything in an account that rules may name, for checking rules against it.
//!
//! Every kind is listed apart: one that cannot be listed, for lack of a right or of an option, is left out, and rules
//! are not checked for it.

use std::time::Duration;

use jiff::Timestamp;
use switchboard_engine::phone::Phone;
use switchboard_engine::references::{Inventory, References};
use switchboard_engine::ty::ReferenceKind;

use super::snapshot::{CrmPart, Person, normal_email};
use crate::crm::{self, Codes, CrmError, CustomField, FieldEntity, Priority, Site, Urgency};
use crate::uis::{self, Names};

/// How long to wait when RetailCRM asks to slow down: others may use the same key.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// The kinds of names that are custom fields.
const FIELDS: [(ReferenceKind, FieldEntity); 2] =
    [(ReferenceKind::ClientField, FieldEntity::Customer), (ReferenceKind::OrderField, FieldEntity::Order)];

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
        let mut listed = Self::nothing(account, now);
        let urgency = Urgency::first(Priority::Background);
        let users = patiently(|| crm.users(urgency)).await;
        listed.learn(ReferenceKind::Employee, users.map(|users| emails(users.into_iter().map(Into::into))));
        let sites = patiently(|| crm.sites(urgency)).await;
        listed.learn(ReferenceKind::Store, sites.map(|sites| codes(&sites)));
        let fields = patiently(|| crm.custom_fields(urgency)).await;
        for (kind, entity) in FIELDS {
            listed.learn(kind, fields.as_ref().map(|fields| field_codes(fields, entity)));
        }
        listed.list_rest(crm, uis, false).await;
        listed
    }

    /// What the directory holds of an account already, and both sides asked for the rest: four requests to RetailCRM and
    /// six to UIS, which leave the reserve of points alone. Nothing is changed there.
    pub(super) async fn beside(
        account: &str,
        part: &CrmPart,
        crm: &crm::Client,
        uis: Option<&uis::Client>,
        now: Timestamp,
    ) -> Self {
        let mut listed = Self::nothing(account, now);
        let known = Ok::<_, CrmError>;
        listed.learn(ReferenceKind::Employee, known(emails(part.users.iter().cloned())));
        listed.learn(ReferenceKind::Store, known(codes(&part.sites)));
        for (kind, entity) in FIELDS {
            listed.learn(kind, known(field_codes(&part.fields, entity)));
        }
        listed.list_rest(crm, uis, true).await;
        listed
    }

    fn nothing(account: &str, now: Timestamp) -> Self {
        let inventory =
            Inventory { account: account.to_owned(), taken_at: now, references: References::new() };
        Self { inventory, left_out: Vec::new() }
    }

    async fn list_rest(&mut self, crm: &crm::Client, uis: Option<&uis::Client>, can_wait: bool) {
        let urgency = Urgency::first(Priority::Background);
        for (kind, codes) in [
            (ReferenceKind::OrderStatus, Codes::Statuses),
            (ReferenceKind::StatusGroup, Codes::StatusGroups),
            (ReferenceKind::OrderMethod, Codes::OrderMethods),
            (ReferenceKind::OrderType, Codes::OrderTypes),
        ] {
            self.learn(kind, patiently(|| crm.codes(codes, urgency)).await);
        }
        if let Some(uis) = uis {
            self.list_uis(uis, can_wait).await;
        }
    }

    async fn list_uis(&mut self, uis: &uis::Client, can_wait: bool) {
        for (kind, names) in [
            (ReferenceKind::Scenario, Names::Scenarios),
            (ReferenceKind::Site, Names::Sites),
            (ReferenceKind::Campaign, Names::Campaigns),
            (ReferenceKind::Source, Names::Sources),
            (ReferenceKind::Tag, Names::Tags),
        ] {
            self.learn(kind, names_of(uis, names, can_wait).await);
        }
        let numbers = names_of(uis, Names::VirtualNumbers, can_wait).await.map(|numbers| {
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

/// The names of a kind; what can wait leaves the reserve of points to what cannot.
async fn names_of(uis: &uis::Client, names: Names, can_wait: bool) -> Result<Vec<String>, String> {
    if can_wait && uis.spare().is_err() {
        return Err("the points of UIS that are left are kept for what cannot wait".to_owned());
    }
    uis.names(names).await.map_err(|error| error.to_string())
}

/// The e-mails of active users.
fn emails(users: impl Iterator<Item = Person>) -> Vec<String> {
    users.filter(|user| user.active).filter_map(|user| normal_email(user.email.as_deref()?)).collect()
}

fn codes(sites: &[Site]) -> Vec<String> {
    sites.iter().map(|site| site.code.clone()).collect()
}

fn field_codes(fields: &[CustomField], entity: FieldEntity) -> Vec<String> {
    fields.iter().filter(|field| field.entity == entity).map(|field| field.code.clone()).collect()
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
