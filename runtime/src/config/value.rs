//! The kinds of number that a setting can be: a size, a count, a time.
//!
//! Each knows how to be read from TOML, how to be shown, and what to say when the text is something else.

use std::fmt;
use std::time::Duration;

use toml::de::DeValue;

/// A size in bytes; written as a number or as `"256 KiB"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

/// A number of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u32);

/// What a value of `[limits]` can do.
pub(crate) trait Value: Copy + PartialOrd {
    /// What is expected, in English and in Russian.
    const EXPECTED: (&'static str, &'static str);

    /// Reads the value, or says that it is none.
    fn read(value: &DeValue<'_>) -> Option<Self>;

    /// Writes the value as a file would have it.
    fn show(self) -> String;
}

/// Writes a duration in its largest whole unit: `5 s`, `200 ms`, `72 h`.
pub fn show_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        0 => "0 s".to_owned(),
        _ if millis.is_multiple_of(3_600_000) => format!("{} h", millis / 3_600_000),
        _ if millis.is_multiple_of(60_000) => format!("{} min", millis / 60_000),
        _ if millis.is_multiple_of(1_000) => format!("{} s", millis / 1_000),
        _ => format!("{millis} ms"),
    }
}

const UNITS: [(&str, u64); 3] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl Bytes {
    /// The size as an index type, saturating where the machine is smaller.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl Count {
    /// The count as an index type.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = UNITS.iter().rev().find(|(_, size)| self.0 > 0 && self.0.is_multiple_of(*size));
        match largest {
            Some((unit, size)) => write!(formatter, "{} {unit}", self.0 / size),
            None => write!(formatter, "{} B", self.0),
        }
    }
}

impl Value for Bytes {
    const EXPECTED: (&'static str, &'static str) = (
        "a size such as `\"256 KiB\"` or a number of bytes",
        "размер, например `\"256 KiB\"`, или число байт",
    );

    fn read(value: &DeValue<'_>) -> Option<Self> {
        if let Some(number) = integer(value) {
            return u64::try_from(number).ok().map(Self);
        }
        let text = value.as_str()?;
        let split = text.find(|letter: char| !letter.is_ascii_digit())?;
        let (digits, unit) = text.split_at_checked(split)?;
        let number: u64 = digits.parse().ok()?;
        let unit = unit.trim();
        if unit == "B" {
            return Some(Self(number));
        }
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        number.checked_mul(*size).map(Self)
    }

    fn show(self) -> String {
        format!("\"{self}\"")
    }
}

impl Value for Count {
    const EXPECTED: (&'static str, &'static str) = ("a whole number", "целое число");

    fn read(value: &DeValue<'_>) -> Option<Self> {
        u32::try_from(integer(value)?).ok().map(Self)
    }

    fn show(self) -> String {
        self.0.to_string()
    }
}

impl Value for Duration {
    const EXPECTED: (&'static str, &'static str) = (
        "a time such as `\"3 s\"`, `\"500 ms\"` or `\"10 min\"`",
        "время, например `\"3 s\"`, `\"500 ms\"` или `\"10 min\"`",
    );

    fn read(value: &DeValue<'_>) -> Option<Self> {
        let duration: jiff::SignedDuration = value.as_str()?.parse().ok()?;
        Self::try_from(duration).ok()
    }

    fn show(self) -> String {
        format!("\"{}\"", show_duration(self))
    }
}

/// A TOML integer in any of its spellings.
pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<V: Value>(text: &str) -> Option<V> {
        V::read(DeValue::parse(text).ok()?.get_ref())
    }

    #[test]
    fn sizes() {
        assert_eq!(read("262144"), Some(Bytes(262_144)));
        assert_eq!(read("\"256 KiB\""), Some(Bytes(262_144)));
        assert_eq!(read("\"1MiB\""), Some(Bytes(1 << 20)));
        assert_eq!(read("\"7 B\""), Some(Bytes(7)));
        for wrong in [
            "\"256 kb\"",
            "\"KiB\"",
            "\"\"",
            "-1",
            "1.5",
            "true",
            "\"99999999999999999999 KiB\"",
            "\"18446744073709551615 GiB\"",
        ] {
            assert_eq!(read::<Bytes>(wrong), None, "{wrong}");
        }
        assert_eq!(Bytes(262_144).to_string(), "256 KiB");
        assert_eq!(Bytes(1000).to_string(), "1000 B");
        assert_eq!(Bytes(0).to_string(), "0 B");
    }

    #[test]
    fn times() {
        assert_eq!(read("\"3 s\""), Some(Duration::from_secs(3)));
        assert_eq!(read("\"500 ms\""), Some(Duration::from_millis(500)));
        assert_eq!(read("\"10 min\""), Some(Duration::from_secs(600)));
        assert_eq!(read("\"1 h 30 min\""), Some(Duration::from_secs(5400)));
        for wrong in ["3", "\"three\"", "\"-3 s\"", "\"\"", "\"3\""] {
            assert_eq!(read::<Duration>(wrong), None, "{wrong}");
        }
        assert_eq!(show_duration(Duration::from_millis(1500)), "1500 ms");
        assert_eq!(show_duration(Duration::ZERO), "0 s");
    }

    #[test]
    fn counts() {
        assert_eq!(read("4_096"), Some(Count(4096)));
        assert_eq!(read("0x40"), Some(Count(64)));
        assert_eq!(read::<Count>("\"64\""), None);
        assert_eq!(read::<Count>("-1"), None);
        assert_eq!(read::<Count>("5000000000"), None);
    }

    #[test]
    fn what_is_shown_can_be_read_back() {
        for bytes in [Bytes(0), Bytes(1), Bytes(1024), Bytes(1025), Bytes(1 << 20), Bytes(3 << 30)] {
            assert_eq!(read(&bytes.show()), Some(bytes));
        }
        for millis in [1, 999, 1000, 60_000, 90_000, 3_600_000, 5_400_000] {
            let duration = Duration::from_millis(millis);
            assert_eq!(read(&duration.show()), Some(duration));
        }
    }
}
