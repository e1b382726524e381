//! What an account is made of, and the making of it.
//!
//! Goes in: the settings of one account. Comes out: everything that works for it, with nothing running yet. Accounts that
//! share a key share what the vendors count by key, also when they are made at different times.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::start::StartError;
use super::wanting::Wanting;
use crate::clients::Clients;
use crate::clock::Clock;
use crate::communication::Timing;
use crate::config::{self, Config, Secret};
use crate::crm::{self, Address, AddressRules, BreakerSettings, Pace, PaceSettings};
use crate::deals;
use crate::directory::{Chosen, Directory, DirectorySettings};
use crate::forwarding::{Desk, DeskSettings};
use crate::module::{Module, Opened, Opening};
use crate::outbound::Transport;
use crate::popup::PopUpAccount;
use crate::reports::{Reports, ReportsSettings, restore_points};
use crate::rulebook::Rulebook;
use crate::rulings::Keeper;
use crate::shadow;
use crate::store::Store;
use crate::store::record::AccountId;
use crate::uis;
use crate::worker::{Account, Rules};
use crate::workplace;

/// How long the requests that the vendor allows in a second are made to last, in thousandths of a second: one of them may
/// be so much longer on its way than those behind it, and no second holds more than the limit.
const PACE_HEADROOM: u64 = 1100;
/// The least time between two listings of employees and users.
const LEAST_LISTING_INTERVAL: Duration = Duration::from_secs(60);
/// How long calls wait for the first list of employees.
const EMPLOYEES_PATIENCE: Duration = Duration::from_secs(60);

/// What accounts are made from, as long as the server runs.
pub(super) struct Maker {
    /// The settings of the server beside its accounts.
    pub(super) config: Arc<Config>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rulebook: Arc<Rulebook>,
    /// The rules that are tried beside those in force.
    pub(super) shadows: Arc<Rulebook>,
    /// Who tries them.
    shadow_desk: Arc<shadow::Desk>,
    /// Where what rules say beside the lanes is kept.
    keeper: Arc<Keeper>,
    /// By address and key: the vendor counts requests by key, so accounts that share one share its pace.
    paces: BTreeMap<(String, String), Arc<Pace>>,
    /// By address and token: UIS counts points by token, so accounts that share one share its points.
    points: BTreeMap<(String, String), Arc<uis::Points>>,
}

/// One account at work.
pub(super) struct Unit {
    /// What it was made from; another one is made when they change.
    pub(super) settings: config::Account,
    pub(super) account: Arc<Account>,
    pub(super) desk: Arc<Desk>,
    pub(super) directory: Arc<Directory>,
    pub(super) module: Option<Arc<Module>>,
    /// Who takes orders to UIS.
    pub(super) deals: Option<Arc<deals::Desk>>,
    /// The operator workplace, when the module has its page.
    pub(super) workplace: Option<Arc<workplace::Desk>>,
    /// The work of the module and of the deals that has not begun yet.
    pub(super) work: Vec<BoxFuture<'static, ()>>,
}

impl Unit {
    /// The account as the pop-ups need it.
    pub(super) fn with_popups(&self) -> PopUpAccount {
        PopUpAccount { account: Arc::clone(&self.account), settings: (&self.settings.popup).into() }
    }
}

impl Maker {
    pub(super) fn new(
        config: Arc<Config>,
        transport: Arc<dyn Transport>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        rulebook: Arc<Rulebook>,
        (shadows, shadow_desk): (Arc<Rulebook>, Arc<shadow::Desk>),
        keeper: Arc<Keeper>,
    ) -> Self {
        let (paces, points) = (BTreeMap::new(), BTreeMap::new());
        Self { config, transport, store, clock, rulebook, shadows, shadow_desk, keeper, paces, points }
    }

    fn pace(&mut self, address: &str, key: &Secret) -> Arc<Pace> {
        let limits = &self.config.limits;
        let settings = PaceSettings {
            general: interval(limits.crm_rate.as_usize()),
            telephony: interval(limits.crm_telephony_rate.as_usize()),
            ..PaceSettings::default()
        };
        let shared = self.paces.entry((address.to_owned(), key.expose().to_owned()));
        Arc::clone(shared.or_insert_with(|| Arc::new(Pace::new(&settings))))
    }

    fn uis(&mut self, account: &config::Account, timeout: Duration) -> Option<uis::Client> {
        let config = Arc::clone(&self.config);
        let limits = &config.limits;
        let uis = account.uis.as_ref()?;
        let settings = uis::PointsSettings {
            interval: interval(limits.uis_rate.as_usize()),
            reserve_percent: u64::from(limits.uis_points_reserve.0),
        };
        let shared = self.points.entry((uis.data_api.clone(), uis.token.expose().to_owned()));
        let points = Arc::clone(shared.or_insert_with(|| Arc::new(uis::Points::new(&settings))));
        let settings = uis::ClientSettings {
            account: account.name.clone(),
            data_api: uis.data_api.clone(),
            token: uis.token.clone(),
            timeout,
            points,
        };
        Some(uis::Client::new(settings, Arc::clone(&self.transport)))
    }

    /// The address book, when managers are written into it.
    fn book(&mut self, account: &config::Account) -> Option<uis::AddressBook> {
        let from = account.uis.as_ref().map(|uis| &uis.address_book).filter(|book| book.personal_manager)?;
        Some(uis::AddressBook::new(self.uis(account, from.timeout)?, from.remember))
    }

    fn reports(
        &self,
        account: &config::Account,
        uis: Option<uis::Client>,
        directory: &Arc<Directory>,
    ) -> Option<Arc<Reports>> {
        let from = &account.uis.as_ref()?.reports;
        let settings = ReportsSettings {
            account: AccountId::new(account.name.as_str()),
            find_missed: from.find_missed,
            failed_deliveries: from.failed_deliveries,
            interval: from.reports_interval,
            overlap: from.reports_overlap,
            grace: from.reports_grace,
            first: from.reports_first,
            reach: from.reports_reach,
            marketing_wait: from.marketing_wait,
            marketing_pause: from.marketing_pause,
            chats: from.chats,
            requests: from.requests,
            written_interval: from.written_interval,
            written_overlap: from.written_overlap,
            visitor_pause: from.visitor_pause,
            late_contacts: from.late_contacts,
        };
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        let wanting = Wanting::new(self.rules_of(account), account.retailcrm.transcript.is_some());
        let reports = Reports::new(settings, uis?, Arc::clone(directory), store, clock);
        Some(Arc::new(reports.with_written(Arc::new(wanting))))
    }

    fn rules_of(&self, account: &config::Account) -> Arc<dyn Rules> {
        Arc::new(InForce { rulebook: Arc::clone(&self.rulebook), account: account.name.clone() })
    }

    /// The way of an account with shadow rules to who tries them.
    fn shadow(&self, account: &config::Account) -> Option<shadow::Seat> {
        let sample = account.shadow.as_ref()?.sample;
        let id = AccountId::new(account.name.as_str());
        let rules = Arc::new(InForce { rulebook: Arc::clone(&self.shadows), account: account.name.clone() });
        Some(shadow::Seat::new(id, rules, sample, Arc::clone(&self.shadow_desk)))
    }

    /// Makes an account; nothing of it runs yet.
    ///
    /// # Errors
    ///
    /// [`StartError`] when its address or its key cannot be used, or the store does not answer.
    pub(super) async fn unit(&mut self, account: &config::Account) -> Result<Unit, StartError> {
        let config = Arc::clone(&self.config);
        let limits = &config.limits;
        let name = || account.name.clone();
        // Checked once more by those who dial it: the settings may have been made in another way than from a file.
        let rules = AddressRules::of(&self.config.security);
        let address = Address::parse(&account.retailcrm.url, &rules)
            .map_err(|source| StartError::Address { account: name(), source })?;
        let crm = crm::ClientSettings {
            account: name(),
            key: account.retailcrm.key.clone(),
            timeout: limits.crm_timeout,
            pace: self.pace(address.as_str(), &account.retailcrm.key),
            breaker: BreakerSettings::default(),
            address,
        };
        let crm = crm::Client::new(crm, Arc::clone(&self.transport))
            .map_err(|source| StartError::Key { account: name(), source })?;
        let uis = self.uis(account, limits.crm_timeout);
        let id = AccountId::new(account.name.as_str());
        if let Some(uis) = &uis {
            restore_points(uis, &*self.store, &*self.clock, &id).await?;
        }
        let settings = DirectorySettings {
            account: id.clone(),
            site: account.retailcrm.site.clone(),
            refresh: limits.employees_refresh,
            least_interval: LEAST_LISTING_INTERVAL.min(limits.employees_refresh),
            patience: EMPLOYEES_PATIENCE,
            chosen: Chosen::new(
                account.employees.iter().map(String::as_str),
                account.employee_groups.iter().map(String::as_str),
            ),
            uis_zone: account.timezone.clone(),
            crm_zone: account.retailcrm.timezone.clone(),
        };
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        let directory = Arc::new(Directory::open(settings, crm.clone(), uis.clone(), store, clock).await);
        let deals = self.deals(account, &crm, uis.clone(), &directory);
        let book = self.book(account);
        let reports = self.reports(account, uis, &directory);
        let rules = self.rules_of(account);
        let site = account.retailcrm.site.clone();
        let clients = Arc::new(Clients::new(account.forwarding.memory.as_usize()));
        let desk =
            DeskSettings { account: id.clone(), site: site.clone(), forwarding: account.forwarding.clone() };
        let desk = Desk::new(
            desk,
            crm.clone(),
            Arc::clone(&directory),
            Arc::clone(&rules),
            Arc::clone(&self.store),
            Arc::clone(&self.clock),
            Arc::clone(&clients),
        );
        let desk = desk.keeping(Arc::clone(&self.keeper));
        let timing = Timing::from(account);
        let settings = account.clone();
        let account = Account::new(id, site, timing, crm, Arc::clone(&directory), rules);
        let account = account.remembering(clients).with_late_records(settings.late_records);
        let account = account.with_reports(reports).with_book(book);
        let account = account.with_shadow(self.shadow(&settings));
        let account = Arc::new(account.with_transcripts(settings.retailcrm.transcript));
        let opened = self.opening().module(&settings, &account).await?;
        let (module, mut work) =
            opened.map_or((None, Vec::new()), |Opened { module, work }| (Some(module), work));
        work.extend(deals.iter().map(|desk| Arc::clone(desk).run().boxed()));
        let workplace = self.workplace(&settings, &account, module.as_ref());
        Ok(Unit { settings, account, desk: Arc::new(desk), directory, module, deals, workplace, work })
    }

    /// The operator workplace, when the account has its page.
    fn workplace(
        &self,
        settings: &config::Account,
        account: &Arc<Account>,
        module: Option<&Arc<Module>>,
    ) -> Option<Arc<workplace::Desk>> {
        let public_url = settings.retailcrm.module.as_ref()?.public_url.clone();
        let module = module.filter(|_| settings.workplace.active)?;
        Some(Arc::new(workplace::Desk::new(workplace::DeskParts {
            account: account.id.clone(),
            settings: settings.workplace.clone(),
            public_url,
            site: settings.retailcrm.site.clone(),
            timeout: self.config.limits.crm_timeout,
            crm: account.crm.clone(),
            directory: Arc::clone(&account.directory),
            module: Arc::clone(module),
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
        })))
    }

    /// Who takes the account's orders to UIS; nobody where there is no key of UIS.
    fn deals(
        &self,
        account: &config::Account,
        crm: &crm::Client,
        uis: Option<uis::Client>,
        directory: &Arc<Directory>,
    ) -> Option<Arc<deals::Desk>> {
        let uis = uis.filter(|_| account.deals.active)?;
        Some(Arc::new(deals::Desk::new(deals::DeskParts {
            account: AccountId::new(account.name.as_str()),
            settings: account.deals.clone(),
            crm: crm.clone(),
            uis,
            directory: Arc::clone(directory),
            rules: self.rules_of(account),
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            keeper: Arc::clone(&self.keeper),
        })))
    }

    fn opening(&self) -> Opening<'_> {
        Opening {
            config: &self.config,
            store: &self.store,
            clock: &self.clock,
            transport: &self.transport,
            addresses: AddressRules::of(&self.config.security),
        }
    }
}

/// The rules of one account, as the workers ask for them.
#[derive(Debug)]
struct InForce {
    rulebook: Arc<Rulebook>,
    account: String,
}

impl Rules for InForce {
    fn in_force(&self) -> Option<Arc<switchboard_engine::bundle::Bundle>> {
        self.rulebook.in_force(&self.account).map(|in_force| Arc::clone(&in_force.bundle))
    }
}

/// The time between two requests when so many are allowed a second.
fn interval(per_second: usize) -> Duration {
    let per_second = u64::try_from(per_second).unwrap_or(u64::MAX).max(1);
    Duration::from_micros(1_000 * PACE_HEADROOM / per_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_stays_below_the_limit() {
        for (per_second, micros) in [(10, 110_000), (40, 27_500), (1, 1_100_000), (0, 1_100_000)] {
            assert_eq!(interval(per_second), Duration::from_micros(micros));
        }
    }
}
