//! The demo's folder: rules, settings, the server's store and the stand-ins' ledger.
//!
//! Layout: `bundle/` (the shop's rules, written once and then left alone, so that they can be edited), `switchboard.toml`
//! (written at each start, since addresses change), `server/` (the store), `crm.ledger` (what RetailCRM and UIS were told), `began` (when the
//! demo was first started).
//! Without a folder of the caller's, a temporary one that goes at the end.

use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use switchboard_emulator::Addresses;
use switchboard_grammar::lang::Lang;
use tempfile::TempDir;

use super::day::ZONE;
use crate::failure::Failure;

/// Name of the account.
pub(crate) const ACCOUNT: &str = "romashka";

const RULES_EN: &str = include_str!("../../../fixtures/demo/en/main.rules");
const RULES_RU: &str = include_str!("../../../fixtures/demo/ru/main.rules");
const SPAM: &str = include_str!("../../../fixtures/demo/spam.csv");

/// The folder.
#[derive(Debug)]
pub(crate) struct Place {
    folder: PathBuf,
    /// Removes the folder when the demo ends.
    _temporary: Option<TempDir>,
    /// The unguessable part of the notification address.
    secret: String,
}

impl Place {
    /// Makes or enters the folder and puts the rules there if there are none.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn enter(data: Option<&Path>, lang: Lang) -> Result<Self, Failure> {
        let temporary = match data {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(Failure::write(Path::new("a temporary folder")))?),
        };
        let folder = data.map_or_else(
            || temporary.as_ref().map(|folder| folder.path().to_path_buf()).unwrap_or_default(),
            Path::to_path_buf,
        );
        let place = Self { folder, _temporary: temporary, secret: random_secret() };
        let bundle = place.bundle();
        if !bundle.is_dir() {
            // Beside and moved over: a demo that is killed here finds no bundle at its next start, or a whole one.
            let draft = place.folder.join("bundle.draft");
            fs::create_dir_all(&draft).map_err(Failure::write(&draft))?;
            for (name, text) in [("main.rules", lang.pick(RULES_EN, RULES_RU)), ("spam.csv", SPAM)] {
                let path = draft.join(name);
                fs::write(&path, text).map_err(Failure::write(&path))?;
            }
            fs::rename(&draft, &bundle).map_err(Failure::write(&bundle))?;
        }
        Ok(place)
    }

    /// The folder of the rules.
    pub(crate) fn bundle(&self) -> PathBuf {
        self.folder.join("bundle")
    }

    /// Where the stand-ins keep what they were told.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("crm.ledger")
    }

    /// Whether the rules are the ones that came with the program, in either language.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn has_own_rules(&self) -> Result<bool, Failure> {
        let path = self.bundle().join("main.rules");
        let rules = fs::read_to_string(&path).map_err(Failure::read(&path))?;
        Ok(rules != RULES_EN && rules != RULES_RU)
    }

    /// When the demo was first started here, to the second.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub(crate) fn began(&self) -> Result<Timestamp, Failure> {
        let path = self.folder.join("began");
        if let Some(known) = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()) {
            return Ok(known);
        }
        let now = Timestamp::now();
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        fs::write(&path, now.to_string()).map_err(Failure::write(&path))?;
        Ok(now)
    }

    /// The path of the notification address, below the server's.
    pub(crate) fn hook(&self) -> String {
        format!("/hooks/{ACCOUNT}/{}/uis", self.secret)
    }

    /// Writes the settings for stand-ins at these addresses and gives the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn settings(&self, addresses: &Addresses) -> Result<PathBuf, Failure> {
        let path = self.folder.join("switchboard.toml");
        let crm = &addresses.services.retailcrm;
        let uis = &addresses.services.uis;
        // Records come when they come; a demo that lay still for an hour must not upload calls without them.
        let text = format!(
            r#"# Written by `rules demo` at each start.

[server]
listen = "127.0.0.1:0"
console_listen = "127.0.0.1:0"
data = "server"

# Short, so that a demo that was killed goes on soon.
[limits]
crm_timeout = "3 s"
lease = "8 s"

[log]
level = "error"

[security]
allow_loopback = true

[[account]]
name = "{ACCOUNT}"
bundle = "bundle"
hook_secret = "{secret}"
record_wait = "24 h"
timezone = "{ZONE}"

[account.retailcrm]
url = "{url}"
key = "{key}"
site = "{site}"
chat_transcript = "note"

[account.uis]
data_api = "{data_api}"
call_api = "{call_api}"
token = "{token}"
# The day is told whole, and it is over long ago.
find_missed = false
failed_deliveries = false
marketing_wait = "0 s"
# So that nobody waits for a chat, and what was not read yet is read also after a long pause.
written_interval = "1 s"
written_overlap = "24 h"
reports_first = "24 h"
# Several shops' worth of questions, all at once.
[account.deals]
settle = "500 ms"
history_interval = "1 s"
processing_check = "1 s"
"#,
            secret = self.secret,
            url = crm.url,
            key = crm.key,
            site = crm.site,
            data_api = uis.data_api,
            call_api = uis.call_api,
            token = uis.token,
        );
        fs::write(&path, text).map_err(Failure::write(&path))?;
        Ok(path)
    }
}

/// A secret of 128 bits. It guards an address on loopback for as long as the demo runs.
fn random_secret() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}
