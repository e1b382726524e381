//! `rules account check`: both sides are asked, and what is wrong is said together with what to do.

use std::io::Write as _;

use jiff::Timestamp;
use serde_json::Value;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::app;
use switchboard_runtime::checkup::{self, Finding, Level, Report};

use super::{CheckArgs, Format, find, settings};
use crate::command::served::{block_on, causes};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::style;

pub(super) fn run(args: &CheckArgs, output: &mut Output) -> Result<Exit, Failure> {
    let config = settings(&args.config)?;
    let accounts = match &args.name {
        Some(name) => vec![find(&config, name)?],
        None => config.accounts.iter().collect(),
    };
    let transport = app::transport(&config).map_err(|error| Failure::Internal(causes(&error)))?;
    let reports = block_on(async {
        let mut reports = Vec::new();
        for account in accounts {
            reports.push(checkup::check(&config, account, &transport, Timestamp::now()).await);
        }
        reports
    })?;
    match args.format {
        Format::Json => {
            let all: Vec<Value> = reports.iter().map(Report::to_json).collect();
            writeln!(output.out(), "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
        }
        Format::Human => write_human(&reports, output)?,
    }
    let is_well = reports.iter().all(|report| report.level() < Level::Error);
    Ok(if is_well { Exit::Clean } else { Exit::Findings })
}

pub(super) fn write_human(reports: &[Report], output: &mut Output) -> Result<(), Failure> {
    let lang = output.lang();
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            writeln!(output.out())?;
        }
        let bold = style::NAME;
        writeln!(output.out(), "{bold}{}{bold:#}", report.account)?;
        for finding in &report.findings {
            write_finding(finding, lang, output)?;
        }
    }
    Ok(())
}

fn write_finding(finding: &Finding, lang: Lang, output: &mut Output) -> Result<(), Failure> {
    let (word, style) = match finding.level {
        Level::Fine => (lang.pick("fine", "в порядке"), style::GOOD),
        Level::Warning => (lang.pick("warning", "внимание"), style::PLACE),
        Level::Error => (lang.pick("error", "ошибка"), style::ERROR),
    };
    writeln!(output.out(), "  {style}{word}{style:#}: {}", finding.what.get(lang))?;
    if let Some(todo) = &finding.todo {
        writeln!(output.out(), "    {}", todo.get(lang))?;
    }
    Ok(())
}
