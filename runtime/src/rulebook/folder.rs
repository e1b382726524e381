//! Reads the files of a bundle from its folder.
//!
//! A folder that somebody is writing into has many states, and only the last is meant. Two things keep the others out:
//!
//! - It is read until two readings in a row are equal: the bytes, and what the system says of each file and folder (which
//!   one it is, how long, when changed). Then there was a moment, between the two, at which all of it was so at once, and
//!   no bundle is put together from two.
//! - Whoever has time asks for [`Quiet`] as well: what was changed a moment ago may be half of what is meant, so nothing
//!   may be younger than so long. A file that is cut to nothing before it is written anew is such a half.
//!
//! A folder that does not hold still is left for the next look.
//! Files that do not belong to a bundle (see [`BundleSource::wants`]) and whatever begins with a `.` are passed over,
//! since editors and version control keep theirs there.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use switchboard_engine::bundle::BundleSource;
use switchboard_engine::outside::system_error;
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
            Self::Unreadable { path, source } => {
                let (path, why) = (path.display(), system_error(source));
                Text::new(
                    format!("`{path}` cannot be read: {}", why.en),
                    format!("`{path}` не читается: {}", why.ru),
                )
            }
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

/// How long a folder must have been left alone before it is believed.
///
/// Moments are those of the file system; one that lies in the future by more than `length` comes from another clock and
/// says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Quiet {
    /// So long.
    pub length: Duration,
    /// How long a folder that is never left alone is waited for before that is told as a problem.
    pub most: Duration,
    /// The present moment, taken before the folder is read.
    pub now: SystemTime,
}

impl Quiet {
    /// Whether what was changed at `moment` is still to be waited for.
    fn is_young(&self, moment: SystemTime) -> bool {
        match self.now.duration_since(moment) {
            Ok(age) => age < self.length,
            Err(ahead) => ahead.duration() < self.length,
        }
    }
}

/// Reads a folder until it holds still.
pub(super) fn read_settled(folder: &Path, quiet: Option<Quiet>) -> Result<BundleSource, FolderError> {
    let seen = settle(folder, || read(folder))?;
    let is_young =
        |quiet: Quiet| seen.stamps.values().any(|stamp| stamp.moments().any(|at| quiet.is_young(at)));
    if quiet.is_some_and(is_young) {
        return Err(FolderError::Unsettled { path: folder.to_owned() });
    }
    Ok(seen.source)
}

/// Repeats a reading until it gives the same twice in a row.
fn settle(folder: &Path, mut read: impl FnMut() -> Result<Seen, FolderError>) -> Result<Seen, FolderError> {
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

/// What one reading found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    source: BundleSource,
    /// By real path, folders too: a file that was deleted leaves its mark only there.
    stamps: BTreeMap<PathBuf, Stamp>,
}

/// What the system says of a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    /// Device and number, where there are such.
    identity: (u64, u64),
    bytes: u64,
    modified: Option<SystemTime>,
    /// When anything of it was changed, its name included; nobody can set that. Where the system does not keep it, when it
    /// was made.
    changed: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &std::fs::Metadata) -> Self {
        #[cfg(unix)]
        let (identity, changed) = {
            use std::os::unix::fs::MetadataExt as _;
            let nanos = u32::try_from(metadata.ctime_nsec()).unwrap_or_default();
            let since = u64::try_from(metadata.ctime()).map(|seconds| Duration::new(seconds, nanos));
            let changed = since.ok().and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
            ((metadata.dev(), metadata.ino()), changed)
        };
        #[cfg(not(unix))]
        let (identity, changed) = ((0, 0), metadata.created().ok());
        Self { identity, bytes: metadata.len(), modified: metadata.modified().ok(), changed }
    }

    fn moments(&self) -> impl Iterator<Item = SystemTime> {
        // The moment of a change cannot be set from outside, so it goes before one that can.
        self.changed.or(self.modified).into_iter().chain(self.modified.filter(|_| !cfg!(unix)))
    }
}

/// Reads a folder once. Where it leads is found out first, so that a link that is switched meanwhile cannot give half of the
/// one folder and half of the other.
fn read(folder: &Path) -> Result<Seen, FolderError> {
    let unreadable = |source| FolderError::Unreadable { path: folder.to_owned(), source };
    let resolved = std::fs::canonicalize(folder).map_err(unreadable)?;
    let mut reading = Reading { root: folder, seen: Seen::default(), bytes: 0 };
    reading.folder(&resolved, "", 0)?;
    Ok(reading.seen)
}

struct Reading<'f> {
    root: &'f Path,
    seen: Seen,
    bytes: usize,
}

impl Reading<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), FolderError> {
        let unreadable = |source| FolderError::Unreadable { path: folder.to_owned(), source };
        self.stamp(folder, &std::fs::metadata(folder).map_err(unreadable)?);
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let name = format!("{prefix}{name}");
            let path = entry.path();
            // Links are followed: a file of a mounted volume is often one.
            let metadata = match std::fs::metadata(&path) {
                Ok(metadata) => metadata,
                // A rule that cannot be read is not a rule that is not there.
                Err(source) if BundleSource::wants(&name) => {
                    return Err(FolderError::Unreadable { path, source });
                }
                Err(_) => continue,
            };
            // Tests are written while the rules are in force; that is no reason to wait or to look again.
            if metadata.is_dir() && name == BundleSource::TESTS {
                continue;
            }
            if metadata.is_dir() && depth < MAX_DEPTH {
                self.folder(&path, &format!("{name}/"), depth + 1)?;
            } else if metadata.is_file() && BundleSource::wants(&name) {
                self.stamp(&path, &metadata);
                self.file(&path, name)?;
            }
        }
        Ok(())
    }

    fn stamp(&mut self, path: &Path, metadata: &std::fs::Metadata) {
        self.seen.stamps.insert(path.to_owned(), Stamp::of(metadata));
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
        if bytes.len() > room || self.seen.source.len() >= MAX_FILES {
            return Err(too_large());
        }
        self.bytes += bytes.len();
        self.seen.source.add(name, bytes).map_err(|error| unreadable(io::Error::other(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Seen, FolderError> {
        Ok(Seen { source: BundleSource::single(text), ..Seen::default() })
    }

    /// The same bytes, written once more.
    fn again(text: &str) -> Result<Seen, FolderError> {
        let stamp =
            Stamp { identity: (1, 2), bytes: 1, modified: None, changed: Some(SystemTime::UNIX_EPOCH) };
        Ok(Seen {
            source: BundleSource::single(text),
            stamps: BTreeMap::from([("main.rules".into(), stamp)]),
        })
    }

    fn settled(readings: Vec<Result<Seen, FolderError>>) -> Result<BundleSource, FolderError> {
        let mut readings = readings.into_iter();
        settle(Path::new("rules"), || readings.next().expect("no more readings than these"))
            .map(|seen| seen.source)
    }

    #[test]
    fn two_equal_readings_in_a_row_are_believed() {
        assert_eq!(settled(vec![of("a"), of("a")]).unwrap(), BundleSource::single("a"));
        assert_eq!(settled(vec![of("a"), of("b"), of("b")]).unwrap(), BundleSource::single("b"));
        let gone = Err(FolderError::Unsettled { path: PathBuf::new() });
        assert_eq!(settled(vec![of("a"), gone, of("a"), of("a")]).unwrap(), BundleSource::single("a"));
    }

    /// A file that was changed and changed back between two readings may have been another when its neighbour was read.
    #[test]
    fn equal_bytes_of_a_file_that_was_written_meanwhile_are_not_believed() {
        let readings = vec![of("a"), again("a"), of("a"), again("a"), of("a")];
        assert!(matches!(settled(readings), Err(FolderError::Unsettled { .. })));
        assert!(settled(vec![of("a"), again("a"), again("a")]).is_ok());
    }

    #[test]
    fn what_was_changed_a_moment_ago_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("lists")).unwrap();
        std::fs::write(folder.path().join("main.rules"), "a").unwrap();
        let minute = Duration::from_secs(60);
        let at = |now: SystemTime| {
            read_settled(folder.path(), Some(Quiet { length: minute, most: minute, now })).is_ok()
        };
        let now = SystemTime::now();
        assert!(!at(now));
        assert!(at(now + minute * 2));
        // Another clock, an hour ahead of ours, says nothing.
        assert!(at(now - Duration::from_secs(3600)));
        // That a file is gone shows in its folder only.
        std::fs::write(folder.path().join("lists/x.csv"), "x").unwrap();
        std::fs::remove_file(folder.path().join("lists/x.csv")).unwrap();
        assert!(!at(SystemTime::now()));
    }

    #[cfg(unix)]
    #[test]
    fn rules_behind_a_link_that_leads_nowhere_are_an_error_and_other_such_links_are_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.rules"), "a").unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("lock")).unwrap();
        assert!(read_settled(folder.path(), None).is_ok());
        std::os::unix::fs::symlink("nowhere", folder.path().join("more.rules")).unwrap();
        assert!(matches!(read_settled(folder.path(), None), Err(FolderError::Unreadable { .. })));
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
            "tests/night.json",
            "tests/other.rules",
        ] {
            write(name, name);
        }
        let source = read_settled(folder.path(), None).unwrap();
        let names: Vec<&str> = source.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["lists/blocked.csv", "main.rules"]);
    }

    #[test]
    fn a_folder_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), vec![b'a'; MAX_BYTES]).unwrap();
        assert!(read_settled(folder.path(), None).is_ok());
        std::fs::write(folder.path().join("b.csv"), "b").unwrap();
        assert!(matches!(read_settled(folder.path(), None), Err(FolderError::TooLarge { .. })));
        let missing = folder.path().join("missing");
        assert!(matches!(read_settled(&missing, None), Err(FolderError::Unreadable { .. })));
    }
}
