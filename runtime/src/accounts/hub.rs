//! The one way to the accounts of a running server.
//!
//! Whoever changes the file of settings asks here for it to be taken up, and hears whether it was. Changes that come through
//! here are made one after the other, and are taken back when the server cannot take them up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};

use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::Timestamp;
use switchboard_grammar::diagnostic::Text;
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};

use super::draft::{Draft, replace_kept};
use super::error::EditError;
use super::standing::Standing;
use super::wanted::Wanted;
use crate::checkup::{self, Level, Report};
use crate::config::{Config, Secret};
use crate::module::Modules;
use crate::outbound::Transport;

/// Questions that wait.
const ASKS: usize = 16;

/// Asks for the settings to be read again; is told whether they were taken up, and if not, why.
pub type Ask = oneshot::Sender<Result<(), Text>>;

/// The way to the accounts of a running server.
#[derive(Debug)]
pub struct Accounts {
    changing: Option<Changing>,
    asks: mpsc::Sender<Ask>,
    standing: ArcSwap<Standing>,
    /// Held while the file is changed.
    editing: Mutex<()>,
    serving: ArcSwapOption<Serving>,
    /// What is done alone, by name; see [`Accounts::alone`].
    alone: std::sync::Mutex<BTreeMap<String, Weak<Mutex<()>>>>,
}

/// What is served now. A request that waits may be answered by accounts that were not there when it came.
#[derive(Debug)]
pub struct Serving {
    /// The settings in force.
    pub config: Arc<Config>,
    /// The modules.
    pub modules: Modules,
}

/// What accounts are changed with.
#[derive(Debug)]
pub struct Changing {
    /// The file of settings.
    pub file: PathBuf,
    /// The way to both sides, for checks.
    pub transport: Arc<dyn Transport>,
}

impl Accounts {
    /// The way, and where questions come out. Without a file nothing can be changed.
    pub fn new(changing: Option<Changing>, now: Timestamp) -> (Arc<Self>, mpsc::Receiver<Ask>) {
        let (asks, asked) = mpsc::channel(ASKS);
        let standing = ArcSwap::from_pointee(Standing { since: now, ..Standing::default() });
        (
            Arc::new(Self {
                changing,
                asks,
                standing,
                editing: Mutex::default(),
                serving: ArcSwapOption::empty(),
                alone: std::sync::Mutex::default(),
            }),
            asked,
        )
    }

    /// How the settings stand.
    pub fn standing(&self) -> Arc<Standing> {
        self.standing.load_full()
    }

    /// Says how they stand.
    pub(crate) fn stands(&self, standing: Standing) {
        self.standing.store(Arc::new(standing));
    }

    /// What is served now; `None` where nothing can change.
    pub fn serving(&self) -> Option<Arc<Serving>> {
        self.serving.load_full()
    }

    /// Says what is served.
    pub(crate) fn serves(&self, serving: Serving) {
        self.serving.store(Some(Arc::new(serving)));
    }

    /// The way out, for questions to a RetailCRM that is no account yet.
    ///
    /// # Errors
    ///
    /// [`EditError::NoFile`].
    pub fn transport(&self) -> Result<Arc<dyn Transport>, EditError> {
        Ok(Arc::clone(&self.changing()?.transport))
    }

    /// Waits until nobody else does something of this name; `None` when `most` names are under way.
    pub async fn alone(&self, name: &str, most: usize) -> Option<OwnedMutexGuard<()>> {
        let lock = {
            let mut under_way = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.retain(|_, lock| lock.strong_count() > 0);
            match under_way.get(name).and_then(Weak::upgrade) {
                Some(lock) => lock,
                None if under_way.len() >= most => return None,
                None => {
                    let lock = Arc::new(Mutex::new(()));
                    under_way.insert(name.to_owned(), Arc::downgrade(&lock));
                    lock
                }
            }
        };
        // Whoever holds the guard holds the lock, and it counts as under way.
        Some(lock.lock_owned().await)
    }

    /// Whether accounts can be changed at all.
    pub fn can_change(&self) -> bool {
        self.changing.is_some()
    }

    /// Asks for the settings on disk to be taken up now.
    ///
    /// # Errors
    ///
    /// Why they are not; the old ones stay in force.
    pub async fn take_up(&self) -> Result<(), Text> {
        let (ask, answer) = oneshot::channel();
        let gone = || Text::new("the server is stopping", "сервер останавливается");
        self.asks.send(ask).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Asks both sides of an account that is not in the settings yet; nothing is changed.
    ///
    /// # Errors
    ///
    /// [`EditError`] when the account could not be written into the settings.
    pub async fn check(&self, wanted: Wanted, now: Timestamp) -> Result<Report, EditError> {
        let draft = self.draft(wanted).await?;
        self.report(&draft, now).await
    }

    /// Asks both sides of an account of the settings.
    ///
    /// # Errors
    ///
    /// [`EditError::Unknown`].
    pub async fn check_known(
        &self,
        config: &Config,
        name: &str,
        now: Timestamp,
    ) -> Result<Report, EditError> {
        let transport = &self.changing()?.transport;
        let Some(account) = config.account(name) else {
            let known = config.accounts.iter().map(|account| account.name.clone()).collect();
            return Err(EditError::Unknown { name: name.to_owned(), known });
        };
        Ok(checkup::check(config, account, transport, now).await)
    }

    /// Writes an account into the settings, after a check unless it is `unchecked`, and serves it. Gives what the check found.
    ///
    /// # Errors
    ///
    /// [`EditError`]; nothing is changed then.
    pub async fn add(
        &self,
        wanted: Wanted,
        unchecked: bool,
        now: Timestamp,
    ) -> Result<Option<Report>, EditError> {
        let _editing = self.editing.lock().await;
        let draft = self.draft(wanted).await?;
        let report = if unchecked { None } else { Some(self.report(&draft, now).await?) };
        if let Some(report) = report.as_ref().filter(|report| report.level() == Level::Error) {
            return Err(EditError::Found { report: Box::new(report.clone()) });
        }
        self.put(draft).await?;
        Ok(report)
    }

    /// Takes an account out of the settings and serves it no more. What was accepted for it stays and waits.
    ///
    /// # Errors
    ///
    /// [`EditError`]; nothing is changed then.
    pub async fn remove(&self, name: &str) -> Result<(), EditError> {
        let _editing = self.editing.lock().await;
        let (file, name) = (self.changing()?.file.clone(), name.to_owned());
        let draft = on_disk(move || Draft::removing(&file, &name)).await?;
        let draft = self.put(draft).await?;
        on_disk(move || {
            draft.forget_secrets();
            Ok(())
        })
        .await
    }

    /// Exchanges the key of RetailCRM of an account whose key this program keeps, and goes over to it; `false` when it is kept
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// [`EditError`].
    pub async fn exchange_key(
        &self,
        config: &Arc<Config>,
        name: &str,
        key: &Secret,
    ) -> Result<bool, EditError> {
        let _editing = self.editing.lock().await;
        let Some(account) = config.account(name) else { return Ok(false) };
        let old = account.retailcrm.key.clone();
        let put = |key: Secret| {
            let (config, name) = (Arc::clone(config), name.to_owned());
            on_disk(move || replace_kept(&config, &name, "retailcrm-key", &key))
        };
        let replaced = put(key.clone()).await?;
        if replaced && let Err(why) = self.take_up().await {
            put(old).await?;
            return Err(EditError::NotTakenUp { why });
        }
        Ok(replaced)
    }

    async fn draft(&self, wanted: Wanted) -> Result<Draft, EditError> {
        let file = self.changing()?.file.clone();
        on_disk(move || Draft::adding(&file, &wanted)).await
    }

    async fn report(&self, draft: &Draft, now: Timestamp) -> Result<Report, EditError> {
        let account = draft.account().ok_or(EditError::ByHand)?;
        Ok(checkup::check(&draft.config, account, &self.changing()?.transport, now).await)
    }

    /// Writes a draft and has it taken up.
    async fn put(&self, draft: Draft) -> Result<Draft, EditError> {
        let draft = on_disk(move || draft.write().map(|()| draft)).await?;
        if let Err(why) = self.take_up().await {
            on_disk(move || draft.undo()).await?;
            // What is on disk is what was in force; that it was otherwise for a moment is no news.
            let _ = self.take_up().await;
            return Err(EditError::NotTakenUp { why });
        }
        Ok(draft)
    }

    fn changing(&self) -> Result<&Changing, EditError> {
        self.changing.as_ref().ok_or(EditError::NoFile)
    }
}

impl Changing {
    /// For the settings of a server, when they were read from a file.
    pub fn of(file: Option<&Path>, transport: &Arc<dyn Transport>) -> Option<Self> {
        Some(Self { file: file?.to_owned(), transport: Arc::clone(transport) })
    }
}

/// Does what waits for the disk on a thread that others do not wait for.
async fn on_disk<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, EditError> + Send + 'static,
) -> Result<T, EditError> {
    let done = tokio::task::spawn_blocking(act).await;
    done.map_err(|error| EditError::System(std::io::Error::other(error)))?
}
