//! Named credentials: written once, used by several accounts, and what is said when they are not right.

use std::path::Path;

use switchboard_grammar::lang::Lang;
use switchboard_runtime::config::{self, Config, ConfigError, Environment};

struct Nothing;

impl Environment for Nothing {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

fn parse(text: &str) -> Result<Config, ConfigError> {
    config::parse(text, Path::new("s.toml"), &Nothing)
}

const AGENCY: &str = "[[credentials]]\nname = \"agency\"\n\
    [credentials.uis]\ndata_api = \"https://dataapi.uiscom.ru/v2.0\"\ntoken = \"t0ken\"\n\
    [credentials.retailcrm]\nurl = \"shop.retailcrm.ru\"\nkey = \"k3y\"\n";

fn account(name: &str, retailcrm: &str, uis: &str) -> String {
    format!(
        "[[account]]\nname = \"{name}\"\nbundle = \"rules\"\nhook_secret = \"0123456789abcdef0123456789abcdef\"\n\
         [account.retailcrm]\nsite = \"{name}\"\n{retailcrm}\n[account.uis]\n{uis}\n"
    )
}

#[track_caller]
fn only_problem(text: &str) -> String {
    let error = parse(text).expect_err("wrong settings");
    assert_eq!(error.problems().len(), 1, "{error}");
    let problem = &error.problems()[0];
    format!("{}: {}", problem.key, problem.message.get(Lang::En))
}

#[test]
fn two_accounts_share_what_is_written_once() {
    let named = "credentials = \"agency\"";
    let text = format!("{AGENCY}{}{}", account("one", named, named), account("two", named, named));
    let config = parse(&text).unwrap_or_else(|error| panic!("{error}"));
    for account in &config.accounts {
        assert_eq!(account.retailcrm.url, "https://shop.retailcrm.ru");
        assert_eq!(account.retailcrm.key.expose(), "k3y");
        let uis = account.uis.as_ref().expect("UIS");
        assert_eq!((uis.data_api.as_str(), uis.token.expose()), ("https://dataapi.uiscom.ru/v2.0", "t0ken"));
    }
    assert_eq!(config.accounts[1].retailcrm.site, "two");
}

#[test]
fn a_name_that_nobody_has_is_told_with_those_that_there_are() {
    let own = "url = \"a.retailcrm.ru\"\nkey = \"k\"";
    let text = format!("{AGENCY}{}", account("one", own, "credentials = \"agenzy\""));
    assert_eq!(
        only_problem(&text),
        "account[1].uis.credentials: there are no such credentials; there are: `agency`"
    );
    let text = account("one", own, "credentials = \"agency\"");
    assert_eq!(only_problem(&text), "account[1].uis.credentials: there is no `[[credentials]]` at all");
}

#[test]
fn a_key_does_not_stand_beside_a_name() {
    let text = format!(
        "{AGENCY}{}",
        account("one", "credentials = \"agency\"\nkey = \"k\"", "credentials = \"agency\"")
    );
    assert_eq!(
        only_problem(&text),
        "account[1].retailcrm.key: stands in the credentials that are named here"
    );
}

#[test]
fn credentials_have_a_name_of_their_own_and_at_least_one_side() {
    let own = account(
        "one",
        "url = \"a.retailcrm.ru\"\nkey = \"k\"",
        "data_api = \"https://x.ru/v2.0\"\ntoken = \"t\"",
    );
    assert_eq!(
        only_problem(&format!("[[credentials]]\nname = \"empty\"\n{own}")),
        "credentials[1].name: there is neither `[credentials.retailcrm]` nor `[credentials.uis]`"
    );
    assert_eq!(
        only_problem(&format!("{AGENCY}{AGENCY}{own}")),
        "credentials[2].name: there are other credentials `agency`"
    );
    let half = "[[credentials]]\nname = \"half\"\n[credentials.retailcrm]\nurl = \"shop.retailcrm.ru\"\nkey = \"k\"\n";
    let text = format!("{half}{}", account("one", "credentials = \"half\"", "credentials = \"half\""));
    assert_eq!(
        only_problem(&text),
        "account[1].uis.credentials: these credentials have no `[credentials.uis]`"
    );
}

#[test]
fn a_misspelt_setting_of_credentials_is_named() {
    let text = format!(
        "{}{}",
        AGENCY.replace("token", "tokken"),
        account("one", "credentials = \"agency\"", "credentials = \"agency\"")
    );
    let error = parse(&text).expect_err("wrong settings").text(Lang::En);
    assert!(error.contains("credentials[1].uis.tokken: unknown setting; did you mean `token`?"), "{error}");
}
