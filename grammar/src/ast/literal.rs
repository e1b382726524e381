//! Values written out: read for their parts, kept as spelled.
//!
//! Numbers stay text (the floor above has decimals), dates are not looked up in a calendar, phones are digits.

use smol_str::SmolStr;

use super::name::Word;
use super::template::TextLiteral;
use crate::span::Span;

/// A value written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: LiteralKind,
}

/// What a literal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// `"…"`, with or without holes.
    Text(TextLiteral),
    /// `0.5`.
    Number(Number),
    /// `yes`, `no`.
    YesNo(YesNo),
    /// `1 hour 30 min`.
    Duration(Duration),
    /// `+7 495 123-45-67`.
    Phone(Phone),
    /// `2026-03-02`.
    Date(Date),
    /// `09:00`.
    Time(Clock),
    /// `2026-03-02 12:00`.
    Moment(Box<Moment>),
}

/// A decimal number: digits, at most one point, perhaps `-` in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// As written.
    pub text: SmolStr,
}

/// `yes` or `no`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YesNo {
    /// Which of them.
    pub value: bool,
    /// Its word.
    pub word: Word,
}

/// Amounts with units, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    /// One or more, as written.
    pub parts: Vec<DurationPart>,
}

/// `30 min`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationPart {
    /// The whole part.
    pub span: Span,
    /// How many, as written: a decimal number without a sign.
    pub amount: SmolStr,
    /// Of what.
    pub unit: Unit,
    /// Its word.
    pub word: Word,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
}

/// A phone number in a shape that nothing else has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The digits. Eleven digits that start with 7 or, without a plus, with 8 are a Russian number and stand here
    /// with 7 in front.
    pub digits: SmolStr,
    /// Whether the number is international: written with `+`, or Russian as above.
    pub international: bool,
    /// As written, one blank for each run of blanks.
    pub written: SmolStr,
}

/// A day, not looked up in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// Where it stands.
    pub span: Span,
    /// Year, four digits.
    pub year: u16,
    /// Month as written, perhaps impossible.
    pub month: u8,
    /// Day as written, perhaps impossible.
    pub day: u8,
    /// As written: `2026-03-02` or `02.03.2026`.
    pub written: SmolStr,
}

/// A time of day, not checked for its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Where it stands.
    pub span: Span,
    /// Hour as written, perhaps impossible.
    pub hour: u8,
    /// Minute as written, perhaps impossible.
    pub minute: u8,
    /// As written: `9:00` or `09:00`.
    pub written: SmolStr,
}

/// A day and a time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time.
    pub time: Clock,
}

impl Unit {
    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 604_800,
        }
    }
}
