//! Names that rules may use: virtual numbers, scenarios, sites, campaigns, sources, tags.
//!
//! Dictionaries of the Data API (reference, section 5.6), of which only the name is read.

use serde_json::{Map, Value, json};

use super::client::Client;
use super::error::UisError;

/// A dictionary that rules name things of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Virtual numbers, as digits.
    VirtualNumbers,
    /// Scenarios.
    Scenarios,
    /// Sites, by domain.
    Sites,
    /// Campaigns.
    Campaigns,
    /// Sources.
    Sources,
    /// Tags.
    Tags,
}

impl Names {
    /// The method, and the field of its rows that holds the name.
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::VirtualNumbers => ("get.virtual_numbers", "virtual_phone_number"),
            Self::Scenarios => ("get.scenarios", "name"),
            Self::Sites => ("get.sites", "domain_name"),
            Self::Campaigns => ("get.campaigns", "name"),
            Self::Sources => ("get.sources", "name"),
            Self::Tags => ("get.tags", "name"),
        }
    }
}

impl Client {
    /// Lists the names of a dictionary, each once, in order.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn names(&self, of: Names) -> Result<Vec<String>, UisError> {
        let (method, field) = of.place();
        let mut names = Vec::new();
        let params = Map::from_iter([("fields".to_owned(), json!(["id", field]))]);
        self.pages(method, &params, |row| names.extend(row.get(field).and_then(name))).await?;
        names.sort();
        names.dedup();
        Ok(names)
    }
}

/// Numbers may come as numbers.
fn name(value: &Value) -> Option<String> {
    let name = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!name.is_empty()).then_some(name)
}
