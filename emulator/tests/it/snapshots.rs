//! Snapshots: both accounts go on where they were.

use serde_json::json;
use switchboard_emulator::{CallScript, PhoneSearch, SnapshotError};

use crate::support::{SITE, accounts, customer, data, get, order, result};

#[tokio::test]
async fn what_was_there_is_there_again() {
    let first = accounts();
    let client =
        customer(&first, json!({"externalId": "c-1", "phones": [{"number": "+79990001122"}]})).await.id();
    order(&first, json!({"externalId": "o-1", "customer": {"id": client}})).await.id();
    let gone = first.crm().put_customer(SITE, json!({"externalId": "c-2"}));
    first.crm().merge_customers(gone, client);
    first.uis().play(&CallScript::default(), &[]);
    first.set_switches(|switches| switches.phone_search = PhoneSearch::Raw);
    let text = first.snapshot().unwrap().to_string();

    let second = accounts();
    second.restore(&serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!(second.crm().customers(), first.crm().customers());
    assert_eq!(second.crm().orders(), first.crm().orders());
    assert_eq!(second.uis().rows("calls"), first.uis().rows("calls"));
    assert_eq!(second.switches(), first.switches());
    // The index by external id is made anew, numbers go on, merged customers are remembered.
    get(&second, &format!("/api/v5/orders/o-1?site={SITE}")).await.is(
        200,
        "/order/customer/id",
        json!(client),
    );
    customer(&second, json!({"externalId": "c-1"})).await.refuses("externalId");
    assert_eq!(customer(&second, json!({})).await.id(), gone + 1);
    get(&second, &format!("/api/v5/customers/{gone}?by=id")).await.is(404, "/combinedTo/id", json!(client));
    result(&data(&second, "get.employees", json!({})).await);
}

#[test]
fn something_else_is_refused_and_changes_nothing() {
    let accounts = accounts();
    accounts.crm().put_customer(SITE, json!({}));
    assert!(matches!(accounts.restore(&json!({"version": 2})), Err(SnapshotError::Version(2))));
    assert!(matches!(accounts.restore(&json!({"version": 1})), Err(SnapshotError::Unreadable(_))));
    assert!(matches!(accounts.restore(&json!([])), Err(SnapshotError::Unreadable(_))));
    assert_eq!(accounts.crm().customers().len(), 1);
}
