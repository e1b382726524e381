//! The world's numbering plans, as the library `phonenumber` (metadata of libphonenumber) knows them.
//!
//! The one file that names the library. It is asked about digits only: everything people put around digits is
//! taken off before, in `read`.

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
