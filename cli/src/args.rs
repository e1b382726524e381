//! The command line: which commands there are, and what each takes.
//!
//! Each command declares its own arguments beside its code; here stands what all share. Help texts are English in the
//! code and get their Russian twins from `help`.

use clap::{Parser, Subcommand, ValueEnum};

#[cfg(feature = "serve")]
use crate::command::{account, backtest, demo, emulate, serve, shadow};
use crate::command::{
    check, diff, eval, explain, export, fields, fmt, import, lsp, migrate, new, preview, read, test,
};
use crate::language::LangArg;

/// Rules between UIS and RetailCRM: check them, try them, run them
#[derive(Debug, Parser)]
#[command(name = "rules", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Args {
    /// Language of messages [default: the language of the file, else of the terminal]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<LangArg>,
    /// Colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands, in the order in which somebody needs them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a starter bundle and settings into a new folder
    New(new::NewArgs),
    /// Find mistakes in rules
    Check(check::CheckArgs),
    /// Give rules the one common shape
    Fmt(fmt::FmtArgs),
    /// Decide events and show why
    Eval(eval::EvalArgs),
    /// Run the tests of bundles: decide their fixtures and compare with what was accepted
    Test(test::TestArgs),
    /// Show the tasks that rules would make, with their texts filled in
    Preview(preview::PreviewArgs),
    /// Prove what two bundles decide differently
    Diff(diff::DiffArgs),
    /// Replay what a server decided through other rules
    #[cfg(feature = "serve")]
    Backtest(backtest::BacktestArgs),
    /// Tell what the shadow rules of a server decide otherwise
    #[cfg(feature = "serve")]
    Shadow(shadow::ShadowArgs),
    /// List the fields that rules may ask for
    Fields(fields::FieldsArgs),
    /// Explain a message by its name or code
    Explain(explain::ExplainArgs),
    /// Tell a bundle in plain sentences
    Read(read::ReadArgs),
    /// Rewrite files of an older edition of the language in the newest
    Migrate(migrate::MigrateArgs),
    /// Make rules of the settings of UIS's own integration
    Import(import::ImportArgs),
    /// Write rules back as such settings
    Export(export::ExportArgs),
    /// Serve an editor: findings, completion, renaming and more while rules are written
    Lsp(lsp::LspArgs),
    /// List and check the accounts of the settings
    #[cfg(feature = "serve")]
    Account(account::AccountArgs),
    /// Run the server
    #[cfg(feature = "serve")]
    Serve(serve::ServeArgs),
    /// Run the stand-ins for RetailCRM and UIS alone
    #[cfg(feature = "serve")]
    Emulate(emulate::EmulateArgs),
    /// Play a day of a shop through server and stand-ins on this machine
    #[cfg(feature = "serve")]
    Demo(demo::DemoArgs),
}
