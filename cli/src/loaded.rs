//! A bundle that a command needs whole: read, loaded, or its errors shown.

use std::path::Path;
use std::sync::Arc;

use switchboard_engine::bundle::{Bundle, language_of, load as load_source};
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::SourceMap;
use switchboard_guard::load_options;

use crate::command::check;
use crate::failure::Failure;
use crate::input::{BundleFiles, one_bundle};
use crate::output::Output;
use crate::report::{Findings, human};

/// A bundle that decides.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The bundle.
    pub(crate) bundle: Arc<Bundle>,
    /// Its files, as they are named inside of it.
    pub(crate) sources: Arc<SourceMap>,
    /// The language of its first file of rules.
    pub(crate) lang: Lang,
}

/// Loads the bundle at `path`; shows its errors on stderr and gives none when there are some. What does not keep the
/// bundle from deciding is left to `rules check`.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn load(path: &Path, output: &mut Output) -> Result<Option<Loaded>, Failure> {
    load_files(&one_bundle(path)?, output)
}

/// Loads a bundle that has been read; otherwise as [`load`].
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn load_files(files: &BundleFiles, output: &mut Output) -> Result<Option<Loaded>, Failure> {
    let loaded = load_source(&files.source(), &load_options());
    if let Some(bundle) = loaded.bundle {
        let lang = language_of(&loaded.sources);
        return Ok(Some(Loaded { bundle, sources: loaded.sources, lang }));
    }
    let Findings { sources, mut diagnostics, .. } = check::findings(files, None);
    diagnostics.retain(|found| found.severity == Severity::Error);
    let (wish, color) = (output.wish(), output.color());
    let languages = check::languages(&sources);
    let findings = Findings::new(sources, diagnostics);
    human(output.err(), &findings, color, |name| wish.for_file(check::language(&languages, name)))?;
    Ok(None)
}
