//! A server without sockets: settings, a store of its own, rules, routes.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use switchboard_runtime::clock::Manual;
use switchboard_runtime::config::{self, Config, Environment};
use switchboard_runtime::http::{Parts, Peer, Shared, console, hooks};
use switchboard_runtime::observe::Figures;
use switchboard_runtime::rulebook::Rulebook;
use switchboard_runtime::store::record::{AccountId, Event, Page, SessionKey};
use switchboard_runtime::store::{self, SqliteSettings, Store, StoreSettings};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::fixtures::{BODY_KEY, Request as Fixture, SECRET};

/// A second secret of the account, as while it is being changed.
pub(crate) const OTHER_SECRET: &str = "another-0123456789abcdef";
/// The path of notifications of the account, without the event.
pub(crate) const PATH: &str = "/hooks/romashka/sesame-0123456789abcdef/uis/";

/// Rules without a mistake.
pub(crate) const GOOD: &str =
    "rules 1\n\nfilter for incoming calls\n  reject when source is \"Спам\"\n  else accept\n";
/// Rules with one.
pub(crate) const BAD: &str =
    "rules 1\n\nfilter for incoming calls\n  reject where source is \"Спам\"\n  else accept\n";

struct Nothing;

impl Environment for Nothing {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

/// A server without sockets.
pub(crate) struct House {
    pub(crate) shared: Arc<Shared>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Manual,
    pub(crate) rulebook: Arc<Rulebook>,
    pub(crate) config: Arc<Config>,
    pub(crate) folder: TempDir,
}

/// What a house differs in from the usual.
#[derive(Default)]
pub(crate) struct Plan {
    /// Lines of `[limits]`.
    pub(crate) limits: &'static str,
    /// Lines of `[server]`.
    pub(crate) server: &'static str,
    /// Lines of `[security]`.
    pub(crate) security: &'static str,
    /// Lines of `[[account]]`.
    pub(crate) account: &'static str,
    /// How many events may wait, when not the usual number.
    pub(crate) queue: Option<usize>,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

/// Settings with two accounts below a folder.
pub(crate) fn settings(folder: &Path, plan: &Plan) -> Config {
    let Plan { limits, server, security, account, .. } = plan;
    let text = format!(
        "[server]\n{server}\n[limits]\n{limits}\n[security]\n{security}\n\
         [[account]]\nname = \"romashka\"\nbundle = \"rules/romashka\"\nhook_secret = [\"{SECRET}\", \"{OTHER_SECRET}\"]\n{account}\n\
         [account.retailcrm]\nurl = \"romashka.retailcrm.ru\"\nkey = \"crm-key-of-romashka\"\nsite = \"romashka-ru\"\n\
         [[account]]\nname = \"vasilek\"\nbundle = \"rules/vasilek\"\nhook_secret = \"vasilek-0123456789abcdef\"\n\
         [account.retailcrm]\nurl = \"vasilek.retailcrm.ru\"\nkey = \"crm-key-of-vasilek\"\nsite = \"vasilek-ru\"\n"
    );
    config::parse(&text, &folder.join("switchboard.toml"), &Nothing).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) async fn open_store(folder: &Path, queue: Option<usize>) -> Arc<dyn Store> {
    let mut settings = SqliteSettings::new(folder.join("data"));
    settings.queue_events = queue.unwrap_or(settings.queue_events);
    store::open(StoreSettings::Sqlite(settings)).await.unwrap()
}

impl House {
    /// The usual house.
    pub(crate) async fn usual() -> Self {
        Self::of(Plan::default()).await
    }

    pub(crate) async fn of(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for account in ["romashka", "vasilek"] {
            let rules = folder.path().join("rules").join(account);
            std::fs::create_dir_all(&rules).unwrap();
            std::fs::write(rules.join("main.rules"), GOOD).unwrap();
        }
        let config = Arc::new(settings(folder.path(), &plan));
        let store = open_store(folder.path(), plan.queue).await;
        let clock = Manual::new("2026-03-02T09:00:31.7Z".parse().unwrap());
        let rulebook = Arc::new(Rulebook::new(&config.accounts));
        rulebook.look_at_all(now());
        let shared = Shared::new(Parts {
            config: Arc::clone(&config),
            store: Arc::clone(&store),
            clock: Arc::new(clock.clone()),
            rulebook: Arc::clone(&rulebook),
            shadows: Arc::default(),
            bell: Default::default(),
            modules: switchboard_runtime::module::Modules::default(),
            figures: Figures::install().unwrap(),
            desks: BTreeMap::new(),
            reports: BTreeMap::new(),
            directories: BTreeMap::new(),
            accounts: switchboard_runtime::accounts::Accounts::new(None, now()).0,
            deals: BTreeMap::new(),
            workplaces: BTreeMap::new(),
        })
        .unwrap();
        Self { shared, store, clock, rulebook, config, folder }
    }

    pub(crate) fn hooks(&self) -> Router {
        hooks(Arc::clone(&self.shared))
    }

    pub(crate) fn console(&self) -> Router {
        console(Arc::clone(&self.shared))
    }

    /// Sends a request to the public routes.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        read(self.hooks().oneshot(request).await.unwrap()).await
    }

    /// Sends a delivery of the fixtures.
    pub(crate) async fn deliver(&self, fixture: &Fixture) -> Answer {
        self.send(request(fixture)).await
    }

    /// Sends a JSON body as a notification.
    pub(crate) async fn notify(&self, event: &str, body: &str) -> Answer {
        self.send(post(&format!("{PATH}{event}"), body)).await
    }

    /// Asks a page of the console.
    pub(crate) async fn page(&self, path: &str) -> Answer {
        let request = Request::get(path).header("host", "127.0.0.1:8081").body(Body::empty()).unwrap();
        read(self.console().oneshot(request).await.unwrap()).await
    }

    /// The events of a session.
    pub(crate) async fn events(&self, session: &str) -> Vec<Event> {
        let (account, session) = (AccountId::from("romashka"), SessionKey::from(session));
        self.store
            .timeline(&account, &session)
            .await
            .unwrap()
            .map(|timeline| timeline.events)
            .unwrap_or_default()
    }

    /// The events that were not understood.
    pub(crate) async fn unparsed(&self) -> Vec<Event> {
        let page = Page { account: None, after: None, limit: 500 };
        self.store.unparsed(page).await.unwrap().rows
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub(crate) fn post(path: &str, body: &str) -> Request<Body> {
    Request::post(path).header("content-type", "application/json").body(Body::from(body.to_owned())).unwrap()
}

pub(crate) fn from(mut request: Request<Body>, peer: &str) -> Request<Body> {
    request.extensions_mut().insert(Peer(peer.parse::<IpAddr>().unwrap()));
    request
}

/// A delivery of the fixtures as a request.
pub(crate) fn request(fixture: &Fixture) -> Request<Body> {
    let query = fixture.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    Request::builder()
        .method(fixture.method.as_str())
        .uri(format!("{}{query}", fixture.path))
        .header("content-type", &fixture.content_type)
        .body(Body::from(fixture.body.clone()))
        .unwrap()
}

pub(crate) async fn read(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

/// The line of `[[account]]` that asks for a key in the body.
pub(crate) fn with_body_key() -> Plan {
    assert_eq!(BODY_KEY, "s3cr3t-body-key");
    Plan { account: "body_key = \"s3cr3t-body-key\"", ..Plan::default() }
}
