//! A server and an emulator for tests: settings and rules in a folder of their own, calls played by the emulator, and a
//! way to wait until everything that follows from them is settled.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use switchboard_emulator::{CallScript, Emulator, Played, Settings};
use switchboard_runtime::app::{Replace, Running, start};
use switchboard_runtime::config;
use switchboard_runtime::store::Store;
use switchboard_runtime::store::record::{AccountId, Effect, EventState, Phase, SessionKey, Timeline};

use super::door::Door;

/// The secret in the addresses of notifications.
pub(crate) const SECRET: &str = "sesame-0123456789abcdef";
/// Longest wait for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Employees of the emulator's UIS.
pub(crate) const ANNA: u64 = 323_400;
pub(crate) const OLGA: u64 = 323_402;

/// A client and an order for whoever calls first, an order for who calls again, a task for whoever was not reached.
pub(crate) const RULES: &str = r#"rules 1

table entities for calls
  | contact || create        | responsible                            |
  |---------||---------------|----------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru"    |
  | repeat  || order         | client.manager else "anna@romashka.ru" |

task for missed incoming calls
  title:  "Перезвонить {{ phone else "?" }}"
  assign: client.manager else "olga@romashka.ru"
  due:    2 hours after finished

fields of client for calls
  uis_campaign from campaign, always
  uis_site     from site else "нет сайта"

fields of order for calls
  uis_talk_time from talk_time
  uis_record    from record_url, always
"#;

/// What a test changes about the settings.
#[derive(Debug, Clone)]
pub(crate) struct Tuning {
    /// Lines under `[limits]`.
    pub(crate) limits: String,
    /// Lines under `[[account]]`.
    pub(crate) account: String,
    /// Lines under `[account.retailcrm]`, and sections after them; `{door}` stands for the address of the place's door.
    pub(crate) retailcrm: String,
    /// Lines under `[account.uis]`.
    pub(crate) uis: String,
    /// How long to wait before each look for a record whose request got no answer.
    pub(crate) settle: Vec<Duration>,
}

/// The emulator, and a folder with settings, rules and data.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) emulator: Arc<Emulator>,
    pub(crate) account: AccountId,
    pub(crate) settle: Vec<Duration>,
    /// Where RetailCRM is told to call.
    pub(crate) door: Door,
    folder: tempfile::TempDir,
}

/// A place with a server that runs in it.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) place: Place,
    pub(crate) running: Running,
}

impl Default for Tuning {
    /// Quick: nothing waits longer than it must, neither side counts requests, and no report is read.
    fn default() -> Self {
        Self {
            limits: "crm_rate = 100\ncrm_telephony_rate = 400\ncrm_timeout = \"2 s\"\n".to_owned(),
            retailcrm: String::new(),
            account: "settle = \"50 ms\"\nrecord_wait = \"0 s\"\n".to_owned(),
            uis: "find_missed = false\nfailed_deliveries = false\nmarketing_wait = \"0 s\"\n".to_owned(),
            settle: vec![Duration::from_millis(50), Duration::from_millis(200)],
        }
    }
}

impl Place {
    /// Starts an emulator and writes settings for it.
    pub(crate) async fn new(rules: &str, tuning: &Tuning) -> Self {
        Self::with(Settings::default(), rules, tuning).await
    }

    /// The same with an emulator of another kind.
    pub(crate) async fn with(emulator: Settings, rules: &str, tuning: &Tuning) -> Self {
        let emulator = Emulator::start(emulator).await.expect("the emulator starts");
        emulator.set_switches(|switches| switches.limiter = false);
        // In memory where that can be: these tests are about what is sent, not about the disk.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
        let bundle = folder.path().join("rules");
        std::fs::create_dir(&bundle).expect("a folder for the rules");
        std::fs::write(bundle.join("main.rules"), rules).expect("the rules are written");
        let door = Door::new().await;
        let services = &emulator.addresses().services;
        let (crm, uis) = (&services.retailcrm, &services.uis);
        let settings = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nconsole_listen = \"127.0.0.1:0\"\ndata = \"data\"\n\n\
             [security]\nallow_loopback = true\n\n[limits]\n{}\n\
             [[account]]\nname = \"romashka\"\nbundle = \"rules\"\nhook_secret = \"{SECRET}\"\n{}\n\
             [account.retailcrm]\nurl = \"{}\"\nkey = \"{}\"\nsite = \"{}\"\n{}\n\
             [account.uis]\ndata_api = \"{}\"\ncall_api = \"{}\"\ntoken = \"{}\"\n{}\n",
            tuning.limits,
            tuning.account,
            crm.url,
            crm.key,
            "romashka-main",
            tuning.retailcrm.replace("{door}", &door.url()),
            uis.data_api,
            uis.call_api,
            uis.token,
            tuning.uis,
        );
        std::fs::write(folder.path().join("switchboard.toml"), settings).expect("the settings are written");
        Self {
            emulator: Arc::new(emulator),
            account: AccountId::from("romashka"),
            settle: tuning.settle.clone(),
            door,
            folder,
        }
    }

    /// Writes a file of the bundle.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join("rules").join(name), text).expect("the rules are written");
    }

    /// The file of settings.
    pub(crate) fn settings(&self) -> PathBuf {
        self.folder.path().join("switchboard.toml")
    }

    /// Plays a call; nothing is sent yet.
    pub(crate) fn play(&self, script: &CallScript) -> Played {
        self.emulator.uis().play(script, &[])
    }

    /// Starts a server here.
    pub(crate) async fn serve(self) -> Server {
        let running = run(&self.settings(), self.settle.clone()).await;
        self.door.leads_to(running.addresses().hooks);
        Server { place: self, running }
    }
}

/// Starts a server from a file of settings.
pub(crate) async fn run(settings: &Path, settle: Vec<Duration>) -> Running {
    let config = config::load(settings).unwrap_or_else(|error| panic!("{error}"));
    let replace = Replace { settle: Some(settle), seed: Some(1), ..Replace::default() };
    start(config, replace).await.unwrap_or_else(|error| panic!("{error:?}"))
}

/// Where notifications go.
pub(crate) fn hooks(address: std::net::SocketAddr) -> String {
    format!("http://{address}/hooks/romashka/{SECRET}/uis")
}

impl Server {
    /// A place and a server in one.
    pub(crate) async fn new(rules: &str, tuning: &Tuning) -> Self {
        Place::new(rules, tuning).await.serve().await
    }

    /// The same with more files in the bundle.
    pub(crate) async fn new_with(rules: &str, files: &[(&str, &str)], tuning: &Tuning) -> Self {
        let place = Place::new(rules, tuning).await;
        for (name, text) in files {
            place.write(name, text);
        }
        place.serve().await
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        self.running.store()
    }

    /// Plays a call and sends all that is said about it; each must be taken.
    pub(crate) async fn call(&self, script: &CallScript) -> SessionKey {
        let played = self.place.play(script);
        self.send(&played).await;
        SessionKey::from(format!("call:{}", played.session))
    }

    /// Sends what is said about a call.
    pub(crate) async fn send(&self, played: &Played) {
        let hooks = hooks(self.running.addresses().hooks);
        for delivery in self.place.emulator.uis().send_all(&played.notifications, &hooks).await {
            assert!(delivery.is_taken(), "{delivery:?}");
        }
    }

    pub(crate) async fn timeline(&self, session: &SessionKey) -> Timeline {
        let timeline = self.store().timeline(&self.place.account, session).await.expect("the store answers");
        timeline.expect("the session is known")
    }

    /// Waits until nothing is left to do about these calls.
    pub(crate) async fn settled(&self, sessions: &[SessionKey]) {
        let what = format!("{sessions:?} settle");
        until(&what, || self.is_settled(sessions)).await;
    }

    async fn is_settled(&self, sessions: &[SessionKey]) -> bool {
        for session in sessions {
            let timeline =
                self.store().timeline(&self.place.account, session).await.expect("the store answers");
            if !timeline.is_some_and(|timeline| is_settled(&timeline)) {
                return false;
            }
        }
        true
    }

    /// The effect of a kind of a call.
    pub(crate) async fn effect(&self, session: &SessionKey, kind: &str) -> Effect {
        let mut effects = self.timeline(session).await.effects;
        effects.retain(|effect| effect.kind == kind);
        assert_eq!(effects.len(), 1, "one {kind}: {effects:?}");
        effects.remove(0)
    }

    /// Stops in good order and gives the place back.
    pub(crate) async fn stop(self) -> Place {
        self.running.shutdown().await;
        self.place
    }
}

/// Whether nothing is left to do about a call.
pub(crate) fn is_settled(timeline: &Timeline) -> bool {
    let closed = timeline.communication.as_ref().is_some_and(|one| one.phase == Phase::Closed);
    let heard = timeline.events.iter().all(|event| event.state != EventState::Available);
    closed && heard && timeline.effects.iter().all(|effect| !effect.state.is_pending())
}

/// Looks again and again until something is so.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let looked = async {
        while !is_so().await {
            ticks.tick().await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, looked).await.is_ok(), "it never came to it that {what}");
}

/// The fields of a record that a test names, as one object.
pub(crate) fn part(record: &switchboard_emulator::Record, names: &[&str]) -> Value {
    let all = record.to_json();
    names
        .iter()
        .map(|name| ((*name).to_owned(), all.get(*name).cloned().unwrap_or_default()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
