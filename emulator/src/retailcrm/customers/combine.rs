//! Merging customers, and repairing their external ids.

use serde_json::{Map, Value, json};

use crate::retailcrm::answer::{Answer, Errors, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::state::Merged;

pub(super) const ROUTES: &[Route] = &[
    post("/api/v5/customers/combine", "customer_write", &["customers", "resultCustomer"], combine),
    post("/api/v5/customers/fix-external-ids", "customer_write", &["customers"], fix_external_ids),
];

/// Most customers in one request.
const MOST: usize = 50;

/// The real merge runs in the background; this one is done when it answers.
fn combine(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let customers = call.objects("customers", MOST)?;
    let result = call.object("resultCustomer")?;
    let survivor = known(call, &result).ok_or_else(|| wrong("resultCustomer"))?;
    let gone = customers.iter().map(|link| known(call, link).ok_or_else(|| wrong("customers")));
    let gone = gone.collect::<Result<Vec<_>, _>>()?;
    if gone.is_empty() || gone.contains(&survivor) {
        return Err(wrong("customers"));
    }
    for id in gone {
        call.crm.merge_customer(id, survivor);
    }
    Ok(Answer::ok())
}

fn fix_external_ids(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let rows = call.objects("customers", MOST)?;
    let mut renames = Vec::new();
    for row in &rows {
        let id = known(call, row).ok_or_else(|| wrong("customers"))?;
        let external_id = row.get("externalId").and_then(Value::as_str).ok_or_else(|| wrong("customers"))?;
        let site = call.crm.customers.get(id).map(|row| row.site.clone()).unwrap_or_default();
        call.free_external_id(&call.crm.customers, "Customer", Some(external_id), &site, Some(id))?;
        renames.push((id, external_id.to_owned()));
    }
    for (id, external_id) in renames {
        call.crm.customers.rename(id, Some(external_id));
    }
    Ok(Answer::ok())
}

fn known(call: &Call<'_>, link: &Map<String, Value>) -> Option<u64> {
    let id = link.get("id").and_then(Value::as_u64)?;
    call.crm.customers.get(id).filter(|row| call.sees(&row.site)).map(|row| row.id)
}

fn wrong(part: &str) -> Refusal {
    Refusal::entity(Errors::one(part, "This value is not valid."))
}

impl crate::retailcrm::state::State {
    /// Merges one customer into another: phones, orders, tasks and notes move, the number is gone.
    pub(in crate::retailcrm) fn merge_customer(&mut self, id: u64, into: u64) {
        let Some(gone) = self.customers.remove(id) else { return };
        if let Some(survivor) = self.customers.get_mut(into) {
            let phones = gone.fields.get("phones").and_then(Value::as_array).cloned().unwrap_or_default();
            let slot = survivor.fields.entry("phones").or_insert_with(|| json!([]));
            if let Value::Array(known) = slot {
                for phone in phones {
                    if !known.contains(&phone) {
                        known.push(phone);
                    }
                }
            }
        }
        for table in [&mut self.orders, &mut self.tasks, &mut self.notes, &mut self.calls] {
            for row in table.iter_mut().filter(|row| row.linked("customer") == Some(id)) {
                row.fields.insert("customer".to_owned(), json!({"id": into}));
            }
        }
        // Whoever was merged into the one that is gone now is found with the survivor too.
        for earlier in self.merged.values_mut().filter(|earlier| earlier.into == id) {
            earlier.into = into;
        }
        self.merged.insert(id, Merged { external_id: gone.external_id, site: gone.site, into });
    }
}
