//! Uploads of many orders.

use serde_json::{Value, json};

use super::create_in;
use super::fields::ORDER;
use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::schema::{Checked, check};
use crate::retailcrm::upload::{Upload, rows};

pub(super) const ROUTES: &[Route] =
    &[post("/api/v5/orders/upload", "order_write", &["orders", "site"], upload)];

fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let site = call.site()?;
    let mut upload = Upload::new("Orders", "uploadedOrders", "failedOrders");
    for (n, row) in rows(call, "orders")?.into_iter().enumerate() {
        let external_id = row.get("externalId").cloned().unwrap_or(Value::Null);
        let stored = check(&row, &ORDER, call.crm, Checked::Create)
            .into_result()
            .and_then(|()| create_in(call, &site, row));
        match stored {
            Ok(id) => upload.done(json!({"id": id, "externalId": external_id})),
            Err(refusal) => upload.failed(n, json!({"externalId": external_id}), &refusal),
        }
    }
    upload.answer()
}
