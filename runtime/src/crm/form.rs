//! Parameters as RetailCRM reads them: PHP-style names, form encoding.
//!
//! Goes in: names and values. Comes out: a query string or a form body. A nested structure of a POST goes as one
//! parameter that holds JSON text (reference, section 3.1); a `+` is written `%2B`, a bare one would be a space.

use serde::Serialize;

/// A list of parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    /// No parameters.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter.
    #[must_use]
    pub(super) fn with(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.pairs.push((name.into(), value.to_string()));
        self
    }

    /// Adds `name[]` once for each value.
    #[must_use]
    pub(super) fn each<T: ToString>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, |form, value| form.with(format!("{name}[]"), value))
    }

    /// Adds a structure as one parameter holding JSON text.
    ///
    /// A structure that cannot be written as JSON (a map with keys that are not texts) is written as `null`, which
    /// RetailCRM refuses by name; the types of this crate have no such keys.
    #[must_use]
    pub(super) fn json(self, name: &str, structure: &impl Serialize) -> Self {
        self.with(name, serde_json::to_string(structure).unwrap_or_else(|_| "null".to_owned()))
    }

    /// The parameters in form encoding.
    pub(super) fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish()
    }

    /// `path` with the parameters as its query.
    pub(super) fn after(&self, path: &str) -> String {
        if self.pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", self.encode()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_the_php_way() {
        let form = Form::new().each("filter[ids]", [1, 2]).with("limit", 100);
        assert_eq!(
            form.after("/api/v5/customers"),
            "/api/v5/customers?filter%5Bids%5D%5B%5D=1&filter%5Bids%5D%5B%5D=2&limit=100"
        );
        assert_eq!(Form::new().after("/api/credentials"), "/api/credentials");
    }

    #[test]
    fn a_plus_is_escaped() {
        assert_eq!(Form::new().with("phone", "+7 900").encode(), "phone=%2B7+900");
    }

    #[test]
    fn a_structure_is_one_parameter() {
        let form =
            Form::new().json("customer", &serde_json::json!({"firstName": "Анна & К°"})).with("site", "main");
        let decoded: Vec<(String, String)> =
            form_urlencoded::parse(form.encode().as_bytes()).into_owned().collect();
        assert_eq!(
            decoded,
            [
                ("customer".to_owned(), r#"{"firstName":"Анна & К°"}"#.to_owned()),
                ("site".to_owned(), "main".to_owned())
            ]
        );
    }
}
