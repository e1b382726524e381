//! The one way to the accounts of a running server.
//!
//! Whoever changes the file of settings asks here for it to be taken up, and hears whether it was. Changes that come through
//! here are made one after the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use switchboard_grammar::diagnostic::Text;
use tokio::sync::{mpsc, oneshot};

use super::standing::Standing;

/// Questions that wait.
const ASKS: usize = 16;

/// Asks for the settings to be read again; is told whether they were taken up, and if not, why.
pub type Ask = oneshot::Sender<Result<(), Text>>;

/// The way to the accounts of a running server.
#[derive(Debug)]
pub struct Accounts {
    file: Option<PathBuf>,
    asks: mpsc::Sender<Ask>,
    standing: ArcSwap<Standing>,
}

impl Accounts {
    /// The way, and where questions come out. Without a file nothing can be changed.
    pub fn new(file: Option<PathBuf>, now: Timestamp) -> (Arc<Self>, mpsc::Receiver<Ask>) {
        let (asks, asked) = mpsc::channel(ASKS);
        let standing = ArcSwap::from_pointee(Standing { since: now, ..Standing::default() });
        (Arc::new(Self { file, asks, standing }), asked)
    }

    /// The file of settings.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// How the settings stand.
    pub fn standing(&self) -> Arc<Standing> {
        self.standing.load_full()
    }

    /// Says how they stand.
    pub(crate) fn stands(&self, standing: Standing) {
        self.standing.store(Arc::new(standing));
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
}
