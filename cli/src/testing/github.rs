//! What came of tests as workflow commands of GitHub Actions, one for each that is not well.
//!
//! See [`crate::report`] for the format; a fixture is pointed at as a file, since what is wrong is wherever the rules were
//! changed.

use std::io::{self, Write};
use std::path::Path;

use switchboard_grammar::lang::Lang;

use super::Tested;
use super::junit::said;
use crate::report::{command_data, command_property};

/// Writes everything of one bundle that is not well.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn github(out: &mut impl Write, tested: &Tested, lang: Lang) -> io::Result<()> {
    let mut command = |path: &Path, text: &str| {
        let file = path.display().to_string().replace('\\', "/");
        let file = command_property(file.strip_prefix("./").unwrap_or(&file));
        writeln!(out, "::error file={file},title=rules test::{}", command_data(text))
    };
    if tested.refused {
        let why =
            lang.pick("the bundle has errors; see `rules check`", "в правилах ошибки; см. `rules check`");
        command(&tested.root, why)?;
    }
    for case in &tested.cases {
        if let Some(text) = said(case, lang) {
            command(&case.path, &text)?;
        }
    }
    for orphan in &tested.orphans {
        command(orphan, lang.pick("there is no test of this name", "теста с таким именем нет"))?;
    }
    Ok(())
}
