//! `rules lsp`: rules in an editor.
//!
//! The editor starts the program and speaks the Language Server Protocol on standard input and output; nothing else is
//! written there.

use switchboard_lsp::{Connection, serve};

use crate::exit::Exit;
use crate::failure::Failure;

/// Arguments of `rules lsp`.
#[derive(Debug, clap::Args)]
pub(crate) struct LspArgs {
    /// Speak on standard input and output; editors say so, and there is no other way
    #[arg(long)]
    stdio: bool,
}

/// Serves until the editor is done.
///
/// # Errors
/// When the editor does not keep to the protocol or hangs up.
pub(crate) fn run(args: &LspArgs) -> Result<Exit, Failure> {
    let LspArgs { stdio: _ } = args;
    let (connection, threads) = Connection::stdio();
    let served = serve(&connection, env!("CARGO_PKG_VERSION"));
    // The threads end when the channels do.
    drop(connection);
    served.map_err(|error| Failure::Input(error.text()))?;
    threads.join().map_err(|error| {
        Failure::input(
            format!("the connection to the editor broke: {error}"),
            format!("связь с редактором оборвалась: {error}"),
        )
    })?;
    Ok(Exit::Clean)
}
