//! The emulator as a running thing: accounts, listeners, addresses.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::addresses::{Addresses, RetailCrmAddress, ServiceAddresses, UisAddress};
use crate::retailcrm::{last_change, run_triggers};
use crate::server::serve;
use crate::settings::{DEFAULT_TOKEN, Settings};
use crate::uis::{CALL_PATH, DATA_PATH};
use crate::world::Accounts;

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address could not be taken.
    #[error("cannot listen on `{address}`")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Stand-ins for RetailCRM and UIS on loopback, with everything they hold.
///
/// Dereferences to its [`Accounts`], so state, log, faults and switches are at hand. Dropping it stops the listeners at
/// once; [`Emulator::shutdown`] also waits for them.
#[derive(Debug)]
pub struct Emulator {
    accounts: Accounts,
    addresses: Addresses,
    tasks: JoinSet<()>,
}

impl Emulator {
    /// Binds the stand-ins and the page and serves them.
    ///
    /// # Errors
    /// [`StartError::Bind`] when an address is taken.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        Self::start_with(Accounts::new(&settings), &settings).await
    }

    /// Serves accounts that exist already, for example restored ones.
    ///
    /// # Errors
    /// [`StartError::Bind`] when an address is taken.
    pub async fn start_with(accounts: Accounts, settings: &Settings) -> Result<Self, StartError> {
        let (retailcrm, retailcrm_at) = bind(settings.retailcrm).await?;
        let (uis, uis_at) = bind(settings.uis).await?;
        let (page, page_at) = bind(settings.page).await?;
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(retailcrm, accounts.retailcrm_service(), Arc::clone(&accounts.0)));
        tasks.spawn(serve(uis, accounts.uis_service(), Arc::clone(&accounts.0)));
        let world = Arc::clone(&accounts.0);
        // Taken before anybody knows the addresses, so that no change of an order can slip through.
        let seen = last_change(&world);
        tasks.spawn(async move {
            tokio::select! {
                () = world.stopped() => {}
                () = run_triggers(&world, seen) => {}
            }
        });
        let (key, site) = accounts.crm().master_key();
        let addresses = Addresses {
            services: ServiceAddresses {
                retailcrm: RetailCrmAddress { url: format!("http://{retailcrm_at}"), key, site },
                uis: UisAddress {
                    data_api: format!("http://{uis_at}{DATA_PATH}"),
                    call_api: format!("http://{uis_at}{CALL_PATH}"),
                    token: DEFAULT_TOKEN.to_owned(),
                },
            },
            page: format!("http://{page_at}/"),
        };
        let control = accounts.control_service(addresses.clone());
        tasks.spawn(serve(page, control, Arc::clone(&accounts.0)));
        Ok(Self { accounts, addresses, tasks })
    }

    /// Where everything is.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// The accounts, as a handle that outlives the emulator.
    #[must_use]
    pub fn accounts(&self) -> Accounts {
        self.accounts.clone()
    }

    /// Stops listening, cuts open connections and waits until nothing runs any more.
    pub async fn shutdown(mut self) {
        self.accounts.0.stop();
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Deref for Emulator {
    type Target = Accounts;

    fn deref(&self) -> &Accounts {
        &self.accounts
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let wrap = |source| StartError::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(wrap)?;
    let at = listener.local_addr().map_err(wrap)?;
    Ok((listener, at))
}
