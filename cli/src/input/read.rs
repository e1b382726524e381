//! One file or stdin, as bytes, text or JSON, never more than a limit.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;
use switchboard_engine::json::{json_error, strict_json};

use crate::failure::Failure;

/// The longest event, facts file or line of events that is read.
pub(crate) const MAX_EVENT_BYTES: u64 = 1 << 20;
/// The longest file of rules that is read whole to be formatted; one byte above the limit of the language, so that
/// the file is refused by the language and with its words.
pub(crate) const MAX_RULES_BYTES: u64 = (1 << 20) + 1;

/// A file, or stdin written as `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path.to_path_buf()) }
    }
}

impl Source {
    /// The name for messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Opens it for reading line by line.
    ///
    /// # Errors
    /// [`Failure::Read`].
    pub(crate) fn lines(&self) -> Result<Box<dyn BufRead>, Failure> {
        match self {
            Self::Stdin => Ok(Box::new(BufReader::new(io::stdin()))),
            Self::File(path) => {
                let file = File::open(path).map_err(Failure::read(path))?;
                Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
            }
        }
    }

    /// All its bytes.
    ///
    /// # Errors
    /// [`Failure::Read`], or [`Failure::Input`] when there are more than `limit`.
    pub(crate) fn bytes(&self, limit: u64) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Stdin => limited(io::stdin(), Path::new("-"), limit),
            Self::File(path) => read_limited(path, limit),
        }
    }
}

/// The bytes of a file.
///
/// # Errors
/// [`Failure::Read`], or [`Failure::Input`] when there are more than `limit`.
pub(crate) fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    limited(File::open(path).map_err(Failure::read(path))?, path, limit)
}

/// A JSON file.
///
/// # Errors
/// As [`read_limited`], and [`Failure::Input`] when it is no JSON.
pub(crate) fn json_file(path: &Path) -> Result<Value, Failure> {
    json_in(path, &Source::from(path).bytes(MAX_EVENT_BYTES)?)
}

/// The JSON of a file that has been read.
///
/// # Errors
/// [`Failure::Input`] when it is no JSON.
pub(crate) fn json_in(path: &Path, bytes: &[u8]) -> Result<Value, Failure> {
    strict_json(bytes).map_err(|error| {
        let (shown, why) = (path.display(), json_error(&error));
        Failure::input(
            format!("`{shown}` is not JSON: {}", why.en),
            format!("`{shown}` – не JSON: {}", why.ru),
        )
    })
}

fn limited(from: impl Read, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Failure::read(path))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(Failure::input(
            format!("`{}` is longer than {limit} bytes", path.display()),
            format!("`{}` длиннее {limit} байт", path.display()),
        ));
    }
    Ok(bytes)
}
