//! Reading one value as what it should be, however it was written.
//!
//! A [`Node`] goes in; the typed value, or nothing when it is something else, comes out. Numbers may be texts, lists
//! may be texts of JSON, single values may stand for lists of one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use switchboard_engine::phone::{Phone, PhoneError};

use crate::source::uis::json;
use crate::source::uis::node::{Node, is_absent_text};
use crate::source::uis::types::{Direction, LocalTime, Number};

/// The longest text; the rest is cut off.
pub const MAX_TEXT: usize = 1000;
/// The longest link; a longer one is dropped.
pub const MAX_LINK: usize = 2000;
/// The most elements of a list; the rest is dropped.
pub const MAX_ITEMS: usize = 200;
/// The longest duration, a week; a longer one is dropped.
pub const MAX_SECONDS: u32 = 7 * 24 * 3600;
/// Moments before this and after [`LAST_YEAR`] are not believed.
const FIRST_YEAR: i16 = 2000;
const LAST_YEAR: i16 = 2100;

/// What a value can be read as.
pub(super) trait Reads: Sized {
    /// Whether several values of one name make a list and not a conflict.
    const LIST: bool = false;
    /// What it is called in documentation, in English and in Russian.
    const KIND: (&'static str, &'static str);

    /// Reads a value that is there; `None` when it is something else.
    fn read(node: &Node) -> Option<Self>;
}

impl Reads for u64 {
    const KIND: (&'static str, &'static str) = ("number", "число");

    fn read(node: &Node) -> Option<Self> {
        let number = match node {
            Node::Whole(number) => *number,
            Node::Fraction(number) => whole(*number)?,
            Node::Text(text) => number_text(text)?,
            _ => return None,
        };
        Self::try_from(number).ok().filter(|number| *number > 0)
    }
}

impl Reads for i64 {
    const KIND: (&'static str, &'static str) = ("unix time", "время unix");

    fn read(node: &Node) -> Option<Self> {
        let seconds = Self::try_from(u64::read(node)?).ok()?;
        let instant = Timestamp::from_second(seconds).ok()?;
        believable(LocalTime::Instant(instant)).map(|_| seconds)
    }
}

impl Reads for u32 {
    const KIND: (&'static str, &'static str) = ("whole number or seconds", "целое число или секунды");

    fn read(node: &Node) -> Option<Self> {
        let number = match node {
            Node::Whole(number) => *number,
            Node::Fraction(number) => whole(number.trunc())?,
            Node::Text(text) => match number_text(text) {
                Some(number) => number,
                None => whole(text.trim().parse::<f64>().ok()?.trunc())?,
            },
            _ => return None,
        };
        Self::try_from(number).ok().filter(|number| *number <= MAX_SECONDS)
    }
}

impl Reads for bool {
    const KIND: (&'static str, &'static str) = ("yes or no", "да или нет");

    fn read(node: &Node) -> Option<Self> {
        match node {
            Node::Flag(flag) => Some(*flag),
            Node::Whole(0) => Some(false),
            Node::Whole(1) => Some(true),
            Node::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "t" | "yes" => Some(true),
                "false" | "0" | "f" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Reads for String {
    const KIND: (&'static str, &'static str) = ("text", "текст");

    fn read(node: &Node) -> Option<Self> {
        let text = match node {
            Node::Text(text) => text.clone(),
            Node::Whole(number) => number.to_string(),
            Node::Fraction(number) => number.to_string(),
            Node::Flag(flag) => flag.to_string(),
            Node::Null | Node::List(_) | Node::Object(_) => return None,
        };
        let clean: String =
            text.trim().chars().filter(|letter| !letter.is_control()).take(MAX_TEXT).collect();
        (!clean.is_empty()).then_some(clean)
    }
}

impl Reads for Direction {
    const KIND: (&'static str, &'static str) = ("`in` or `out`", "`in` или `out`");

    fn read(node: &Node) -> Option<Self> {
        let Node::Text(text) = node else { return None };
        match text.trim().to_ascii_lowercase().as_str() {
            "in" | "incoming" => Some(Self::In),
            "out" | "outgoing" => Some(Self::Out),
            _ => None,
        }
    }
}

impl Reads for Number {
    const KIND: (&'static str, &'static str) = ("telephone number", "номер телефона");

    fn read(node: &Node) -> Option<Self> {
        let text = match node {
            Node::Text(text) => text.trim().to_owned(),
            Node::Whole(number) if *number >= 0 => number.to_string(),
            _ => return None,
        };
        match Phone::parse(&text) {
            Ok(phone) => Some(Self::Phone(phone.to_string())),
            Err(PhoneError::Hidden) => Some(Self::Hidden),
            Err(PhoneError::TooShort | PhoneError::Unassigned | PhoneError::TooLong) => {
                String::read(&Node::Text(text)).map(Self::Internal)
            }
            Err(_) => None,
        }
    }
}

impl Reads for LocalTime {
    const KIND: (&'static str, &'static str) = ("date and time", "дата и время");

    fn read(node: &Node) -> Option<Self> {
        let time = match node {
            Node::Text(text) => text.trim().parse().ok()?,
            Node::Whole(_) => Self::Instant(Timestamp::from_second(i64::read(node)?).ok()?),
            _ => return None,
        };
        believable(time)
    }
}

/// A link to a recording: `https` only, as the reference asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Link(pub(super) String);

impl Link {
    /// The link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Reads for Link {
    const KIND: (&'static str, &'static str) =
        ("link that starts with `https://`", "ссылка, начинающаяся с `https://`");

    fn read(node: &Node) -> Option<Self> {
        let Node::Text(text) = node else { return None };
        let link = text.trim();
        let clean = link.len() <= MAX_LINK
            && link.chars().all(|letter| !letter.is_whitespace() && !letter.is_control());
        let uri: http::Uri = link.parse().ok()?;
        (clean && uri.scheme_str() == Some("https") && uri.host().is_some()).then(|| Self(link.to_owned()))
    }
}

impl<T: Reads> Reads for Vec<T> {
    const LIST: bool = true;
    const KIND: (&'static str, &'static str) = ("list", "список");

    fn read(node: &Node) -> Option<Self> {
        let list = match node {
            Node::List(items) => {
                items.iter().filter(|item| !item.is_absent()).filter_map(T::read).take(MAX_ITEMS).collect()
            }
            Node::Text(text) => match json::inside(text) {
                Some(inner @ Node::List(_)) => return Self::read(&inner),
                _ => match T::read(node) {
                    Some(single) => vec![single],
                    None => separated(text)?,
                },
            },
            single => vec![T::read(single)?],
        };
        Some(list)
    }
}

/// `1,2,3` where one element cannot be read as it stands.
fn separated<T: Reads>(text: &str) -> Option<Vec<T>> {
    let parts = text.split(',').filter(|part| !is_absent_text(part)).take(MAX_ITEMS);
    parts.map(|part| T::read(&Node::Text(part.to_owned()))).collect()
}

fn number_text(text: &str) -> Option<i128> {
    let text = text.trim();
    let digits = text.strip_suffix(".0").unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A float that holds a whole number exactly.
fn whole(number: f64) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || !(0.0..=EXACT).contains(&number) {
        return None;
    }
    // The display of such a float has digits only.
    format!("{number:.0}").parse().ok()
}

fn believable(time: LocalTime) -> Option<LocalTime> {
    let year = match time {
        LocalTime::Local(local) => local.year(),
        LocalTime::Instant(instant) => jiff::tz::Offset::UTC.to_datetime(instant).year(),
    };
    (FIRST_YEAR..LAST_YEAR).contains(&year).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn from<T: Reads>(value: &str) -> Option<T> {
        T::read(&text(value))
    }

    #[test]
    fn ids_are_positive_whole_numbers_however_written() {
        assert_eq!(u64::read(&Node::Whole(998_700_001)), Some(998_700_001));
        assert_eq!(u64::read(&Node::Fraction(998_700_001.0)), Some(998_700_001));
        assert_eq!(from::<u64>(" 998700001 "), Some(998_700_001));
        assert_eq!(from::<u64>("998700001.0"), Some(998_700_001));
        for wrong in ["", "0", "-1", "1.5", "1e9", "x", "99999999999999999999999", "0x10", "1 000"] {
            assert_eq!(from::<u64>(wrong), None, "{wrong}");
        }
        for wrong in
            [Node::Whole(0), Node::Whole(-5), Node::Fraction(1e300), Node::Fraction(0.5), Node::Flag(true)]
        {
            assert_eq!(u64::read(&wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn durations_are_seconds_of_a_week_at_most() {
        assert_eq!(u32::read(&Node::Whole(0)), Some(0));
        assert_eq!(from::<u32>("42"), Some(42));
        assert_eq!(from::<u32>("42.9"), Some(42));
        assert_eq!(u32::read(&Node::Fraction(42.9)), Some(42));
        assert_eq!(u32::read(&Node::Whole(MAX_SECONDS.into())), Some(MAX_SECONDS));
        assert_eq!(u32::read(&Node::Whole(i128::from(MAX_SECONDS) + 1)), None);
        for wrong in ["-1", "NaN", "inf", "1:30", "x"] {
            assert_eq!(from::<u32>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_have_one_form() {
        let phone = Some(Number::Phone("+79000000010".to_owned()));
        for written in
            ["79000000010", "+79000000010", "8 (900) 000-00-10", " 79000000010", "79000000010...2345"]
        {
            assert_eq!(from::<Number>(written), phone, "{written}");
        }
        assert_eq!(Number::read(&Node::Whole(79_000_000_010)), phone);
        for hidden in ["7900***0010", "anonymous", "Скрытый номер"] {
            assert_eq!(from::<Number>(hidden), Some(Number::Hidden), "{hidden}");
        }
        assert_eq!(from::<Number>("0160078"), Some(Number::Internal("0160078".to_owned())));
        assert_eq!(from::<Number>("102"), Some(Number::Internal("102".to_owned())));
        assert_eq!(from::<Number>("звонок"), None);
    }

    #[test]
    fn moments_have_a_zone_or_none() {
        let local = "2026-03-02T12:00:31.512".parse::<jiff::civil::DateTime>().unwrap();
        assert_eq!(from::<LocalTime>("2026-03-02 12:00:31.512"), Some(LocalTime::Local(local)));
        assert_eq!(from::<LocalTime>("2026-03-02T12:00:31.512"), Some(LocalTime::Local(local)));
        let instant = LocalTime::Instant("2026-03-02T09:00:31.512Z".parse().unwrap());
        assert_eq!(from::<LocalTime>("2026-03-02T12:00:31.512+03:00"), Some(instant));
        assert_eq!(from::<LocalTime>("2026-03-02 09:00:31.512Z"), Some(instant));
        let unix = LocalTime::Instant(Timestamp::from_second(1_772_442_031).unwrap());
        assert_eq!(LocalTime::read(&Node::Whole(1_772_442_031)), Some(unix));
        for wrong in ["12:00", "1026-03-02 12:00:31", "0001-01-01 00:00:00", "вчера", "2026-13-02 12:00:31"]
        {
            assert_eq!(from::<LocalTime>(wrong), None, "{wrong}");
        }
        for time in [LocalTime::Local(local), instant] {
            let json = serde_json::to_string(&time).unwrap();
            assert_eq!(serde_json::from_str::<LocalTime>(&json).unwrap(), time);
        }
    }

    #[test]
    fn lists_may_be_texts_and_single_values() {
        assert_eq!(from::<Vec<u64>>("[1, 2,null]"), Some(vec![1, 2]));
        assert_eq!(from::<Vec<u64>>("1,2"), Some(vec![1, 2]));
        assert_eq!(from::<Vec<u64>>("7"), Some(vec![7]));
        assert_eq!(from::<Vec<u64>>("x"), None);
        assert_eq!(from::<Vec<String>>(r#"["Целевой","VIP"]"#), Some(vec!["Целевой".into(), "VIP".into()]));
        assert_eq!(from::<Vec<String>>("Иванов, Иван"), Some(vec!["Иванов, Иван".into()]));
        assert_eq!(Vec::<u64>::read(&Node::List(vec![])), Some(vec![]));
        let many = Node::List(vec![Node::Whole(1); MAX_ITEMS + 5]);
        assert_eq!(Vec::<u64>::read(&many).map(|list| list.len()), Some(MAX_ITEMS));
    }

    #[test]
    fn texts_are_clean_and_bounded() {
        assert_eq!(from::<String>("  Про\u{0}дажи\n "), Some("Продажи".to_owned()));
        assert_eq!(
            from::<String>(&"я".repeat(MAX_TEXT + 1)).map(|text| text.chars().count()),
            Some(MAX_TEXT)
        );
        assert_eq!(String::read(&Node::Whole(5)), Some("5".to_owned()));
        assert_eq!(String::read(&Node::List(vec![])), None);
    }

    #[test]
    fn links_are_https() {
        assert!(from::<Link>("https://media.uiscom.ru/998700001/0f3c9d").is_some());
        for wrong in ["http://media.uiscom.ru/1", "javascript:alert(1)", "https://", "https://a b", "/1/2"] {
            assert_eq!(from::<Link>(wrong), None, "{wrong}");
        }
        assert_eq!(from::<Link>(&format!("https://a/{}", "x".repeat(MAX_LINK))), None);
    }
}
