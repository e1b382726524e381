//! Bundles on disk: which folders are one, and their files in memory.
//!
//! A bundle is a folder with its `.rules`, `.rhai`, `.csv` and `.j2` files, subfolders included, hidden ones left out.
//! Names inside a bundle are relative to it and use `/`. A single `.rules` file is the bundle of that file: what it
//! includes comes with it, its other neighbours do not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use switchboard_engine::bundle::BundleSource;
use switchboard_grammar::ast::SectionKind;

use super::read::read_limited;
use crate::failure::Failure;

/// The largest single file that is read; the language has narrower limits, and better words for them.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// The most bytes of one bundle that are read.
const MAX_BUNDLE_BYTES: u64 = 64 << 20;
/// The most files of one bundle.
const MAX_FILES: usize = 4096;
/// How many folders deep is looked.
const MAX_DEPTH: usize = 16;

/// A bundle as it lies on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BundleFiles {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// Its files: names inside the bundle, bytes.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl BundleFiles {
    /// Its files for the engine.
    pub(crate) fn source(&self) -> BundleSource {
        let mut source = BundleSource::new();
        for (name, bytes) in &self.files {
            // Only names that the engine wants were collected.
            let _ = source.add(name.clone(), bytes.clone());
        }
        source
    }

    /// Where a file of the bundle lies, as the caller named the bundle.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        joined(&self.root, name)
    }
}

/// The bundles that `paths` mean; the present folder when there are none.
///
/// # Errors
/// When a path cannot be read, is no bundle, or is beyond a limit.
pub(crate) fn bundles(paths: &[PathBuf]) -> Result<Vec<BundleFiles>, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut found = Vec::new();
    for path in paths {
        if is_folder(path)? {
            let before = found.len();
            folder_bundles(path, 0, &mut found)?;
            if found.len() == before {
                return Err(no_rules(path));
            }
        } else if !(paths.len() > 1 && is_page(path)) {
            found.push(file_bundle(path)?);
        }
    }
    Ok(found)
}

/// Whether a file is a page for people, as lies beside bundles and is named with them by the `*` of a shell.
fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "md")
}

/// The one bundle that `path` means.
///
/// # Errors
/// As [`bundles`], and when the folder holds several bundles or none.
pub(crate) fn one_bundle(path: &Path) -> Result<BundleFiles, Failure> {
    if !is_folder(path)? {
        return file_bundle(path);
    }
    let bundle = read_folder(path)?;
    if bundle.files.keys().any(|name| is_rules(name)) { Ok(bundle) } else { Err(no_rules(path)) }
}

/// All `.rules` files that `paths` mean, sorted; the present folder when there are none.
///
/// # Errors
/// When a path cannot be read.
pub(crate) fn rules_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here } else { paths };
    let mut found = Vec::new();
    for path in paths {
        if is_folder(path)? {
            let mut names = Vec::new();
            walk(path, "", 0, &mut names)?;
            let before = found.len();
            found.extend(names.into_iter().filter(|name| is_rules(name)).map(|name| joined(path, &name)));
            if found.len() == before {
                return Err(no_rules(path));
            }
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// A folder that holds rules itself is one bundle; otherwise its subfolders are looked at in the same way.
fn folder_bundles(folder: &Path, depth: usize, found: &mut Vec<BundleFiles>) -> Result<(), Failure> {
    let mut subfolders = Vec::new();
    let mut has_rules = false;
    for (name, path, is_folder) in entries(folder)? {
        if is_folder {
            subfolders.push(path);
        } else {
            has_rules |= is_rules(&name);
        }
    }
    if has_rules {
        found.push(read_folder(folder)?);
    } else if depth < MAX_DEPTH {
        for subfolder in subfolders {
            folder_bundles(&subfolder, depth + 1, found)?;
        }
    }
    Ok(())
}

fn read_folder(folder: &Path) -> Result<BundleFiles, Failure> {
    let mut names = Vec::new();
    walk(folder, "", 0, &mut names)?;
    let mut bundle = BundleFiles { root: folder.to_path_buf(), files: BTreeMap::new() };
    let mut bytes_left = MAX_BUNDLE_BYTES;
    for name in names {
        let bytes = read_limited(&bundle.path(&name), MAX_FILE_BYTES)?;
        let Some(left) = bytes_left.checked_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX)) else {
            return Err(too_much(
                folder,
                &format!("{MAX_BUNDLE_BYTES} bytes"),
                &format!("{MAX_BUNDLE_BYTES} байт"),
            ));
        };
        bytes_left = left;
        bundle.files.insert(name, bytes);
    }
    Ok(bundle)
}

/// The bundle of one file: the file, what it includes, and everything beside it that is not rules.
fn file_bundle(path: &Path) -> Result<BundleFiles, Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !is_rules(&name) {
        return Err(Failure::input(
            format!("`{}` is neither a folder nor a `.rules` file", path.display()),
            format!("`{}` – не папка и не файл `.rules`", path.display()),
        ));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut bundle = read_folder(folder)?;
    let mut wanted = vec![name];
    let mut kept = Vec::new();
    while let Some(name) = wanted.pop() {
        if kept.contains(&name) {
            continue;
        }
        if let Some(bytes) = bundle.files.get(&name) {
            wanted.extend(includes(&String::from_utf8_lossy(bytes)));
            kept.push(name);
        }
    }
    bundle.files.retain(|name, _| !is_rules(name) || kept.contains(name));
    Ok(bundle)
}

fn includes(text: &str) -> Vec<String> {
    switchboard_grammar::parse(text)
        .file
        .sections
        .iter()
        .filter_map(|section| match &section.kind {
            SectionKind::Include(include) => include.path.plain().map(str::to_owned),
            _ => None,
        })
        .collect()
}

/// Names below `folder` that belong to a bundle, with `/`, in order.
fn walk(folder: &Path, prefix: &str, depth: usize, names: &mut Vec<String>) -> Result<(), Failure> {
    for (name, path, is_folder) in entries(folder)? {
        let inside = format!("{prefix}{name}");
        if is_folder {
            if depth < MAX_DEPTH {
                walk(&path, &format!("{inside}/"), depth + 1, names)?;
            }
        } else if BundleSource::wants(&inside) {
            names.push(inside);
            if names.len() > MAX_FILES {
                return Err(too_much(folder, &format!("{MAX_FILES} files"), &format!("{MAX_FILES} файлов")));
            }
        }
    }
    Ok(())
}

/// What lies in a folder, sorted by name: name, path, whether it is a folder. Hidden things and links to folders are
/// left out: the first are not meant, the second could lead in a circle.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf, bool)>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Failure::read(folder))? {
        let entry = entry.map_err(Failure::read(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = joined(folder, &name);
        let kind = entry.file_type().map_err(Failure::read(&path))?;
        if name.starts_with('.') || (kind.is_symlink() && path.is_dir()) {
            continue;
        }
        found.push((name, path, kind.is_dir()));
    }
    found.sort();
    Ok(found)
}

fn is_folder(path: &Path) -> Result<bool, Failure> {
    Ok(fs::metadata(path).map_err(Failure::read(path))?.is_dir())
}

fn is_rules(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "rules")
}

fn joined(folder: &Path, name: &str) -> PathBuf {
    if folder.as_os_str() == "." { PathBuf::from(name) } else { folder.join(name) }
}

fn no_rules(path: &Path) -> Failure {
    Failure::input(
        format!("no `.rules` file in `{}`", path.display()),
        format!("в папке `{}` нет файлов `.rules`", path.display()),
    )
}

fn too_much(folder: &Path, en: &str, ru: &str) -> Failure {
    Failure::input(
        format!("the bundle in `{}` has more than {en}", folder.display()),
        format!("набор правил в `{}` больше {ru}", folder.display()),
    )
}
