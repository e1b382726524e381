//! `rules emulate`: the stand-ins for RetailCRM and UIS alone.
//!
//! Prints where they are and runs until it is told to stop. With `--format json` the first line is one object that a
//! program can read; nothing follows it, and the page for people is named on stderr.

use std::io::Write as _;

use clap::ValueEnum;
use switchboard_emulator::{Addresses, Emulator, Settings};
use switchboard_grammar::lang::Lang;

use super::served::{block_on, causes, told_to_stop};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Arguments of `rules emulate`.
#[derive(Debug, clap::Args)]
pub(crate) struct EmulateArgs {
    /// How the addresses are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

/// How addresses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Runs the stand-ins.
///
/// # Errors
/// When they cannot listen.
pub(crate) fn run(args: &EmulateArgs, output: &mut Output) -> Result<Exit, Failure> {
    block_on(async {
        let emulator =
            Emulator::start(Settings::default()).await.map_err(|error| Failure::Internal(causes(&error)))?;
        match args.format {
            Format::Json => {
                writeln!(output.out(), "{}", emulator.addresses().services.to_json())?;
                writeln!(output.err(), "{}", emulator.addresses().page)?;
            }
            Format::Human => {
                let lang = output.lang();
                write_addresses(output, emulator.addresses(), lang)?;
            }
        }
        output.flush()?;
        told_to_stop().await;
        emulator.shutdown().await;
        Ok(Exit::Clean)
    })?
}

fn write_addresses(output: &mut Output, addresses: &Addresses, lang: Lang) -> Result<(), Failure> {
    let crm = &addresses.services.retailcrm;
    let uis = &addresses.services.uis;
    let page = lang.pick("page", "страница");
    let (key, site, token) = lang.pick(("key", "shop", "token"), ("ключ", "магазин", "ключ доступа"));
    let out = output.out();
    writeln!(out, "RetailCRM      {}   {key} {}, {site} {}", crm.url, crm.key, crm.site)?;
    writeln!(out, "UIS Data API   {}   {token} {}", uis.data_api, uis.token)?;
    writeln!(out, "UIS Call API   {}", uis.call_api)?;
    writeln!(out, "{page:14} {}", addresses.page)?;
    writeln!(out, "{}", lang.pick("Ctrl-C stops them.", "Ctrl-C останавливает их."))?;
    Ok(())
}
