//! Sums of an order: goods without delivery, both together, what is paid.

use serde_json::{Map, Value};

use crate::retailcrm::customers::money;

/// Works out `summ`, `totalSumm`, `prepaySum` and `purchaseSumm` and puts them into the fields.
pub(in crate::retailcrm) fn sum_up(fields: &mut Map<String, Value>) {
    let number = |value: Option<&Value>, name: &str| {
        value.and_then(|value| value.get(name)).and_then(Value::as_f64).unwrap_or(0.0)
    };
    let list = |name: &str| fields.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut goods = 0.0;
    let mut purchase = 0.0;
    for item in list("items") {
        let item = Some(&item);
        let quantity = item.and_then(|item| item.get("quantity")).and_then(Value::as_f64).unwrap_or(1.0);
        let price = number(item, "initialPrice");
        let percent = number(item, "discountManualPercent");
        goods += quantity * (price - number(item, "discountManualAmount") - price * percent / 100.0);
        purchase += quantity * number(item, "purchasePrice");
    }
    let top = |name: &str| fields.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    goods -= top("discountManualAmount") + goods * top("discountManualPercent") / 100.0;
    let delivery = number(fields.get("delivery"), "cost");
    let paid: f64 = list("payments")
        .iter()
        .filter(|payment| payment.get("status").and_then(Value::as_str) == Some("paid"))
        .map(|payment| number(Some(payment), "amount"))
        .sum();
    for (name, sum) in
        [("summ", goods), ("totalSumm", goods + delivery), ("prepaySum", paid), ("purchaseSumm", purchase)]
    {
        fields.insert(name.to_owned(), money(sum));
    }
}
