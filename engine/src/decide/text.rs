//! Texts with holes, filled in.

use super::eval::Eval;
use crate::limits::MAX_TEXT_CHARS;
use crate::program::{Part, Template};
use crate::value::{Value, is_smuggled};

impl Eval<'_> {
    /// A text with its holes filled; cut at [`MAX_TEXT_CHARS`].
    pub(super) fn template(&self, template: &Template) -> String {
        let mut out = String::new();
        for part in &template.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Hole { value, filters, .. } => {
                    let value = self.value(value);
                    let mut filters = filters.iter();
                    let printed = match filters.next() {
                        None => value,
                        Some(first) => {
                            let mut value = first.apply(&value, template.lang);
                            for filter in filters {
                                value = filter.apply(&value, template.lang);
                            }
                            std::borrow::Cow::Owned(value)
                        }
                    };
                    match &*printed {
                        Value::Text(text) => push_words(&mut out, text.as_str()),
                        other => other.render_into(&mut out, template.lang),
                    }
                }
            }
            if let Some((end, _)) = out.char_indices().nth(MAX_TEXT_CHARS) {
                out.truncate(end);
                break;
            }
        }
        out
    }
}

/// Appends a visitor's words: without the blanks around them and without what is not shown anyway. Line breaks
/// stay; a title makes blanks of them.
fn push_words(out: &mut String, words: &str) {
    let margin = |c: char| c.is_whitespace() || is_smuggled(c);
    out.extend(words.trim_matches(margin).chars().filter(|c| matches!(c, '\n' | '\t') || !is_smuggled(*c)));
}
