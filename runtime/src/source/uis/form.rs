//! A form or a query: `name=value&name=value`, and what people make of it.
//!
//! Where a `&` was forgotten, `call_session_id=998700001direction=in`, the pair is cut in front of the name that is
//! known; the longest name that fits wins. Names and values that are not UTF-8 once decoded are refused.

use crate::source::uis::notification::FIELDS;
use crate::source::uis::pairs::Pairs;
use crate::source::uis::reason::Reason;

/// The longest name there is; a test holds it against the table.
const MAX_NAME: usize = 30;

/// Takes the pairs of a form.
pub(super) fn add(text: &[u8], pairs: &mut Pairs) -> Result<(), Reason> {
    for piece in text.split(|byte| *byte == b'&') {
        add_piece(piece, pairs)?;
    }
    Ok(())
}

fn add_piece(piece: &[u8], pairs: &mut Pairs) -> Result<(), Reason> {
    let piece = piece.trim_ascii();
    let Some(equals) = piece.iter().position(|byte| *byte == b'=') else { return Ok(()) };
    let (name, value) = split(piece, equals);
    let mut name = name;
    let mut value = value;
    loop {
        let Some((end, next, rest)) = forgotten(value) else {
            return pairs.add_text(&decode(name)?, decode(value)?);
        };
        let (before, _) = value.split_at_checked(end).unwrap_or((value, &[]));
        let before = before.strip_suffix(b"?").unwrap_or(before);
        pairs.add_text(&decode(name)?, decode(before)?)?;
        name = next.as_bytes();
        value = rest;
    }
}

/// The first place in a value where a known name and a `=` stand: where the value really ends, the name, the rest.
fn forgotten(value: &[u8]) -> Option<(usize, &'static str, &[u8])> {
    let mut from = 0;
    while let Some(step) = value.get(from..)?.iter().position(|byte| *byte == b'=') {
        let equals = from + step;
        let (before, after) = split(value, equals);
        let name = longest_name(before);
        if let Some(name) = name {
            let end = equals - name.len();
            // A parameter of a link stays with its link.
            let is_link =
                value.starts_with(b"http") && before.get(..end).is_some_and(|text| text.ends_with(b"?"));
            if !is_link {
                return Some((end, name, after));
            }
        }
        from = equals + 1;
    }
    None
}

/// The longest known name that a text ends in. Only the letters right before the end are looked at.
fn longest_name(text: &[u8]) -> Option<&'static str> {
    let letters = |byte: &&u8| byte.is_ascii_lowercase() || **byte == b'_';
    let count = text.iter().rev().take(MAX_NAME).take_while(letters).count();
    let tail = text.get(text.len() - count..)?;
    (0..count).find_map(|from| {
        let ending = tail.get(from..)?;
        let place = FIELDS.binary_search_by(|row| row.name.as_bytes().cmp(ending)).ok()?;
        FIELDS.get(place).map(|row| row.name)
    })
}

fn split(text: &[u8], at: usize) -> (&[u8], &[u8]) {
    (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default())
}

/// `+` and `%41` to what they stand for; a `%` without two digits stands for itself.
fn decode(text: &[u8]) -> Result<String, Reason> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        rest = after;
        match (*byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, others @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = others;
                }
                _ => bytes.push(b'%'),
            },
            (other, _) => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| Reason::NotUtf8)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::node::Node;

    #[track_caller]
    fn check(form: &str, expected: &[(&str, &str)]) {
        let mut pairs = Pairs::default();
        add(form.as_bytes(), &mut pairs).unwrap();
        for (name, value) in expected {
            assert_eq!(pairs.get(name), Some(&Node::Text((*value).to_owned())), "{name} of {form}");
        }
    }

    #[test]
    fn pairs_are_decoded() {
        check(
            "call_session_id=1&employee_full_name=%D0%98%D0%B2%D0%B0%D0%BD+%D0%9F.&scenario_name=50%&direction=",
            &[("call_session_id", "1"), ("employee_full_name", "Иван П."), ("scenario_name", "50%")],
        );
    }

    #[test]
    fn a_forgotten_separator_is_found() {
        check(
            "call_session_id=998700001direction=in&contact_phone_number=79000000010",
            &[("call_session_id", "998700001"), ("direction", "in"), ("contact_phone_number", "79000000010")],
        );
        check(
            "talk_time_duration=42last_talked_employee_id=3employee_id=4",
            &[("talk_time_duration", "42"), ("last_talked_employee_id", "3"), ("employee_id", "4")],
        );
        check("call_session_id=1?direction=in", &[("call_session_id", "1"), ("direction", "in")]);
        check("call_session_id=direction=in", &[("direction", "in")]);
    }

    #[test]
    fn no_name_is_longer_than_what_is_looked_at() {
        assert_eq!(FIELDS.iter().map(|row| row.name.len()).max(), Some(MAX_NAME));
        assert!(
            FIELDS.iter().all(|row| row.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
        );
    }

    #[test]
    fn a_link_keeps_its_parameters() {
        check(
            "file_link=https://media.uiscom.ru/1?employee_id=5&file_duration=42",
            &[("file_link", "https://media.uiscom.ru/1?employee_id=5"), ("file_duration", "42")],
        );
        check(
            "file_link=https://media.uiscom.ru/1/abfile_duration=42",
            &[("file_link", "https://media.uiscom.ru/1/ab"), ("file_duration", "42")],
        );
    }

    #[test]
    fn what_is_no_utf8_is_refused() {
        let mut pairs = Pairs::default();
        assert_eq!(add(b"employee_full_name=%C8%E2%E0%ED", &mut pairs), Err(Reason::NotUtf8));
        assert_eq!(add(b"employee_full_name=\xc8", &mut pairs), Err(Reason::NotUtf8));
    }
}
