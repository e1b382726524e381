//! A server that puts calls through, with a RetailCRM that is as slow as one likes.

use std::collections::BTreeMap;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::facts::Facts;
use switchboard_runtime::clients::{Client, Clients};
use switchboard_runtime::clock::{Clock, System};
use switchboard_runtime::config::{self, Environment, Secret};
use switchboard_runtime::crm::{self, Address, AddressRules, BreakerSettings, Pace, PaceSettings};
use switchboard_runtime::directory::{Chosen, Directory, DirectorySettings};
use switchboard_runtime::forwarding::{Desk, DeskSettings};
use switchboard_runtime::http::{Parts, Shared, hooks};
use switchboard_runtime::observe::Figures;
use switchboard_runtime::outbound::{Outcome, Transport};
use switchboard_runtime::rulebook::Rulebook;
use switchboard_runtime::store::record::AccountId;
use switchboard_runtime::uis;
use switchboard_runtime::worker::Rules;
use tempfile::TempDir;

use crate::machine;
use crate::server::store;

const SECRET: &str = "sesame-0123456789abcdef";
const MANAGER: &str = "olga@romashka.ru";
const RULES: &str = "rules 1\n\nsettings for calls\n  forward_to_manager: yes\n";

/// A server without sockets that answers whom a call is put through to.
#[derive(Debug)]
pub struct Routed {
    /// Its public routes.
    pub router: Router,
    clients: Arc<Clients>,
    _folder: TempDir,
}

/// Lists at once, and takes its time about clients.
#[derive(Debug)]
struct Slow {
    by: Duration,
}

#[derive(Debug)]
struct Fixed(Arc<Bundle>);

struct Nothing;

impl Rules for Fixed {
    fn in_force(&self) -> Option<Arc<Bundle>> {
        Some(Arc::clone(&self.0))
    }
}

impl Environment for Nothing {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

impl Transport for Slow {
    fn send(
        &self,
        request: Request<Bytes>,
        _: Duration,
    ) -> Pin<Box<dyn Future<Output = Outcome> + Send + '_>> {
        let path = request.uri().path().to_owned();
        let is_slow = path == "/api/v5/customers";
        let body = match path.as_str() {
            "/api/credentials" => json!({"success": true, "scopes": []}),
            "/api/v5/settings" => {
                json!({"success": true, "settings": {"timezone": {"value": "Europe/Moscow"}}})
            }
            "/api/v5/users" => {
                json!({"success": true, "users": [{"id": 29, "email": MANAGER, "active": true}]})
            }
            "/v2.0" => json!({"jsonrpc": "2.0", "id": 1, "result": {"data": [{"id": 1, "email": MANAGER,
                "timezone": "Europe/Moscow", "extension": {"extension_phone_number": "103"}}]}}),
            _ => {
                json!({"success": true, "sites": {}, "customFields": [], "customDictionaries": [], "customers": []})
            }
        };
        Box::pin(async move {
            if is_slow {
                tokio::time::sleep(self.by).await;
            }
            Outcome::Answered(Response::new(Bytes::from(body.to_string())))
        })
    }
}

impl Routed {
    /// Starts one whose RetailCRM takes `slow` to say who a client is.
    ///
    /// # Panics
    ///
    /// When something of it cannot be had.
    pub async fn start(slow: Duration) -> Self {
        let folder = machine::folder();
        let settings = format!(
            "[log]\nformat = \"json\"\n[[account]]\nname = \"romashka\"\nbundle = \"rules\"\nhook_secret = \"{SECRET}\"\n\
             [account.retailcrm]\nurl = \"romashka.retailcrm.ru\"\nkey = \"k\"\nsite = \"romashka-ru\"\n"
        );
        let config = config::parse(&settings, &folder.path().join("switchboard.toml"), &Nothing);
        let config = Arc::new(config.unwrap_or_else(|error| panic!("{error}")));
        let store = store(folder.path()).await;
        let clock: Arc<dyn Clock> = Arc::new(System);
        let transport: Arc<dyn Transport> = Arc::new(Slow { by: slow });
        let account = config.accounts.first().expect("the account");
        let id = AccountId::from("romashka");
        let rules = AddressRules {
            domains: config.security.allowed_crm_domains.clone(),
            allow_loopback: config.security.allow_loopback,
        };
        let crm = crm::Client::new(
            crm::ClientSettings {
                account: account.name.clone(),
                address: Address::parse(&account.retailcrm.url, &rules).expect("an address"),
                key: account.retailcrm.key.clone(),
                timeout: Duration::from_secs(10),
                pace: Arc::new(Pace::new(&PaceSettings::default())),
                breaker: BreakerSettings::default(),
            },
            Arc::clone(&transport),
        );
        let crm = crm.expect("a client");
        let uis = uis::ClientSettings {
            account: account.name.clone(),
            data_api: "https://dataapi.uiscom.ru/v2.0".to_owned(),
            token: Secret::new("t"),
            timeout: Duration::from_secs(10),
            points: Arc::new(uis::Points::new(&uis::PointsSettings::default())),
        };
        let uis = uis::Client::new(uis, transport);
        let directory = DirectorySettings {
            account: id.clone(),
            site: account.retailcrm.site.clone(),
            refresh: Duration::from_secs(7200),
            least_interval: Duration::from_secs(60),
            patience: Duration::from_secs(60),
            chosen: Chosen::default(),
            uis_zone: None,
            crm_zone: None,
        };
        let directory =
            Directory::open(directory, crm.clone(), Some(uis), Arc::clone(&store), Arc::clone(&clock)).await;
        directory.refresh().await;
        let directory = Arc::new(directory);
        assert!(directory.current().is_ok(), "both sides are listed");
        let loaded = load(&BundleSource::single(RULES), &LoadOptions::default());
        let rules = Arc::new(Fixed(loaded.bundle.expect("the rules are right")));
        let clients = Arc::new(Clients::new(100_000));
        let desk = DeskSettings {
            account: id,
            site: account.retailcrm.site.clone(),
            forwarding: account.forwarding.clone(),
        };
        let desk = Desk::new(
            desk,
            crm,
            directory,
            rules,
            Arc::clone(&store),
            Arc::clone(&clock),
            Arc::clone(&clients),
        );
        let parts = Parts {
            config: Arc::clone(&config),
            store,
            clock,
            rulebook: Arc::new(Rulebook::new(&config.accounts)),
            shadows: Arc::default(),
            bell: Default::default(),
            modules: switchboard_runtime::module::Modules::default(),
            figures: Figures::install().expect("figures"),
            desks: BTreeMap::from([("romashka".to_owned(), Arc::new(desk))]),
            reports: BTreeMap::new(),
            directories: BTreeMap::new(),
            accounts: switchboard_runtime::accounts::Accounts::new(None, jiff::Timestamp::now()).0,
            deals: BTreeMap::new(),
            workplaces: BTreeMap::new(),
        };
        let router = hooks(Shared::new(parts).expect("randomness"));
        Self { router, clients, _folder: folder }
    }

    /// Remembers the client of a number, as if RetailCRM had just said so.
    ///
    /// # Panics
    ///
    /// When the facts are wrong.
    pub fn know(&self, number: u64) {
        let facts = Facts::from_json(&json!({"client": {"manager": MANAGER}})).expect("facts");
        let client = Client { is_known: true, manager: Some(29), facts, card: None };
        self.clients.learn(&format!("+7900{number:07}"), client, jiff::Timestamp::now());
    }

    /// Where UIS asks about the call of a number.
    #[must_use]
    pub fn address(&self, number: u64) -> String {
        format!(
            "/hooks/romashka/{SECRET}/uis/manager?numa=7900{number:07}&numb=74950000001&call_session_id=5"
        )
    }
}
