//! A server without sockets: settings, a store of its own, rules, routes; and the notifications that are sent to it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use switchboard_runtime::clock::System;
use switchboard_runtime::config::{self, Config, Environment};
use switchboard_runtime::http::{Parts, Shared, hooks};
use switchboard_runtime::observe::Figures;
use switchboard_runtime::rulebook::Rulebook;
use switchboard_runtime::store::record::{AccountId, LaneKey, NewEvent, Origin, Parse, SessionKey};
use switchboard_runtime::store::{SqliteSettings, Store, StoreSettings, open};
use tempfile::TempDir;

use crate::machine;

/// Where notifications about ended calls are sent.
pub const ADDRESS: &str = "/hooks/romashka/sesame-0123456789abcdef/uis/call_end";

const SETTINGS: &str = r#"
[log]
format = "json"

[[account]]
name = "romashka"
bundle = "rules"
hook_secret = "sesame-0123456789abcdef"

[account.retailcrm]
url = "romashka.retailcrm.ru"
key = "crm-key-of-romashka"
site = "romashka-ru"
"#;

/// A server without sockets.
#[derive(Debug)]
pub struct Server {
    /// Its settings.
    pub config: Arc<Config>,
    /// Where its events go.
    pub store: Arc<dyn Store>,
    /// Its public routes.
    pub router: Router,
    _folder: TempDir,
}

struct Nothing;

impl Environment for Nothing {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

impl Server {
    /// Starts with an empty store in a folder of its own and the English example in force.
    ///
    /// # Panics
    ///
    /// When something of it cannot be had.
    pub async fn start() -> Self {
        let folder = machine::folder();
        let rules = folder.path().join("rules");
        std::fs::create_dir(&rules).expect("a folder for rules");
        for (path, bytes) in crate::examples::source("romashka-en").iter() {
            std::fs::write(rules.join(path), bytes).expect("a file of rules");
        }
        let config = config::parse(SETTINGS, &folder.path().join("switchboard.toml"), &Nothing);
        let config = Arc::new(config.unwrap_or_else(|error| panic!("{error}")));
        let store = store(folder.path()).await;
        let rulebook = Arc::new(Rulebook::new(&config.accounts));
        rulebook.look_at_all(jiff::Timestamp::now());
        assert!(rulebook.in_force("romashka").is_some(), "the example is in force");
        let parts = Parts {
            config: Arc::clone(&config),
            store: Arc::clone(&store),
            clock: Arc::new(System),
            rulebook,
            shadows: Arc::default(),
            bell: Default::default(),
            modules: switchboard_runtime::module::Modules::default(),
            figures: Figures::install().expect("figures"),
            desks: BTreeMap::new(),
            reports: BTreeMap::new(),
            directories: BTreeMap::new(),
            accounts: switchboard_runtime::accounts::Accounts::new(None, jiff::Timestamp::now()).0,
            deals: BTreeMap::new(),
            workplaces: BTreeMap::new(),
        };
        let router = hooks(Shared::new(parts).expect("randomness"));
        Self { config, store, router, _folder: folder }
    }
}

/// A store in a folder, with the usual settings.
///
/// # Panics
///
/// When it cannot be opened.
pub async fn store(folder: &Path) -> Arc<dyn Store> {
    open(StoreSettings::Sqlite(SqliteSettings::new(folder.join("data")))).await.expect("a store")
}

/// The notification that a call of a number has ended; one of 20,000 contacts.
#[must_use]
pub fn notification(number: u64) -> String {
    format!(
        r#"{{"v":1,"event":"call_end","call_session_id":{},"direction":"in","contact_phone_number":"7900{:07}","virtual_phone_number":"74950000001","scenario_name":"Продажи","notification_time":"2026-03-02 12:00:31.512","external_id":null,"call_source":"va","employee_id":323400,"employee_full_name":"Иванов Иван","wait_time_duration":11,"talk_time_duration":42,"total_time_duration":53,"communication_number":null,"tag_names":null}}"#,
        998_700_001 + number,
        number % 20_000
    )
}

/// The same as the store gets it.
#[must_use]
pub fn event(number: u64) -> NewEvent {
    NewEvent {
        account: AccountId::from("romashka"),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: format!("call_end:{number}"),
        lane: LaneKey::phone(&format!("+7900{:07}", number % 20_000)),
        session: Some(SessionKey::new(format!("call:{}", 998_700_001 + number))),
        received_at: jiff::Timestamp::now(),
        origin: Origin::Webhook,
        content_type: "application/json".into(),
        body: notification(number).into_bytes().into(),
        parse: Parse::Parsed,
    }
}
