//! The kinds of value that are peculiar to UIS: directions, numbers, times without a zone.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Which way a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The client called.
    In,
    /// An employee called.
    Out,
}

/// A number as UIS gives it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// A telephone number in E.164, with `+`.
    Phone(String),
    /// An internal number or a SIP login.
    Internal(String),
    /// The caller hides the number.
    Hidden,
}

/// A moment of a notification: as a rule without a zone, sometimes with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum LocalTime {
    /// On a clock of the account's zone.
    Local(DateTime),
    /// Everywhere the same.
    Instant(Timestamp),
}

impl Number {
    /// The telephone number in E.164, when it is one.
    pub fn as_phone(&self) -> Option<&str> {
        match self {
            Self::Phone(phone) => Some(phone),
            Self::Internal(_) | Self::Hidden => None,
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(text) | Self::Internal(text) => {
                formatter.write_str(&switchboard_engine::phone::mask(text))
            }
            Self::Hidden => formatter.write_str("hidden"),
        }
    }
}

impl FromStr for LocalTime {
    type Err = jiff::Error;

    /// `2026-03-02 12:00:31.512`, with `T` too, and with or without an offset.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Self::Instant(instant));
        }
        text.parse::<DateTime>().map(Self::Local)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(local) => local.fmt(formatter),
            Self::Instant(instant) => instant.fmt(formatter),
        }
    }
}

impl From<LocalTime> for String {
    fn from(time: LocalTime) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for LocalTime {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse()
    }
}
