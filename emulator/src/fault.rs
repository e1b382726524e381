//! One way to misbehave, and whom it strikes.
//!
//! A [`Fault`] says what goes wrong ([`Trouble`]), whether the request takes effect nevertheless (`commit`), which
//! requests it strikes, and how often. Build it from Rust with the methods here, or send it as JSON to the control API:
//!
//! ```json
//! {"trouble": {"kind": "reset"}, "commit": true, "service": "retailcrm", "method": "POST",
//!  "target": "/api/v5/orders/create", "skip": 0, "times": 1, "chance": 1.0}
//! ```

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::journal::Service;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trouble {
    /// The answer comes late. With `commit` the effect is immediate; without, the effect is late too, and happens even
    /// if the caller has hung up meanwhile.
    Delay {
        /// How late, in milliseconds.
        ms: u64,
    },
    /// The connection stays open and nothing is ever answered.
    Hang,
    /// The connection is reset; not a byte is answered.
    Reset,
    /// A plain status: 503 and 429 with the vendor's words, every other one with a body that is not JSON.
    Status {
        /// The status.
        code: u16,
    },
    /// An HTML page instead of an answer.
    Html {
        /// Its status.
        code: u16,
    },
    /// Status 200 and JSON that ends too early, with a matching `Content-Length`.
    Garbled,
    /// The head and half of the body, then the connection is closed.
    HalfBody,
    /// The head and so many bytes of the body, then the connection is closed. At or above the body's length the answer
    /// is whole.
    CutAfter {
        /// How many bytes of the body.
        bytes: usize,
    },
    /// "Already exists", whatever was asked.
    AlreadyExists,
}

/// A trouble with its aim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub trouble: Trouble,
    /// Whether the request takes effect before the trouble.
    #[serde(default)]
    pub commit: bool,
    /// Only this stand-in; both when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Only this HTTP method; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only targets that begin with this: the path for RetailCRM, the JSON-RPC method for UIS. Empty strikes all.
    #[serde(default)]
    pub target: String,
    /// Matching requests that pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// How many requests it strikes; without end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Probability of striking a matching request, 0 to 1.
    #[serde(default = "certain")]
    pub chance: f64,
}

impl Fault {
    /// A fault that strikes every request before it takes effect; narrow it with the other methods.
    #[must_use]
    pub fn new(trouble: Trouble) -> Self {
        Self {
            trouble,
            commit: false,
            service: None,
            method: None,
            target: String::new(),
            skip: 0,
            times: None,
            chance: certain(),
        }
    }

    /// The answer comes after `by`. See [`Trouble::Delay`] for what [`Fault::after_commit`] changes.
    #[must_use]
    pub fn delay(by: Duration) -> Self {
        Self::new(Trouble::Delay { ms: u64::try_from(by.as_millis()).unwrap_or(u64::MAX) })
    }

    /// Nothing is ever answered.
    #[must_use]
    pub fn hang() -> Self {
        Self::new(Trouble::Hang)
    }

    /// The connection is reset without an answer.
    #[must_use]
    pub fn reset() -> Self {
        Self::new(Trouble::Reset)
    }

    /// A plain status.
    #[must_use]
    pub fn status(code: u16) -> Self {
        Self::new(Trouble::Status { code })
    }

    /// An HTML page.
    #[must_use]
    pub fn html(code: u16) -> Self {
        Self::new(Trouble::Html { code })
    }

    /// JSON that ends too early.
    #[must_use]
    pub fn garbled() -> Self {
        Self::new(Trouble::Garbled)
    }

    /// Half of the body, then the end of the connection.
    #[must_use]
    pub fn half_body() -> Self {
        Self::new(Trouble::HalfBody)
    }

    /// So many bytes of the body, then the end of the connection.
    #[must_use]
    pub fn cut_after(bytes: usize) -> Self {
        Self::new(Trouble::CutAfter { bytes })
    }

    /// "Already exists".
    #[must_use]
    pub fn already_exists() -> Self {
        Self::new(Trouble::AlreadyExists)
    }

    /// The request takes effect all the same.
    #[must_use]
    pub fn after_commit(mut self) -> Self {
        self.commit = true;
        self
    }

    /// Only targets that begin with `target`.
    #[must_use]
    pub fn on(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    /// Only this HTTP method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only this stand-in.
    #[must_use]
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Lets `count` matching requests pass first.
    #[must_use]
    pub fn skip(mut self, count: u32) -> Self {
        self.skip = count;
        self
    }

    /// Strikes `count` requests, then never again.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.times = Some(count);
        self
    }

    /// Strikes a matching request with this probability.
    #[must_use]
    pub fn chance(mut self, probability: f64) -> Self {
        self.chance = probability;
        self
    }
}

fn certain() -> f64 {
    1.0
}
