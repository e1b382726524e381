//! What an account has, for checking rules against it: from a file, or asked for.

use std::path::PathBuf;

use switchboard_engine::references::{Inventory, References};
use switchboard_grammar::diagnostic::Text;

use crate::failure::Failure;
use crate::input::read_limited;
use crate::output::Output;

/// The largest file of what an account has that is read.
const MAX_SNAPSHOT_BYTES: u64 = 16 << 20;

/// Arguments that say what the account has.
#[derive(Debug, clap::Args)]
pub(crate) struct KnownArgs {
    /// Check names against what an account had, from a file of `rules account snapshot`
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Check names against what this account of the settings has now
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "snapshot")]
    online: Option<String>,
    /// The file of settings, for --online
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
}

impl KnownArgs {
    /// What is known of the account; None when nobody asked for it.
    ///
    /// # Errors
    /// When the file cannot be read, or the account cannot be asked.
    pub(crate) fn references(&self, output: &mut Output) -> Result<Option<References>, Failure> {
        if let Some(path) = &self.snapshot {
            let bytes = read_limited(path, MAX_SNAPSHOT_BYTES)?;
            let inventory = Inventory::from_json(&String::from_utf8_lossy(&bytes)).map_err(|error| {
                let (shown, Text { en, ru }) = (path.display(), error.text());
                Failure::input(
                    format!("`{shown}` was not written by `rules account snapshot`: {en}"),
                    format!("`{shown}` записан не командой `rules account snapshot`: {ru}"),
                )
            })?;
            return Ok(Some(inventory.references));
        }
        self.asked(output)
    }

    #[cfg(feature = "serve")]
    fn asked(&self, output: &mut Output) -> Result<Option<References>, Failure> {
        let Some(name) = &self.online else { return Ok(None) };
        let listed = super::account::inventory(&self.config, name, output)?;
        Ok(Some(listed.references))
    }

    #[cfg(not(feature = "serve"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "without the server nobody can be asked"
    )]
    fn asked(&self, _: &mut Output) -> Result<Option<References>, Failure> {
        Ok(None)
    }
}
