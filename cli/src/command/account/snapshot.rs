//! `rules account snapshot`: everything that rules may name, listed and written down.

use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;
use switchboard_engine::references::Inventory;
use switchboard_grammar::diagnostic::Text;
use switchboard_runtime::{app, checkup};

use super::{SnapshotArgs, find, settings};
use crate::command::served::{block_on, causes};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn run(args: &SnapshotArgs, output: &mut Output) -> Result<Exit, Failure> {
    let inventory = list(&args.config, &args.name, output)?;
    let text = serde_json::to_string_pretty(&inventory.to_json()).unwrap_or_default();
    match &args.out {
        Some(path) => std::fs::write(path, format!("{text}\n")).map_err(Failure::write(path))?,
        None => writeln!(output.out(), "{text}")?,
    }
    Ok(Exit::Clean)
}

/// Lists both sides of an account; what cannot be listed is named on stderr.
///
/// # Errors
/// When the settings are wrong, the account is not there, or nothing at all could be listed.
pub(super) fn list(config: &Path, name: &str, output: &mut Output) -> Result<Inventory, Failure> {
    let config = settings(config)?;
    let account = find(&config, name)?;
    let transport = app::transport(&config).map_err(|error| Failure::Internal(causes(&error)))?;
    let listed = block_on(checkup::inventory(&config, account, &transport, Timestamp::now()))?;
    let listed = listed.map_err(|error| Failure::Input(Text::same(error)))?;
    let lang = output.lang();
    for (kind, why) in &listed.left_out {
        let kind = lang.pick(kind.en(), kind.ru()).replace('_', " ");
        let text = match lang {
            switchboard_grammar::lang::Lang::En => {
                format!("{name}: not listed and not checked: {kind}: {why}")
            }
            switchboard_grammar::lang::Lang::Ru => {
                format!("{name}: не перечислено и не проверяется: {kind}: {why}")
            }
        };
        writeln!(output.err(), "{text}")?;
    }
    if listed.inventory.references.is_empty() {
        return Err(Failure::input(
            format!("nothing of the account `{name}` could be listed; see `rules account check {name}`"),
            format!("об аккаунте `{name}` ничего не удалось узнать; см. `rules account check {name}`"),
        ));
    }
    Ok(listed.inventory)
}
