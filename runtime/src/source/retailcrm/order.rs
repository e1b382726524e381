//! Which order a trigger speaks of.
//!
//! The documented form is `GET …?orderId=6722`, nothing else; people also choose POST or JSON, and other names
//! (reference, section 13). Everything is taken everywhere.

use serde_json::Value;

use super::params::Params;

/// Names under which the number of the order comes, the documented one first.
const NAMES: [&str; 4] = ["orderId", "order_id", "id", "order"];

/// The address that a trigger is to call.
pub fn trigger_address(host: &str, account: &str, secret: &str) -> String {
    format!("{}/hooks/{account}/{secret}/retailcrm/order", host.trim_end_matches('/'))
}

/// The number of the order; `None` when there is none among what was said.
pub fn order_of(params: &Params) -> Option<u64> {
    NAMES.iter().find_map(|name| read(params.get(name)?))
}

/// A number, or an object with the number inside.
fn read(text: &str) -> Option<u64> {
    let number = |text: &str| text.trim().parse().ok().filter(|id| *id > 0);
    number(text).or_else(|| match serde_json::from_str(text).ok()? {
        Value::Object(order) => match order.get("id")? {
            Value::Number(id) => id.as_u64(),
            Value::String(id) => number(id),
            _ => None,
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_named_in_many_ways() {
        let named = |query: Option<&str>, kind: &str, body: &str| {
            order_of(&Params::read(query, kind, body.as_bytes()))
        };
        for query in ["orderId=6722", "order_id=6722", "id=6722", "orderId=+6722", "order=6722&x=1"] {
            assert_eq!(named(Some(query), "", ""), Some(6722), "{query}");
            assert_eq!(named(None, "application/x-www-form-urlencoded", query), Some(6722), "{query}");
        }
        for body in [
            r#"{"orderId": 6722}"#,
            r#"{"order_id": "6722"}"#,
            r#"{"order": {"id": 6722}}"#,
            r#"{"id": 6722, "orderId": null}"#,
        ] {
            assert_eq!(named(None, "application/json", body), Some(6722), "{body}");
        }
        for nothing in
            ["", "orderId=", "orderId=abc", "orderId=0", "orderId=-1", "orderId=%7B%7Border.id%7D%7D"]
        {
            assert_eq!(named(Some(nothing), "", ""), None, "{nothing}");
        }
    }
}
