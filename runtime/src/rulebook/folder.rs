//! Reads the files of a bundle from its folder.
//!
//! A folder that somebody is writing into has many states, and only the last is meant. So it is read until two readings
//! in a row are equal, byte for byte; a folder that never holds still that long is left for the next look.
//! Files that do not belong to a bundle (see [`BundleSource::wants`]) and whatever begins with a `.` are passed over,
//! since editors and version control keep theirs there.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use switchboard_engine::bundle::BundleSource;
use switchboard_grammar::diagnostic::Text;

/// The most files that are read.
pub const MAX_FILES: usize = 1024;
/// The most bytes that are read of all files together; the engine says more exactly how much of what there may be.
pub const MAX_BYTES: usize = 40 << 20;
/// The most readings in search of two equal ones.
pub const MAX_READS: usize = 5;
/// How deep folders inside folders are looked into.
const MAX_DEPTH: usize = 16;

/// Why a folder is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder, or a file in it, cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// There is more in it than a bundle may have.
    #[error("`{}` holds more than a bundle may", path.display())]
    TooLarge {
        /// The folder.
        path: PathBuf,
    },
    /// It never held still.
    #[error("`{}` keeps changing", path.display())]
    Unsettled {
        /// The folder.
        path: PathBuf,
    },
}

impl FolderError {
    /// The same in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable { path, source } => Text::new(
                format!("`{}` cannot be read: {source}", path.display()),
                format!("`{}` не читается: {source}", path.display()),
            ),
            Self::TooLarge { path } => Text::new(
                format!("`{}` holds more than {MAX_FILES} files or {MAX_BYTES} bytes", path.display()),
                format!("в `{}` больше {MAX_FILES} файлов или {MAX_BYTES} байт", path.display()),
            ),
            Self::Unsettled { path } => Text::new(
                format!("`{}` keeps changing; it is read again shortly", path.display()),
                format!("`{}` всё время меняется; скоро будет прочитана снова", path.display()),
            ),
        }
    }
}

/// Reads a folder until it holds still.
pub(super) fn read_settled(folder: &Path) -> Result<BundleSource, FolderError> {
    settle(folder, || read(folder))
}

/// Repeats a reading until it gives the same twice in a row.
fn settle(
    folder: &Path,
    mut read: impl FnMut() -> Result<BundleSource, FolderError>,
) -> Result<BundleSource, FolderError> {
    let mut last = read();
    for _ in 1..MAX_READS {
        let next = read();
        match (&last, next) {
            (Ok(last), Ok(next)) if *last == next => return Ok(next),
            // A file that went away between the list and the reading is a folder in motion, like any other difference.
            (_, next) => last = next,
        }
    }
    match last {
        Ok(_) => Err(FolderError::Unsettled { path: folder.to_owned() }),
        Err(error) => Err(error),
    }
}

/// Reads a folder once. Where it leads is found out first, so that a link that is switched meanwhile cannot give half of the
/// one folder and half of the other.
fn read(folder: &Path) -> Result<BundleSource, FolderError> {
    let unreadable = |source| FolderError::Unreadable { path: folder.to_owned(), source };
    let resolved = std::fs::canonicalize(folder).map_err(unreadable)?;
    let mut reading = Reading { root: folder, source: BundleSource::new(), bytes: 0 };
    reading.folder(&resolved, "", 0)?;
    Ok(reading.source)
}

struct Reading<'f> {
    root: &'f Path,
    source: BundleSource,
    bytes: usize,
}

impl Reading<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), FolderError> {
        let unreadable = |source| FolderError::Unreadable { path: folder.to_owned(), source };
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let name = format!("{prefix}{name}");
            let path = entry.path();
            // Links are followed: a file of a mounted volume is often one.
            let Ok(metadata) = std::fs::metadata(&path) else { continue };
            if metadata.is_dir() && depth < MAX_DEPTH {
                self.folder(&path, &format!("{name}/"), depth + 1)?;
            } else if metadata.is_file() && BundleSource::wants(&name) {
                self.file(&path, name)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: String) -> Result<(), FolderError> {
        let unreadable = |source| FolderError::Unreadable { path: path.to_owned(), source };
        let too_large = || FolderError::TooLarge { path: self.root.to_owned() };
        let room = MAX_BYTES.saturating_sub(self.bytes);
        let mut bytes = Vec::new();
        let most = u64::try_from(room).unwrap_or(u64::MAX).saturating_add(1);
        std::fs::File::open(path)
            .and_then(|file| file.take(most).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        if bytes.len() > room || self.source.len() >= MAX_FILES {
            return Err(too_large());
        }
        self.bytes += bytes.len();
        self.source.add(name, bytes).map_err(|error| unreadable(io::Error::other(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<BundleSource, FolderError> {
        Ok(BundleSource::single(text))
    }

    fn settled(readings: Vec<Result<BundleSource, FolderError>>) -> Result<BundleSource, FolderError> {
        let mut readings = readings.into_iter();
        settle(Path::new("rules"), || readings.next().expect("no more readings than these"))
    }

    #[test]
    fn two_equal_readings_in_a_row_are_believed() {
        assert_eq!(settled(vec![of("a"), of("a")]).unwrap(), BundleSource::single("a"));
        assert_eq!(settled(vec![of("a"), of("b"), of("b")]).unwrap(), BundleSource::single("b"));
        let gone = Err(FolderError::Unsettled { path: PathBuf::new() });
        assert_eq!(settled(vec![of("a"), gone, of("a"), of("a")]).unwrap(), BundleSource::single("a"));
    }

    #[test]
    fn a_folder_that_never_holds_still_is_not_believed() {
        let readings = (0..MAX_READS).map(|number| of(&number.to_string())).collect();
        assert!(matches!(settled(readings), Err(FolderError::Unsettled { .. })));
    }

    #[test]
    fn only_what_belongs_to_a_bundle_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        for name in [
            "main.rules",
            "lists/blocked.csv",
            "readme.md",
            ".git/x.rules",
            ".main.rules.swp",
            "main.rules~",
            "4913",
        ] {
            write(name, name);
        }
        let source = read_settled(folder.path()).unwrap();
        let names: Vec<&str> = source.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["lists/blocked.csv", "main.rules"]);
    }

    #[test]
    fn a_folder_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), vec![b'a'; MAX_BYTES]).unwrap();
        assert!(read_settled(folder.path()).is_ok());
        std::fs::write(folder.path().join("b.csv"), "b").unwrap();
        assert!(matches!(read_settled(folder.path()), Err(FolderError::TooLarge { .. })));
        let missing = folder.path().join("missing");
        assert!(matches!(read_settled(&missing), Err(FolderError::Unreadable { .. })));
    }
}
