//! How values look in columns: moments as microseconds, states as small numbers, names as text.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::store::record::{
    AccountId, Body, ClickId, ClickState, DealState, DecisionId, EffectClass, EffectId, EffectKey,
    EffectState, Epoch, EventSeq, EventState, Json, LaneKey, NaturalKey, NoticeState, Origin, Phase,
    RulingKind, SessionKey, ShadowClass,
};

/// A moment as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At(pub(super) i64);

/// How many rows at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(pub(super) usize);

impl ToSql for Limit {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(i64::try_from(self.0).unwrap_or(i64::MAX).into())
    }
}

macro_rules! codes {
    ($type:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                let code: i64 = match self { $(Self::$variant => $code),+ };
                Ok(code.into())
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_i64()? {
                    $($code => Ok(Self::$variant),)+
                    other => Err(FromSqlError::OutOfRange(other)),
                }
            }
        }
    };
}

macro_rules! texts {
    ($($type:ident),+) => {$(
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.as_str().to_sql()
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str().map(Self::from)
            }
        }
    )+};
}

macro_rules! numbers {
    ($($type:ident),+) => {$(
        impl ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.0.into())
            }
        }

        impl FromSql for $type {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map(Self)
            }
        }
    )+};
}

codes!(EventState { Available = 0, Done = 1, Unparsed = 2, Parked = 3 });
codes!(Origin { Webhook = 0, Reconcile = 1, Replay = 2 });
codes!(Phase { Open = 0, Ending = 1, Decided = 2, Closed = 3 });
codes!(EffectState { Ready = 0, InFlight = 1, Unknown = 2, Done = 3, Held = 4, Dead = 5 });
codes!(EffectClass { Idempotent = 0, Probe = 1, AtMostOnce = 2 });
codes!(ClickState { Waiting = 0, Dialling = 1, Started = 2, Refused = 3, Unknown = 4 });
codes!(DealState { Waiting = 0, Done = 1, NotPassed = 2, Parked = 3, Gone = 4 });
codes!(ShadowClass { Differs = 0, Unjudged = 1, Failed = 2 });
codes!(RulingKind { Forward = 0, PopUp = 1, Deal = 2 });
codes!(NoticeState { None = 0, Due = 1, Sent = 2, Failed = 3 });
texts!(AccountId, LaneKey, SessionKey, EffectKey, NaturalKey);
numbers!(EventSeq, DecisionId, EffectId, ClickId, Epoch, At);

impl From<Timestamp> for At {
    fn from(moment: Timestamp) -> Self {
        Self(moment.as_microsecond())
    }
}

impl At {
    /// Returns the moment, rounded to the microsecond when it was stored.
    pub(super) fn moment(self) -> FromSqlResult<Timestamp> {
        Timestamp::from_microsecond(self.0).map_err(|error| FromSqlError::Other(error.into()))
    }
}

/// A moment as it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub(super) Timestamp);

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        At(value.as_i64()?).moment().map(Self)
    }
}

/// A short text as it is read.
#[derive(Clone, Debug)]
pub(super) struct Short(pub(super) smol_str::SmolStr);

impl FromSql for Short {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|text| Self(text.into()))
    }
}

impl ToSql for Json {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_str().to_sql()
    }
}

impl FromSql for Json {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(|text| Self::from_text(text.to_owned()))
    }
}

impl ToSql for Body {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_bytes().to_sql()
    }
}

impl FromSql for Body {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob().map(|bytes| Self::from(bytes.to_vec()))
    }
}
