//! Whether an account is set up, asked of the emulator with everything that can be wrong about one.

use std::sync::Arc;

use jiff::Timestamp;
use switchboard_emulator::{ApiKey, Employee, Emulator, Token};
use switchboard_grammar::lang::Lang;
use switchboard_runtime::app;
use switchboard_runtime::checkup::{self, Level, Report};
use switchboard_runtime::config;

use super::server::{Place, RULES, Tuning};

async fn check(place: &Place) -> Report {
    check_changed(place, |settings| settings).await
}

async fn check_changed(place: &Place, change: impl FnOnce(String) -> String) -> Report {
    let text = change(std::fs::read_to_string(place.settings()).expect("settings"));
    std::fs::write(place.settings(), text).expect("settings");
    let config = config::load(&place.settings()).unwrap_or_else(|error| panic!("{error}"));
    let transport = app::transport(&config).expect("a way out");
    checkup::check(&config, &config.accounts[0], &transport, Timestamp::now()).await
}

/// What is to be done, without what is fine.
fn wrong(report: &Report) -> Vec<(&'static str, &'static str)> {
    let findings = report.findings.iter().filter(|finding| finding.level > Level::Fine);
    findings.map(|finding| (finding.level.as_str(), finding.code)).collect()
}

/// Everything that a person would read.
fn said(report: &Report, lang: Lang) -> String {
    let lines = report.findings.iter().map(|finding| {
        let todo = finding.todo.as_ref().map(|todo| format!("\n    {}", todo.get(lang))).unwrap_or_default();
        format!("{}: {}{todo}", finding.level.as_str(), finding.what.get(lang))
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn place() -> Place {
    Place::new(RULES, &Tuning::default()).await
}

fn addresses_hidden(text: &str, emulator: &Arc<Emulator>) -> String {
    let services = &emulator.addresses().services;
    text.replace(&services.uis.data_api, "UIS_ADDRESS").replace(&services.retailcrm.url, "CRM_ADDRESS")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_set_up_has_nothing_but_people_to_mend() {
    let place = place().await;
    let report = check(&place).await;
    // One employee of the emulator is a user who no longer works here.
    assert_eq!(wrong(&report), [("warning", "employees-unmatched")]);
    insta::assert_snapshot!(addresses_hidden(&said(&report, Lang::Ru), &place.emulator));
    assert_eq!(report.to_json()["level"], "warning");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_missing_scope_is_named_and_few_shops_are_warned_of() {
    let place = place().await;
    let (value, site) = place.emulator.crm().master_key();
    let scopes = [
        "customer_read",
        "customer_write",
        "custom_fields_read",
        "order_read",
        "reference_read",
        "telephony_read",
        "telephony_write",
        "user_read",
        "task_write",
    ];
    place.emulator.crm().put_key(ApiKey {
        value,
        scopes: Some(scopes.map(str::to_owned).into()),
        sites: Some(vec![site]),
    });
    let report = check(&place).await;
    let missing: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.code == "crm-scope-missing")
        .map(|finding| finding.what.en.as_str())
        .collect();
    assert!(missing.contains(&"the key lacks the scope `task_read`"), "{missing:?}");
    assert!(missing.contains(&"the key lacks the scope `order_write`"), "{missing:?}");
    assert!(wrong(&report).contains(&("warning", "crm-selective-access")), "{:?}", wrong(&report));
    let not_wanted = |what: &&str| what.contains("integration") || what.contains("file");
    assert!(!missing.iter().copied().any(|what| not_wanted(&what)), "no module and no files: {missing:?}");
    let module = "chat_transcript = \"file\"\n\n[account.retailcrm.module]\npublic_url = \"https://calls.romashka.ru\"\n";
    let report = check_changed(&place, |settings| {
        settings.replacen("\n[account.uis]", &format!("{module}\n[account.uis]"), 1)
    })
    .await;
    let lacks = |scope: &str| report.findings.iter().any(|finding| finding.what.en.contains(scope));
    assert!(lacks("`integration_read`") && lacks("`integration_write`"), "{:?}", wrong(&report));
    assert!(lacks("`file_read`") && lacks("`file_write`"), "{:?}", wrong(&report));
    assert_eq!(report.level(), Level::Error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_and_a_wrong_token_are_told_apart_and_neither_hides_the_other() {
    let place = place().await;
    let (key, _) = place.emulator.crm().master_key();
    place.emulator.crm().revoke_key(&key);
    let token = place.emulator.addresses().services.uis.token.clone();
    place.emulator.uis().revoke_token(&token);
    let report = check(&place).await;
    assert_eq!(wrong(&report), [("error", "crm-key-refused"), ("error", "uis-token-refused")]);
    insta::assert_snapshot!(said(&report, Lang::Ru));
    for secret in [key, token] {
        assert!(!said(&report, Lang::En).contains(&secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_uis_does_not_allow_is_told_with_what_to_do() {
    let place = place().await;
    let uis = place.emulator.uis();
    uis.set_address_allowed(false);
    assert_eq!(wrong(&check(&place).await), [("error", "uis-address-not-allowed")]);
    uis.set_address_allowed(true);
    uis.set_active(false);
    assert_eq!(wrong(&check(&place).await), [("error", "uis-account-inactive")]);
    uis.set_active(true);
    let value = place.emulator.addresses().services.uis.token.clone();
    uis.put_token(Token { value, expires: None, disabled: vec!["get.calls_report".to_owned()] });
    let report = check(&place).await;
    assert_eq!(wrong(&report), [("warning", "uis-option-missing"), ("warning", "employees-unmatched")]);
    assert!(said(&report, Lang::Ru).contains("get.calls_report"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_is_not_there_is_told_with_those_that_are() {
    let place = place().await;
    let report =
        check_changed(&place, |text| text.replace("site = \"romashka-main\"", "site = \"romashkа\"")).await;
    let finding =
        report.findings.iter().find(|finding| finding.code == "crm-site-unknown").expect("a finding");
    assert!(finding.what.en.contains("romashka-main"), "{}", finding.what.en);
    assert_eq!(report.level(), Level::Error);
}

#[tokio::test(flavor = "multi_thread")]
async fn doubtful_people_and_a_choice_that_names_nobody_are_told() {
    let place = place().await;
    let uis = place.emulator.uis();
    let anna = uis.employees().into_iter().next().expect("an employee");
    uis.put_employee(Employee { id: 999_001, email: Some(" ANNA@romashka.ru".to_owned()), ..anna.clone() });
    uis.put_employee(Employee { id: 999_002, email: None, ..anna });
    let report = check(&place).await;
    let codes: Vec<&str> = wrong(&report).into_iter().map(|(_, code)| code).collect();
    assert!(
        codes.contains(&"employees-duplicate") && codes.contains(&"employees-without-email"),
        "{codes:?}"
    );

    let chosen = |text: String| text.replace("bundle = ", "employees = [\"nobody@romashka.ru\"]\nbundle = ");
    let report = check_changed(&place, chosen).await;
    assert_eq!(wrong(&report), [("warning", "employees-chosen-unknown")]);
}
