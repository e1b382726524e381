//! Everything that a running emulator shares, and the handle to it that needs no socket.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{Notify, watch};

use crate::addresses::Addresses;
use crate::clock::Clock;
use crate::control::Control;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::ledger::{Ledger, LedgerError};
use crate::limiter::Limiter;
use crate::outbound::Deliveries;
use crate::retailcrm::{Crm, RetailCrm, State};
use crate::settings::Settings;
use crate::switches::{SwitchBoard, Switches};
use crate::uis::{DATA_PATH, Uis, UisApi, UisState};

/// Everything shared between the stand-ins, the page and the tests.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) switches: SwitchBoard,
    pub(crate) limiter: Mutex<Limiter>,
    pub(crate) max_body_bytes: usize,
    pub(crate) ledger: OnceLock<Ledger>,
    pub(crate) deliveries: Deliveries,
    pub(crate) randomness: u64,
    /// A hint that orders may have changed; the history is the truth.
    pub(crate) orders_changed: Notify,
    crm: Mutex<State>,
    uis: Mutex<UisState>,
    stop: watch::Sender<bool>,
}

/// The two accounts without sockets: state, log, faults, switches, and the stand-ins as plain tower services.
///
/// A clone is another handle to the same accounts.
#[derive(Debug, Clone)]
pub struct Accounts(pub(crate) Arc<World>);

impl World {
    pub(crate) fn crm(&self) -> MutexGuard<'_, State> {
        self.crm.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn uis(&self) -> MutexGuard<'_, UisState> {
        self.uis.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when the emulator shuts down.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // An error means that the sender is gone, which is also the end.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }
}

impl Accounts {
    /// Accounts as `settings` ask for; its addresses are not used.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self(Arc::new(World {
            clock: settings.clock.clone(),
            journal: Journal::new(settings.journal_entries),
            faults: Faults::new(settings.randomness),
            switches: SwitchBoard::default(),
            limiter: Mutex::default(),
            deliveries: Deliveries::new(settings.journal_entries),
            randomness: settings.randomness,
            orders_changed: Notify::new(),
            max_body_bytes: settings.max_body_bytes,
            ledger: OnceLock::new(),
            crm: Mutex::new(State::seeded(settings.seed, settings.clock.now())),
            uis: Mutex::new(UisState::seeded(settings.seed)),
            stop: watch::Sender::new(false),
        }))
    }

    /// Continues the ledger at `path`, which is made when it is not there: does again what it holds, then keeps every
    /// request that changes the RetailCRM account, or the UIS account through the Data API, before it is answered. Gives how many requests were done again.
    ///
    /// Call it before anybody else works with the accounts.
    ///
    /// # Errors
    /// [`LedgerError`]; the accounts may hold a part of the ledger then and should not be used.
    pub fn keep(&self, path: &Path) -> Result<usize, LedgerError> {
        let (ledger, kept) = Ledger::open(path)?;
        let count = kept.len();
        for (number, request) in kept.into_iter().enumerate() {
            let again = if request.path == DATA_PATH { crate::uis::again } else { crate::retailcrm::again };
            again(&self.0, request).map_err(|reason| LedgerError::Damaged {
                path: path.to_path_buf(),
                line: number + 1,
                reason,
            })?;
        }
        self.0.ledger.set(ledger).map_err(|_| LedgerError::Kept)?;
        Ok(count)
    }

    /// What the RetailCRM account holds.
    #[must_use]
    pub fn crm(&self) -> Crm {
        Crm::new(Arc::clone(&self.0))
    }

    /// What the UIS account holds, and the calls that it makes happen.
    #[must_use]
    pub fn uis(&self) -> Uis {
        Uis::new(Arc::clone(&self.0))
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The log of requests to all stand-ins.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// The clock that the stand-ins believe.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The answers in force for the open questions.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.0.switches.get()
    }

    /// Changes the answers in force: `accounts.set_switches(|switches| switches.index_delay_ms = 5000)`.
    pub fn set_switches(&self, change: impl FnOnce(&mut Switches)) {
        self.0.switches.set(change);
    }

    /// RetailCRM as a function from request to answer.
    #[must_use]
    pub fn retailcrm_service(&self) -> RetailCrm {
        RetailCrm::new(Arc::clone(&self.0))
    }

    /// UIS, Data API and Call API, as a function from request to answer.
    #[must_use]
    pub fn uis_service(&self) -> UisApi {
        UisApi::new(Arc::clone(&self.0))
    }

    /// Page and control API as a function from request to answer; `addresses` is what it tells of the stand-ins.
    #[must_use]
    pub fn control_service(&self, addresses: Addresses) -> Control {
        Control::new(self.clone(), addresses)
    }
}
