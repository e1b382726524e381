//! The world's numbering plans, as the library `phonenumber` (metadata of libphonenumber) knows them.
//!
//! The one file that names the library. It is asked about digits only: everything people put around digits is
//! taken off before, in `read`.

use phonenumber::country;

use super::Phone;

/// Whether a number with country code is in use, or could be by its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It belongs to a range that is in use.
    Valid,
    /// The country exists; the range is not known, which also happens to ranges opened last month.
    Unknown,
    /// No country has the code.
    NoCountry,
}

/// Judges digits that begin with a country code.
pub(super) fn judge(number: Phone) -> Verdict {
    match phonenumber::parse(None, number.to_string()) {
        Ok(parsed) if parsed.is_valid() => Verdict::Valid,
        Ok(_) => Verdict::Unknown,
        Err(_) => Verdict::NoCountry,
    }
}

/// Reads digits as they would be dialled in Russia: with 8, with 8 10 abroad, or the bare ten.
///
/// None unless the number is in use: there was no country code to go by.
pub(super) fn dialled_in_russia(digits: &str) -> Option<Phone> {
    let parsed = phonenumber::parse(Some(country::Id::RU), digits).ok()?;
    if !parsed.is_valid() {
        return None;
    }
    let e164 = parsed.format().mode(phonenumber::Mode::E164).to_string();
    Phone::from_digits(e164.strip_prefix('+')?.parse().ok()?)
}
