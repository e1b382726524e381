//! Call API v4.0, one file a resource.

mod control;
mod start;

use super::method::Method;

/// All methods.
pub(super) const METHODS: &[&[Method]] = &[start::METHODS, control::METHODS];
