//! Contacts, employees and fields that rows name: made in UIS before the rows are sent, and written anew when they differ.
//!
//! What is known to be there is kept in the store with a hash of what was written, so that a contact costs a request when
//! he is new or has changed, and none otherwise. Before anything is made it is looked for: the answer to an earlier request
//! may have been lost.

use std::collections::{BTreeMap, BTreeSet};

use super::reason::Reason;
use super::rows::hash;
use super::trouble::{Trouble, is_absent, is_duplicate, is_refusal};
use crate::store::record::{AccountId, PartyKey};
use crate::store::{Store, StoreError};
use crate::uis::{self, DealContact, DealEmployee, DealField, MAX_CONTACTS};

/// What a contact is called in the store.
const CONTACT: &str = "contact";

/// The fields that UIS has, by our names for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    known: BTreeMap<String, DealField>,
}

/// Employees and fields as UIS has them; read once and after a refusal.
#[derive(Debug, Default)]
pub(super) struct Parties {
    employees: Option<BTreeMap<String, String>>,
    fields: Option<Fields>,
}

/// Where parties are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) account: &'a AccountId,
    pub(super) uis: &'a uis::Client,
    pub(super) store: &'a dyn Store,
}

impl Fields {
    /// Whether a field takes numbers only; `None` when there is no such field.
    pub(super) fn is_numeric(&self, ext_id: &str) -> Option<bool> {
        self.known.get(ext_id).map(|field| field.is_numeric)
    }
}

impl Parties {
    /// Forgets what UIS has; it is read again.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The fields that are known.
    pub(super) fn fields(&self) -> Fields {
        self.fields.clone().unwrap_or_default()
    }

    /// Makes sure that there are these employees; tells who is refused.
    pub(super) async fn employees(
        &mut self,
        way: Way<'_>,
        wanted: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, Reason>, Trouble> {
        let mut refused = BTreeMap::new();
        if wanted.is_empty() {
            return Ok(refused);
        }
        if self.employees.is_none() {
            let known = way.uis.deal_employees().await?;
            self.employees = Some(known.into_iter().map(|one| (one.ext_id, one.name)).collect());
        }
        let known = self.employees.get_or_insert_default();
        for (ext_id, name) in wanted {
            let there = known.get(&ext_id);
            if there == Some(&name) {
                continue;
            }
            let employee = DealEmployee { ext_id: ext_id.clone(), name: name.clone() };
            match way.uis.put_deal_employee(&employee, there.is_some()).await {
                Ok(()) => drop(known.insert(ext_id, name)),
                Err(error) if is_duplicate(&error) => drop(known.insert(ext_id, name)),
                Err(error) if is_refusal(&error) => {
                    refused.insert(ext_id, Reason::party("employee", &error));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(refused)
    }

    /// Makes sure that there are these fields; one that is refused is left out of the rows.
    pub(super) async fn ensure_fields(
        &mut self,
        way: Way<'_>,
        wanted: Vec<DealField>,
    ) -> Result<(), Trouble> {
        if wanted.is_empty() {
            return Ok(());
        }
        if self.fields.is_none() {
            let known = way.uis.deal_fields().await?;
            let known = known.into_iter().map(|field| (field.ext_id.clone(), field)).collect();
            self.fields = Some(Fields { known });
        }
        let known = &mut self.fields.get_or_insert_default().known;
        for field in wanted {
            let outcome = match known.get_mut(&field.ext_id) {
                Some(there) if there.name == field.name => continue,
                // Of what kind it is stays as it was made.
                Some(there) => {
                    there.name.clone_from(&field.name);
                    way.uis.rename_deal_field(&field).await
                }
                None => {
                    let made = way.uis.create_deal_field(&field).await;
                    if made.is_ok() {
                        known.insert(field.ext_id.clone(), field.clone());
                    }
                    made
                }
            };
            match outcome {
                Ok(()) => {}
                Err(error) if is_refusal(&error) => {
                    tracing::warn!(account = %way.account, field = field.ext_id, %error, "UIS refuses a field of deals");
                }
                Err(error) => {
                    self.forget();
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    /// Makes sure that there are these contacts, as they are now; tells who is refused.
    pub(super) async fn contacts(
        way: Way<'_>,
        wanted: BTreeMap<String, DealContact>,
    ) -> Result<BTreeMap<String, Reason>, Trouble> {
        let mut work = Contacts { way, put: Vec::new(), refused: BTreeMap::new() };
        let outcome = work.ensure(wanted).await;
        // What was done is kept even when the rest was not.
        let Contacts { put, refused, .. } = work;
        way.store.deals().put_parties(way.account, put).await?;
        outcome.map(|()| refused)
    }

    /// Forgets that there are these contacts.
    pub(super) async fn forget_contacts(way: Way<'_>, ext_ids: BTreeSet<String>) -> Result<(), StoreError> {
        if ext_ids.is_empty() {
            return Ok(());
        }
        let gone = ext_ids.into_iter().map(|ext_id| (key(&ext_id), None)).collect();
        way.store.deals().put_parties(way.account, gone).await
    }
}

struct Contacts<'a> {
    way: Way<'a>,
    put: Vec<(PartyKey, Option<String>)>,
    refused: BTreeMap<String, Reason>,
}

impl Contacts<'_> {
    async fn ensure(&mut self, wanted: BTreeMap<String, DealContact>) -> Result<(), Trouble> {
        let keys = wanted.keys().map(|ext_id| key(ext_id)).collect();
        let known = self.way.store.deals().known_parties(self.way.account, keys).await?;
        let (mut strange, mut stale) = (Vec::new(), Vec::new());
        for (ext_id, contact) in wanted {
            match known.get(&key(&ext_id)) {
                Some(digest) if *digest == hash(&said(&contact)) => {}
                Some(_) => stale.push(contact),
                None => strange.push(contact),
            }
        }
        for some in strange.chunks(MAX_CONTACTS) {
            self.make(some.to_vec(), &mut stale).await?;
        }
        for contact in stale {
            self.update(contact).await?;
        }
        Ok(())
    }

    /// Makes contacts that may be there already.
    async fn make(
        &mut self,
        contacts: Vec<DealContact>,
        stale: &mut Vec<DealContact>,
    ) -> Result<(), Trouble> {
        let ids: Vec<String> = contacts.iter().map(|contact| contact.ext_id.clone()).collect();
        let found = match self.way.uis.deal_contacts(&ids).await {
            Ok(found) => found,
            // They cannot be asked for by name: then those that are there are told by the refusal of a second one.
            Err(error) if is_refusal(&error) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let found: BTreeMap<String, DealContact> =
            found.into_iter().map(|contact| (contact.ext_id.clone(), contact)).collect();
        let mut missing = Vec::new();
        for contact in contacts {
            match found.get(&contact.ext_id) {
                Some(there) if said(there) == said(&contact) => self.is_there(&contact),
                Some(_) => stale.push(contact),
                None => missing.push(contact),
            }
        }
        let mut waiting = vec![missing];
        while let Some(mut some) = waiting.pop() {
            if some.is_empty() {
                continue;
            }
            match self.way.uis.create_deal_contacts(&some).await {
                Ok(()) => some.iter().for_each(|contact| self.is_there(contact)),
                Err(error) if !is_refusal(&error) => return Err(error.into()),
                Err(error) if some.len() == 1 => {
                    let Some(contact) = some.pop() else { continue };
                    if is_duplicate(&error) {
                        stale.push(contact);
                    } else {
                        self.refused.insert(contact.ext_id, Reason::party("contact", &error));
                    }
                }
                Err(_) => {
                    let half = some.split_off(some.len() / 2);
                    waiting.push(half);
                    waiting.push(some);
                }
            }
        }
        Ok(())
    }

    async fn update(&mut self, contact: DealContact) -> Result<(), Trouble> {
        let outcome = match self.way.uis.update_deal_contact(&contact).await {
            Err(error) if is_absent(&error) => {
                self.way.uis.create_deal_contacts(std::slice::from_ref(&contact)).await
            }
            outcome => outcome,
        };
        match outcome {
            Ok(()) => self.is_there(&contact),
            Err(error) if is_refusal(&error) => {
                self.refused.insert(contact.ext_id, Reason::party("contact", &error));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn is_there(&mut self, contact: &DealContact) {
        self.put.push((key(&contact.ext_id), Some(hash(&said(contact)))));
    }
}

fn key(ext_id: &str) -> PartyKey {
    PartyKey { kind: CONTACT, ext_id: ext_id.to_owned() }
}

/// What a contact says, whatever the order of its phones.
fn said(contact: &DealContact) -> (&str, BTreeSet<&str>, BTreeSet<&str>) {
    (
        &contact.name,
        contact.phones.iter().map(String::as_str).collect(),
        contact.emails.iter().map(String::as_str).collect(),
    )
}
