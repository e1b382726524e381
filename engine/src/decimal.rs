//! Decimal numbers: money and counts, never binary floating point.
//!
//! Takes the text of a number, or a JSON number, gives a [`Decimal`]; writes one back as a JSON number with the
//! digits it has. Arithmetic is none of the language's business.

use std::str::FromStr;

pub use rust_decimal::Decimal;

/// Reads a decimal written as `-12`, `0.5` or, from JSON, `1.5e3`.
///
/// None when it is no number, or one with more digits than a [`Decimal`] holds (28): rounding money silently
/// would be worse than refusing.
pub fn parse(text: &str) -> Option<Decimal> {
    let number = match text.find(['e', 'E']) {
        Some(_) => Decimal::from_scientific(text).ok()?,
        None => Decimal::from_str_exact(text).ok()?,
    };
    Some(number.normalize())
}

/// Reads a JSON number exactly as it is written.
pub fn from_json(number: &serde_json::Number) -> Option<Decimal> {
    if let Some(whole) = number.as_i64() {
        return Some(Decimal::from(whole));
    }
    if let Some(whole) = number.as_u64() {
        return Some(Decimal::from(whole));
    }
    parse(&number.to_string())
}

/// Writes a decimal as a JSON number: whole ones as integers.
///
/// A fraction passes through `f64` on its way, whose shortest spelling gives back up to 15 significant digits
/// unchanged; sums of money are far below that.
pub fn to_json(number: &Decimal) -> serde_json::Value {
    let number = number.normalize();
    if let Ok(whole) = i64::try_from(number)
        && Decimal::from(whole) == number
    {
        return serde_json::Value::from(whole);
    }
    match f64::from_str(&number.to_string()).ok().and_then(serde_json::Number::from_f64) {
        Some(fraction) => serde_json::Value::Number(fraction),
        None => serde_json::Value::String(number.to_string()),
    }
}

/// Writes a decimal the way people read it: no trailing zeros.
pub fn display(number: &Decimal) -> String {
    number.normalize().to_string()
}
