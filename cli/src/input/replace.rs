//! Putting a new text in the place of a file, whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Replaces the file at `path`. It is written beside and moved over, so that whoever reads it, an interrupted run
/// included, sees the old text or the new one. Permissions stay; a link stays a link.
///
/// # Errors
/// [`Failure::Write`].
pub(crate) fn replace_file(path: &Path, text: &[u8]) -> Result<(), Failure> {
    let target = fs::canonicalize(path).map_err(Failure::write(path))?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(Failure::write(path))?;
    file.write_all(text).map_err(Failure::write(path))?;
    let permissions = fs::metadata(&target).map_err(Failure::write(path))?.permissions();
    fs::set_permissions(file.path(), permissions).map_err(Failure::write(path))?;
    file.persist(&target)
        .map_err(|error| Failure::Write { path: path.to_path_buf(), source: error.error })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rules");
        fs::write(&path, "old").unwrap();
        replace_file(&path, b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rules");
        assert!(matches!(replace_file(&path, b"new"), Err(Failure::Write { .. })));
        assert!(!path.exists());
    }
}
