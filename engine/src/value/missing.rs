//! Which texts are missing.
//!
//! UIS leaves a placeholder that an event does not have as it is, `{{utm_source}}`, and sends empty texts for
//! values it does not know; all of them are one thing.

/// Whether a text says nothing: blank, or a placeholder that nobody filled in.
///
/// The sender's own words for "nothing" (`None`, `null`) are not words of the language; intake turns them away.
pub fn is_missing_text(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || is_placeholder(text)
}

/// Whether the whole text is one `{{name}}`.
fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .is_some_and(|name| !name.contains(['{', '}']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_its_many_forms() {
        for text in ["", "   ", "\u{a0}\t\n", "{{utm_source}}", " {{ utm_source }} ", "{{}}"] {
            assert!(is_missing_text(text), "{text:?}");
        }
        for text in ["0", "null", "None", "{utm_source}", "a {{b}}", "{{a}} {{b}}", "—"] {
            assert!(!is_missing_text(text), "{text:?}");
        }
    }
}
