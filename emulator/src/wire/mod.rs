//! What travels over HTTP, before anybody gives it a meaning: nested parameters, form parts, answer bodies.

pub(crate) mod body;
pub(crate) mod exchange;
pub(crate) mod param;
pub(crate) mod parts;
pub(crate) mod trouble;
