//! Shapes of dates: `DD.MM HH:mm`.
//!
//! | token | prints | Russian token |
//! | --- | --- | --- |
//! | `DD`, `D` | day with and without zero | `ДД`, `Д` |
//! | `MM`, `M` | month with and without zero | `ММ`, `М` |
//! | `MMMM` | name of the month, Russian in the genitive | `ММММ` |
//! | `YYYY`, `YY` | year | `ГГГГ`, `ГГ` |
//! | `HH`, `H` | hour of 24 with and without zero | `ЧЧ`, `Ч` |
//! | `mm`, `ss` | minute, second | `мм`, `сс` |
//! | `ddd`, `dddd` | short and long weekday | `ддд`, `дддд` |
//!
//! Anything else between letters is printed as it is; letters that are no token are an error, for they are a
//! token misspelt. Words are put in `[…]`: `D MMMM [at] HH:mm`.

use std::fmt::Write as _;

use jiff::civil::DateTime;
use switchboard_grammar::lang::Lang;

use super::FilterError;

/// A compiled shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Token(Token),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Day { zero: bool },
    Month { zero: bool },
    MonthName,
    Year,
    ShortYear,
    Hour { zero: bool },
    Minute,
    Second,
    Weekday,
    ShortWeekday,
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAYS_RU: [&str; 7] =
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];
const SHORT_DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const SHORT_DAYS_RU: [&str; 7] = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];

impl DateFormat {
    /// The longest shape in characters.
    pub const MAX_CHARS: usize = 100;

    /// Compiles a shape.
    ///
    /// # Errors
    ///
    /// [`FilterError::DateToken`] with the letters that are no token, [`FilterError::TooLong`].
    pub fn new(shape: &str) -> Result<DateFormat, FilterError> {
        if shape.chars().count() > DateFormat::MAX_CHARS {
            return Err(FilterError::TooLong { allowed: DateFormat::MAX_CHARS });
        }
        let mut pieces = Vec::new();
        let mut rest = shape;
        while let Some(first) = rest.chars().next() {
            let (piece, after) = if first == '[' {
                let Some((word, after)) = rest.get(1..).unwrap_or_default().split_once(']') else {
                    return Err(FilterError::DateToken { token: rest.to_owned() });
                };
                (Piece::Plain(word.to_owned()), after)
            } else if first.is_alphabetic() {
                let end = rest.find(|c| c != first).unwrap_or(rest.len());
                let (letters, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let token =
                    token(letters).ok_or_else(|| FilterError::DateToken { token: letters.to_owned() })?;
                (Piece::Token(token), after)
            } else {
                let end = rest.find(|c: char| c == '[' || c.is_alphabetic()).unwrap_or(rest.len());
                let (plain, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (Piece::Plain(plain.to_owned()), after)
            };
            pieces.push(piece);
            rest = after;
        }
        Ok(DateFormat { pieces })
    }

    /// Prints a local date and time.
    pub fn print(&self, local: DateTime, lang: Lang) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(text) => out.push_str(text),
                Piece::Token(token) => token.print(&mut out, local, lang),
            }
        }
        out
    }

    /// The most characters it prints.
    pub fn max_chars(&self) -> usize {
        let longest = |names: &[&str]| names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let width = |piece: &Piece| match piece {
            Piece::Plain(text) => text.chars().count(),
            Piece::Token(Token::Year) => 4,
            Piece::Token(Token::MonthName) => longest(&MONTHS_EN).max(longest(&MONTHS_RU)),
            Piece::Token(Token::Weekday) => longest(&DAYS_EN).max(longest(&DAYS_RU)),
            Piece::Token(Token::ShortWeekday) => longest(&SHORT_DAYS_EN),
            Piece::Token(_) => 2,
        };
        self.pieces.iter().map(width).sum()
    }

    /// Whether it prints a part of the date, which a time of day does not have.
    pub fn has_date(&self) -> bool {
        let of_date = |token: &Token| !matches!(token, Token::Hour { .. } | Token::Minute | Token::Second);
        self.pieces.iter().any(|piece| matches!(piece, Piece::Token(token) if of_date(token)))
    }

    /// Whether it prints a part of the time, which a date does not have.
    pub fn has_time(&self) -> bool {
        let of_time = |token: &Token| matches!(token, Token::Hour { .. } | Token::Minute | Token::Second);
        self.pieces.iter().any(|piece| matches!(piece, Piece::Token(token) if of_time(token)))
    }
}

impl Token {
    fn print(self, out: &mut String, local: DateTime, lang: Lang) {
        let month = usize::try_from(local.month() - 1).unwrap_or_default();
        let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or_default();
        let name = |en: &[&'static str], ru: &[&'static str], at: usize| {
            lang.pick(en, ru).get(at).copied().unwrap_or_default()
        };
        // Writing into a string cannot fail.
        let _ = match self {
            Token::Day { zero: true } => write!(out, "{:02}", local.day()),
            Token::Day { zero: false } => write!(out, "{}", local.day()),
            Token::Month { zero: true } => write!(out, "{:02}", local.month()),
            Token::Month { zero: false } => write!(out, "{}", local.month()),
            Token::MonthName => write!(out, "{}", name(&MONTHS_EN, &MONTHS_RU, month)),
            Token::Year => write!(out, "{:04}", local.year()),
            Token::ShortYear => write!(out, "{:02}", local.year().rem_euclid(100)),
            Token::Hour { zero: true } => write!(out, "{:02}", local.hour()),
            Token::Hour { zero: false } => write!(out, "{}", local.hour()),
            Token::Minute => write!(out, "{:02}", local.minute()),
            Token::Second => write!(out, "{:02}", local.second()),
            Token::Weekday => write!(out, "{}", name(&DAYS_EN, &DAYS_RU, day)),
            Token::ShortWeekday => write!(out, "{}", name(&SHORT_DAYS_EN, &SHORT_DAYS_RU, day)),
        };
    }
}

fn token(letters: &str) -> Option<Token> {
    Some(match letters {
        "DD" | "ДД" => Token::Day { zero: true },
        "D" | "Д" => Token::Day { zero: false },
        "MM" | "ММ" => Token::Month { zero: true },
        "M" | "М" => Token::Month { zero: false },
        "MMMM" | "ММММ" => Token::MonthName,
        "YYYY" | "ГГГГ" => Token::Year,
        "YY" | "ГГ" => Token::ShortYear,
        "HH" | "ЧЧ" => Token::Hour { zero: true },
        "H" | "Ч" => Token::Hour { zero: false },
        "mm" | "мм" => Token::Minute,
        "ss" | "сс" => Token::Second,
        "dddd" | "дддд" => Token::Weekday,
        "ddd" | "ддд" => Token::ShortWeekday,
        _ => return None,
    })
}
