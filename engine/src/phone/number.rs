//! A phone number in E.164: up to fifteen digits with the country first.
//!
//! Held as one integer, so it copies, compares and hashes like one. Written `+74951234567` for machines and
//! `+7 495 123-45-67` for people.

use std::fmt;

/// A phone number in E.164.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    /// Invariant: 7 to 15 decimal digits, the country code first, so no leading zero is lost.
    digits: u64,
}

impl Phone {
    /// Fewest digits of an international number that [`Phone::from_digits`] takes.
    pub const MIN_DIGITS: u32 = 7;
    /// Most digits of an international number (ITU-T E.164, 6.2.1).
    pub const MAX_DIGITS: u32 = 15;

    /// A number from its digits with country code; None when there are too few or too many.
    ///
    /// Whether such a number can exist in its country is not asked.
    pub const fn from_digits(digits: u64) -> Option<Phone> {
        match digits.checked_ilog10() {
            Some(log) if log + 1 >= Phone::MIN_DIGITS && log < Phone::MAX_DIGITS => Some(Phone { digits }),
            _ => None,
        }
    }

    /// The digits with country code, without `+`.
    pub const fn digits(self) -> u64 {
        self.digits
    }

    /// The number as people read it: `+7 495 123-45-67`; those of other countries stay in one piece.
    ///
    /// The formatter of rules files writes the same shape.
    pub fn display(self) -> String {
        let digits = self.digits.to_string();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        if digits.len() == 11 && digits.starts_with('7') {
            return format!("+7 {} {}-{}-{}", part(1, 4), part(4, 7), part(7, 9), part(9, 11));
        }
        format!("+{digits}")
    }

    /// The number with its middle hidden, for logs: `7900***4567`.
    pub fn masked(self) -> String {
        super::mask(&self.digits.to_string())
    }
}

impl fmt::Display for Phone {
    /// E.164: `+74951234567`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.digits)
    }
}

impl fmt::Debug for Phone {
    /// Masked: a number must not reach a log through `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}
