//! Uploads of many customers: good rows are stored, bad ones reported, and the status is 460 when there are both or only bad ones.

use serde_json::{Value, json};

use super::{CUSTOMER, create_in};
use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::schema::Checked;
use crate::retailcrm::upload::{Upload, rows};

pub(super) const ROUTES: &[Route] =
    &[post("/api/v5/customers/upload", "customer_write", &["customers", "site"], upload)];

fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let site = call.site()?;
    let mut upload = Upload::new("Customers", "uploadedCustomers", "failedCustomers");
    for (n, row) in rows(call, "customers")?.into_iter().enumerate() {
        let external_id = row.get("externalId").cloned().unwrap_or(Value::Null);
        let errors = crate::retailcrm::schema::check(&row, &CUSTOMER, call.crm, Checked::Create);
        let stored = errors.into_result().and_then(|()| create_in(call, &site, row));
        match stored {
            Ok(id) => upload.done(json!({"id": id, "externalId": external_id})),
            Err(refusal) => upload.failed(n, json!({"externalId": external_id}), &refusal),
        }
    }
    upload.answer()
}
