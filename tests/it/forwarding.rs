//! Whom a call is put through to while the client is on the line, against the emulator's scenario and a CRM that stalls.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use switchboard_emulator::{AskBy, Asked, Asking, CallScript, Employee, Entry, Fault, Next, Service};
use switchboard_runtime::app::{Replace, Running, start};
use switchboard_runtime::clock::Manual;
use switchboard_runtime::config;

use super::server::{Place, SECRET, Tuning, hooks, until};

/// A known client whose manager is Olga, and one whose manager is nobody.
const CLIENT: &str = "79000000071";
const ORPHAN: &str = "79000000072";
const DIALLED: &str = "74951234567";

const OLGA_USER: u64 = 29;
const FIRED_USER: u64 = 30;

const ON: &str = "rules 1\n\nsettings for calls\n  forward_to_manager: yes\n";

/// Codes by reason, a budget that is soon over, and a CRM that may take its time.
fn tuning() -> Tuning {
    Tuning {
        limits: "crm_rate = 100\ncrm_telephony_rate = 400\ncrm_timeout = \"110 s\"\nlease = \"120 s\"\n"
            .to_owned(),
        account: "[account.forwarding]\nbudget = \"50 ms\"\ncode_no_manager = 1\ncode_not_synchronised = 2\n\
                  code_no_phone = 3\ncode_silent = 4\ncode_off = 5\n"
            .to_owned(),
        ..Tuning::default()
    }
}

struct Scene {
    place: Place,
    running: Running,
    clock: Manual,
}

impl Scene {
    async fn new(rules: &str, tuning: &Tuning) -> Self {
        let place = Place::new(rules, tuning).await;
        let crm = place.emulator.crm();
        crm.put_customer(
            "romashka-main",
            json!({"firstName": "Вера", "phones": [{"number": "+7 900 000-00-71"}], "managerId": OLGA_USER, "tags": ["VIP"]}),
        );
        crm.put_customer("romashka-main", json!({"phones": [{"number": format!("+{ORPHAN}")}]}));
        let clock = Manual::new("2026-03-02T09:00:00Z".parse().expect("a moment"));
        let config = config::load(&place.settings()).unwrap_or_else(|error| panic!("{error}"));
        let replace = Replace { clock: Some(Arc::new(clock.clone())), ..Replace::default() };
        let running = start(config, replace).await.unwrap_or_else(|error| panic!("{error:?}"));
        let scene = Self { place, running, clock };
        scene.listed().await;
        scene
    }

    /// Waits until both sides are listed, so that answers depend on the client alone.
    async fn listed(&self) {
        until("the account is listed", async || {
            let directory = self.running.directory("romashka").expect("the account");
            directory.snapshot().is_some()
                && directory.status().uis.is_some_and(|uis| uis.listed_at.is_some())
        })
        .await;
    }

    async fn ask_by(&self, caller: Option<&str>, by: AskBy) -> Asked {
        let url = format!("{}/manager", hooks(self.running.addresses().hooks));
        let asking = Asking {
            session: 998_700_001,
            caller: caller.map(str::to_owned),
            dialled: DIALLED.to_owned(),
            by,
        };
        self.place.emulator.uis().ask(&asking, &url).await
    }

    async fn ask(&self, caller: &str) -> Next {
        self.ask_by(Some(caller), AskBy::Get).await.next
    }

    /// Questions about customers that reached the CRM.
    fn looked_up(&self) -> Vec<Entry> {
        self.place.emulator.journal().of("/api/v5/customers")
    }

    /// From now on the CRM takes every question about customers and answers none.
    fn stall(&self) {
        let fault = Fault::hang().service(Service::Retailcrm).method("GET").on("/api/v5/customers");
        self.place.emulator.faults().add(fault);
    }
}

fn calls(phones: &[&str]) -> Next {
    Next::Calls(phones.iter().map(|phone| (*phone).to_owned()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_reaches_the_manager_however_uis_asks_and_the_crm_is_asked_once() {
    let scene = Scene::new(ON, &tuning()).await;
    // The first question may be over before the CRM has said anything.
    until("the client is remembered", async || scene.ask(CLIENT).await == calls(&["103"])).await;
    let asked = scene.looked_up().len();
    for by in [AskBy::Get, AskBy::Form, AskBy::Json] {
        let answer = scene.ask_by(Some(CLIENT), by).await;
        assert_eq!(answer.delivery.answer, r#"{"phones":["103"]}"#);
        assert_eq!(answer.next, calls(&["103"]), "{by:?}");
    }
    assert_eq!(scene.looked_up().len(), asked, "what is known is not asked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_crm_stalls_uis_is_answered_and_the_crm_is_asked_once_however_many_ask() {
    let scene = Scene::new(ON, &tuning()).await;
    scene.stall();
    // The CRM never answers, and would be waited for longer than this test may run: that there are answers at all shows
    // that nobody waits for it.
    let answers = futures_util::future::join_all((0..20).map(|_| scene.ask(CLIENT))).await;
    assert_eq!(answers, vec![Next::Branch(4); 20]);
    let asked = scene.looked_up();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].status, None, "the question is still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_is_told_while_the_crm_stalls_until_it_is_too_old() {
    let scene = Scene::new(ON, &tuning()).await;
    until("the client is remembered", async || scene.ask(CLIENT).await == calls(&["103"])).await;
    scene.stall();
    let asked = scene.looked_up().len();
    scene.clock.advance(Duration::from_secs(4 * 60));
    assert_eq!(scene.ask(CLIENT).await, calls(&["103"]));
    assert_eq!(scene.looked_up().len(), asked, "still fresh");
    scene.clock.advance(Duration::from_secs(60 * 60));
    assert_eq!(scene.ask(CLIENT).await, calls(&["103"]));
    assert_eq!(scene.looked_up().len(), asked + 1, "asked again, and told what was known");
    scene.clock.advance(Duration::from_secs(24 * 3600));
    assert_eq!(scene.ask(CLIENT).await, Next::Branch(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_crm_says_too_late_is_known_the_next_time() {
    let scene = Scene::new(ON, &tuning()).await;
    let late =
        Fault::delay(Duration::from_millis(300)).service(Service::Retailcrm).on("/api/v5/customers").times(1);
    scene.place.emulator.faults().add(late);
    assert_eq!(scene.ask(CLIENT).await, Next::Branch(4));
    until("the late answer is remembered", async || scene.ask(CLIENT).await == calls(&["103"])).await;
    assert_eq!(scene.looked_up().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_begins_is_looked_up_before_uis_asks() {
    let scene = Scene::new(ON, &tuning()).await;
    let script = CallScript {
        client: Some(CLIENT.to_owned()),
        virtual_number: DIALLED.to_owned(),
        ..CallScript::default()
    };
    let played = scene.place.play(&script);
    let begins: Vec<_> = played.notifications.into_iter().filter(|one| one.event == "call_start").collect();
    assert_eq!(begins.len(), 1);
    let address = hooks(scene.running.addresses().hooks);
    for delivery in scene.place.emulator.uis().send_all(&begins, &address).await {
        assert!(delivery.is_taken(), "{delivery:?}");
    }
    let answered = async || scene.looked_up().first().is_some_and(|entry| entry.status == Some(200));
    until("the client is looked up", answered).await;
    scene.stall();
    until("the answer comes from memory", async || scene.ask(CLIENT).await == calls(&["103"])).await;
    assert_eq!(scene.looked_up().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_became_a_client_reaches_the_new_manager() {
    let rules = format!(
        "{ON}\ntable entities for calls\n  | contact || create | responsible        |\n\
         \x20 |---------||--------|--------------------|\n  | else    || client | \"olga@romashka.ru\" |\n"
    );
    let scene = Scene::new(&rules, &tuning()).await;
    let stranger = "79000000075";
    until("nobody knows the number", async || scene.ask(stranger).await == Next::Branch(1)).await;
    let script = CallScript {
        client: Some(stranger.to_owned()),
        virtual_number: DIALLED.to_owned(),
        wait_s: 5,
        ..CallScript::default()
    };
    let played = scene.place.play(&script);
    let address = hooks(scene.running.addresses().hooks);
    scene.place.emulator.uis().send_all(&played.notifications, &address).await;
    let crm = scene.place.emulator.crm();
    let seconds = std::cell::Cell::new(0);
    until("the client is made", async || {
        // Well below the age at which RetailCRM would be asked again anyway.
        if seconds.get() < 60 {
            seconds.set(seconds.get() + 1);
            scene.clock.advance(Duration::from_secs(1));
        }
        crm.customers().len() == 3
    })
    .await;
    until("the manager is called", async || scene.ask(stranger).await == calls(&["103"])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_for_nobody_has_its_code() {
    let scene = Scene::new(ON, &tuning()).await;
    let crm = scene.place.emulator.crm();
    let settled = async |caller: &str| {
        until("the CRM has said", async || scene.ask(caller).await != Next::Branch(4)).await;
        scene.ask(caller).await
    };
    assert_eq!(settled(ORPHAN).await, Next::Branch(1), "a client without a manager");
    assert_eq!(settled("79000000079").await, Next::Branch(1), "a stranger");
    assert_eq!(scene.ask_by(None, AskBy::Get).await.next, Next::Branch(1), "a hidden number");
    crm.put_customer(
        "romashka-main",
        json!({"phones": [{"number": "+79000000073"}], "managerId": FIRED_USER}),
    );
    assert_eq!(settled("79000000073").await, Next::Branch(2), "a manager who no longer works here");

    let uis = scene.place.emulator.uis();
    let ivan = uis.employees().into_iter().find(|one| one.email.as_deref() == Some("ivan@romashka.ru"));
    uis.put_employee(Employee { phone_numbers: Vec::new(), extension: None, ..ivan.expect("Ivan") });
    scene.running.directory("romashka").expect("the account").refresh_now().await;
    crm.put_customer("romashka-main", json!({"phones": [{"number": "+79000000074"}], "managerId": 28}));
    assert_eq!(settled("79000000074").await, Next::Branch(3), "a manager without a number");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_rules_nobody_is_put_through_and_nobody_is_asked() {
    let scene = Scene::new("rules 1\n\nsettings for calls\n  forward_to_manager: no\n", &tuning()).await;
    assert_eq!(scene.ask(CLIENT).await, Next::Branch(5));
    assert!(scene.looked_up().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_sends_some_to_their_manager_and_others_to_a_group_or_on() {
    let rules = "rules 1\n\ntable forward for incoming calls\n\
        \x20 | contact | client.tags    || employee       | to_number | return_code |\n\
        \x20 |---------|----------------||----------------|-----------|-------------|\n\
        \x20 | repeat  | contains \"VIP\" || client.manager | -         | -           |\n\
        \x20 | repeat  | -              || -              | \"600\"     | -           |\n\
        \x20 | else                     || -              | -         | 9           |\n";
    let scene = Scene::new(rules, &tuning()).await;
    let group = json!({"id": 3, "name": "Продажи", "members": [], "group_phone_number": "600"});
    scene.place.emulator.uis().put_row("group_employees", group);
    until("the VIP reaches the manager", async || scene.ask(CLIENT).await == calls(&["103"])).await;
    until("the other reaches the group", async || scene.ask(ORPHAN).await == calls(&["600"])).await;
    assert_eq!(scene.ask_by(None, AskBy::Form).await.next, Next::Branch(9));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_who_is_not_chosen_is_not_called() {
    let account = format!("employees = [\"anna@romashka.ru\"]\n{}", tuning().account);
    let scene = Scene::new(ON, &Tuning { account, ..tuning() }).await;
    until("the CRM has said", async || scene.ask(CLIENT).await == Next::Branch(2)).await;
    let status = scene.running.directory("romashka").expect("the account").status();
    assert_eq!((status.chosen, status.synchronised), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_method_for_telephony_tells_who_is_free() {
    let account =
        format!("{}ask = \"telephony\"\nignore_status = false\ndial = \"phones\"\n", tuning().account);
    let scene = Scene::new(ON, &Tuning { account, ..tuning() }).await;
    let uis = scene.place.emulator.uis();
    let olga = uis.employees().into_iter().find(|one| one.email.as_deref() == Some("olga@romashka.ru"));
    uis.put_employee(Employee { phone_numbers: vec!["79000000020".to_owned()], ..olga.expect("Olga") });
    scene.running.directory("romashka").expect("the account").refresh_now().await;
    let crm = scene.place.emulator.crm();
    let user = crm.users().into_iter().find(|user| user.id == OLGA_USER).expect("Olga");
    crm.put_user(switchboard_emulator::User { online: true, status: "free".to_owned(), ..user.clone() });
    until("she is called", async || scene.ask(CLIENT).await == calls(&["79000000020"])).await;
    crm.put_user(switchboard_emulator::User { online: true, status: "dinner".to_owned(), ..user });
    scene.clock.advance(Duration::from_secs(3600));
    until("she is left to her dinner", async || scene.ask(CLIENT).await == Next::Branch(1)).await;
    assert!(scene.looked_up().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_learns_nothing() {
    let scene = Scene::new(ON, &tuning()).await;
    let url = format!("{}/manager", hooks(scene.running.addresses().hooks))
        .replace(SECRET, "guess-0123456789abcdefgh");
    let asking =
        Asking { session: 1, caller: Some(CLIENT.to_owned()), dialled: DIALLED.to_owned(), by: AskBy::Get };
    let asked = scene.place.emulator.uis().ask(&asking, &url).await;
    assert_eq!(asked.next, Next::GoesOn("status 404".to_owned()));
    assert!(scene.looked_up().is_empty());
}

/// A CRM that is asked about many callers at once, five times a second.
async fn burst() -> Scene {
    let usual = tuning();
    let limits = usual.limits.replace("crm_rate = 100", "crm_rate = 5");
    let account = usual.account.replace("budget = \"50 ms\"", "budget = \"2 s\"");
    let tuning = Tuning { limits, account: format!("settle = \"50 ms\"\n{account}"), ..usual };
    let rules = format!(
        "{ON}\ntable entities for calls\n  | contact || create |\n  |---------||--------|\n  | first   || client |\n"
    );
    let scene = Scene::new(&rules, &tuning).await;
    for number in 0..BURST {
        let script = CallScript {
            client: Some(caller(number)),
            virtual_number: DIALLED.to_owned(),
            ..CallScript::default()
        };
        let played = scene.place.play(&script);
        let start = played.notifications.iter().find(|one| one.event == "call_start").expect("a start");
        let hooks = hooks(scene.running.addresses().hooks);
        assert!(scene.place.emulator.uis().send(start, &hooks).await.is_taken());
    }
    scene
}

const BURST: usize = 30;

fn caller(number: usize) -> String {
    format!("790000005{number:02}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_callers_holds_no_client_back() {
    let scene = burst().await;
    let script = CallScript {
        client: Some("79000000599".to_owned()),
        virtual_number: DIALLED.to_owned(),
        ..CallScript::default()
    };
    let played = scene.place.play(&script);
    let end = played.notifications.iter().filter(|one| one.event == "call_end");
    let hooks = hooks(scene.running.addresses().hooks);
    for one in end {
        assert!(scene.place.emulator.uis().send(one, &hooks).await.is_taken());
    }
    until("the client is made", async || {
        // The clock stands still unless it is put forward.
        scene.clock.advance(Duration::from_millis(10));
        scene.place.emulator.crm().customers().iter().any(|one| one.text("firstName") == Some("+79000000599"))
    })
    .await;
    let asked = scene.looked_up().iter().filter(|entry| entry.method == "GET").count();
    assert!(asked < BURST / 2, "{asked} of {BURST} callers were asked about before a client was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_the_line_overtakes_those_who_are_not_yet() {
    let scene = burst().await;
    let last = caller(BURST - 1);
    let phones = json!([{"number": format!("+{last}")}]);
    let card = json!({"firstName": "Вера", "phones": phones, "managerId": OLGA_USER});
    scene.place.emulator.crm().put_customer("romashka-main", card);
    assert_eq!(scene.ask(&last).await, calls(&["103"]), "within the budget");
    let asked = scene.looked_up();
    assert!(asked.len() < BURST / 2, "{} of {BURST} were asked about before", asked.len());
    let about = |entry: &Entry| entry.query.to_string().contains(&last[1..]);
    assert_eq!(asked.iter().filter(|entry| about(entry)).count(), 1, "and about nobody twice");
}
