//! The contract.

use switchboard_runtime::store::contract::{CASES, exercise};

use crate::rig::SqliteRig;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_store_keeps_the_contract() {
    let broken = exercise(|| Box::new(SqliteRig::new())).await;
    let said: Vec<_> = broken.iter().map(ToString::to_string).collect();
    assert!(said.is_empty(), "{} of {} cases:\n{}", said.len(), CASES.len(), said.join("\n"));
}
