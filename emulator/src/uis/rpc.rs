//! JSON-RPC 2.0 as UIS speaks it: the envelope, its refusals, the shape of errors.

use serde_json::{Map, Value, json};

/// A call, out of its envelope.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) id: Value,
    pub(super) method: String,
    pub(super) params: Map<String, Value>,
}

/// An error; decide by its mnemonic, the code is not unique.
#[derive(Debug, Clone)]
pub(super) struct Fault(Box<Detail>);

#[derive(Debug, Clone)]
struct Detail {
    code: i64,
    mnemonic: &'static str,
    message: String,
    field: Option<String>,
    value: Value,
    params: Value,
}

impl Fault {
    pub(super) fn new(code: i64, mnemonic: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Detail { code, mnemonic, message, field: None, value: Value::Null, params: json!({}) }))
    }

    /// Names the parameter and its value.
    pub(super) fn about(mut self, field: impl Into<String>, value: Value) -> Self {
        self.0.field = Some(field.into());
        self.0.value = value;
        self
    }

    /// Further facts, as `params`.
    pub(super) fn with(mut self, params: Value) -> Self {
        self.0.params = params;
        self
    }

    /// −32602 for a parameter.
    pub(super) fn param(mnemonic: &'static str, field: impl Into<String>, value: Value) -> Self {
        let message = match mnemonic {
            "required_parameter_missed" => "Required parameter missed",
            "unexpected_parameters" => "Unexpected parameters",
            "data_type_error" => "Data type error",
            "duplicate_entity" => "Entity already exists",
            "entity_not_found" => "Entity not found",
            "filter_prohibited" => "Filter prohibited",
            "sort_prohibited" => "Sort prohibited",
            "date_interval_limit_reached" => "Date interval limit reached",
            "invalid_parameters_combination" => "Invalid parameters combination",
            "data_limit_exceeded" => "Data limit exceeded",
            "invalid_date_time" => "Invalid date time",
            _ => "Invalid parameter value",
        };
        Self::new(-32602, mnemonic, message).about(field, value)
    }

    pub(super) fn missed(field: impl Into<String>) -> Self {
        Self::param("required_parameter_missed", field, Value::Null)
    }

    pub(super) fn invalid(field: impl Into<String>, value: &Value) -> Self {
        Self::param("invalid_parameter_value", field, value.clone())
    }

    /// The error member, with the limits as the account reports them.
    pub(super) fn render(&self, limits: &Value) -> Value {
        let detail = &*self.0;
        json!({
            "code": detail.code,
            "message": detail.message,
            "data": {
                "mnemonic": detail.mnemonic,
                "field": detail.field,
                "value": detail.value,
                "params": detail.params,
                "extended_helper": null,
                "metadata": {"limits": limits},
            },
        })
    }
}

/// Opens an envelope.
///
/// # Errors
/// The refusal, and the `id` to answer it with.
pub(super) fn open(content_type: Option<&str>, body: &[u8]) -> Result<Request, (Value, Fault)> {
    let refuse = |code, mnemonic, message: &str| (Value::Null, Fault::new(code, mnemonic, message));
    let invalid = || refuse(-32600, "invalid_request", "Invalid Request");
    let kind = content_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(invalid());
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Err(refuse(-32700, "parse_error", "Parse error"));
    };
    let Value::Object(mut envelope) = value else {
        return Err(match value {
            Value::Array(_) => {
                refuse(-32099, "batch_opreations_not_supported", "Batch operations not supported")
            }
            _ => invalid(),
        });
    };
    let id = match envelope.shift_remove("id") {
        Some(id @ (Value::String(_) | Value::Number(_))) => id,
        None | Some(Value::Null) => {
            return Err(refuse(-32099, "notifications_not_supported", "Notifications not supported"));
        }
        Some(_) => return Err(invalid()),
    };
    let wrong = |mnemonic| (id.clone(), Fault::new(-32600, mnemonic, "Invalid Request"));
    if envelope.shift_remove("jsonrpc") != Some(json!("2.0")) {
        return Err(wrong("invalid_request"));
    }
    let Some(Value::String(method)) = envelope.shift_remove("method") else {
        return Err(wrong("invalid_request"));
    };
    let Some(Value::Object(params)) = envelope.shift_remove("params") else {
        return Err(wrong("invalid_request"));
    };
    if !envelope.is_empty() {
        return Err(wrong("invalid_request"));
    }
    Ok(Request { id, method, params })
}
