//! The files of a bundle as the caller read them, and their digest.
//!
//! Paths are relative to the bundle's folder and written with `/`. Nothing here opens a file.

use std::collections::BTreeMap;

/// Names and bytes of a bundle's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleSource {
    files: BTreeMap<String, Vec<u8>>,
}

/// A path that no file of a bundle can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` is no path inside a bundle: use `/`, no `..` and one of the endings {}", BundleSource::ENDINGS.join(", "))]
pub struct SourceError {
    /// What was given.
    pub path: String,
}

impl BundleSource {
    /// The endings of the files that a bundle is made of; others are none of its business.
    pub const ENDINGS: [&'static str; 4] = [".rules", ".rhai", ".csv", ".j2"];

    /// The file that is read first when there is one; otherwise every `.rules` file at the top is.
    pub const ENTRY: &'static str = "main.rules";

    /// The folder at the top of a bundle that holds tests of it: nothing in there is a part of the bundle, whatever its ending.
    pub const TESTS: &'static str = "tests";

    /// No files.
    pub fn new() -> BundleSource {
        BundleSource::default()
    }

    /// Whether a file of this relative path belongs to a bundle.
    pub fn wants(path: &str) -> bool {
        let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        plain
            && !path.strip_prefix(BundleSource::TESTS).is_some_and(|rest| rest.starts_with('/'))
            && !path.contains(['\\', '\0', ':'])
            && BundleSource::ENDINGS.iter().any(|end| path.ends_with(end))
    }

    /// Adds a file, or puts new bytes in its place.
    ///
    /// # Errors
    ///
    /// [`SourceError`] for a path that [`BundleSource::wants`] turns away.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Result<(), SourceError> {
        let path = path.into();
        if !BundleSource::wants(&path) {
            return Err(SourceError { path });
        }
        self.files.insert(path, bytes.into());
        Ok(())
    }

    /// A bundle of one file, for trying things out.
    pub fn single(rules: impl Into<Vec<u8>>) -> BundleSource {
        BundleSource { files: BTreeMap::from([(BundleSource::ENTRY.to_owned(), rules.into())]) }
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// BLAKE3 over names and bytes, in hexadecimal. Lengths go in too, so no two bundles read alike.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut feed = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        for (path, bytes) in self.iter() {
            feed(path.as_bytes());
            feed(bytes);
        }
        hasher.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for path in ["main.rules", "a/b.csv", "скрипт.rhai", "note.j2", "tests.rules", "a/tests/b.csv"]
        {
            assert!(BundleSource::wants(path), "{path}");
        }
        for path in [
            "/main.rules",
            "../main.rules",
            "a/../b.rules",
            "a\\b.rules",
            "readme.md",
            "",
            ".rules/",
            "C:x.rules",
            "tests/main.rules",
            "tests/a/b.csv",
        ] {
            assert!(!BundleSource::wants(path), "{path}");
            assert!(BundleSource::new().add(path, "").is_err());
        }
    }

    #[test]
    fn the_digest_tells_files_apart() {
        let of = |files: &[(&str, &str)]| {
            let mut source = BundleSource::new();
            for (path, text) in files {
                source.add(*path, *text).unwrap();
            }
            source.digest()
        };
        let one = of(&[("a.rules", "xb.rulesy")]);
        assert_eq!(one, of(&[("a.rules", "xb.rulesy")]));
        assert_ne!(one, of(&[("a.rules", "x"), ("b.rules", "y")]));
        assert_eq!(of(&[("a.csv", ""), ("b.csv", "")]), of(&[("b.csv", ""), ("a.csv", "")]));
    }
}
