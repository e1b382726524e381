//! Filters of lists and reports (reference, section 5.5): a leaf compares one field, a node joins filters.

use serde_json::{Value, json};

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// A field is exactly this.
    Is(&'static str, Value),
    /// A field is one of these.
    OneOf(&'static str, Vec<Value>),
    /// A field that is a list has one of these.
    Overlaps(&'static str, Vec<Value>),
    /// Each of them holds.
    All(Vec<Filter>),
    /// One of them holds at least.
    Any(Vec<Filter>),
}

impl Filter {
    /// The filter as UIS takes it.
    pub fn to_json(&self) -> Value {
        let leaf = |field: &str, operator: &str, value: Value| json!({"field": field, "operator": operator, "value": value});
        let node = |filters: &[Filter], condition: &str| json!({"filters": filters.iter().map(Filter::to_json).collect::<Vec<_>>(), "condition": condition});
        match self {
            Self::Is(field, value) => leaf(field, "=", value.clone()),
            Self::OneOf(field, values) => leaf(field, "in", Value::Array(values.clone())),
            Self::Overlaps(field, values) => leaf(field, "overlap", Value::Array(values.clone())),
            Self::All(filters) => node(filters, "and"),
            Self::Any(filters) => node(filters, "or"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_nest() {
        let ids = Filter::OneOf("id", vec![json!(1), json!(2)]);
        let either = Filter::Any(vec![ids, Filter::Is("direction", json!("in"))]);
        assert_eq!(
            Filter::All(vec![either]).to_json(),
            json!({"condition": "and", "filters": [{"condition": "or", "filters": [
                {"field": "id", "operator": "in", "value": [1, 2]},
                {"field": "direction", "operator": "=", "value": "in"}]}]})
        );
    }
}
