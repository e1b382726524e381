//! The reading of notifications on any request: it never panics, and one request has one identity.
//!
//! Seeds are whole requests as they stand on the wire; what does not look like one is taken as a body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use switchboard_runtime::source::uis::{Decoded, Delivery, EventCode, Stored, decode, identity};

/// A request taken apart.
struct Parts<'a> {
    event: &'a str,
    query: Option<&'a str>,
    content_type: &'a str,
    body: &'a [u8],
}

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let delivery = Delivery {
        event: parts.event,
        query: parts.query,
        content_type: parts.content_type,
        body: parts.body,
    };
    let first = decode(&delivery);
    // What the store keeps must say the same when it is read again.
    let stored = Stored::pack(parts.query, parts.content_type, parts.body.to_vec().into());
    let unpacked = Stored::unpack(parts.event, &stored.content_type, &stored.body);
    let second = decode(&unpacked);
    match (first, second) {
        (
            Decoded::Notification { notification: first, notes, .. },
            Decoded::Notification { notification: second, .. },
        ) => {
            assert!(first == second, "the store changed the notification");
            assert_eq!(identity(&first), identity(&second));
            for note in notes {
                assert!(!note.text().en.is_empty());
            }
        }
        (Decoded::Written { news: first, .. }, Decoded::Written { news: second, .. }) => {
            assert!(first == second, "the store changed what is said of a chat or a request");
            assert_eq!(first.identity(), second.identity());
        }
        (Decoded::Unparsed { reason }, Decoded::Unparsed { .. }) => assert!(!reason.text().en.is_empty()),
        _ => panic!("the store changed whether the delivery is understood"),
    }
});

/// Takes a request apart: first line, headers, empty line, body; the event is the last part of its path.
fn parts(bytes: &[u8]) -> Parts<'_> {
    let whole = Parts { event: EventCode::CallEnd.as_str(), query: None, content_type: "", body: bytes };
    let Some(split) = bytes.windows(2).position(|pair| pair == b"\n\n") else { return whole };
    let (head, body) = bytes.split_at(split);
    let Ok(head) = std::str::from_utf8(head) else { return whole };
    let mut lines = head.lines().skip_while(|line| !line.contains(" /"));
    let Some(target) = lines.next().and_then(|line| line.split(' ').nth(1)) else { return whole };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let content_type = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("", |(_, value)| value.trim());
    Parts { event: path.rsplit('/').next().unwrap_or_default(), query, content_type, body: &body[2..] }
}
