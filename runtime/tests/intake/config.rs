//! Settings: the example that is shipped, and what is said about wrong ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use switchboard_grammar::lang::Lang;
use switchboard_runtime::config::{self, Bytes, Config, ConfigError, Environment, LogFormat};

/// An environment of given variables and files.
#[derive(Default)]
struct Given {
    variables: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
}

impl Environment for Given {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn file(&self, path: &Path) -> std::io::Result<String> {
        self.files.get(&path.display().to_string()).cloned().ok_or(std::io::ErrorKind::NotFound.into())
    }
}

fn parse(text: &str, given: &Given) -> Result<Config, ConfigError> {
    config::parse(text, Path::new("/etc/switchboard/switchboard.toml"), given)
}

/// An account that is right, with room for more settings of its own.
fn account(more: &str) -> String {
    format!(
        "[[account]]\nname = \"a\"\nbundle = \"rules\"\nhook_secret = \"0123456789abcdef0123456789abcdef\"\n{more}\n\
         [account.retailcrm]\nurl = \"a.retailcrm.ru\"\nkey = \"k\"\nsite = \"s\"\n"
    )
}

#[track_caller]
fn problems(text: &str, lang: Lang) -> String {
    parse(text, &Given::default()).expect_err("wrong settings").text(lang)
}

#[track_caller]
fn only_problem(text: &str) -> String {
    let error = parse(text, &Given::default()).expect_err("wrong settings");
    assert_eq!(error.problems().len(), 1, "{error}");
    let problem = &error.problems()[0];
    format!("{}: {}", problem.key, problem.message.get(Lang::En))
}

#[test]
fn the_shipped_example_is_valid() {
    let text = include_str!("../../../docs/switchboard.example.toml");
    let mut given = Given::default();
    given.variables.insert("ROMASHKA_HOOK_SECRET".into(), "0123456789abcdef0123456789abcdef".into());
    for (name, secret) in [("romashka-retailcrm-key", "crm-key"), ("romashka-uis-token", "uis-token\n")] {
        given.files.insert(format!("/etc/switchboard/secrets/{name}"), secret.into());
    }
    let config = parse(text, &given).unwrap();
    let account = config.account("romashka").unwrap();
    assert_eq!(account.bundle, Path::new("/etc/switchboard/rules/romashka"));
    assert_eq!(account.hook_secrets[0].expose(), "0123456789abcdef0123456789abcdef");
    assert_eq!(account.retailcrm.url, "https://romashka.retailcrm.ru");
    assert_eq!(account.retailcrm.key.expose(), "crm-key");
    assert_eq!(account.uis.as_ref().unwrap().token.expose(), "uis-token");
    assert_eq!(account.settle, Duration::from_secs(3));
    assert_eq!(config.server.data, Path::new("/etc/switchboard/data"));
    assert_eq!(config.limits, config::Limits::default());
}

#[test]
fn the_example_shows_the_defaults() {
    let text = include_str!("../../../docs/switchboard.example.toml");
    for section in config::reference() {
        for row in section.settings {
            let Some(default) = row.default else { continue };
            let mut header = "";
            for line in text.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)) {
                if line.starts_with('[') {
                    header = line;
                }
                if header != section.header {
                    continue;
                }
                if let Some(shown) = line.strip_prefix(row.key).and_then(|rest| rest.strip_prefix(" = ")) {
                    assert_eq!(shown, default, "{}", row.key);
                }
            }
        }
    }
}

#[test]
fn what_is_said_overrides_the_defaults() {
    let text = format!(
        "[server]\nlisten = \"0.0.0.0:80\"\n[limits]\nbody_bytes = \"1 MiB\"\nhead_timeout = \"300 ms\"\n\
         [log]\nformat = \"json\"\nlevel = \"warn\"\n{}",
        account("settle = \"0 s\"\nallow_from = [\"195.211.122.0/24\"]")
    );
    let config = parse(&text, &Given::default()).unwrap();
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:80");
    assert_eq!(config.limits.body_bytes, Bytes(1 << 20));
    assert_eq!(config.limits.head_timeout, Duration::from_millis(300));
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.accounts[0].settle, Duration::ZERO);
    assert!(config.accounts[0].allow_from[0].contains("195.211.122.7".parse().unwrap()));
    assert!(config.accounts[0].uis.is_none());
}

#[test]
fn all_problems_are_reported_at_once_each_with_its_place() {
    let text = r#"[server]
lissten = "0.0.0.0:80"
console_listen = "0.0.0.0:81"

[limits]
body_bytes = "256 kilobytes"
connections = 0
lease = "10 s"

[log]
level = "??"

[[account]]
name = "Ромашка"
hook_secret = "short"
settle = "soon"

[account.retailcrm]
url = "https://shop.example.com"
key = { env = "NO_SUCH" }
token = "x"

[acount]
"#;
    insta::assert_snapshot!("problems_en", problems(text, Lang::En));
    insta::assert_snapshot!("problems_ru", problems(text, Lang::Ru));
}

#[test]
fn what_is_no_toml_is_reported_with_its_line() {
    insta::assert_snapshot!(problems("[server]\nlisten = \n[limits\n", Lang::En));
}

#[test]
fn secrets_are_in_no_message() {
    let text = account("body_key = 5").replace("key = \"k\"", "key = [\"sesame-sesame\"]");
    let error = parse(&text, &Given::default()).unwrap_err();
    assert_eq!(error.problems().len(), 2);
    assert!(!format!("{error} {error:?} {}", error.text(Lang::Ru)).contains("sesame"));
    let config = parse(&account("body_key = \"sesame-sesame\""), &Given::default()).unwrap();
    assert!(!format!("{config:?}").contains("sesame"));
    assert!(!format!("{config:?}").contains("0123456789abcdef"));
}

#[test]
fn two_secrets_are_valid_while_one_is_being_changed() {
    let two = account("").replace(
        "hook_secret = \"0123456789abcdef0123456789abcdef\"",
        "hook_secret = [\"0123456789abcdef0123456789abcdef\", { file = \"old\" }]",
    );
    let mut given = Given::default();
    given.files.insert("/etc/switchboard/old".into(), "fedcba9876543210fedcba9876543210\n".into());
    let config = parse(&two, &given).unwrap();
    assert_eq!(config.accounts[0].hook_secrets.len(), 2);
    assert_eq!(config.accounts[0].hook_secrets[1].expose(), "fedcba9876543210fedcba9876543210");
    assert!(problems(&two, Lang::En).contains("file `old` cannot be read"));
    let three = two.replace("{ file = \"old\" }", "\"a\", \"b\"");
    assert!(problems(&three, Lang::En).contains("expected one secret or two"));
}

#[test]
fn crm_addresses_have_one_form_and_no_way_inside() {
    let url = |url: &str, head: &str| {
        parse(&format!("{head}{}", account("").replace("a.retailcrm.ru", url)), &Given::default())
            .map(|config| config.accounts[0].retailcrm.url.clone())
            .map_err(|error| error.problems()[0].key.clone())
    };
    for right in ["a.retailcrm.ru", "https://a.retailcrm.ru", "https://A.RetailCRM.ru/"] {
        assert_eq!(url(right, "").as_deref(), Ok("https://a.retailcrm.ru"), "{right}");
    }
    for wrong in [
        "http://a.retailcrm.ru",
        "a.retailcrm.ru:8443",
        "a.retailcrm.ru/api",
        "a.retailcrm.ru?x=1",
        "user@a.retailcrm.ru",
        "https://user:pass@a.retailcrm.ru",
        "a.retailcrm.ru.evil.com",
        "evilretailcrm.ru",
        "127.0.0.1",
        "http://127.0.0.1:9000",
        "localhost",
        "[::1]",
        "10.0.0.1",
        "",
        "a b",
        "file:///etc/passwd",
    ] {
        assert_eq!(url(wrong, ""), Err("account[1].retailcrm.url".to_owned()), "{wrong}");
    }
    let demo = "[security]\nallow_loopback = true\n";
    assert_eq!(url("http://127.0.0.1:9000", demo).as_deref(), Ok("http://127.0.0.1:9000"));
    assert_eq!(url("http://[::1]:9000/", demo).as_deref(), Ok("http://[::1]:9000"));
    assert!(url("http://10.0.0.1:9000", demo).is_err());
    let own = "[security]\nallowed_crm_domains = [\"crm.shop.ru\"]\n";
    assert_eq!(url("crm.shop.ru", own).as_deref(), Ok("https://crm.shop.ru"));
    assert!(url("a.retailcrm.ru", own).is_err());
}

#[test]
fn names_of_accounts_are_unique_and_there_is_one_at_least() {
    assert_eq!(only_problem(""), "account: there is no account; add `[[account]]`");
    let twice = format!("{}{}", account(""), account(""));
    assert_eq!(only_problem(&twice), "account[2].name: there is another account `a`");
    assert_eq!(only_problem("account = []\n"), "account: there is no account; add `[[account]]`");
    assert_eq!(only_problem("account = 5\n[server]\ndata = \"x\"\n"), "account: write `[[account]]`");
}

#[test]
fn the_console_stays_on_loopback_unless_told_otherwise() {
    let text = format!("[server]\nconsole_listen = \"0.0.0.0:81\"\n{}", account(""));
    assert!(only_problem(&text).starts_with("server.console_listen: the console has no log-in"));
    assert!(parse(&format!("[security]\nremote_console = true\n{text}"), &Given::default()).is_ok());
    let same =
        format!("[server]\nlisten = \"127.0.0.1:81\"\nconsole_listen = \"127.0.0.1:81\"\n{}", account(""));
    assert!(only_problem(&same).starts_with("server.listen: notifications and the console"));
    let any_port = same.replace(":81", ":0");
    assert!(parse(&any_port, &Given::default()).is_ok());
}

#[test]
fn a_file_that_is_not_there_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let error = config::load(&folder.path().join("switchboard.toml")).unwrap_err();
    assert!(matches!(error, ConfigError::Unreadable { .. }));
    assert!(error.text(Lang::Ru).contains("не читается"));
    let path = folder.path().join("s.toml");
    std::fs::write(&path, account("")).unwrap();
    assert_eq!(config::load(&path).unwrap().accounts.len(), 1);
    std::fs::write(&path, "#".repeat(2 << 20)).unwrap();
    assert!(matches!(config::load(&path), Err(ConfigError::Unreadable { .. })));
}

#[test]
fn the_reference_pages_hold_the_table_of_settings() {
    crate::check_page("configuration.md", "settings", &config::page(Lang::En));
    crate::check_page("ru/configuration.md", "settings", &config::page(Lang::Ru));
}

#[test]
fn windows_of_reports_overlap_by_more_than_the_grace() {
    let uis = |more: &str| {
        account("") + "\n[account.uis]\ndata_api = \"https://dataapi.uiscom.ru/v2.0\"\ntoken = \"t\"\n" + more
    };
    let config = parse(&uis(""), &Given::default()).unwrap();
    let reports = &config.accounts[0].uis.as_ref().unwrap().reports;
    assert!(reports.find_missed && reports.failed_deliveries);
    assert_eq!((reports.reports_first, reports.marketing_wait), (Duration::ZERO, Duration::from_secs(120)));
    let wrong = only_problem(&uis("reports_overlap = \"1 min\"\n"));
    assert!(wrong.contains("must be longer than `reports_grace`"), "{wrong}");
    assert!(only_problem(&uis("marketing_wait = \"25 h\"\n")).contains("must lie between"));
}

#[test]
fn a_marketplace_needs_no_account_and_has_its_bounds() {
    let section = |more: &str| {
        format!(
            "[[credentials]]\nname = \"crm-only\"\n[credentials.retailcrm]\nurl = \"a.retailcrm.ru\"\nkey = \"k\"\n\
             [marketplace]\ncode = \"uis\"\nsecret = \"s\"\npublic_url = \"https://x.example.ru/\"\nbundle = \"rules\"\n{more}"
        )
    };
    let config = parse(&section(""), &Given::default()).unwrap();
    let marketplace = config.marketplace.unwrap();
    assert_eq!((config.accounts.len(), marketplace.public_url.as_str()), (0, "https://x.example.ru"));
    assert_eq!((marketplace.accounts.0, marketplace.at_once.0, marketplace.language), (1000, 4, Lang::Ru));
    for (more, expected) in [
        ("wait = \"2 min\"", "marketplace.wait: must lie between"),
        ("at_once = 0", "marketplace.at_once: must lie between"),
        ("accounts = 0", "marketplace.accounts: must lie between"),
        ("language = \"de\"", "marketplace.language: expected `ru` or `en`"),
        ("uis_credentials = \"crm-only\"", "marketplace.uis_credentials: there are no such credentials"),
        ("kode = \"a\"", "marketplace.kode: unknown setting; did you mean `code`?"),
    ] {
        assert!(only_problem(&section(more)).starts_with(expected), "{more}");
    }
    let long = section("").replace("\"uis\"", &format!("{:?}", "u".repeat(31)));
    assert!(only_problem(&long).contains("30 letters at most"));
    assert!(only_problem(&section("").replace("secret = \"s\"\n", "")).contains("required"));
    assert!(only_problem(&section("").replace("https://x", "http://x")).contains("https://"));
}

#[test]
fn the_page_of_operators_needs_a_module_and_uis_and_addresses_that_can_be_framed() {
    let with = |module: &str, uis: &str, workplace: &str| {
        format!("{}{module}{uis}[account.workplace]\n{workplace}\n", account(""))
    };
    let module = "[account.retailcrm.module]\npublic_url = \"https://calls.example.ru\"\n";
    let uis = "[account.uis]\ndata_api = \"https://dataapi.uiscom.ru/v2.0\"\ntoken = \"t\"\n";
    let whole = "active = true\naddress = \"https://go.uiscom.ru/rmo\"\nancestors = [\"https://CRM.example.ru/\"]\n\
                 frames = [\"https://id.uiscom.ru\"]\nrefresh = \"2 s\"";
    let config = parse(&with(module, uis, whole), &Given::default()).unwrap();
    let workplace = &config.accounts[0].workplace;
    assert_eq!(workplace.address.as_deref(), Some("https://go.uiscom.ru/rmo"));
    assert_eq!(workplace.ancestors, ["https://crm.example.ru"]);
    assert_eq!((workplace.refresh, workplace.menu.as_str()), (Duration::from_secs(2), "activity_main_menu"));
    assert!(
        !parse(&with("", "", ""), &Given::default()).unwrap().accounts[0].workplace.active,
        "off by default"
    );

    for (module, uis) in [("", uis), (module, ""), (&*format!("{module}active = false\n"), uis)] {
        let problem = only_problem(&with(module, uis, "active = true"));
        assert!(problem.starts_with("account[1].workplace: needs `[account.retailcrm.module]`"), "{problem}");
    }
    for (wrong, key) in [
        ("address = \"http://go.uiscom.ru\"", "address"),
        ("address = \"https://go.uiscom.ru/a;b\"", "address"),
        ("address = \"https://go.uiscom.ru/ *\"", "address"),
        ("ancestors = [\"https://crm.example.ru/path\"]", "ancestors"),
        ("ancestors = [\"https://*.example.ru\"]", "ancestors"),
        ("frames = [\"*\"]", "frames"),
        ("menu = \"Главное меню\"", "menu"),
        ("ticket_lifetime = \"1 h\"", "ticket_lifetime"),
        ("refresh = \"0 s\"", "refresh"),
        ("conversations = 0", "conversations"),
        ("colour = 1", "colour"),
    ] {
        let problem = only_problem(&with(module, uis, wrong));
        assert!(problem.starts_with(&format!("account[1].workplace.{key}: ")), "{wrong}: {problem}");
    }
}
