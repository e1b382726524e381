//! Personal data made unreadable and still recognisable.
//!
//! For the log and for the pages of the console. Logs name fields of their own and mask each; pages also show what a
//! sender wrote, where numbers can stand anywhere.

use std::fmt::Write as _;

/// Digits of a telephone number with its country.
const PHONE: std::ops::RangeInclusive<usize> = 11..=15;
/// Digits of a Russian number without its country.
const NATIONAL: usize = 10;
/// Digits behind a `+` that are a number of some country.
const AFTER_PLUS: usize = 7;

/// Hides the middle of a number: `7900***4567`.
pub fn mask_phone(text: &str) -> String {
    switchboard_engine::phone::mask(text)
}

/// Hides an address before its `@`, but for the first letter: `a***@romashka.ru`.
pub fn mask_email(text: &str) -> String {
    match text.split_once('@') {
        Some((name, domain)) => format!("{}***@{domain}", first(name)),
        None => mask_name(text),
    }
}

/// Leaves the first letter of every word: `А*** П***`.
pub fn mask_name(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(|word| format!("{}***", first(word))).collect();
    words.join(" ")
}

/// Hides every telephone number, e-mail address and link in a text. Of a link the host stays: recordings open to whoever
/// has the rest.
///
/// Numbers of calls and employees have nine digits or fewer and stay; so do the dates and durations around them. A
/// longer run of digits is taken for a number, whatever it is.
pub fn mask_text(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, link) = rest.split_at_checked(at + 3).unwrap_or((rest, ""));
        masked.push_str(&mask_plain(before));
        let host = link
            .find(|letter: char| !letter.is_alphanumeric() && !".-:".contains(letter))
            .unwrap_or(link.len());
        let (host, tail) = link.split_at_checked(host).unwrap_or((link, ""));
        masked.push_str(host);
        let end = tail
            .find(|letter: char| letter.is_whitespace() || "\"'<>\\,)]}".contains(letter))
            .unwrap_or(tail.len());
        let (path, after) = tail.split_at_checked(end).unwrap_or((tail, ""));
        if !path.is_empty() {
            masked.push_str("/***");
        }
        rest = after;
    }
    masked.push_str(&mask_plain(rest));
    masked
}

/// Hides numbers and addresses in a text without links.
fn mask_plain(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for (index, word) in text.split_inclusive(|letter: char| !is_word(letter)).enumerate() {
        let end = word.trim_end_matches(|letter: char| !is_word(letter)).len();
        let (body, rest) = word.split_at_checked(end).unwrap_or((word, ""));
        let after_plus = index > 0 && masked.ends_with('+');
        mask_word(body, after_plus, &mut masked);
        masked.push_str(rest);
    }
    masked
}

/// What numbers and addresses are made of. Signs inside of numbers are not: a number that is written in groups is hidden
/// group by group only where the groups are long; such numbers come from people, not from UIS.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || "@._".contains(letter)
}

fn mask_word(word: &str, after_plus: bool, masked: &mut String) {
    if word.contains('@') {
        masked.push_str(&mask_email(word));
        return;
    }
    let mut rest = word;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        masked.push_str(before);
        let length = from.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = from.split_at_checked(length).unwrap_or((from, ""));
        // A fraction or a longer number is still one run of digits to whoever reads it.
        let is_phone = length >= *PHONE.start()
            || (length == NATIONAL && digits.starts_with(['3', '4', '8', '9']))
            || (after_plus && before.is_empty() && length >= AFTER_PLUS);
        if is_phone {
            let _ = write!(masked, "{}", mask_phone(digits));
        } else {
            masked.push_str(digits);
        }
        rest = after;
    }
    masked.push_str(rest);
}

fn first(word: &str) -> String {
    word.chars().take(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_hidden_wherever_they_stand() {
        let text =
            r#"{"call_session_id":998700001,"contact_phone_number":"79001234567","e":"anna@romashka.ru"}"#;
        let hidden =
            r#"{"call_session_id":998700001,"contact_phone_number":"7900***4567","e":"a***@romashka.ru"}"#;
        assert_eq!(mask_text(text), hidden);
        assert_eq!(
            mask_text("contact_phone_number=79001234567&employee_id=323400"),
            "contact_phone_number=7900***4567&employee_id=323400"
        );
        assert_eq!(
            mask_text("+79001234567,9001234567;tel:89001234567"),
            "+7900***4567,***67;tel:8900***4567"
        );
        assert_eq!(mask_text("+3725551234 and 37255512"), "+***34 and 37255512");
        assert_eq!(mask_text("x79001234567y"), "x7900***4567y");
        assert_eq!(mask_text("7900***4567"), "7900***4567");
    }

    #[test]
    fn links_keep_their_host() {
        assert_eq!(
            mask_text(
                r#"{"file_link":"https://media.uiscom.ru/998700001/0f3c9d?x=79001234567","n":"79001234567"}"#
            ),
            r#"{"file_link":"https://media.uiscom.ru/***","n":"7900***4567"}"#
        );
        assert_eq!(
            mask_text("see https://a.ru and http://b.ru/c d"),
            "see https://a.ru and http://b.ru/*** d"
        );
        assert_eq!(mask_text("://"), "://");
    }

    #[test]
    fn the_rest_is_left_alone() {
        for text in ["", "2026-03-02 12:00:31.512", "998700001", "1772442031", "Продажи №5", "{{x}}", "1.25"]
        {
            assert_eq!(mask_text(text), text);
        }
    }

    #[test]
    fn names_keep_their_first_letters() {
        assert_eq!(mask_name("Петрова Анна"), "П*** А***");
        assert_eq!(mask_name(""), "");
        assert_eq!(mask_email("anna"), "a***");
    }
}
