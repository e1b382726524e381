//! A change of the settings that was made, read and found good, and is not written yet.
//!
//! The new text is read the way the server reads it before it takes the place of the old one: a change that would not be what
//! was asked for, or that would stop the server from starting, is refused. It is written beside and moved over, so whoever
//! reads the file sees the old text or the new one; and only over the text that it was made from. Secrets that were given
//! themselves go into files that nobody else may read: `secrets/ACCOUNT/…` in the folder of the data.
//!
//! Everything here waits for the disk.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use super::error::EditError;
use super::place::{Given, SecretPlace};
use super::section::{section, without};
use super::wanted::Wanted;
use crate::config::{self, Account, Config, Environment, Secret};
use crate::random;

/// The folder of secrets in the folder of the data.
const SECRETS: &str = "secrets";

/// A change that is not written yet.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    before: String,
    text: String,
    /// Secrets that are to be kept in files.
    kept: Vec<(PathBuf, Secret)>,
    /// The settings that it leads to.
    pub config: Config,
    /// The name of the account that it is about.
    pub name: String,
}

impl Draft {
    /// The settings with one account more.
    ///
    /// # Errors
    ///
    /// [`EditError`] when the file cannot be read, the name is taken, or the settings would be wrong.
    pub fn adding(path: &Path, wanted: &Wanted) -> Result<Self, EditError> {
        let before = read(path)?;
        let old = config::parse(&before, path, &config::Process).ok();
        if old.as_ref().is_some_and(|old| old.account(&wanted.name).is_some()) {
            return Err(EditError::Taken { name: wanted.name.clone() });
        }
        let mut wanted = wanted.clone();
        if wanted.hook_secret.is_none() {
            let made = HEXLOWER.encode(&random::key().map_err(EditError::System)?);
            wanted.hook_secret = Some(Given::Secret(Secret::new(&made)));
        }
        // Where secrets are kept depends on where the data are, which the old text says; a text without accounts, too.
        let data = data_folder(&before);
        let folder = data.join(SECRETS).join(&wanted.name);
        let added = section(&wanted, |name| SecretPlace::File(folder.join(name).display().to_string()));
        let text = format!("{}\n\n{added}", before.trim_end());
        let base = path.parent().unwrap_or(Path::new(""));
        let token = wanted.uis.as_ref().and_then(|uis| uis.token.as_ref());
        let given = [
            ("hook-secret", wanted.hook_secret.as_ref()),
            ("retailcrm-key", wanted.retailcrm.key.as_ref()),
            ("uis-token", token),
        ];
        let kept = given.into_iter().filter_map(|(name, given)| match given {
            Some(Given::Secret(secret)) => Some((base.join(&folder).join(name), secret.clone())),
            _ => None,
        });
        let kept: Vec<(PathBuf, Secret)> = kept.collect();
        let config = config::parse(&text, path, &WithKept { kept: &kept })?;
        let name = wanted.name;
        let others: Vec<&Account> = config.accounts.iter().filter(|account| account.name != name).collect();
        let is_asked_for = old.as_ref().is_none_or(|old| {
            old.changed_sections(&config).is_empty()
                && old.marketplace == config.marketplace
                && old.accounts.iter().collect::<Vec<_>>() == others
        });
        if !is_asked_for || config.account(&name).is_none() {
            return Err(EditError::ByHand);
        }
        Ok(Self { path: path.to_owned(), before, text, kept, config, name })
    }

    /// The settings without an account.
    ///
    /// # Errors
    ///
    /// [`EditError`] when the file cannot be read, there is no such account, its section cannot be told from the rest, or the
    /// settings would be wrong.
    pub fn removing(path: &Path, name: &str) -> Result<Self, EditError> {
        let before = read(path)?;
        let old = config::parse(&before, path, &config::Process)?;
        if old.account(name).is_none() {
            let known = old.accounts.iter().map(|account| account.name.clone()).collect();
            return Err(EditError::Unknown { name: name.to_owned(), known });
        }
        let text = without(&before, name).ok_or(EditError::ByHand)?;
        let config = config::parse(&text, path, &config::Process)?;
        let expected: Vec<&Account> = old.accounts.iter().filter(|account| account.name != name).collect();
        let is_rest = old.changed_sections(&config).is_empty() && old.marketplace == config.marketplace;
        if config.accounts.iter().collect::<Vec<_>>() != expected || !is_rest {
            return Err(EditError::ByHand);
        }
        Ok(Self { path: path.to_owned(), before, text, kept: Vec::new(), config, name: name.to_owned() })
    }

    /// The account that it adds.
    pub fn account(&self) -> Option<&Account> {
        self.config.account(&self.name)
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// [`EditError::Changed`] when the file is not any more what this was made from, [`EditError::Write`]; nothing is changed
    /// then.
    pub fn write(&self) -> Result<(), EditError> {
        for (path, secret) in &self.kept {
            if let Err(source) = keep(path, secret) {
                self.forget();
                return Err(EditError::Write { path: path.clone(), source });
            }
        }
        let written = self.exchange(&self.before, &self.text);
        if written.is_err() {
            self.forget();
        }
        written
    }

    /// Takes back what was written.
    ///
    /// # Errors
    ///
    /// [`EditError::Changed`] when somebody has changed it since, [`EditError::Write`].
    pub fn undo(&self) -> Result<(), EditError> {
        self.exchange(&self.text, &self.before)?;
        self.forget();
        Ok(())
    }

    /// Takes away the secrets that were kept for an account which is not there any more. Others are not this program's.
    pub fn forget_secrets(&self) {
        let base = self.path.parent().unwrap_or(Path::new(""));
        let folder = base.join(data_folder(&self.text)).join(SECRETS).join(&self.name);
        if let Err(error) = fs::remove_dir_all(&folder)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(account = self.name, %error, "kept secrets were not taken away");
        }
    }

    fn forget(&self) {
        for (path, _) in &self.kept {
            // What is not there need not be taken away.
            let _ = fs::remove_file(path);
        }
    }

    fn exchange(&self, from: &str, to: &str) -> Result<(), EditError> {
        let failed = |source| EditError::Write { path: self.path.clone(), source };
        // A link stays a link.
        let target = fs::canonicalize(&self.path).map_err(failed)?;
        let folder = target.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(to.as_bytes()).map_err(failed)?;
        let permissions = fs::metadata(&target).map_err(failed)?.permissions();
        fs::set_permissions(file.path(), permissions).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        if read(&self.path)? != from {
            return Err(EditError::Changed);
        }
        file.persist(&target).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// Replaces a secret that this program keeps; `false` when it keeps none for the account under this name.
///
/// # Errors
///
/// [`EditError::Write`].
pub(super) fn replace_kept(
    config: &Config,
    account: &str,
    name: &str,
    secret: &Secret,
) -> Result<bool, EditError> {
    let path = config.server.data.join(SECRETS).join(account).join(name);
    if !path.is_file() {
        return Ok(false);
    }
    keep(&path, secret).map_err(|source| EditError::Write { path, source })?;
    Ok(true)
}

/// Keeps a secret where only this user can read it.
fn keep(path: &Path, secret: &Secret) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // Made for its owner alone.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(secret.expose().as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn read(path: &Path) -> Result<String, EditError> {
    fs::read_to_string(path).map_err(|source| EditError::Read { path: path.to_owned(), source })
}

/// The folder of the data as the text names it.
fn data_folder(text: &str) -> PathBuf {
    let table: Option<toml::Table> = text.parse().ok();
    let server = table.as_ref().and_then(|table| table.get("server")?.get("data")?.as_str());
    PathBuf::from(server.unwrap_or(config::DATA))
}

/// The environment of the process, with the files that are yet to be written.
struct WithKept<'a> {
    kept: &'a [(PathBuf, Secret)],
}

impl Environment for WithKept<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        config::Process.variable(name)
    }

    fn file(&self, path: &Path) -> io::Result<String> {
        match self.kept.iter().find(|(kept, _)| kept == path) {
            Some((_, secret)) => Ok(secret.expose().to_owned()),
            None => config::Process.file(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# ours\n[server]\ndata = \"d\"\n\n[[account]]\nname = \"one\"\nbundle = \"r\"\n\
        hook_secret = \"0123456789abcdef0123456789abcdef\"\n[account.retailcrm]\nurl = \"one.retailcrm.ru\"\nkey = \"k\"\nsite = \"s\"\n";

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        fs::write(&path, TEXT).unwrap();
        (folder, path)
    }

    fn wanted() -> Wanted {
        serde_json::from_str(
            r#"{"name": "two", "bundle": "r", "retailcrm": {"url": "two.retailcrm.ru", "key": "s3cret", "site": "s"}}"#,
        )
        .unwrap()
    }

    #[test]
    fn nothing_is_written_before_it_is_and_all_of_it_can_be_taken_back() {
        let (folder, path) = place();
        let draft = Draft::adding(&path, &wanted()).unwrap();
        assert_eq!(draft.account().unwrap().retailcrm.key.expose(), "s3cret");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        draft.write().unwrap();
        let secrets = folder.path().join("d/secrets/two");
        assert_eq!(fs::read_to_string(secrets.join("retailcrm-key")).unwrap(), "s3cret");
        assert_eq!(fs::read_to_string(secrets.join("hook-secret")).unwrap().len(), 64);
        assert_eq!(config::load(&path).unwrap().accounts, draft.config.accounts);
        assert!(!fs::read_to_string(&path).unwrap().contains("s3cret"));
        draft.undo().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), TEXT);
        assert_eq!(fs::read_dir(&secrets).unwrap().count(), 0);
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_is_not_lost() {
        let (folder, path) = place();
        let draft = Draft::adding(&path, &wanted()).unwrap();
        let other = format!("{TEXT}# another\n");
        fs::write(&path, &other).unwrap();
        assert!(matches!(draft.write(), Err(EditError::Changed)));
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
        assert!(!folder.path().join("d/secrets/two/retailcrm-key").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_mode_a_mode() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (folder, path) = place();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.toml");
        symlink(&path, &link).unwrap();
        Draft::adding(&link, &wanted()).unwrap().write().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(config::load(&path).unwrap().accounts.len(), 2);
        let draft = Draft::removing(&link, "two").unwrap();
        draft.write().unwrap();
        draft.forget_secrets();
        assert_eq!(fs::read_to_string(&path).unwrap().trim_end(), TEXT.trim_end());
        assert!(!folder.path().join("d/secrets/two").exists());
    }
}
