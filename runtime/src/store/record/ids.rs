//! Names and numbers by which records are found, and the bytes they carry.
//!
//! Everything that may hold a phone number or a body masks itself in `Debug` and `Display`, so that a record can be
//! logged without a second thought; `as_str` and `as_bytes` give the plain text. Knows no record.

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Digits after a `+` from which on a run of digits is taken for a phone number and masked.
const PHONE_DIGITS: usize = 8;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// Wraps a text as it is.
            pub fn new(text: impl Into<SmolStr>) -> Self {
                Self(text.into())
            }

            /// Returns the plain, unmasked text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_masked(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

text_id! {
    /// An account, by its name in the configuration.
    AccountId
}

text_id! {
    /// A lane: one contact of one account, inside which everything is serial and in order.
    ///
    /// Three kinds, told apart by a prefix: [`LaneKey::phone`], [`LaneKey::session`] (the contact is not known yet, or
    /// never will be), and anything else that [`LaneKey::new`] is given (`v:` for a visitor).
    LaneKey
}

text_id! {
    /// A communication as its source names it: `call:998700001`.
    SessionKey
}

text_id! {
    /// What makes an effect happen once: `order:call:998700001`. Unique within an account.
    EffectKey
}

text_id! {
    /// The left side of a link, in our terms: a phone, a session.
    NaturalKey
}

number_id! {
    /// The place of an event in the inbox; later ones are larger, none is used twice.
    EventSeq
}

number_id! {
    /// A stored decision.
    DecisionId
}

number_id! {
    /// A click on a phone in the CRM; later ones are larger, none is used twice.
    ClickId
}

number_id! {
    /// A stored effect; within a lane, earlier ones go first.
    EffectId
}

number_id! {
    /// The fencing token of a lease.
    ///
    /// Every claim of any lane takes a larger one than all claims before it, in the whole store, so epochs of two lanes
    /// can be compared too (an effect may move from one lane to another).
    Epoch
}

/// The bytes of a notification as they came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(Bytes);

/// A JSON text that the store keeps and does not read; its owner writes a version into it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(String);

impl LaneKey {
    const PHONE: &str = "p:";
    const SESSION: &str = "s:";

    /// Returns the lane of a contact with a known phone, given as E.164 (`+79001234567`).
    #[must_use]
    pub fn phone(e164: &str) -> Self {
        Self(smol_str::format_smolstr!("{}{e164}", Self::PHONE))
    }

    /// Returns the lane of a session whose contact is not known.
    ///
    /// It is provisional: as soon as an event of the same session names the contact, everything in it moves to the
    /// contact's lane.
    #[must_use]
    pub fn session(session: &SessionKey) -> Self {
        Self(smol_str::format_smolstr!("{}{}", Self::SESSION, session.as_str()))
    }

    /// Tells whether the lane stands for a session and not for a contact.
    #[must_use]
    pub fn is_session(&self) -> bool {
        self.0.starts_with(Self::SESSION)
    }

    /// Returns the phone of a [`LaneKey::phone`] lane.
    #[must_use]
    pub fn as_phone(&self) -> Option<&str> {
        self.0.strip_prefix(Self::PHONE)
    }
}

impl Body {
    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(bytes)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

impl Json {
    /// Writes a value as JSON.
    ///
    /// # Errors
    ///
    /// What `serde_json` says when the value has no JSON form.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(Self)
    }

    /// Wraps a text that is JSON already; it is not checked.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// Reads the value back.
    ///
    /// # Errors
    ///
    /// What `serde_json` says when the text is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}

/// Writes `text` with the middle of every phone number (`+` and at least [`PHONE_DIGITS`] digits) starred out.
fn write_masked(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('+') {
        f.write_str(before)?;
        f.write_str("+")?;
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = after.split_at_checked(digits).unwrap_or((after, ""));
        if digits < PHONE_DIGITS {
            f.write_str(number)?;
        } else {
            // A whole number shows its operator and its end, a short one (a small country's) less.
            let shown = if digits > 10 { 4 } else { 2 };
            let (head, _) = number.split_at_checked(shown).unwrap_or_default();
            let (_, end) = number.split_at_checked(digits.saturating_sub(shown)).unwrap_or_default();
            write!(f, "{head}***{end}")?;
        }
        rest = tail;
    }
    f.write_str(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_masked_wherever_they_stand_and_the_rest_is_shown() {
        assert_eq!(LaneKey::phone("+79001234567").to_string(), "p:+7900***4567");
        assert_eq!(format!("{:?}", EffectKey::from("client:+79001234567")), "EffectKey(client:+7900***4567)");
        assert_eq!(NaturalKey::from("+37255512").to_string(), "+37***12");
        assert_eq!(EffectKey::from("a+1+b, +79001234567, +7").to_string(), "a+1+b, +7900***4567, +7");
        assert_eq!(SessionKey::from("call:998700001").to_string(), "call:998700001");
        assert_eq!(SessionKey::from("звонок+").to_string(), "звонок+");
    }

    #[test]
    fn contents_do_not_show_in_debug() {
        assert_eq!(format!("{:?}", Body::from(b"phone=79001234567".to_vec())), "Body(17 bytes)");
        assert_eq!(format!("{:?}", Json::of(&["79001234567"]).unwrap()), "Json(15 bytes)");
    }

    #[test]
    fn lanes_know_their_kind() {
        let session = SessionKey::from("call:1");
        assert!(LaneKey::session(&session).is_session());
        assert_eq!(LaneKey::session(&session).as_str(), "s:call:1");
        let phone = LaneKey::phone("+79001234567");
        assert!(!phone.is_session());
        assert_eq!(phone.as_phone(), Some("+79001234567"));
        assert_eq!(LaneKey::from("v:12").as_phone(), None);
    }
}
