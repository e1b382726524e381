//! The program as its user meets it: arguments in; stdout, stderr and an exit code out.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail loudly; clippy excuses only the test functions themselves"
)]

#[cfg(feature = "serve")]
mod account;
mod arguments;
#[cfg(feature = "serve")]
mod backtest;
mod baseline;
mod check;
mod coverage;
#[cfg(feature = "serve")]
mod demo;
mod diff;
#[cfg(feature = "serve")]
mod emulate;
mod eval;
mod fixes;
mod fmt;
mod form;
mod formats;
mod lists;
mod lsp;
mod migrate;
mod new;
mod pipes;
mod program;
mod read;
#[cfg(feature = "serve")]
mod shadow;
mod tests;
