//! From arguments to one command and one exit code.

use std::env;

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::args::{Args, Command};
use crate::command;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help;
use crate::language::Wish;
use crate::output::Output;

/// Runs the program: the arguments and the environment of this process in, the exit code out.
pub(crate) fn run() -> Exit {
    let variable = |name: &str| env::var(name).ok();
    // Help is printed while arguments are still being read, so its language is looked for beforehand.
    let spoken = help::asked_language(env::args_os());
    let lang = Wish::new(spoken, variable).general();
    let help = help::in_language(Args::command(), lang);
    let given = help::asked_for_help(env::args_os());
    let args = match help.try_get_matches_from(given).and_then(|matches| Args::from_arg_matches(&matches)) {
        Ok(args) => args,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Clean };
            // Nobody is left to tell when even this cannot be printed.
            let _ = help::print(&error, lang);
            return exit;
        }
    };
    let mut output = Output::new(args.color, Wish::new(args.lang, variable));
    let result = dispatch(&args.command, &mut output).and_then(|exit| output.flush().map(|()| exit));
    match result {
        Ok(exit) => exit,
        Err(failure) => {
            // What was found before the failure is still worth reading.
            let _ = output.flush();
            output.complain(&failure);
            failure.exit()
        }
    }
}

fn dispatch(command: &Command, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::New(args) => command::new::run(args, output),
        Command::Check(args) => command::check::run(args, output),
        Command::Fmt(args) => command::fmt::run(args, output),
        Command::Eval(args) => command::eval::run(args, output),
        Command::Diff(args) => command::diff::run(args, output),
        Command::Test(args) => command::test::run(args, output),
        Command::Preview(args) => command::preview::run(args, output),
        Command::Fields(args) => command::fields::run(args, output),
        Command::Import(args) => command::import::run(args, output),
        Command::Export(args) => command::export::run(args, output),
        Command::Explain(args) => command::explain::run(args, output),
        Command::Read(args) => command::read::run(args, output),
        Command::Migrate(args) => command::migrate::run(args, output),
        Command::Lsp(args) => command::lsp::run(args),
        #[cfg(feature = "serve")]
        Command::Backtest(args) => command::backtest::run(args, output),
        #[cfg(feature = "serve")]
        Command::Shadow(args) => command::shadow::run(args, output),
        #[cfg(feature = "serve")]
        Command::Account(args) => command::account::run(args, output),
        #[cfg(feature = "serve")]
        Command::Serve(args) => command::serve::run(args, output),
        #[cfg(feature = "serve")]
        Command::Emulate(args) => command::emulate::run(args, output),
        #[cfg(feature = "serve")]
        Command::Demo(args) => command::demo::run(args, output),
    }
}
