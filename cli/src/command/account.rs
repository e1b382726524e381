//! `rules account`: the accounts of a settings file, seen and checked.

mod check;
mod edit;
mod list;
mod snapshot;
mod templates;

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use switchboard_runtime::accounts::{DATA_API, SecretPlace};
use switchboard_runtime::config::{self, Account, Config};

use super::serve::wrong_settings;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::WrongValue;
use crate::output::Output;

/// Arguments of `rules account`.
#[derive(Debug, clap::Args)]
pub(crate) struct AccountArgs {
    /// What to do
    #[command(subcommand)]
    what: What,
}

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
enum What {
    /// List the accounts of the settings
    List(ListArgs),
    /// Ask both sides of an account whether everything is set up
    Check(CheckArgs),
    /// List everything that rules may name, for `rules check --snapshot`
    Snapshot(SnapshotArgs),
    /// Print the addresses and bodies to paste into UIS
    UisTemplates(TemplateArgs),
    /// Check a new account and write it into the settings
    Add(Box<AddArgs>),
    /// Take an account out of the settings; what the server kept of it stays
    Remove(RemoveArgs),
}

/// Arguments of `rules account add`.
#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Its name in addresses, logs and figures
    #[arg(value_name = "NAME")]
    name: String,
    /// The address of its RetailCRM
    #[arg(long, value_name = "ADDRESS")]
    retailcrm: String,
    /// Where the API key of RetailCRM is: env:NAME or file:PATH
    #[arg(long, value_name = "PLACE", value_parser = place)]
    key: SecretPlace,
    /// The code of the shop
    #[arg(long, value_name = "CODE")]
    site: String,
    /// The folder with its rules
    #[arg(long, value_name = "FOLDER")]
    bundle: PathBuf,
    /// Where the secret of the notification addresses is: env:NAME or file:PATH
    #[arg(long, value_name = "PLACE", value_parser = place)]
    hook_secret: SecretPlace,
    /// Where the key of UIS is: env:NAME or file:PATH
    #[arg(long, value_name = "PLACE", value_parser = place)]
    uis_token: Option<SecretPlace>,
    /// Named credentials for UIS instead
    #[arg(long, value_name = "NAME", conflicts_with = "uis_token")]
    uis_credentials: Option<String>,
    /// The Data API of UIS
    #[arg(long, value_name = "ADDRESS", default_value = DATA_API)]
    data_api: String,
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    /// Do not ask both sides first
    #[arg(long)]
    unchecked: bool,
}

/// Arguments of `rules account remove`.
#[derive(Debug, clap::Args)]
struct RemoveArgs {
    /// Which
    #[arg(value_name = "NAME")]
    name: String,
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
}

/// Arguments of `rules account list`.
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    /// How they are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

/// Arguments of `rules account check`.
#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// Whose [default: all]
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    /// How it is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

/// Arguments of `rules account snapshot`.
#[derive(Debug, clap::Args)]
struct SnapshotArgs {
    /// Whose
    #[arg(value_name = "NAME")]
    name: String,
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    /// Where to write it [default: to the output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Arguments of `rules account uis-templates`.
#[derive(Debug, clap::Args)]
struct TemplateArgs {
    /// Whose
    #[arg(value_name = "NAME")]
    name: String,
    /// The file of settings
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    /// The address of the server from outside
    #[arg(long, value_name = "ADDRESS", default_value = "https://HOST")]
    host: String,
    /// Print the secrets instead of their places
    #[arg(long)]
    show_secret: bool,
    /// How they are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs a command on accounts.
///
/// # Errors
/// When the settings are wrong, an account is not there, or the output cannot be written.
pub(crate) fn run(args: &AccountArgs, output: &mut Output) -> Result<Exit, Failure> {
    match &args.what {
        What::List(args) => list::run(args, output),
        What::Check(args) => check::run(args, output),
        What::Snapshot(args) => snapshot::run(args, output),
        What::UisTemplates(args) => templates::run(args, output),
        What::Add(args) => edit::add(args, output),
        What::Remove(args) => edit::remove(args, output),
    }
}

/// Everything in an account that rules may name, asked of both sides.
///
/// # Errors
/// When the settings are wrong, the account is not there, or nothing could be listed.
pub(crate) fn inventory(
    config: &Path,
    name: &str,
    output: &mut Output,
) -> Result<switchboard_engine::references::Inventory, Failure> {
    snapshot::list(config, name, output)
}

fn settings(path: &Path) -> Result<Config, Failure> {
    config::load(path).map_err(wrong_settings)
}

/// The settings for whoever only looks at them: no key need be at hand.
fn settings_without_secrets(path: &Path) -> Result<Config, Failure> {
    config::load_without_secrets(path).map_err(wrong_settings)
}

fn find<'c>(config: &'c Config, name: &str) -> Result<&'c Account, Failure> {
    config.account(name).ok_or_else(|| {
        let names: Vec<String> = config.accounts.iter().map(|one| format!("`{}`", one.name)).collect();
        let names = names.join(", ");
        Failure::input(
            format!("there is no account `{name}`; there are: {names}"),
            format!("аккаунта `{name}` нет; есть: {names}"),
        )
    })
}

/// Where a secret is, as an argument.
fn place(text: &str) -> Result<SecretPlace, WrongValue> {
    SecretPlace::parse(text)
        .map_err(|_| WrongValue::new("write `env:NAME` or `file:PATH`", "напишите `env:ИМЯ` или `file:ПУТЬ`"))
}
