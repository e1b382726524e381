//! `rules account list`: which accounts there are, without their secrets.

use std::io::Write as _;

use serde_json::{Value, json};

use super::{Format, ListArgs, settings_without_secrets};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::table::Table;

pub(super) fn run(args: &ListArgs, output: &mut Output) -> Result<Exit, Failure> {
    let config = settings_without_secrets(&args.config)?;
    let lang = output.lang();
    if args.format == Format::Json {
        let rows: Vec<Value> = config
            .accounts
            .iter()
            .map(|account| {
                json!({
                    "name": account.name,
                    "retailcrm": account.retailcrm.url,
                    "site": account.retailcrm.site,
                    "uis": account.uis.as_ref().map(|uis| &uis.data_api),
                    "bundle": account.bundle.display().to_string(),
                })
            })
            .collect();
        writeln!(output.out(), "{}", serde_json::to_string_pretty(&rows).unwrap_or_default())?;
        return Ok(Exit::Clean);
    }
    let mut table = Table::new(lang.pick(
        ["name", "RetailCRM", "shop", "UIS", "rules"],
        ["имя", "RetailCRM", "магазин", "UIS", "правила"],
    ));
    for account in &config.accounts {
        let uis = account.uis.as_ref().map_or("–", |uis| uis.data_api.as_str());
        let bundle = account.bundle.display().to_string();
        table.row(
            [&account.name, &account.retailcrm.url, &account.retailcrm.site, uis, &bundle].map(str::to_owned),
        );
    }
    table.write(output.out())?;
    Ok(Exit::Clean)
}
