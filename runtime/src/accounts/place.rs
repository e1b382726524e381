//! Secrets of an account that is to be written into the settings: where they are, or what they are.
//!
//! The file of settings names the place of a secret. Whoever gives the secret itself, as people do in a form, has it kept in a
//! file of its own beside the store.

use serde::Deserialize;
use serde::de::Deserializer;

use super::section::quoted;
use crate::config::Secret;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// In a variable of the environment of the server.
    Env(String),
    /// In a file; relative to the file of settings.
    File(String),
}

/// A secret as somebody gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Itself; never shown.
    Secret(Secret),
    /// Its place.
    Place(SecretPlace),
}

impl SecretPlace {
    /// Reads `env:NAME` or `file:PATH`. A secret itself is refused: this is for command lines, which are kept in histories.
    ///
    /// # Errors
    ///
    /// What to write instead; the text that was given is not in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.to_owned())),
            _ => Err("write `env:NAME` or `file:PATH`".to_owned()),
        }
    }

    /// The place as the settings write it.
    pub(super) fn toml(&self) -> String {
        match self {
            Self::Env(name) => format!("{{ env = {} }}", quoted(name)),
            Self::File(path) => format!("{{ file = {} }}", quoted(path)),
        }
    }
}

/// As JSON: a text, `{"env": "NAME"}` or `{"file": "path"}`, as in the settings.
impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a text, {\"env\": \"NAME\"} or {\"file\": \"path\"}")]
        enum Form {
            Text(String),
            Env { env: String },
            File { file: String },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => Self::Secret(Secret::new(&text)),
            Form::Env { env } => Self::Place(SecretPlace::Env(env)),
            Form::File { file } => Self::Place(SecretPlace::File(file)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_named_and_never_written() {
        assert_eq!(SecretPlace::parse("env:KEY").unwrap().toml(), "{ env = \"KEY\" }");
        assert_eq!(SecretPlace::parse("file:a\\b:c").unwrap().toml(), "{ file = \"a\\\\b:c\" }");
        for wrong in ["s3cret", "env:", "ENV:KEY", ""] {
            assert!(SecretPlace::parse(wrong).is_err(), "{wrong}");
        }
        let given: Given = serde_json::from_str("\"s3cret\"").unwrap();
        assert_eq!(format!("{given:?}"), "Secret(Secret(…))");
        assert!(serde_json::from_str::<Given>("{\"value\": \"s3cret\"}").is_err());
    }
}
