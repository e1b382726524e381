//! `rules account add` and `remove`: the settings file is changed, the rest of it, comments too, stays as it is.
//!
//! A running server takes the change up by itself.

use std::io::Write as _;

use jiff::Timestamp;
use switchboard_runtime::accounts::{Draft, EditError, Given, Wanted, WantedCrm, WantedUis};
use switchboard_runtime::app;
use switchboard_runtime::checkup::{self, Level};

use super::{AddArgs, RemoveArgs, check};
use crate::command::served::{block_on, causes};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn add(args: &AddArgs, output: &mut Output) -> Result<Exit, Failure> {
    let draft = Draft::adding(&args.config, &wanted(args)).map_err(failure)?;
    if let Some(account) = draft.account().filter(|_| !args.unchecked) {
        let transport = app::transport(&draft.config).map_err(|error| Failure::Internal(causes(&error)))?;
        let report = block_on(checkup::check(&draft.config, account, &transport, Timestamp::now()))?;
        check::write_human(std::slice::from_ref(&report), output)?;
        if report.level() == Level::Error {
            let lang = output.lang();
            let said = lang.pick(
                "the account was not added; mend what is wrong, or add it with `--unchecked`",
                "аккаунт не добавлен; исправьте ошибки или добавьте его с `--unchecked`",
            );
            writeln!(output.err(), "{said}")?;
            return Ok(Exit::Findings);
        }
    }
    draft.write().map_err(failure)?;
    Ok(Exit::Clean)
}

pub(super) fn remove(args: &RemoveArgs, _: &mut Output) -> Result<Exit, Failure> {
    let draft = Draft::removing(&args.config, &args.name).map_err(failure)?;
    draft.write().map_err(failure)?;
    draft.forget_secrets();
    Ok(Exit::Clean)
}

/// The account that the arguments describe.
fn wanted(args: &AddArgs) -> Wanted {
    let uis = match (&args.uis_credentials, &args.uis_token) {
        (Some(name), _) => {
            Some(WantedUis { credentials: Some(name.clone()), data_api: None, call_api: None, token: None })
        }
        (None, Some(token)) => Some(WantedUis {
            credentials: None,
            data_api: Some(args.data_api.clone()),
            call_api: None,
            token: Some(Given::Place(token.clone())),
        }),
        (None, None) => None,
    };
    Wanted {
        name: args.name.clone(),
        bundle: args.bundle.display().to_string(),
        hook_secret: Some(Given::Place(args.hook_secret.clone())),
        retailcrm: WantedCrm {
            url: Some(args.retailcrm.clone()),
            key: Some(Given::Place(args.key.clone())),
            credentials: None,
            site: args.site.clone(),
            module: None,
        },
        uis,
    }
}

/// Why the settings were not changed.
fn failure(error: EditError) -> Failure {
    match error {
        EditError::Read { path, source } => Failure::Read { path, source },
        EditError::Write { path, source } => Failure::Write { path, source },
        other => Failure::Input(other.text()),
    }
}
