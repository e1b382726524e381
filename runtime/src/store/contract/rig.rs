//! How a store is opened for the suite, and how the suite says what is wrong.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::store::{Store, StoreError, StoreFuture};

/// A place for one store, empty at first.
pub trait Rig: Send + Sync {
    /// Opens the store; the one that was open before was closed or dropped.
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>>;

    /// Opens the store so that at most `events` events wait to be written.
    fn open_narrow(&self, events: usize) -> StoreFuture<'_, Arc<dyn Store>>;
}

/// What a case ends with.
pub type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// A case that a store does not pass.
#[derive(Debug)]
pub struct Broken {
    /// The name of the case.
    pub case: &'static str,
    /// What happened.
    pub reason: Box<dyn Error + Send + Sync>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.case, self.reason)
    }
}

/// Ends a case unless something holds.
macro_rules! ensure {
    ($holds:expr, $($said:tt)+) => {
        if !$holds {
            return Err(format!($($said)+).into());
        }
    };
}

/// Ends a case unless two values are equal.
macro_rules! same {
    ($found:expr, $expected:expr, $($said:tt)+) => {
        match (&$found, &$expected) {
            (found, expected) => {
                if found != expected {
                    let said = format!($($said)+);
                    return Err(format!("{said}: found {found:?}, expected {expected:?}").into());
                }
            }
        }
    };
}

/// Ends a case unless a call failed in one way.
macro_rules! fails {
    ($call:expr, $error:pat, $($said:tt)+) => {
        match $call {
            Err($error) => {}
            other => {
                let said = format!($($said)+);
                return Err(format!("{said}: found {other:?}, expected {}", stringify!($error)).into());
            }
        }
    };
}

pub(super) use {ensure, fails, same};

/// Drops a store as if its process had died, and opens it again.
pub(super) async fn crash(rig: &dyn Rig, store: Arc<dyn Store>) -> Result<Arc<dyn Store>, StoreError> {
    drop(store);
    rig.open().await
}

/// Returns the first of several, or says that there is none.
pub(super) fn first<T>(of: impl IntoIterator<Item = T>, what: &str) -> Result<T, String> {
    of.into_iter().next().ok_or_else(|| format!("there is no {what}"))
}
