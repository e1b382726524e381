//! The commands, one file each.

#[cfg(feature = "serve")]
pub(crate) mod account;
#[cfg(feature = "serve")]
pub(crate) mod backtest;
pub(crate) mod check;
#[cfg(feature = "serve")]
pub(crate) mod demo;
pub(crate) mod diff;
#[cfg(feature = "serve")]
pub(crate) mod emulate;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fields;
pub(crate) mod fmt;
pub(crate) mod import;
mod known;
pub(crate) mod lsp;
pub(crate) mod migrate;
pub(crate) mod new;
pub(crate) mod preview;
pub(crate) mod read;
mod run;
#[cfg(feature = "serve")]
pub(crate) mod serve;
#[cfg(feature = "serve")]
pub(crate) mod served;
#[cfg(feature = "serve")]
pub(crate) mod shadow;
pub(crate) mod test;

pub(crate) use run::run;
