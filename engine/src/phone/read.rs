//! Reading a phone from text.
//!
//! Accepted: `+7 495 123-45-67`, `8 (495) 123-45-67`, `74951234567`, `9991234567`, numbers of other countries
//! with `+`, with their country code alone (how UIS sends them) or dialled with `8 10`; a tail with an extension
//! (`74950000002...2345`, `доб. 12`, `ext 12`), which is kept apart.
//! Refused, with a reason: internal numbers and SIP logins, hidden and masked numbers, other text.
//!
//! Russian numbers, nearly all there are, are decided without tables: eleven digits from 7 or 8, then a digit
//! with which an area or mobile code of Russia or Kazakhstan begins. Their ranges are not looked up: a new range
//! must not lose a client. The guess that a number has no country code is only made when the range is in use.

use smol_str::SmolStr;

use super::{Phone, plans};

/// A phone and what stood behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The number.
    pub phone: Phone,
    /// Digits to dial after the connection.
    pub extension: Option<SmolStr>,
}

/// Why a text is no phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneError {
    /// Nothing is there.
    #[error("number is missing")]
    Missing,
    /// The caller hides the number, or a log masked it.
    #[error("number is hidden")]
    Hidden,
    /// Too few digits: an internal number or a SIP login, or the area code was left out.
    #[error("number is too short; write it with its area code")]
    TooShort,
    /// More digits than any number has.
    #[error("number is too long")]
    TooLong,
    /// No country has such numbers.
    #[error("no country has such a number")]
    Unassigned,
    /// It is something else.
    #[error("this is not a phone number")]
    NotAPhone,
}

impl PhoneError {
    /// The reason in Russian.
    pub const fn ru(self) -> &'static str {
        match self {
            PhoneError::Missing => "номера нет",
            PhoneError::Hidden => "номер скрыт",
            PhoneError::TooShort => "номер слишком короткий; напишите его с кодом города",
            PhoneError::TooLong => "номер слишком длинный",
            PhoneError::Unassigned => "таких номеров нет ни в одной стране",
            PhoneError::NotAPhone => "это не номер телефона",
        }
    }
}

/// Longest text that is looked at; a longer one is no phone.
const MAX_CHARS: usize = 64;
/// Longest extension.
const MAX_EXTENSION: usize = 8;
/// Digits of a Russian number without country code.
const NATIONAL: usize = 10;

impl Phone {
    /// Reads a phone, dropping an extension.
    ///
    /// ```
    /// use switchboard_engine::phone::Phone;
    /// let one = Phone::parse("8 (495) 123-45-67")?;
    /// assert_eq!(one, Phone::parse("+7 495 123 45 67")?);
    /// assert_eq!(one, Phone::parse("74951234567")?);
    /// assert_eq!(one.to_string(), "+74951234567");
    /// # Ok::<(), switchboard_engine::phone::PhoneError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PhoneError`], the reason why it is none.
    pub fn parse(text: &str) -> Result<Phone, PhoneError> {
        Phone::read(text).map(|reading| reading.phone)
    }

    /// Reads a phone and its extension.
    ///
    /// # Errors
    ///
    /// [`PhoneError`], the reason why it is none.
    pub fn read(text: &str) -> Result<Reading, PhoneError> {
        let text = text.trim();
        if let Some(phone) = bare_russian(text) {
            return Ok(Reading { phone, extension: None });
        }
        if crate::value::is_missing_text(text) {
            return Err(PhoneError::Missing);
        }
        if text.chars().nth(MAX_CHARS).is_some() {
            return Err(PhoneError::NotAPhone);
        }
        let lower = text.to_lowercase();
        if HIDDEN.iter().any(|word| lower.contains(word)) {
            return Err(PhoneError::Hidden);
        }
        let body = without_scheme(&lower);
        let (number, tail) = split_extension(body);
        let extension = match tail {
            Some(tail) => extension(tail)?,
            None => None,
        };
        let phone = Digits::collect(number)?.resolve()?;
        Ok(Reading { phone, extension })
    }
}

/// What telephone exchanges and address books say for "not shown".
const HIDDEN: [&str; 10] = [
    "anonymous",
    "hidden",
    "private",
    "restricted",
    "unavailable",
    "unknown",
    "withheld",
    "скрыт",
    "неизвест",
    "не определ",
];

/// Marks that stand between a number and its extension, the longest first.
const TAILS: [&str; 14] =
    ["...", "…", "добавочный", "доб.", "доб", "вн.", "вн", "extension", "ext.", "ext", ";", ",", "#", "x"];

/// The common case without any allocation: `79001234567`, with or without `+`, or with 8.
fn bare_russian(text: &str) -> Option<Phone> {
    let (digits, plus) = match text.strip_prefix('+') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    if digits.len() != NATIONAL + 1 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    russian(digits, plus)
}

/// Eleven digits that are a number of Russia or Kazakhstan; 8 instead of 7 is dialled inside only.
fn russian(digits: &str, plus: bool) -> Option<Phone> {
    let mut bytes = digits.bytes();
    let country = bytes.next()?;
    let area = bytes.next()?;
    if digits.len() != NATIONAL + 1 || (country != b'7' && (plus || country != b'8')) {
        return None;
    }
    // 3, 4, 8: areas, and 9: mobile, of Russia; 6 and 7: Kazakhstan.
    if !matches!(area, b'3' | b'4' | b'6'..=b'9') {
        return None;
    }
    let national = digits.get(1..)?.parse::<u64>().ok()?;
    Phone::from_digits(70_000_000_000 + national)
}

/// `tel:+7…` and `sip:7…@host` to what they hold.
fn without_scheme(text: &str) -> &str {
    let text = ["tel:", "callto:", "sip:", "sips:"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    match text.split_once('@') {
        Some((user, _)) => user,
        None => text,
    }
}

fn split_extension(text: &str) -> (&str, Option<&str>) {
    // An extension needs something to extend, so a mark before the first digit is none.
    let Some(start) = text.find(|c: char| digit(c).is_some()) else { return (text, None) };
    let (head, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let first = TAILS
        .iter()
        .filter_map(|mark| rest.find(mark).map(|at| (at, mark.len())))
        .min_by_key(|(at, len)| (*at, usize::MAX - len));
    let cut =
        first.and_then(|(at, len)| Some((text.get(..head.len() + at)?, text.get(head.len() + at + len..)?)));
    match cut {
        Some((number, tail)) => (number, Some(tail)),
        None => (text, None),
    }
}

/// The digits of an extension; a tail that is none makes the text no phone.
fn extension(tail: &str) -> Result<Option<SmolStr>, PhoneError> {
    // `;ext=12` and `(доб. #12` have a mark behind a mark.
    let tail = tail.trim_start();
    let tail = TAILS.iter().find_map(|mark| tail.strip_prefix(mark)).unwrap_or(tail);
    let mut digits = String::new();
    for c in tail.chars() {
        match digit(c) {
            Some(value) => digits.extend(char::from_digit(value, 10)),
            // Exchanges join several steps by dots: `...9.2.3.3`.
            None if is_separator(c) || matches!(c, '=' | ':' | '#') => {}
            None if is_mask(c) => return Err(PhoneError::Hidden),
            None => return Err(PhoneError::NotAPhone),
        }
    }
    match digits.len() {
        0 => Ok(None),
        1..=MAX_EXTENSION => Ok(Some(SmolStr::from(digits))),
        _ => Err(PhoneError::NotAPhone),
    }
}

/// The digits of a number with what is known about them.
struct Digits {
    digits: String,
    /// Whether a `+` says that the country code is there.
    plus: bool,
}

impl Digits {
    fn collect(text: &str) -> Result<Digits, PhoneError> {
        let mut found = Digits { digits: String::new(), plus: false };
        for c in text.chars() {
            match (digit(c), c) {
                (Some(value), _) => found.digits.extend(char::from_digit(value, 10)),
                (None, '+' | '＋') if found.digits.is_empty() && !found.plus => found.plus = true,
                (None, c) if is_mask(c) && !found.digits.is_empty() => return Err(PhoneError::Hidden),
                (None, c) if is_separator(c) => {}
                _ => return Err(PhoneError::NotAPhone),
            }
        }
        if found.digits.is_empty() { Err(PhoneError::NotAPhone) } else { Ok(found) }
    }

    fn resolve(&self) -> Result<Phone, PhoneError> {
        if let Some(phone) = russian(&self.digits, self.plus) {
            return Ok(phone);
        }
        if self.plus { self.international() } else { self.guessed() }
    }

    /// A number with its `+`: the country must exist, its ranges need not be known.
    fn international(&self) -> Result<Phone, PhoneError> {
        let number = self.number(&self.digits)?;
        match plans::judge(number) {
            plans::Verdict::Valid => Ok(number),
            // The only numbers of 7 are of Russia and Kazakhstan, and those were looked at before.
            plans::Verdict::Unknown if !self.digits.starts_with('7') => Ok(number),
            _ => Err(PhoneError::Unassigned),
        }
    }

    /// A number without `+`, whose beginning may mean several things: it has to be in use.
    fn guessed(&self) -> Result<Phone, PhoneError> {
        let valid = |number: &Phone| plans::judge(*number) == plans::Verdict::Valid;
        if self.digits.len() < NATIONAL {
            return Err(PhoneError::TooShort);
        }
        if self.digits.len() == NATIONAL
            && let Ok(number) = self.number(&format!("7{}", self.digits))
            && valid(&number)
        {
            return Ok(number);
        }
        // Dialled abroad from Russia; no country code begins with 810.
        let abroad = self.digits.strip_prefix("810").filter(|rest| rest.len() >= NATIONAL);
        let number = self.number(abroad.unwrap_or(&self.digits))?;
        if valid(&number) { Ok(number) } else { Err(PhoneError::Unassigned) }
    }

    fn number(&self, digits: &str) -> Result<Phone, PhoneError> {
        if u32::try_from(digits.len()).is_ok_and(|count| count > Phone::MAX_DIGITS) {
            return Err(PhoneError::TooLong);
        }
        // No country code begins with 0, and dropping the zero would make another number of it.
        if digits.starts_with('0') {
            return Err(PhoneError::Unassigned);
        }
        digits.parse().ok().and_then(Phone::from_digits).ok_or(PhoneError::TooShort)
    }
}

/// The value of a digit in the scripts whose phones may be pasted.
fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '(' | ')' | '.' | '/' | '~' | '[' | ']')
        // Dashes of every width, and the invisible marks that address books wrap around numbers.
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// What stands for a digit that someone took out.
fn is_mask(c: char) -> bool {
    matches!(c, '*' | '•' | 'x' | 'х' | '?' | '_')
}
