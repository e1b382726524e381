//! What requests share: settings, store, clock, rules, figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::accounts::{Accounts, Serving};
use crate::clock::Clock;
use crate::config::Config;
use crate::deals;
use crate::directory::Directory;
use crate::forwarding::Desk;
use crate::http::credentials::Credentials;
use crate::module::Modules;
use crate::observe::Figures;
use crate::popup::Bell;
use crate::random;
use crate::reports::Reports;
use crate::rulebook::Rulebook;
use crate::store::Store;
use crate::workplace;

/// What the routes are made from.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The settings.
    pub config: Arc<Config>,
    /// Where notifications go and what pages show.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The rules in force.
    pub rulebook: Arc<Rulebook>,
    /// The rules that are tried beside them.
    pub shadows: Arc<Rulebook>,
    /// Rung when an event of a call is durable.
    pub bell: Bell,
    /// The modules whose callbacks are taken.
    pub modules: Modules,
    /// What is counted.
    pub figures: Figures,
    /// Who answers whom a call is put through to, by account.
    pub desks: BTreeMap<String, Arc<Desk>>,
    /// The reports of UIS, by account.
    pub reports: BTreeMap<String, Arc<Reports>>,
    /// The people of each account.
    pub directories: BTreeMap<String, Arc<Directory>>,
    /// The way to the accounts of the settings.
    pub accounts: Arc<Accounts>,
    /// Who takes orders to UIS, by account; accounts without a key of UIS have none.
    pub deals: BTreeMap<String, Arc<deals::Desk>>,
    /// The operator workplace, by account; accounts without the page have none.
    pub workplaces: BTreeMap<String, Arc<workplace::Desk>>,
}

/// What requests share.
pub struct Shared {
    pub(super) parts: Parts,
    pub(super) credentials: Credentials,
    /// Under which tokens of forms are made; anew for each process.
    pub(super) form_key: [u8; 32],
    /// When the store was last asked whether it can write, and what it said.
    pub(super) probed: tokio::sync::Mutex<Option<(Timestamp, &'static str)>>,
}

impl Shared {
    /// Puts the parts together.
    ///
    /// # Errors
    ///
    /// When the system has no randomness for the keys of this process.
    pub fn new(parts: Parts) -> std::io::Result<Arc<Self>> {
        let credentials = Credentials::new(&parts.config.accounts, random::key()?);
        let form_key = random::key()?;
        Ok(Arc::new(Self { parts, credentials, form_key, probed: tokio::sync::Mutex::default() }))
    }

    /// What is served, for whoever waits.
    pub(crate) fn serving(&self) -> Serving {
        Serving { config: Arc::clone(&self.parts.config), modules: self.parts.modules.clone() }
    }

    /// The same with other accounts. Forms that are open stay valid.
    ///
    /// # Errors
    ///
    /// When the system has no randomness for the comparing of secrets.
    pub fn next(&self, change: impl FnOnce(&mut Parts)) -> std::io::Result<Arc<Self>> {
        let mut parts = self.parts.clone();
        change(&mut parts);
        let credentials = Credentials::new(&parts.config.accounts, random::key()?);
        let probed = tokio::sync::Mutex::default();
        Ok(Arc::new(Self { parts, credentials, form_key: self.form_key, probed }))
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").field("credentials", &self.credentials).finish_non_exhaustive()
    }
}
