//! What policies of orders need to know of the client, before the rules decide.
//!
//! Asked for each order that is looked at, and only while a policy declares it: the client's card, and his orders where
//! those are needed. A client that RetailCRM does not have, or does not show, is not there; an answer that fails
//! otherwise ends the turn like every other, and every order keeps its place.

use switchboard_engine::bundle::Slot;
use switchboard_engine::facts::Facts;

use super::trouble::Trouble;
use super::turn::Look;
use crate::clients::asked;
use crate::crm::{Class, CrmError, Priority, RecordRef, Sale, Statuses, Urgency};

impl Look<'_> {
    /// The facts that policies of orders declare.
    pub(super) async fn facts(&self, sale: &Sale, statuses: &Statuses) -> Result<Facts, Trouble> {
        let mut facts = Facts::none();
        let needs = self.bundle.needs(Slot::Order);
        let person = sale.person.as_ref().map_or(0, |person| person.id);
        if needs.is_empty() || person == 0 {
            return Ok(facts);
        }
        let crm = &self.desk.parts.crm;
        let urgency = Urgency::first(Priority::Upload);
        let site = sale.site.as_deref().unwrap_or_default();
        let Some(card) = there(crm.customer(&RecordRef::Id(person), site, urgency).await)? else {
            return Ok(facts);
        };
        let mut added = asked::of_card(needs, &card, self.directory, &mut facts);
        if asked::needs_orders(needs)
            && let Some(orders) = there(crm.sales_of(person, asked::MAX_ORDERS, urgency).await)?
        {
            added =
                added.and_then(|()| asked::of_orders(needs, orders, statuses, self.directory, &mut facts));
        }
        if let Err(misfit) = added {
            tracing::error!(order = sale.id, %misfit, "the client of an order");
        }
        Ok(facts)
    }
}

/// What RetailCRM has no answer to, however often it is asked, is not there.
fn there<T>(answer: Result<T, CrmError>) -> Result<Option<T>, CrmError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.class() == Class::Permanent => Ok(None),
        Err(error) => Err(error),
    }
}
