//! The modules of a server, and what works for them in the background.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::memory::release_unused;
use super::registrar::{RegistrarSettings, register};
use super::registry::{Module, ModuleParts};
use crate::click::{Dialler, DiallerSettings};
use crate::clock::Clock;
use crate::config;
use crate::crm::AddressRules;
use crate::outbound::Transport;
use crate::store::{Store, StoreError};
use crate::uis::{CallApi, CallApiSettings};
use crate::worker::Account;

/// What modules are opened with.
#[derive(Debug)]
pub struct Opening<'a> {
    /// The settings of the server.
    pub config: &'a config::Config,
    /// Where everything is kept.
    pub store: &'a Arc<dyn Store>,
    /// The time.
    pub clock: &'a Arc<dyn Clock>,
    /// The way out.
    pub transport: &'a Arc<dyn Transport>,
    /// Which addresses this server may call.
    pub addresses: AddressRules,
}

/// A module, and the work that goes on for it as long as the server runs.
pub struct Opened {
    /// The module.
    pub module: Arc<Module>,
    /// Its work; completes when the module is retired.
    pub work: Vec<BoxFuture<'static, ()>>,
}

impl Opening<'_> {
    /// Opens the module of an account, when its settings want one.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`].
    pub async fn module(
        &self,
        settings: &config::Account,
        account: &Arc<Account>,
    ) -> Result<Option<Opened>, StoreError> {
        let Some(wanted) = settings.retailcrm.module.as_ref().filter(|module| module.active) else {
            release_unused(&**self.store, &account.id, self.clock.now()).await?;
            return Ok(None);
        };
        let parts = ModuleParts {
            account: account.id.clone(),
            store: Arc::clone(self.store),
            addresses: self.addresses.clone(),
            address: account.crm.address().clone(),
            double_click: settings.click_to_call.double_click,
        };
        let module = Arc::new(Module::open(parts).await?);
        let calls = self.call_api(settings);
        let registrar = RegistrarSettings {
            module: Arc::clone(&module),
            settings: wanted.clone(),
            workplace: settings.workplace.clone(),
            can_call: calls.is_some(),
            has_uis: settings.uis.is_some(),
            crm: account.crm.clone(),
            directory: Arc::clone(&account.directory),
            rules: Arc::clone(&account.rules),
            clock: Arc::clone(self.clock),
            check: self.config.limits.module_check,
        };
        let mut work = vec![register(registrar).boxed()];
        if let Some(calls) = calls {
            let dialler = Dialler::new(DiallerSettings {
                module: Arc::clone(&module),
                settings: settings.click_to_call.clone(),
                calls,
                crm: account.crm.clone(),
                directory: Arc::clone(&account.directory),
                rules: Arc::clone(&account.rules),
                store: Arc::clone(self.store),
                clock: Arc::clone(self.clock),
            });
            work.push(Arc::new(dialler).run().boxed());
        }
        Ok(Some(Opened { module, work }))
    }

    fn call_api(&self, settings: &config::Account) -> Option<CallApi> {
        let uis = settings.uis.as_ref()?;
        let url = uis.call_api.clone()?;
        let token = uis.call_token.as_ref().unwrap_or(&uis.token).clone();
        let timeout = self.config.limits.crm_timeout;
        let settings = CallApiSettings { account: settings.name.clone(), url, token, timeout };
        Some(CallApi::new(settings, Arc::clone(self.transport)))
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Opened").field("module", &self.module).finish_non_exhaustive()
    }
}
