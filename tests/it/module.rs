//! The integration module: registered by itself, kept up to date, listened to.

use serde_json::{Value, json};
use switchboard_emulator::{Employee, Fault};
use switchboard_runtime::store::record::{AccountId, Activity};

use super::server::{ANNA, Place, RULES, Server, Tuning, until};

/// The code of the module in these tests.
pub(crate) const CODE: &str = "uis-romashka";
/// Where registrations go.
const EDIT: &str = "/api/v5/integration-modules/uis-romashka/edit";

/// Rules with shops that have numbers.
fn rules() -> String {
    format!(
        "{RULES}\ntable store for calls\n  | virtual_number || store |\n  |---||---|\n\
         \x20 | +7 812 123-45-67 || \"romashka-spb\" |\n  | else || \"romashka-main\" |\n"
    )
}

/// An account with a module whose callbacks come through the door.
pub(crate) fn with_module(more: &str) -> Tuning {
    let usual = Tuning::default();
    Tuning {
        limits: format!("{}module_check = \"50 ms\"\nemployees_refresh = \"1 s\"\n", usual.limits),
        retailcrm: format!(
            "[account.retailcrm.module]\npublic_url = \"{{door}}\"\n\
             external_phones = {{ romashka-msk = \"8 (495) 123-45-67\" }}\n{more}"
        ),
        ..usual
    }
}

/// A server with a module that RetailCRM has accepted.
pub(crate) async fn ready(rules: &str, more: &str) -> Server {
    let server = Place::new(rules, &with_module(more)).await.serve().await;
    // The seeded module of another program would be asked instead of ours.
    server.place.emulator.crm().put_module("uis", None);
    registered(&server).await;
    server
}

async fn registered(server: &Server) {
    until("the module is registered", async || server.place.emulator.crm().module(CODE).is_some()).await;
}

fn telephony(server: &Server) -> Value {
    server.place.emulator.crm().module(CODE).expect("a module")["integrations"]["telephony"].clone()
}

fn edits(server: &Server) -> usize {
    server.place.emulator.journal().of(EDIT).len()
}

async fn activity(server: &Server) -> Activity {
    server.store().activity(&AccountId::from("romashka")).await.expect("the store answers")
}

/// One GET over a plain socket.
pub(crate) async fn get(url: &str) -> (u16, String) {
    use http_body_util::{BodyExt as _, Empty};
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
        .build_http::<Empty<bytes::Bytes>>();
    let answer = client.get(url.parse().expect("an address")).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_is_registered_with_everything_that_is_known() {
    let server = ready(&rules(), "").await;
    let module = server.place.emulator.crm().module(CODE).expect("a module");
    let base = server.place.door.url();
    assert_eq!(module["baseUrl"], json!(base));
    assert_eq!(module["clientId"].as_str().map(str::len), Some(64), "a long secret");
    assert_eq!(
        module["actions"],
        json!({"activity": "/retailcrm/activity", "settings": "/retailcrm/settings"})
    );
    assert_eq!(
        telephony(&server),
        json!({
            "makeCallUrl": format!("{base}/retailcrm/call"), "changeUserStatusUrl": format!("{base}/retailcrm/status"),
            "allowEdit": false, "inputEventSupported": true, "outputEventSupported": true, "hangupEventSupported": true,
            "additionalCodes": [{"userId": 27, "code": "101"}, {"userId": 28, "code": "102"}, {"userId": 29, "code": "103"}],
            "externalPhones": [{"siteCode": "romashka-msk", "externalPhone": "74951234567"},
                {"siteCode": "romashka-spb", "externalPhone": "78121234567"}],
        })
    );
    let (status, logo) = get(module["logo"].as_str().expect("a logo")).await;
    assert!(status == 200 && logo.starts_with("<svg"), "{status} {logo}");
    let secret = module["clientId"].as_str().expect("a secret");
    let (status, page) = get(&format!("{base}/retailcrm/account?clientId={secret}")).await;
    assert!(status == 200 && page.contains("works") && !page.contains(secret), "{status} {page}");
    // Whoever does not know the secret learns nothing.
    let nowhere = get(&format!("{base}/no/such/address")).await;
    for path in ["account", "call", "activity", "status", "settings"] {
        assert_eq!(get(&format!("{base}/retailcrm/{path}?clientId=guess")).await, nowhere, "{path}");
    }
    assert_eq!(get(&format!("{base}/retailcrm/other?clientId={secret}")).await, nowhere);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_change_is_sent_and_a_restart_is_none() {
    let server = ready(&rules(), "").await;
    let secret = server.place.emulator.crm().module(CODE).expect("a module")["clientId"].clone();
    let place = server.stop().await;
    let server = place.serve().await;
    let uis = server.place.emulator.uis();
    let lists = server.place.emulator.journal().of("get.employees").len();
    let anna = uis.employees().into_iter().find(|one| one.id == ANNA).expect("Anna");
    until("employees were listed anew", async || {
        server.place.emulator.journal().of("get.employees").len() > lists
    })
    .await;
    assert_eq!(edits(&server), 1, "nothing had changed");
    uis.put_employee(Employee { extension: Some("777".to_owned()), ..anna });
    until("the extension is known", async || {
        telephony(&server)["additionalCodes"][0]["code"] == json!("777")
    })
    .await;
    assert_eq!(edits(&server), 2);
    assert_eq!(server.place.emulator.crm().module(CODE).expect("a module")["clientId"], secret);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_has_become_empty_is_not_sent() {
    let server = ready(&rules(), "").await;
    let uis = server.place.emulator.uis();
    for employee in uis.employees() {
        uis.put_employee(Employee { extension: None, ..employee });
    }
    let page = format!("http://{}/module", server.running.addresses().console);
    until("the alarm is shown", async || get(&page).await.1.contains("no employee has an extension")).await;
    assert_eq!(edits(&server), 1);
    assert_eq!(telephony(&server)["additionalCodes"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_before_uis_has_listed_its_employees() {
    let place = Place::new(&rules(), &with_module("")).await;
    let fault = place.emulator.faults().add(Fault::status(500).on("get.employees").times(3));
    let server = place.serve().await;
    registered(&server).await;
    assert_eq!(server.place.emulator.faults().struck(fault), Some(3));
    assert_eq!(edits(&server), 1);
    assert_eq!(telephony(&server)["additionalCodes"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_sent_again_and_what_the_crm_does_not_know_is_shown() {
    let place = Place::new(&rules(), &with_module("")).await;
    place.emulator.crm().remove_site("romashka-spb");
    place.emulator.faults().add(Fault::reset().after_commit().on(EDIT).times(1));
    let server = place.serve().await;
    let page = format!("http://{}/module", server.running.addresses().console);
    until("the shop is named", async || get(&page).await.1.contains("romashka-spb")).await;
    assert_eq!(edits(&server), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_is_switched_off_pauses_the_account_until_it_is_switched_on() {
    let server = ready(&rules(), "").await;
    let crm = server.place.emulator.crm();
    let told = crm.set_activity(CODE, false, false).await.expect("an address");
    assert_eq!((told.status, told.answer.as_str()), (Some(200), r#"{"success":true}"#));
    assert!(matches!(activity(&server).await, Activity::Stopped { .. }));
    // A call is taken and waits, over a restart too.
    let script = switchboard_emulator::CallScript {
        client: Some("79000000051".to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        ..switchboard_emulator::CallScript::default()
    };
    let session = server.call(&script).await;
    let place = server.stop().await;
    let server = place.serve().await;
    let console = format!("http://{}/module", server.running.addresses().console);
    assert!(get(&console).await.1.contains("switched off in RetailCRM"));
    assert!(matches!(activity(&server).await, Activity::Stopped { .. }), "a good key does not resume it");
    assert!(crm.customers().is_empty() && crm.calls().is_empty() && crm.popups().is_empty());
    crm.set_activity(CODE, true, true).await.expect("an address");
    assert!(matches!(activity(&server).await, Activity::Stopped { .. }), "frozen");
    crm.set_activity(CODE, true, false).await.expect("an address");
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!((activity(&server).await, crm.customers().len()), (Activity::Active, 1));
    assert_eq!(edits(&server), 1, "nothing was registered over it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_address_is_shown_and_not_followed() {
    let server = ready(&rules(), "").await;
    let secret = server.place.emulator.crm().module(CODE).expect("a module")["clientId"].clone();
    let secret = secret.as_str().expect("a secret");
    let base = format!("{}/retailcrm/activity?clientId={secret}", server.place.door.url());
    let console = format!("http://{}/module", server.running.addresses().console);
    for (address, shown) in
        [("https://new.retailcrm.ru", "new.retailcrm.ru"), ("https://169.254.169.254", "may not be called")]
    {
        assert_eq!(get(&format!("{base}&systemUrl={address}")).await.0, 200);
        let page = get(&console).await.1;
        assert!(page.contains(shown), "{page}");
    }
    assert_eq!(activity(&server).await, Activity::Active);
    assert_eq!(get(&base).await.0, 400, "says nothing");
    let (status, _) = get(&format!("{base}&activity=%7B%22active%22:false%7D")).await;
    assert!(status == 200 && matches!(activity(&server).await, Activity::Stopped { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_of_users_are_kept() {
    let server = ready(&rules(), "").await;
    server.place.emulator.crm().report_user_status(27, "dinner").await.expect("an address");
    let console = format!("http://{}/module", server.running.addresses().console);
    let page = get(&console).await.1;
    assert!(page.contains("dinner"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_is_gone_or_changed_is_registered_again() {
    let server = ready(&rules(), "").await;
    let crm = server.place.emulator.crm();
    let registered = crm.module(CODE).expect("a module");
    shown(&server, 2).await;
    assert_eq!(edits(&server), 1, "what is there is left alone");
    crm.put_module(CODE, None);
    until("it is registered again", async || crm.module(CODE).is_some()).await;
    assert_eq!((edits(&server), crm.module(CODE)), (2, Some(registered.clone())));

    shown(&server, 2).await;
    let mut other = registered.clone();
    other["integrations"]["telephony"]["makeCallUrl"] = json!("https://elsewhere.example/call");
    crm.put_module(CODE, Some(other));
    until("it is mended", async || crm.module(CODE).as_ref() == Some(&registered)).await;
    shown(&server, 2).await;
    assert_eq!(edits(&server), 3);
    // A restart finds what was lost meanwhile.
    let place = server.stop().await;
    place.emulator.crm().put_module(CODE, None);
    let server = place.serve().await;
    self::registered(&server).await;
    assert_eq!(edits(&server), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_that_nobody_told_of_is_seen() {
    let server = ready(&rules(), "").await;
    let crm = server.place.emulator.crm();
    let switch = |active: bool| {
        let mut module = crm.module(CODE).expect("a module");
        module["active"] = json!(active);
        crm.put_module(CODE, Some(module));
    };
    switch(false);
    until("the account is paused", async || matches!(activity(&server).await, Activity::Stopped { .. }))
        .await;
    let console = format!("http://{}/module", server.running.addresses().console);
    assert!(get(&console).await.1.contains("switched off in RetailCRM"));
    // Whoever deletes it then does not want it back.
    let module = crm.module(CODE);
    crm.put_module(CODE, None);
    shown(&server, 2).await;
    assert_eq!((edits(&server), crm.module(CODE)), (1, None));
    crm.put_module(CODE, module);
    shown(&server, 2).await;
    assert!(matches!(activity(&server).await, Activity::Stopped { .. }));
    switch(true);
    until("the account goes on", async || activity(&server).await == Activity::Active).await;
    assert_eq!(edits(&server), 1, "nothing was registered over it");
}

/// Waits until the module was read back so many times more.
async fn shown(server: &Server, times: usize) {
    let path = "/api/v5/integration-modules/uis-romashka";
    let journal = server.place.emulator.journal();
    let reads = || journal.of(path).iter().filter(|entry| entry.target == path).count();
    let before = reads();
    until("the module was read back", async || reads() >= before + times).await;
}
