//! What an editor asks for, one file each.

pub(crate) mod actions;
pub(crate) mod commands;
pub(crate) mod completion;
pub(crate) mod folding;
pub(crate) mod format;
pub(crate) mod hints;
pub(crate) mod hover;
pub(crate) mod lens;
pub(crate) mod navigate;
pub(crate) mod pull;
pub(crate) mod rename;
mod results;
pub(crate) mod signature;
pub(crate) mod symbols;
pub(crate) mod tokens;
