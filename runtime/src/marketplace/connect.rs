//! Connecting a shop.
//!
//! Steps: what was sent is proved; its address may be called; RetailCRM there takes the key and gives the scopes; the account is
//! written into the settings and served, or its key is exchanged; its module is registered. One registration of an address at a
//! time, so that two in a row are one account. Whoever registers a shop that is there wants its module to work: it is registered
//! again, and an account that was paused goes on.

use std::sync::Arc;
use std::time::Duration;

use super::asked::Registration;
use super::refusal::Refusal;
use crate::accounts::{Accounts, EditError, Given, Serving, Wanted, WantedCrm, WantedModule, WantedUis};
use crate::clock::Clock;
use crate::config::{Account, Config, Marketplace, Secret};
use crate::crm::{
    Address, AddressRules, BreakerSettings, Client, ClientSettings, MODULE_SCOPES, Pace, PaceSettings,
    Priority, Urgency,
};
use crate::module::Module;
use crate::outbound::Transport;

/// The longest name of an account that is made here.
const MAX_NAME: usize = 32;

/// What shops are connected with.
#[derive(Debug, Clone, Copy)]
pub struct Connecting<'a> {
    /// How.
    pub settings: &'a Marketplace,
    /// The way to the accounts.
    pub accounts: &'a Accounts,
    /// The time.
    pub clock: &'a Arc<dyn Clock>,
}

/// What became of a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Its account.
    pub account: String,
    /// Whether it is `new`, was `known`, or was known with another `key`.
    pub how: &'static str,
}

/// Connects the shop that the part `register` speaks of.
///
/// # Errors
///
/// [`Refusal`].
pub async fn connect(with: Connecting<'_>, register: Option<&str>) -> Result<Connected, Refusal> {
    let registration = Registration::read(with.settings, register)?;
    let serving = with.accounts.serving().ok_or(EditError::NoFile)?;
    let rules = AddressRules::of(&serving.config.security);
    let address = Address::parse(&registration.address, &rules)?;
    let at_once = with.settings.at_once.as_usize();
    let _alone = with.accounts.alone(address.as_str(), at_once).await.ok_or(Refusal::Busy)?;
    // Only now: whoever was before may have connected it.
    let serving = with.accounts.serving().ok_or(EditError::NoFile)?;
    let known = serving.config.accounts.iter().find(|account| account.retailcrm.url == address.as_str());
    let connected = match known {
        Some(account) if account.retailcrm.key == registration.key => {
            Connected { account: account.name.clone(), how: "known" }
        }
        Some(account) => with.exchange(&serving, account, &address, &registration.key).await?,
        None => with.make(&serving, &address, &registration.key).await?,
    };
    with.see_to_module(&connected).await?;
    Ok(connected)
}

impl Connecting<'_> {
    async fn exchange(
        &self,
        serving: &Serving,
        account: &Account,
        address: &Address,
        key: &Secret,
    ) -> Result<Connected, Refusal> {
        let name = &account.name;
        self.try_key(&serving.config, name, address, key).await?;
        if !self.accounts.exchange_key(&serving.config, name, key).await? {
            return Err(Refusal::Elsewhere { account: name.clone() });
        }
        Ok(Connected { account: name.clone(), how: "key" })
    }

    async fn make(&self, serving: &Serving, address: &Address, key: &Secret) -> Result<Connected, Refusal> {
        let config = &serving.config;
        if config.accounts.len() >= self.settings.accounts.as_usize() {
            return Err(Refusal::Full);
        }
        let names = names(address);
        let first = names.first().cloned().ok_or(Refusal::NoName)?;
        let site = self.try_key(config, &first, address, key).await?;
        for name in names {
            let wanted = self.wanted(&name, address, key, &site);
            match self.accounts.add(wanted, false, self.clock.now()).await {
                Ok(_) => return Ok(Connected { account: name, how: "new" }),
                // Another shop has this name.
                Err(EditError::Taken { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Refusal::NoName)
    }

    /// Asks RetailCRM with the new key whether it is good; gives the shop that entities are made in: the first that it sees.
    async fn try_key(
        &self,
        config: &Config,
        account: &str,
        address: &Address,
        key: &Secret,
    ) -> Result<String, Refusal> {
        let settings = ClientSettings {
            account: account.to_owned(),
            address: address.clone(),
            key: key.clone(),
            timeout: config.limits.crm_timeout,
            pace: Arc::new(Pace::new(&PaceSettings::default())),
            breaker: BreakerSettings::default(),
        };
        let transport: Arc<dyn Transport> = self.accounts.transport()?;
        let client = Client::new(settings, transport).map_err(|_| Refusal::Unreadable)?;
        let urgency = Urgency::first(Priority::Live);
        let credentials = client.credentials(urgency).await?;
        let mut scopes = credentials.missing_scopes();
        scopes.extend(credentials.lacks(MODULE_SCOPES));
        if !scopes.is_empty() {
            return Err(Refusal::Scopes { scopes });
        }
        let sites = client.sites(urgency).await?;
        let is_seen = |code: &String| credentials.sites.as_ref().is_none_or(|sites| sites.contains(code));
        sites.into_iter().map(|site| site.code).find(is_seen).ok_or(Refusal::NoSite)
    }

    fn wanted(&self, name: &str, address: &Address, key: &Secret, site: &str) -> Wanted {
        let settings = self.settings;
        let uis = settings.uis_credentials.as_ref().map(|credentials| WantedUis {
            credentials: Some(credentials.clone()),
            data_api: None,
            call_api: None,
            token: None,
        });
        Wanted {
            name: name.to_owned(),
            bundle: settings.bundle.clone(),
            hook_secret: None,
            retailcrm: WantedCrm {
                url: Some(address.as_str().to_owned()),
                key: Some(Given::Secret(key.clone())),
                credentials: None,
                site: site.to_owned(),
                module: Some(WantedModule {
                    public_url: settings.public_url.clone(),
                    code: Some(format!("{}-{name}", settings.code)),
                    integration_code: Some(settings.code.clone()),
                    name: Some(settings.name.clone()),
                }),
            },
            uis,
        }
    }

    /// Waits for the module to be registered, as long as the user can be expected to.
    async fn see_to_module(&self, connected: &Connected) -> Result<(), Refusal> {
        let serving = self.accounts.serving().ok_or(EditError::NoFile)?;
        // An account of the settings may have no module; it is connected as its people want it.
        let Some(module) = serving.modules.of(&connected.account).cloned() else { return Ok(()) };
        let mut registrations = module.registrations();
        // Also where the account is new: there may have been one of its name, whose module was registered or switched off.
        module.renew(self.clock.now()).await?;
        let registered = async {
            while !module.is_registered().await? {
                if registrations.changed().await.is_err() {
                    break;
                }
            }
            Ok::<(), Refusal>(())
        };
        match tokio::time::timeout(self.settings.wait, registered).await {
            Ok(registered) => registered,
            Err(_) => late(&module, self.settings.wait),
        }
    }
}

/// What is said when the module is not registered in time: it will be, unless RetailCRM refuses it.
fn late(module: &Module, wait: Duration) -> Result<(), Refusal> {
    match module.trouble() {
        Some(why) => Err(Refusal::Module { why }),
        None => {
            tracing::info!(account = %module.account(), ?wait, "module is not registered yet; it will be");
            Ok(())
        }
    }
}

/// Names for the account of an address, the nicest first: that of the shop, and that of the whole host.
fn names(address: &Address) -> Vec<String> {
    let host = address.as_str().split("://").nth(1).unwrap_or_default();
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let name = |text: &str| -> String {
        let name: String =
            text.chars().map(|letter| if letters(letter) { letter } else { '-' }).take(MAX_NAME).collect();
        name.trim_matches('-').to_owned()
    };
    let mut names = vec![name(host.split('.').next().unwrap_or_default()), name(host)];
    names.dedup();
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_called_after_its_shop() {
        let rules = AddressRules { allow_loopback: true, ..AddressRules::default() };
        for (address, expected) in [
            ("https://Romashka-2.retailcrm.ru", vec!["romashka-2", "romashka-2-retailcrm-ru"]),
            ("http://127.0.0.1:8080", vec!["127", "127-0-0-1-8080"]),
            ("http://localhost", vec!["localhost"]),
        ] {
            let address = Address::parse(address, &rules).unwrap();
            assert_eq!(names(&address), expected);
        }
    }
}
