//! Requests to the control API and its answers.

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::wire::exchange::{Inbound, Outcome};
use crate::wire::param::Param;

/// A request to the control API.
pub(super) struct Ask {
    pub(super) method: Method,
    /// Segments of the path, without the empty ones.
    pub(super) path: Vec<String>,
    pub(super) query: Param,
    body: Value,
}

impl Ask {
    /// Reads a request. Anything that changes something must be JSON, so that no page of another site can send it.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn read(inbound: Inbound) -> Result<Self, Outcome> {
        let body = if inbound.method == Method::GET
            || (inbound.method == Method::DELETE && inbound.body.is_empty())
        {
            Value::Null
        } else {
            let kind =
                inbound.header("content-type").and_then(|text| text.split(';').next()).unwrap_or_default();
            if kind.trim() != "application/json" {
                return Err(refused(415, "the body must be application/json"));
            }
            serde_json::from_slice(&inbound.body).map_err(|error| refused(400, &error.to_string()))?
        };
        Ok(Self {
            path: inbound.path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect(),
            query: Param::decode(inbound.query.as_bytes()),
            method: inbound.method,
            body,
        })
    }

    /// The body as what it should be.
    ///
    /// # Errors
    /// 400 with the reason.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Outcome> {
        serde_json::from_value(self.body.clone()).map_err(|error| refused(400, &error.to_string()))
    }
}

/// 200 with JSON.
pub(super) fn done(value: &Value) -> Outcome {
    Outcome::json(200, value)
}

/// A refusal with its reason.
pub(super) fn refused(status: u16, reason: &str) -> Outcome {
    Outcome::json(status, &json!({"error": reason}))
}
