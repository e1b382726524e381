//! What the editor may set, in `initializationOptions` or under `switchboard` in its settings.
//!
//! Names that are not known are passed over: they may be of a later version.

use std::time::Duration;

use serde::Deserialize;
use switchboard_grammar::lang::Lang;

/// The file of what an account has, beside the rules, when the settings name no other.
pub(crate) const SNAPSHOT: &str = ".rules-snapshot.json";
/// The file of decisions that hits are counted from, when the settings name no other.
pub(crate) const HITS: &str = ".rules-hits.jsonl";
/// The folder of fixtures, when the settings name no other.
pub(crate) const FIXTURES: &str = "tests";

/// The settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Settings {
    /// `ru`, `en`, or anything else for the language of the file.
    pub(crate) language: String,
    /// The file that `rules account snapshot` wrote, relative to the bundle.
    pub(crate) snapshot: Option<String>,
    /// The file of decisions, relative to the bundle.
    pub(crate) hits: Option<String>,
    /// The folder of fixtures, relative to the bundle.
    pub(crate) fixtures: Option<String>,
    /// Whether all tests are run after each check; otherwise those that are open, and all when somebody asks.
    pub(crate) run_tests: bool,
    /// Whether it is shown from the start what the tests reach.
    pub(crate) coverage: bool,
    /// How many milliseconds without a change are waited for before the bundle is checked.
    pub(crate) check_delay_ms: u64,
    /// Whether the client shows what commands give back; otherwise the server shows it as a message.
    pub(crate) shows_results: bool,
}

/// What a client sends on a change of settings: ours, perhaps under our name.
#[derive(Debug, Deserialize)]
struct Changed {
    switchboard: Option<Settings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "file".to_owned(),
            snapshot: None,
            hits: None,
            fixtures: None,
            run_tests: true,
            coverage: false,
            check_delay_ms: 120,
            shows_results: false,
        }
    }
}

impl Settings {
    /// Reads settings; what cannot be read leaves the present ones.
    pub(crate) fn read(&mut self, json: Option<serde_json::Value>) {
        let Some(json) = json.filter(serde_json::Value::is_object) else { return };
        let nested =
            serde_json::from_value::<Changed>(json.clone()).ok().and_then(|changed| changed.switchboard);
        let read = nested.or_else(|| {
            if json.get("switchboard").is_some() { None } else { serde_json::from_value(json).ok() }
        });
        if let Some(read) = read {
            let shows_results = self.shows_results || read.shows_results;
            *self = Self { shows_results, ..read };
        }
    }

    /// The language for messages about a file.
    pub(crate) fn language_for(&self, file: Lang) -> Lang {
        Lang::from_code(&self.language).unwrap_or(file)
    }

    /// The folder of tests, relative to the bundle.
    pub(crate) fn fixtures(&self) -> &str {
        self.fixtures.as_deref().unwrap_or(FIXTURES)
    }

    /// How long is waited after a change.
    pub(crate) const fn check_delay(&self) -> Duration {
        Duration::from_millis(self.check_delay_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_come_bare_or_under_their_name() {
        let mut settings = Settings::default();
        settings.read(Some(json!({"language": "ru", "checkDelayMs": 5, "showsResults": true, "later": 1})));
        assert_eq!((settings.language_for(Lang::En), settings.check_delay_ms), (Lang::Ru, 5));
        settings.read(Some(json!({"switchboard": {"language": "file"}})));
        assert_eq!((settings.language_for(Lang::En), settings.check_delay_ms), (Lang::En, 120));
        assert!(settings.shows_results, "the client has not changed");
        settings.read(Some(json!({"switchboard": null})));
        settings.read(Some(json!({"language": 7})));
        settings.read(None);
        assert_eq!(settings.check_delay_ms, 120);
    }
}
