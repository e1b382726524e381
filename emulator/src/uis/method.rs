//! One call of a method: what its function is given and what it gives back.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::params::Param;
use super::rpc::Fault;
use super::state::UisState;
use crate::switches::Switches;

/// What a method's function is given.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) state: &'a mut UisState,
    pub(super) switches: &'a Switches,
    pub(super) now: Timestamp,
    pub(super) params: Map<String, Value>,
}

/// What a method gives back.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) data: Value,
    /// `total_items`, for lists.
    pub(super) total: Option<usize>,
    /// Whether `data` stands for the whole of `result`, as some methods answer.
    pub(super) bare: bool,
}

/// What a method is.
pub(super) type Handler = fn(&mut Call<'_>) -> Result<Reply, Fault>;

/// One method.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) params: &'static [Param],
    /// Points that a success costs.
    pub(super) points: u32,
    /// Whether it changes the account.
    pub(super) writes: bool,
    pub(super) handler: Handler,
}

/// A reading method; it costs one point.
pub(super) const fn reads(name: &'static str, params: &'static [Param], handler: Handler) -> Method {
    Method { name, params, points: 1, writes: false, handler }
}

/// A writing method; it costs one point.
pub(super) const fn writes(name: &'static str, params: &'static [Param], handler: Handler) -> Method {
    Method { name, params, points: 1, writes: true, handler }
}

impl Reply {
    pub(super) fn data(data: Value) -> Self {
        Self { data, total: None, bare: false }
    }

    pub(super) fn list(rows: Vec<Value>, total: usize) -> Self {
        Self { data: Value::Array(rows), total: Some(total), bare: false }
    }

    /// A reply whose `result` is `data` itself.
    pub(super) fn bare(data: Value) -> Self {
        Self { data, total: None, bare: true }
    }

    /// `{"success": true}`, as the switch writes it.
    pub(super) fn success(switches: &Switches) -> Self {
        let yes = if switches.success_as_string { Value::from("true") } else { Value::Bool(true) };
        Self::data(Map::from_iter([("success".to_owned(), yes)]).into())
    }
}

impl Call<'_> {
    /// A parameter that is a text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).and_then(Value::as_str)
    }

    /// A parameter that is a whole number.
    pub(super) fn int(&self, name: &str) -> Option<u64> {
        self.params.get(name).and_then(Value::as_u64)
    }
}
