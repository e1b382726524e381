//! `rules account uis-templates`: what to paste into UIS for an account.
//!
//! Secrets are printed only when they are asked for: terminals are photographed and logs of builds are kept.

use std::io::Write as _;

use serde_json::{Value, json};
use switchboard_runtime::config::Account;
use switchboard_runtime::source::uis::{TEMPLATES, WRITTEN_TEMPLATES, hook_address, written_about};

use super::{Format, TemplateArgs, find, settings, settings_without_secrets};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::style;

/// What stands where a secret would.
const SECRET: &str = "HOOK_SECRET";
const KEY: &str = "BODY_KEY";

pub(super) fn run(args: &TemplateArgs, output: &mut Output) -> Result<Exit, Failure> {
    let read = if args.show_secret { settings } else { settings_without_secrets };
    let config = read(&args.config)?;
    let account = find(&config, &args.name)?;
    let secret = secret(account, args.show_secret);
    let key = account.body_key.as_ref().map(|key| if args.show_secret { key.expose() } else { KEY });
    let manager = hook_address(&args.host, &account.name, secret, "manager");
    if args.format == Format::Json {
        let events: Vec<Value> = TEMPLATES
            .iter()
            .chain(WRITTEN_TEMPLATES)
            .map(|template| {
                json!({
                    "event": template.event.as_str(),
                    "title": {"en": template.event.title().en, "ru": template.event.title().ru},
                    "need": template.need.as_str(),
                    "method": "POST",
                    "address": template.address(&args.host, &account.name, secret),
                    "body": template.body(key),
                    "likely": template.likely,
                })
            })
            .collect();
        let all = json!({"account": account.name, "events": events, "manager": manager});
        writeln!(output.out(), "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
        return Ok(Exit::Clean);
    }
    let lang = output.lang();
    let bold = style::NAME;
    for template in TEMPLATES.iter().chain(WRITTEN_TEMPLATES) {
        if WRITTEN_TEMPLATES.first().is_some_and(|first| first.event == template.event) {
            writeln!(output.out(), "{}\n", written_about().get(lang))?;
        }
        let (title, need) = (template.event.title(), template.need.text());
        writeln!(output.out(), "{bold}{}{bold:#} ({})", title.get(lang), need.get(lang))?;
        writeln!(output.out(), "POST {}", template.address(&args.host, &account.name, secret))?;
        writeln!(output.out(), "{}", template.body(key))?;
        if !template.likely.is_empty() {
            let add = lang.pick("add what UIS has of these", "добавьте, что из этого есть в UIS");
            writeln!(output.out(), "{add}: {}", template.likely.join(", "))?;
        }
        writeln!(output.out())?;
    }
    let title = lang.pick("interactive call processing", "интерактивная обработка вызова");
    writeln!(output.out(), "{bold}{title}{bold:#}")?;
    writeln!(output.out(), "GET {manager}")?;
    Ok(Exit::Clean)
}

fn secret(account: &Account, shown: bool) -> &str {
    // Of two the first is the new one.
    account.hook_secrets.first().filter(|_| shown).map_or(SECRET, |secret| secret.expose())
}
