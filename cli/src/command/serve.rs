//! `rules serve`: the server, until it is told to stop.
//!
//! The first signal stops it in good order, the second ends the process at once, which loses nothing either.

use std::io::Write as _;
use std::path::PathBuf;

use switchboard_grammar::diagnostic::Text;
use switchboard_runtime::app::{self, Replace};
use switchboard_runtime::config::{self, Config, ConfigError};
use switchboard_runtime::observe;

use super::served::{block_on, causes, told_to_stop};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Arguments of `rules serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
}

/// Runs the server.
///
/// # Errors
/// When the settings are wrong or the server cannot start.
pub(crate) fn run(args: &ServeArgs, output: &mut Output) -> Result<Exit, Failure> {
    let config = config::load(&args.config).map_err(wrong_settings)?;
    observe::init(&config.log).map_err(|error| Failure::Internal(causes(&error)))?;
    block_on(serve(config, output))?
}

async fn serve(config: Config, output: &mut Output) -> Result<Exit, Failure> {
    let mut running = app::start(config, Replace::default()).await.map_err(cannot_start)?;
    let lang = output.lang();
    let addresses = running.addresses();
    let (hooks, console) = lang.pick(("notifications", "console"), ("уведомления", "консоль"));
    writeln!(output.err(), "{hooks:14} http://{}", addresses.hooks)?;
    writeln!(output.err(), "{console:14} http://{}", addresses.console)?;
    let broken = tokio::select! {
        () = told_to_stop() => false,
        () = running.broken() => true,
    };
    // Whoever asks a second time does not want to wait, and need not.
    tokio::select! {
        () = running.shutdown() => {}
        () = told_to_stop() => {}
    }
    Ok(if broken { Exit::Internal } else { Exit::Clean })
}

/// Everything that is wrong with settings.
pub(crate) fn wrong_settings(error: ConfigError) -> Failure {
    use switchboard_grammar::lang::Lang;
    Failure::Input(Text::new(error.text(Lang::En), error.text(Lang::Ru)))
}

/// Why the server did not start.
pub(crate) fn cannot_start(error: app::StartError) -> Failure {
    let en = causes(&error).en;
    Failure::Internal(Text::new(format!("cannot start: {en}"), format!("не удаётся запустить: {en}")))
}
