//! Every delivery of `fixtures/intake`, decoded; and what holds for all bytes there are.

use std::fmt::Write as _;

use proptest::prelude::*;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::source::uis::{Decoded, Delivery, EventCode, WrittenCode, decode, identity};

use crate::fixtures::{self, Request};

/// What a delivery turned out to be, as a person would want to read it.
fn show(request: &Request) -> String {
    let mut shown = String::new();
    match decode(&request.delivery()) {
        Decoded::Notification { notification, notes, key } => {
            writeln!(shown, "{}", serde_json::to_string_pretty(&notification).unwrap()).unwrap();
            let identity = identity(&notification);
            writeln!(shown, "dedup: {}", identity.dedup).unwrap();
            writeln!(shown, "session: {}", identity.session.as_str()).unwrap();
            writeln!(shown, "lane: {}", identity.lane.as_str()).unwrap();
            for note in notes {
                writeln!(shown, "note: {}\n      {}", note.text().get(Lang::En), note.text().get(Lang::Ru))
                    .unwrap();
            }
            if let Some(key) = key {
                writeln!(shown, "key: {}", key.expose()).unwrap();
            }
        }
        Decoded::Written { news, key } => {
            writeln!(shown, "{}", serde_json::to_string_pretty(&news.columns).unwrap()).unwrap();
            let identity = news.identity();
            writeln!(shown, "dedup: {}", identity.dedup).unwrap();
            writeln!(shown, "session: {}", identity.session.as_str()).unwrap();
            writeln!(shown, "lane: {}", identity.lane.as_str()).unwrap();
            if let Some(key) = key {
                writeln!(shown, "key: {}", key.expose()).unwrap();
            }
        }
        Decoded::Unparsed { reason } => {
            writeln!(shown, "unparsed: {}", reason.code()).unwrap();
            writeln!(shown, "{}\n{}", reason.text().get(Lang::En), reason.text().get(Lang::Ru)).unwrap();
        }
    }
    shown
}

#[test]
fn every_fixture_is_decoded_as_it_was() {
    insta::glob!("../../../fixtures/intake", "*.http", |path| {
        let request = fixtures::read(path);
        insta::with_settings!({ description => request.what.clone(), omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("delivery", show(&request));
        });
    });
}

#[test]
fn there_are_fixtures_for_every_event() {
    let requests = fixtures::all();
    assert!(requests.len() >= 40, "{}", requests.len());
    for event in EventCode::ALL {
        assert!(requests.iter().any(|request| request.event == event.as_str()), "{event:?}");
    }
    for event in WrittenCode::ALL {
        assert!(requests.iter().any(|request| request.event == event.as_str()), "{event:?}");
    }
}

/// Decodes and says what came out; that something does is the property.
fn outcome(delivery: &Delivery<'_>) -> String {
    match decode(delivery) {
        Decoded::Notification { notification, .. } => {
            assert!(notification.session > 0);
            // Whatever was understood can be kept and read again, and has one identity.
            let json = serde_json::to_string(&notification).unwrap();
            let read: switchboard_runtime::source::uis::Notification = serde_json::from_str(&json).unwrap();
            assert_eq!(identity(&read), identity(&notification));
            json
        }
        Decoded::Written { news, .. } => {
            assert!(news.communication > 0);
            assert_eq!(news.clone().identity(), news.identity());
            format!("{:?}", news.columns)
        }
        Decoded::Unparsed { reason } => reason.code().to_owned(),
    }
}

#[test]
fn every_prefix_of_every_fixture_is_decoded_or_refused() {
    for request in fixtures::all() {
        let body = &request.body[..request.body.len().min(600)];
        for end in 0..=body.len() {
            outcome(&Delivery { body: &body[..end], ..request.delivery() });
        }
        let query = request.query.clone().unwrap_or_default();
        for (end, _) in query.char_indices() {
            outcome(&Delivery { query: Some(&query[..end]), ..request.delivery() });
        }
    }
}

#[test]
fn every_bit_flip_of_some_fixtures_is_decoded_or_refused() {
    for name in
        ["call_end-answered", "form-post", "json-doubled-quotes", "json-placeholder-verbatim", "json-nested"]
    {
        let request = fixtures::named(name);
        let mut body = request.body.clone();
        for place in 0..body.len() {
            for bit in 0..8 {
                body[place] ^= 1 << bit;
                outcome(&Delivery { body: &body, ..request.delivery() });
                body[place] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn decoding_the_same_twice_gives_the_same() {
    for request in fixtures::all() {
        assert_eq!(outcome(&request.delivery()), outcome(&request.delivery()));
    }
}

/// Pieces of which hostile bodies are made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"\"",
            "{{",
            "}}",
            "{{tag_names}}",
            "null",
            "None",
            "true",
            "-1",
            "1e999",
            "42",
            "=",
            "&",
            "%",
            "%D0",
            "%zz",
            "+",
            "?",
            "\\",
            "\\u0000",
            "\\ud800",
            "\u{feff}",
            "\n",
            "я",
            "call_session_id",
            "\"call_session_id\"",
            "employee_ids",
            "file_link",
            "https://a/b?",
            "contact_info",
            "contact_phone_number",
            "7900***",
            "79000000010",
            "communication_type",
            "direction",
            "998700001",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_decoded_or_refused(
        event in prop_oneof![Just("call_end".to_owned()), ".{0,12}"],
        query in prop::option::of(".{0,80}"),
        content_type in ".{0,20}",
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        outcome(&Delivery { event: &event, query: query.as_deref(), content_type: &content_type, body: &body });
    }

    #[test]
    fn anything_that_looks_like_a_body_is_decoded_or_refused(pieces in prop::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        outcome(&Delivery { event: "call_end", query: None, content_type: "", body: text.as_bytes() });
        outcome(&Delivery { event: "call_end", query: Some(&text), content_type: "", body: b"" });
        let wrapped = format!("{{\"call_session_id\":1,\"x\":{text}}}");
        outcome(&Delivery { event: "call_end", query: None, content_type: "", body: wrapped.as_bytes() });
    }

    #[test]
    fn a_session_survives_everything_around_it(
        session in 1_u64..u64::MAX,
        before in "[a-z]{1,8}",
        value in "[^\u{0}-\u{1f}\"\\\\]{0,20}",
    ) {
        prop_assume!(before != "event" && before != "key");
        let json = format!("{{\"{before}_x\":\"{value}\",\"call_session_id\":{session}}}");
        let delivery = Delivery { event: "call_end", query: None, content_type: "", body: json.as_bytes() };
        let Decoded::Notification { notification, .. } = decode(&delivery) else { panic!("unparsed: {json}") };
        prop_assert_eq!(notification.session, session);
    }
}

#[test]
fn a_body_of_the_largest_size_is_decoded_in_bounded_steps() {
    // Every way to make the decoder look twice at the same bytes, at the size that the listener lets through.
    let size = 256 * 1024;
    for piece in [
        "=",
        "\"\"",
        "{{",
        "a=",
        "{\"a\":",
        "[",
        "\"\"a",
        "employee_id=",
        "%41",
        "?call_session_id=",
        "\"\"a\"\"",
    ] {
        let body = piece.repeat(size / piece.len());
        outcome(&Delivery { event: "call_end", query: None, content_type: "", body: body.as_bytes() });
        let body = format!("{{{body}");
        outcome(&Delivery { event: "call_end", query: None, content_type: "", body: body.as_bytes() });
        let body = format!("file_link=http{body}");
        outcome(&Delivery { event: "call_end", query: None, content_type: "", body: body.as_bytes() });
    }
}
