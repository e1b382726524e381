//! The modules whose callbacks are taken, found by the secret that a callback shows.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use subtle::ConstantTimeEq as _;
use tokio::sync::{Notify, watch};

use super::memory::{Accepted, Activity, Memory, Moved, Status};
use crate::config::Secret;
use crate::crm::{Address, AddressRules};
use crate::store::record::AccountId;
use crate::store::{Store, StoreError};

/// Longest status that is kept, in characters.
const MAX_STATUS: usize = 40;

/// What a module is made from.
#[derive(Debug, Clone)]
pub struct ModuleParts {
    /// The account.
    pub account: AccountId,
    /// Where it keeps what it is told.
    pub store: Arc<dyn Store>,
    /// Which addresses this server may call.
    pub addresses: AddressRules,
    /// Where the account lives, by the settings.
    pub address: Address,
    /// How long two clicks of one person on one number are one.
    pub double_click: std::time::Duration,
}

/// The module of one account.
#[derive(Debug)]
pub struct Module {
    parts: ModuleParts,
    client_id: Secret,
    /// Held while something is read, changed and written back.
    changing: tokio::sync::Mutex<()>,
    trouble: Mutex<Option<String>>,
    /// Whether its work is to end.
    retired: AtomicBool,
    /// Told when a registration was accepted, or why there is none has changed.
    registered: watch::Sender<()>,
    /// Told when there is a click to be dialled.
    pub clicked: Notify,
    /// Told when the registration should be looked at.
    pub look: Notify,
    /// Told when both sides should be listed anew.
    pub list: Notify,
}

/// All modules. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Modules {
    all: Arc<Vec<(blake3::Hash, Arc<Module>)>>,
    key: [u8; 32],
}

/// What people want to know of a module.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The registration that was accepted last.
    pub accepted: Option<Accepted>,
    /// Why the last one was not, or cannot be sent.
    pub trouble: Option<String>,
    /// Whether it is switched on in RetailCRM; `None` when it was never said.
    pub activity: Option<Activity>,
    /// Where RetailCRM says that the account is now.
    pub moved: Option<Moved>,
    /// Statuses of users.
    pub statuses: BTreeMap<u64, Status>,
}

impl Modules {
    /// Takes modules and a key that nobody knows, under which their secrets are compared.
    pub fn new(modules: Vec<Arc<Module>>, key: [u8; 32]) -> Self {
        let hash = |module: &Module| blake3::keyed_hash(&key, module.client_id.expose().as_bytes());
        let all = modules.into_iter().map(|module| (hash(&module), module)).collect();
        Self { all: Arc::new(all), key }
    }

    /// The module whose secret this is. Takes the same time whichever it is, and when it is none.
    pub fn find(&self, client_id: &str) -> Option<&Arc<Module>> {
        let shown = blake3::keyed_hash(&self.key, client_id.as_bytes());
        let mut found = None;
        for (hash, module) in self.all.iter() {
            if bool::from(hash.as_bytes().ct_eq(shown.as_bytes())) {
                found = Some(module);
            }
        }
        found
    }

    /// The module of an account.
    pub fn of(&self, account: &str) -> Option<&Arc<Module>> {
        self.all.iter().map(|(_, module)| module).find(|module| module.parts.account.as_str() == account)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Module {
    /// Opens the module of an account; its secret is made when there is none yet.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`], and when the system has no randomness.
    pub async fn open(parts: ModuleParts) -> Result<Self, StoreError> {
        let client_id = Memory { store: &*parts.store, account: &parts.account }.client_id().await?;
        Ok(Self {
            parts,
            client_id,
            changing: tokio::sync::Mutex::default(),
            trouble: Mutex::default(),
            retired: AtomicBool::new(false),
            registered: watch::Sender::new(()),
            clicked: Notify::new(),
            look: Notify::new(),
            list: Notify::new(),
        })
    }

    /// The account.
    pub fn account(&self) -> &AccountId {
        &self.parts.account
    }

    /// How long two clicks of one person on one number are one.
    pub fn double_click(&self) -> std::time::Duration {
        self.parts.double_click
    }

    /// A key that follows from the module's secret, one for each purpose; whoever has it cannot tell the secret.
    pub(crate) fn key_for(&self, purpose: &'static str) -> [u8; 32] {
        blake3::derive_key(purpose, self.client_id.expose().as_bytes())
    }

    pub(super) fn client_id(&self) -> &Secret {
        &self.client_id
    }

    pub(super) fn memory(&self) -> Memory<'_> {
        Memory { store: &*self.parts.store, account: &self.parts.account }
    }

    pub(super) fn set_trouble(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        self.registered.send_replace(());
    }

    /// Why the last registration was not accepted, or cannot be sent.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the registration that is wanted was accepted.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn is_registered(&self) -> Result<bool, StoreError> {
        Ok(self.memory().accepted().await?.is_some_and(|accepted| accepted.holds()))
    }

    /// Registers it again, whatever was accepted before, and lets it work: somebody connected it anew.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn renew(&self, now: Timestamp) -> Result<(), StoreError> {
        if !self.works().await? {
            self.switched(true, false, now).await?;
        }
        if let Some(accepted) = self.memory().accepted().await? {
            self.change_accepted(&accepted.clone(), &accepted.outdated()).await?;
        }
        self.look.notify_one();
        Ok(())
    }

    /// Changes what was accepted, unless it is not any more what the change was made from.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub(super) async fn change_accepted(&self, from: &Accepted, to: &Accepted) -> Result<(), StoreError> {
        let _changing = self.changing.lock().await;
        if self.memory().accepted().await?.as_ref() == Some(from) {
            self.memory().put_accepted(to).await?;
        }
        Ok(())
    }

    /// Ends its work: nothing new is begun, and what is under way is finished.
    pub fn retire(&self) {
        self.retired.store(true, Ordering::SeqCst);
        self.clicked.notify_one();
        self.look.notify_one();
    }

    /// Whether its work is to end.
    pub fn is_retired(&self) -> bool {
        self.retired.load(Ordering::SeqCst)
    }

    /// Told when a registration was accepted, or why there is none has changed.
    pub fn registrations(&self) -> watch::Receiver<()> {
        self.registered.subscribe()
    }

    /// Whether it is switched on in RetailCRM, as far as was told.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn works(&self) -> Result<bool, StoreError> {
        Ok(self.memory().activity().await?.is_none_or(|activity| activity.works()))
    }

    /// Takes note that the module was switched on or off: the account's work goes on or rests from now on, durably.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`]; the caller is to be told, so that it comes again.
    pub async fn switched(&self, active: bool, freeze: bool, now: Timestamp) -> Result<(), StoreError> {
        let _changing = self.changing.lock().await;
        let activity = Activity { active, freeze, at: now };
        self.memory().put_activity(activity).await?;
        tracing::warn!(account = %self.parts.account, active, freeze, "RetailCRM says whether the module works");
        self.look.notify_one();
        self.clicked.notify_one();
        Ok(())
    }

    /// Takes note of what a look at RetailCRM showed, unless something was said since `before`, which was known when the look
    /// began: what is said is newer than what was seen.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub(super) async fn seen(
        &self,
        active: bool,
        freeze: bool,
        before: Option<Activity>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let seen = Activity { active, freeze, at: now };
        let was_working = before.is_none_or(|before| before.works());
        if was_working == seen.works() {
            return Ok(());
        }
        let _changing = self.changing.lock().await;
        if self.memory().activity().await? != before {
            return Ok(());
        }
        self.memory().put_activity(seen).await?;
        tracing::warn!(account = %self.parts.account, active, freeze, "RetailCRM shows whether the module works; nobody had told");
        self.clicked.notify_one();
        Ok(())
    }

    /// Takes note of a new address of the account. It is not followed: the settings say where the account lives.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn moved(&self, to: &str, now: Timestamp) -> Result<(), StoreError> {
        let checked = Address::parse(to, &self.parts.addresses);
        if checked.as_ref() == Ok(&self.parts.address) {
            return Ok(());
        }
        let (to, allowed) = match checked {
            Ok(address) => (address.as_str().to_owned(), true),
            Err(error) => (error.to_string(), false),
        };
        tracing::warn!(account = %self.parts.account, allowed, "RetailCRM says that the account has moved");
        self.memory().put_moved(&Moved { to, allowed, at: now }).await
    }

    /// Takes note of a user's status.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn status(&self, user: u64, status: &str, now: Timestamp) -> Result<(), StoreError> {
        let _changing = self.changing.lock().await;
        let status = status.chars().filter(|letter| !letter.is_control()).take(MAX_STATUS).collect();
        self.memory().put_status(user, Status { status, at: now }).await
    }

    /// What people want to know of it.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn shown(&self) -> Result<Shown, StoreError> {
        let memory = self.memory();
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Shown {
            accepted: memory.accepted().await?,
            trouble,
            activity: memory.activity().await?,
            moved: memory.moved().await?,
            statuses: memory.statuses().await?,
        })
    }
}
