//! The files of a bundle on disk, within limits.
//!
//! What cannot be read is left out: the check then says that it is missing. Hidden things and links to folders are no part
//! of a bundle, as for `rules check`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use switchboard_engine::bundle::BundleSource;
use switchboard_engine::fixture::{MAX_TEST_DEPTH, MAX_TESTS};

/// The largest file that is read. The language has narrower limits, and better words for them.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// The most bytes of one bundle that are read.
const MAX_BUNDLE_BYTES: usize = 64 << 20;
/// The most files of one bundle.
const MAX_FILES: usize = 4096;
/// How many folders deep is looked.
const MAX_DEPTH: usize = 16;

/// The names and bytes of the files below a folder that belong to a bundle.
pub(crate) fn bundle_files(root: &Path) -> BTreeMap<String, Arc<[u8]>> {
    let mut names = Vec::new();
    walk(root, "", (MAX_DEPTH, MAX_FILES), &|name| BundleSource::wants(name), &mut names);
    let mut left = MAX_BUNDLE_BYTES;
    let mut files = BTreeMap::new();
    for name in names {
        let Some(bytes) = bytes(&root.join(&name)) else { continue };
        let Some(rest) = left.checked_sub(bytes.len()) else { break };
        left = rest;
        files.insert(name, bytes.into());
    }
    files
}

/// The names of the `.json` files below a folder, without their ending, as `rules test` has them.
pub(crate) fn fixture_names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    walk(folder, "", (MAX_TEST_DEPTH, MAX_TESTS), &|name| name.ends_with(".json"), &mut names);
    names.into_iter().filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect()
}

/// The bytes of a file; None when it cannot be read or is too large.
pub(crate) fn bytes(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_FILE_BYTES).then_some(bytes)
}

/// Writes a file that a person asked for.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> std::io::Result<()> {
    fs::write(path, text)
}

/// The folder of the bundle that a file of a test belongs to: as of other files, or else the nearest one above with rules in
/// it, for an editor that was opened on the test alone.
pub(crate) fn root_of_test(file: &Path, top: Option<&Path>) -> PathBuf {
    let root = root_of(file, top);
    if holds_rules(&root) {
        return root;
    }
    let above = file.ancestors().skip(1).take(MAX_TEST_DEPTH + 2).find(|folder| holds_rules(folder));
    above.map_or(root, Path::to_path_buf)
}

/// The folder of the bundle that a file belongs to: the topmost folder with rules in it on the way from `top`, where the
/// editor was opened, down to the file; else the file's own.
pub(crate) fn root_of(file: &Path, top: Option<&Path>) -> PathBuf {
    let own = file.parent().unwrap_or(file);
    let Some(top) = top.filter(|top| file.starts_with(top)) else { return own.to_path_buf() };
    let mut way: Vec<&Path> = own.ancestors().take_while(|folder| folder.starts_with(top)).collect();
    way.reverse();
    way.into_iter().find(|folder| holds_rules(folder)).unwrap_or(own).to_path_buf()
}

/// Whether rules lie in a folder, and not only below it.
pub(crate) fn holds_rules(folder: &Path) -> bool {
    entries(folder).iter().any(|(name, _, is_folder)| !is_folder && name.ends_with(".rules"))
}

/// `most` says how many folders deep is looked, and for how many files.
fn walk(
    folder: &Path,
    prefix: &str,
    most: (usize, usize),
    wants: &dyn Fn(&str) -> bool,
    names: &mut Vec<String>,
) {
    let (depth, files) = most;
    for (name, path, is_folder) in entries(folder) {
        let inside = format!("{prefix}{name}");
        if names.len() >= files {
            return;
        }
        if is_folder && depth > 0 {
            walk(&path, &format!("{inside}/"), (depth - 1, files), wants, names);
        } else if !is_folder && wants(&inside) {
            names.push(inside);
        }
    }
}

/// What lies in a folder, sorted: name, path, whether it is a folder.
fn entries(folder: &Path) -> Vec<(String, PathBuf, bool)> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<_> = read
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().ok()?;
            let path = entry.path();
            (!(name.starts_with('.') || kind.is_symlink() && path.is_dir()))
                .then(|| (name, path, kind.is_dir()))
        })
        .collect();
    found.sort();
    found
}
