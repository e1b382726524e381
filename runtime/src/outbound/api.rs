//! The trait that every way of sending a request fulfils, and the three things that can become of one.
//!
//! Goes in: a request with its whole body, and how long it may take. Comes out: an [`Outcome`]. The difference
//! between "not sent" and "sent, but no answer" is the reason this trait exists: the first may be repeated
//! freely, the second never without looking first.
//! Leaves to others: retries, pacing, and the meaning of an answer.

use std::fmt;
use std::time::Duration;

use ::http::{Request, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;

/// Sends one HTTP request.
///
/// Implementations neither retry nor follow redirects: each call makes at most one request.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request` and waits for the whole answer, at most `deadline`.
    fn send(&self, request: Request<Bytes>, deadline: Duration) -> BoxFuture<'_, Outcome>;
}

/// Says whether there is still time for a request. Whoever works under a lease must not have a request under way when
/// somebody else takes over.
pub trait SendGuard: Send + Sync + fmt::Debug {
    /// Whether a request that takes at most `life` may be sent now.
    fn may_send(&self, life: Duration) -> bool;
}

/// What became of a request.
#[derive(Debug)]
pub enum Outcome {
    /// No byte of the request reached the other side. Repeating it is safe.
    NotSent(NotSent),
    /// The request may have arrived and may have been carried out; nobody on this side can tell.
    Unanswered(Unanswered),
    /// A whole answer with any status.
    Answered(Response<Bytes>),
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotSent {
    /// The request itself is malformed, or its address is not one we may call.
    #[error("the address is refused: {reason}")]
    Refused {
        /// What is wrong with it.
        reason: String,
    },
    /// The host name gave no address that may be dialled.
    #[error("the host name was not resolved")]
    Unresolved,
    /// Nobody accepted the connection, or the handshake failed.
    #[error("the connection failed")]
    Unconnected,
}

/// Why there is no whole answer to a request that may have been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unanswered {
    /// The deadline passed.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke before the answer began.
    #[error("the connection was closed before an answer")]
    Closed,
    /// The connection broke in the middle of the answer.
    #[error("the answer broke off")]
    Truncated,
    /// The answer is larger than allowed.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit that was passed.
        limit_bytes: usize,
    },
}
