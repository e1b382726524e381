//! The section of an account in the text of the settings: written, and cut out.
//!
//! The settings are changed as text, so that everything else in them, comments too, stays as it is.

use std::fmt::Write as _;

use super::place::{Given, SecretPlace};
use super::wanted::{DATA_API, Wanted};

/// The section of a new account; `place` says where a secret is that was given itself.
pub(super) fn section(wanted: &Wanted, mut place: impl FnMut(&'static str) -> SecretPlace) -> String {
    let mut secret = |name: &'static str, given: Option<&Given>| match given {
        Some(Given::Place(place)) => place.toml(),
        Some(Given::Secret(_)) | None => place(name).toml(),
    };
    let mut text = String::from("[[account]]\n");
    let line = |text: &mut String, key: &str, value: String| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{key} = {value}");
    };
    line(&mut text, "name", quoted(&wanted.name));
    line(&mut text, "bundle", quoted(&wanted.bundle));
    line(&mut text, "hook_secret", secret("hook-secret", wanted.hook_secret.as_ref()));
    text.push_str("[account.retailcrm]\n");
    let crm = &wanted.retailcrm;
    let texts = [("credentials", &crm.credentials), ("url", &crm.url)];
    for (key, value) in texts {
        if let Some(value) = value {
            line(&mut text, key, quoted(value));
        }
    }
    if crm.key.is_some() {
        line(&mut text, "key", secret("retailcrm-key", crm.key.as_ref()));
    }
    line(&mut text, "site", quoted(&crm.site));
    if let Some(module) = &crm.module {
        text.push_str("[account.retailcrm.module]\n");
        line(&mut text, "public_url", quoted(&module.public_url));
        let texts =
            [("code", &module.code), ("integration_code", &module.integration_code), ("name", &module.name)];
        for (key, value) in texts {
            if let Some(value) = value {
                line(&mut text, key, quoted(value));
            }
        }
    }
    if let Some(uis) = &wanted.uis {
        text.push_str("[account.uis]\n");
        let default = uis.token.is_some().then(|| DATA_API.to_owned());
        let data_api = uis.data_api.clone().or(default);
        let texts = [("credentials", &uis.credentials), ("data_api", &data_api), ("call_api", &uis.call_api)];
        for (key, value) in texts {
            if let Some(value) = value {
                line(&mut text, key, quoted(value));
            }
        }
        if uis.token.is_some() {
            line(&mut text, "token", secret("uis-token", uis.token.as_ref()));
        }
    }
    text
}

/// A text as TOML writes it. Of JSON's escapes TOML lacks only `\/`, which is never written.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The text without the section of an account; `None` when there is no such section. What stands before the next section
/// as a comment belongs to that one.
pub(super) fn without(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let is_account = |line: &str| line.trim_start().starts_with("[[account]]");
    let is_inside = |line: &str| line.trim_start().starts_with("[account.");
    let starts = lines.iter().enumerate().filter(|(_, line)| is_account(line)).map(|(at, _)| at);
    for start in starts {
        let rest = lines.get(start + 1..)?;
        let length = rest.iter().position(|line| is_header(line) && !is_inside(line)).unwrap_or(rest.len());
        let section = rest.get(..length)?;
        let head = section.iter().position(|line| is_inside(line)).unwrap_or(section.len());
        if !section.get(..head)?.iter().any(|line| names(line, name)) {
            continue;
        }
        let is_last = length == rest.len();
        let belongs_to_next =
            |line: &&&str| !is_last && (line.trim().is_empty() || line.trim_start().starts_with('#'));
        let kept = section.iter().rev().take_while(belongs_to_next).count();
        let end = start + 1 + length - kept;
        let mut new: String = lines.get(..start)?.concat();
        new.push_str(lines.get(end..)?.concat().trim_start_matches('\n'));
        return Some(new);
    }
    None
}

/// Whether a line is `name = "…"` with this name.
fn names(line: &str, name: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else { return false };
    let value = value.split('#').next().unwrap_or_default().trim();
    key.trim() == "name" && (value == format!("\"{name}\"") || value == format!("'{name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# ours\n[server]\nlisten = \"0.0.0.0:80\" # outside\n\n# the first\n[[account]]\nname = \"one\"\n\
        [account.retailcrm]\nsite = \"s\"\n\n# the second\n[[account]]\n# its name\nname = 'two' # short\n\
        [account.uis]\ntoken = \"t\"\n\n# about the log\n[log]\nlevel = \"info\"\n";

    #[test]
    fn a_section_is_cut_and_the_rest_stays_to_the_letter() {
        let expected = FILE.replace("[[account]]\nname = \"one\"\n[account.retailcrm]\nsite = \"s\"\n\n", "");
        assert_eq!(without(FILE, "one").unwrap(), expected);
        let cut = "[[account]]\n# its name\nname = 'two' # short\n[account.uis]\ntoken = \"t\"\n\n";
        assert_eq!(without(FILE, "two").unwrap(), FILE.replace(cut, ""));
        assert_eq!(without(FILE, "three"), None);
        let last = FILE.split("\n# about the log").next().unwrap();
        assert!(without(last, "two").unwrap().ends_with("# the second\n"));
    }

    #[test]
    fn a_section_says_what_is_wanted_and_no_secret() {
        let json = r#"{"name": "lutik", "bundle": "rules/lutik", "retailcrm": {"url": "lutik.retailcrm.ru", "key": "s3cret", "site": "a\"b",
            "module": {"public_url": "https://x.example.ru"}}, "uis": {"token": {"env": "TOKEN"}}}"#;
        let wanted: Wanted = serde_json::from_str(json).unwrap();
        let text = section(&wanted, |name| SecretPlace::File(format!("data/secrets/lutik/{name}")));
        assert_eq!(
            text,
            "[[account]]\nname = \"lutik\"\nbundle = \"rules/lutik\"\nhook_secret = { file = \"data/secrets/lutik/hook-secret\" }\n\
             [account.retailcrm]\nurl = \"lutik.retailcrm.ru\"\nkey = { file = \"data/secrets/lutik/retailcrm-key\" }\nsite = \"a\\\"b\"\n\
             [account.retailcrm.module]\npublic_url = \"https://x.example.ru\"\n\
             [account.uis]\ndata_api = \"https://dataapi.uiscom.ru/v2.0\"\ntoken = { env = \"TOKEN\" }\n"
        );
    }
}
