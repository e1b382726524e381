//! Shops that connect themselves: a user of RetailCRM installs the module from the marketplace, and the emulator plays RetailCRM.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use switchboard_emulator::{ApiKey, CallScript, Emulator, Fault, Installed};
use switchboard_runtime::config;
use switchboard_runtime::store::record::{AccountId, Activity, SessionKey};

use super::admin::ask;
use super::module::get;
use super::server::{ANNA, Place, Server, Tuning, is_settled, until};

const SECRET: &str = "module-secret-of-the-marketplace";
/// Rules that need nothing of reports, which a new account would wait for.
const RULES: &str = "rules 1\n\ntable entities for calls\n  | contact || create        | responsible        |\n  |---------||---------------|--------------------|\n\
    \x20 | first   || client, order | \"anna@romashka.ru\" |\n  | repeat  || order         | \"anna@romashka.ru\" |\n";
/// The account of the emulator's address, and its module.
const ACCOUNT: &str = "127";
const CODE: &str = "uis-127";

/// A server without accounts that takes shops; `more` are lines of `[marketplace]`.
async fn open(more: &str) -> Server {
    let usual = Tuning::default();
    let limits = format!("{}module_check = \"50 ms\"\n", usual.limits);
    let place = Place::new(RULES, &Tuning { limits, ..usual }).await;
    let services = &place.emulator.addresses().services;
    let marketplace = format!(
        "[marketplace]\ncode = \"uis\"\nsecret = \"{SECRET}\"\npublic_url = \"{}\"\nbundle = \"rules\"\n\
         uis_credentials = \"shared\"\n{more}\n[[credentials]]\nname = \"shared\"\n[credentials.uis]\n\
         data_api = \"{}\"\ntoken = \"{}\"\n",
        place.door.url(),
        services.uis.data_api,
        services.uis.token,
    );
    let text = std::fs::read_to_string(place.settings()).expect("the settings are read");
    let without = text.split("[[account]]").next().expect("the settings of the server");
    std::fs::write(place.settings(), format!("{without}\n{marketplace}")).expect("the settings are written");
    place.emulator.crm().put_module("uis", None);
    place.serve().await
}

fn emulator(server: &Server) -> &Arc<Emulator> {
    &server.place.emulator
}

fn address(server: &Server) -> String {
    emulator(server).addresses().services.retailcrm.url.clone()
}

async fn install(server: &Server) -> Installed {
    install_with(server, SECRET, &address(server)).await
}

async fn install_with(server: &Server, secret: &str, system_url: &str) -> Installed {
    let config = format!("{}/retailcrm/marketplace/config", server.place.door.url());
    emulator(server).crm().install(&config, secret, system_url).await
}

/// Sends the same registration once more.
async fn register(server: &Server, key: &str) -> (Option<u16>, Value) {
    let url = format!("{}/retailcrm/marketplace/register", server.place.door.url());
    let sent = emulator(server).crm().register(&url, SECRET, key, &address(server)).await;
    (sent.status, serde_json::from_str(&sent.answer).expect("JSON"))
}

fn settings(server: &Server) -> String {
    std::fs::read_to_string(server.place.settings()).expect("the settings are read")
}

fn kept(server: &Server, name: &str) -> Option<String> {
    let folder = server.place.settings().with_file_name("data/secrets").join(ACCOUNT);
    std::fs::read_to_string(folder.join(name)).ok()
}

fn accounts(server: &Server) -> Vec<String> {
    let config = config::load(&server.place.settings()).unwrap_or_else(|error| panic!("{error}"));
    config.accounts.into_iter().map(|account| account.name).collect()
}

/// How often the module was registered.
fn edits(server: &Server) -> usize {
    emulator(server).journal().of("/api/v5/integration-modules/uis-127/edit").len()
}

/// Sends a call to the account that connected itself, and waits until it is settled.
async fn call(server: &Server, client: &str) {
    let script = CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        ..CallScript::default()
    };
    let played = server.place.play(&script);
    let secret = kept(server, "hook-secret").expect("a secret was made");
    let hooks = format!("http://{}/hooks/{ACCOUNT}/{secret}/uis", server.running.addresses().hooks);
    let told = emulator(server).uis().send_all(&played.notifications, &hooks).await;
    assert!(told.iter().all(switchboard_emulator::Delivery::is_taken), "{told:?}");
    let (account, session) = (AccountId::from(ACCOUNT), SessionKey::from(format!("call:{}", played.session)));
    until("the call is settled", async || {
        let timeline = server.store().timeline(&account, &session).await.expect("the store answers");
        timeline.is_some_and(|timeline| is_settled(&timeline))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_installs_the_module_is_an_account_that_works() {
    let server = open("").await;
    assert!(accounts(&server).is_empty());
    let installed = install(&server).await;
    assert_eq!(installed.error, None);
    let page = installed.account_url.expect("a page");
    // By the time of the answer the module is registered and knows its extensions.
    let module = emulator(&server).crm().module(CODE).expect("a module");
    assert_eq!((&module["integrationCode"], &module["active"]), (&json!("uis"), &json!(true)));
    assert_eq!(module["integrations"]["telephony"]["additionalCodes"].as_array().map(Vec::len), Some(3));
    let shown = get(&format!("{page}?clientId={}", module["clientId"].as_str().expect("a secret"))).await;
    assert!(shown.0 == 200 && shown.1.contains("The integration works"), "{shown:?}");
    assert_eq!(accounts(&server), [ACCOUNT]);
    assert_eq!(kept(&server, "retailcrm-key"), Some(installed.key.clone()));
    assert!(!settings(&server).contains(&installed.key), "the settings name the place of the key");
    call(&server, "79000000121").await;
    assert_eq!(emulator(&server).crm().orders().len(), 1);

    // RetailCRM that got no answer registers again: nothing is doubled, and the module is there.
    let before = settings(&server);
    emulator(&server).crm().put_module(CODE, None);
    let (status, answer) = register(&server, &installed.key).await;
    assert_eq!((status, &answer["accountUrl"]), (Some(200), &json!(page)), "{answer}");
    assert!(emulator(&server).crm().module(CODE).is_some(), "by the time of the answer");
    assert_eq!(settings(&server), before);
    let both = tokio::join!(register(&server, &installed.key), register(&server, &installed.key));
    assert_eq!((both.0.0, both.1.0), (Some(200), Some(200)));
    assert_eq!(settings(&server), before);
    // A restart keeps it.
    let place = server.stop().await;
    let server = place.serve().await;
    call(&server, "79000000122").await;
    assert_eq!(emulator(&server).crm().orders().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_installs_it_again_brings_a_new_key_and_goes_on_after_a_pause() {
    let server = open("").await;
    let first = install(&server).await;
    let crm = emulator(&server).crm();
    let secret = crm.module(CODE).expect("a module")["clientId"].clone();
    // Removed in RetailCRM: the module is switched off and deleted, its key is gone.
    crm.set_activity(CODE, false, false).await.expect("an address");
    crm.put_module(CODE, None);
    crm.revoke_key(&first.key);
    let paused = async || {
        let activity = server.store().activity(&AccountId::from(ACCOUNT)).await.expect("the store answers");
        matches!(activity, Activity::Stopped { .. })
    };
    assert!(paused().await);
    let second = install(&server).await;
    assert_eq!((second.error, accounts(&server)), (None, vec![ACCOUNT.to_owned()]));
    assert_ne!(first.key, second.key);
    assert_eq!(kept(&server, "retailcrm-key"), Some(second.key));
    assert_eq!(crm.module(CODE).expect("a module")["clientId"], secret);
    until("the account goes on", async || !paused().await).await;
    call(&server, "79000000123").await;
    assert_eq!(crm.orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_removed_on_both_sides_and_installs_it_again_works() {
    let server = open("").await;
    let first = install(&server).await;
    let crm = emulator(&server).crm();
    crm.set_activity(CODE, false, false).await.expect("an address");
    crm.put_module(CODE, None);
    crm.revoke_key(&first.key);
    let gone =
        ask(&server, Method::DELETE, &format!("/api/accounts/{ACCOUNT}"), "application/json", "").await;
    assert_eq!(
        (gone.0, accounts(&server).len(), kept(&server, "retailcrm-key")),
        (200, 0, None),
        "{}",
        gone.1
    );
    // What was known of the one before is not taken for the new one's.
    assert_eq!(install(&server).await.error, None);
    assert!(crm.module(CODE).is_some(), "by the time of the answer");
    call(&server, "79000000124").await;
    assert_eq!(crm.orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_says_why_and_leaves_nothing_behind() {
    let server = open("accounts = 1").await;
    let before = settings(&server);
    let nothing = |what: &str| {
        assert_eq!((settings(&server), kept(&server, "hook-secret")), (before.clone(), None), "{what}");
    };
    let refused = async |secret: &str, url: &str, said: &str| {
        let installed = install_with(&server, secret, url).await;
        let error = installed.error.expect("a refusal");
        assert!(error.contains(said), "{error}");
        assert_eq!(installed.deliveries.last().and_then(|sent| sent.status), Some(400));
        nothing(said);
    };
    refused("another secret", &address(&server), "не подписан секретом этого модуля").await;
    for inside in [
        "https://169.254.169.254",
        "http://shop.retailcrm.ru",
        "https://shop.retailcrm.ru.evil.example",
        "https://a@b",
    ] {
        refused(SECRET, inside, "не из тех, к которым сервису можно обращаться").await;
    }
    let crm = emulator(&server).crm();
    let limited =
        ApiKey { value: "limited".to_owned(), scopes: Some(["user_read".to_owned()].into()), sites: None };
    crm.put_key(limited);
    for (key, said) in
        [("limited", "ключу не хватает прав"), ("no-such-key", "не удалось обратиться к RetailCRM")]
    {
        let (status, answer) = register(&server, key).await;
        assert_eq!((status, &answer["success"]), (Some(400), &json!(false)));
        assert!(answer["errorMsg"].as_str().is_some_and(|text| text.contains(said)), "{answer}");
        assert!(!answer.to_string().contains(key) || key == "limited");
        nothing(said);
    }
    let url = format!("{}/retailcrm/marketplace/register", server.place.door.url());
    assert_eq!(get(&format!("{url}?register=%7B%7D")).await.0, 400, "nothing in an address");
    assert_eq!(edits(&server), 0);
    // Wrong settings on disk: nobody is connected, and the user is told nothing of them.
    std::fs::write(server.place.settings(), format!("{before}\nnonsense\n"))
        .expect("the settings are written");
    let installed = install(&server).await;
    let error = installed.error.expect("a refusal");
    assert!(error.contains("сервис не смог сохранить аккаунт") && !error.contains("nonsense"), "{error}");
    std::fs::write(server.place.settings(), &before).expect("the settings are written");
    assert_eq!(install(&server).await.error, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_that_is_refused_is_told_and_mended_by_the_next_try() {
    let server = open("wait = \"1 s\"\nlanguage = \"en\"").await;
    let edit = "/api/v5/integration-modules/uis-127/edit";
    let fault = emulator(&server).faults().add(Fault::status(400).on(edit));
    let installed = install(&server).await;
    let error = installed.error.expect("a refusal");
    assert!(error.contains("the account is connected, but RetailCRM did not take the module"), "{error}");
    assert_eq!(accounts(&server), [ACCOUNT]);
    assert!(emulator(&server).faults().remove(fault));
    assert_eq!(install(&server).await.error, None);
    assert!(emulator(&server).crm().module(CODE).is_some());
    assert_eq!(accounts(&server), [ACCOUNT]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_whose_key_somebody_entered_keeps_it_and_without_a_marketplace_there_is_nothing() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let base = format!("http://{}", server.running.addresses().hooks);
    let nowhere = get(&format!("{base}/no/such/address")).await;
    assert_eq!(get(&format!("{base}/retailcrm/marketplace/config")).await, nowhere);
    let place = server.stop().await;
    let text = std::fs::read_to_string(place.settings()).expect("the settings are read");
    let marketplace = format!(
        "[marketplace]\ncode = \"uis\"\nsecret = \"{SECRET}\"\npublic_url = \"{}\"\nbundle = \"rules\"\n",
        place.door.url()
    );
    let with = text.replacen("[[account]]", &format!("{marketplace}\n[[account]]"), 1);
    std::fs::write(place.settings(), &with).expect("the settings are written");
    let server = place.serve().await;
    let installed = install(&server).await;
    let error = installed.error.expect("a refusal");
    assert!(error.contains("с ключом, который ввёл владелец сервиса"), "{error}");
    assert_eq!(settings(&server), with);
    // With the very key that was entered it is connected.
    let key = emulator(&server).addresses().services.retailcrm.key.clone();
    let (status, answer) = register(&server, &key).await;
    assert_eq!((status, &answer["success"]), (Some(200), &json!(true)), "{answer}");
    assert_eq!(settings(&server), with);
}
