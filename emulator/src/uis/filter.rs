//! Filters of lists: leaves `{field, operator, value}` and nodes `{filters, condition}`, nested freely.

use std::cmp::Ordering;

use serde_json::Value;

use super::rpc::Fault;
use super::state::Row;

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 16;

/// Operators that may be used on arrays.
pub(super) const ARRAY_OPERATORS: &[&str] = &["overlap", "not_overlap", "is_null", "is_not_null"];

/// Operators that are understood. `regexp` and `jsquery` exist on a few methods of the real thing only.
const OPERATORS: &[&str] = &[
    "=",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "like",
    "ilike",
    "not_like",
    "not_ilike",
    "in",
    "not_in",
    "overlap",
    "not_overlap",
    "is_null",
    "is_not_null",
];

/// A filter.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    Leaf { field: String, operator: String, value: Value },
    All(Vec<Filter>),
    Any(Vec<Filter>),
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// `invalid_parameter_value` for anything that is neither leaf nor node, or an unknown operator.
    pub(super) fn read(given: &Value) -> Result<Self, Fault> {
        Self::read_at(given, 0)
    }

    fn read_at(given: &Value, depth: usize) -> Result<Self, Fault> {
        let wrong = || Fault::invalid("filter", given);
        if depth > MAX_DEPTH {
            return Err(wrong());
        }
        if let Some(inner) = given.get("filters") {
            let inner = inner.as_array().ok_or_else(wrong)?;
            let inner =
                inner.iter().map(|one| Self::read_at(one, depth + 1)).collect::<Result<Vec<_>, _>>()?;
            return match given.get("condition").and_then(Value::as_str) {
                Some("and") => Ok(Self::All(inner)),
                Some("or") => Ok(Self::Any(inner)),
                _ => Err(wrong()),
            };
        }
        let text = |name: &str| given.get(name).and_then(Value::as_str);
        let field = text("field").ok_or_else(wrong)?.to_owned();
        let operator =
            text("operator").filter(|operator| OPERATORS.contains(operator)).ok_or_else(wrong)?.to_owned();
        let value = given.get("value").cloned().unwrap_or(Value::Null);
        let is_list = matches!(operator.as_str(), "in" | "not_in" | "overlap" | "not_overlap");
        if is_list && !value.is_array() {
            return Err(Fault::param("data_type_error", field, value));
        }
        Ok(Self::Leaf { field, operator, value })
    }

    /// Fields and operators of all leaves.
    pub(super) fn leaves(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Leaf { field, operator, .. } => vec![(field, operator)],
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::leaves).collect(),
        }
    }

    /// Whether a row passes.
    pub(super) fn accepts(&self, row: &Row) -> bool {
        match self {
            Self::All(inner) => inner.iter().all(|one| one.accepts(row)),
            Self::Any(inner) => inner.iter().any(|one| one.accepts(row)),
            Self::Leaf { field, operator, value } => {
                compare(row.get(field).unwrap_or(&Value::Null), operator, value)
            }
        }
    }
}

/// How two values stand to each other; nulls come last.
pub(super) fn order(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null)) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

fn compare(known: &Value, operator: &str, wanted: &Value) -> bool {
    let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let comparable = std::mem::discriminant(known) == std::mem::discriminant(wanted);
    let listed = |list: &Value| list.as_array().is_some_and(|list| list.contains(known));
    let overlaps = || {
        let (known, wanted) = (known.as_array(), wanted.as_array());
        known.zip(wanted).is_some_and(|(known, wanted)| known.iter().any(|one| wanted.contains(one)))
    };
    let ordered = |fits: fn(Ordering) -> bool| comparable && fits(order(Some(known), Some(wanted)));
    match operator {
        "=" => known == wanted,
        "!=" => known != wanted,
        "<" => ordered(Ordering::is_lt),
        ">" => ordered(Ordering::is_gt),
        "<=" => ordered(Ordering::is_le),
        ">=" => ordered(Ordering::is_ge),
        "like" => like(&text(known), &text(wanted)),
        "not_like" => !like(&text(known), &text(wanted)),
        "ilike" => like(&text(known).to_lowercase(), &text(wanted).to_lowercase()),
        "not_ilike" => !like(&text(known).to_lowercase(), &text(wanted).to_lowercase()),
        "in" => listed(wanted),
        "not_in" => !listed(wanted),
        "overlap" => overlaps(),
        "not_overlap" => !overlaps(),
        "is_null" => known.is_null() || known.as_array().is_some_and(Vec::is_empty),
        "is_not_null" => !known.is_null() && !known.as_array().is_some_and(Vec::is_empty),
        _ => false,
    }
}

/// `%` stands for any text; nothing else is special.
fn like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('%');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_stands_for_any_text() {
        for (pattern, fits) in [
            ("Лисина", true),
            ("%", true),
            ("Ли%", true),
            ("%на", true),
            ("%иси%", true),
            ("Л%с%а", true),
            ("Ли", false),
            ("%Ли", false),
            ("л%", false),
            ("", false),
            ("Л%Лисина", false),
        ] {
            assert_eq!(like("Лисина", pattern), fits, "{pattern}");
        }
        assert!(like("", "") && like("", "%") && !like("", "a"));
    }

    #[test]
    fn nesting_is_bounded() {
        let mut deep = serde_json::json!({"field": "id", "operator": "=", "value": 1});
        for _ in 0..=MAX_DEPTH {
            deep = serde_json::json!({"filters": [deep], "condition": "and"});
        }
        assert!(Filter::read(&deep).is_err());
    }
}
