//! One delivery as it came in, and the form in which the store keeps it.
//!
//! The store has room for one content type and one body. Layout: without parameters in the address, both are kept as
//! they came; with parameters, the body begins with a line that holds the query, and the content type begins with
//! `query`, followed by `+` and the type of the body when there is one. A query has no line breaks, so its line
//! ends at the first.

use bytes::Bytes;
use smol_str::{SmolStr, format_smolstr};

/// A content type longer than this is cut; real ones have less than half.
const MAX_CONTENT_TYPE: usize = 120;

const QUERY: &str = "query";

/// One delivery.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'d> {
    /// The last part of the address.
    pub event: &'d str,
    /// What stands behind the `?` of the address, still encoded.
    pub query: Option<&'d str>,
    /// The `Content-Type`; empty when there was none.
    pub content_type: &'d str,
    /// The body.
    pub body: &'d [u8],
}

/// A delivery in the form in which the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What goes into the store as the content type.
    pub content_type: SmolStr,
    /// What goes into the store as the body.
    pub body: Bytes,
}

impl Stored {
    /// Packs a delivery.
    pub fn pack(query: Option<&str>, content_type: &str, body: Bytes) -> Self {
        let content_type: SmolStr =
            content_type.chars().filter(char::is_ascii_graphic).take(MAX_CONTENT_TYPE).collect();
        let Some(query) = query.filter(|query| !query.is_empty()) else {
            return Self { content_type, body };
        };
        if body.is_empty() {
            return Self {
                content_type: SmolStr::new_static(QUERY),
                body: Bytes::copy_from_slice(query.as_bytes()),
            };
        }
        let mut packed = Vec::with_capacity(query.len() + 1 + body.len());
        packed.extend_from_slice(query.as_bytes());
        packed.push(b'\n');
        packed.extend_from_slice(&body);
        Self { content_type: format_smolstr!("{QUERY}+{content_type}"), body: packed.into() }
    }

    /// Unpacks what the store kept.
    pub fn unpack<'d>(event: &'d str, content_type: &'d str, body: &'d [u8]) -> Delivery<'d> {
        let plain = Delivery { event, query: None, content_type, body };
        let text = |bytes| std::str::from_utf8(bytes).ok();
        if content_type == QUERY {
            return Delivery { query: text(body), content_type: "", body: &[], ..plain };
        }
        let Some(content_type) = content_type.strip_prefix(QUERY).and_then(|rest| rest.strip_prefix('+'))
        else {
            return plain;
        };
        let mut parts = body.splitn(2, |byte| *byte == b'\n');
        let query = parts.next().and_then(text);
        Delivery { query, content_type, body: parts.next().unwrap_or_default(), ..plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        for (query, content_type, body) in [
            (None, "application/json", "{\"a\":\n1}"),
            (None, "", ""),
            (Some("a=1&b=%0A"), "", ""),
            (Some("a=1"), "application/json", "{\n}\n"),
            (Some("a=1"), "", "x"),
        ] {
            let stored = Stored::pack(query, content_type, Bytes::from(body));
            let delivery = Stored::unpack("ring", &stored.content_type, &stored.body);
            assert_eq!(
                (delivery.query, delivery.content_type, delivery.body),
                (query, content_type, body.as_bytes())
            );
        }
    }

    #[test]
    fn a_content_type_is_bounded() {
        let stored = Stored::pack(None, &"x\u{e9}\n".repeat(1000), Bytes::new());
        assert_eq!(stored.content_type, "x".repeat(MAX_CONTENT_TYPE));
    }
}
