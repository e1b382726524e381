//! Texts with holes, filled in.

use super::eval::Eval;
use crate::limits::MAX_TEXT_CHARS;
use crate::program::{Expr, Part, Template};
use crate::value::{Value, is_smuggled, push_clean};

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
                        // Blanks around a visitor's words are not meant.
                        Value::Text(text) => push_clean(&mut out, text.as_str().trim_matches(is_margin)),
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

    /// A value as a text for people, line breaks of the rules' own text kept.
    pub(super) fn printed(&self, expr: &Expr) -> String {
        match expr {
            Expr::Template(template) => self.template(template),
            Expr::Const(Value::Text(text)) => text.as_str().to_owned(),
            other => self.value(other).render(switchboard_grammar::lang::Lang::Ru),
        }
    }
}

/// What is taken off both ends of a value: blanks, and what is not shown anyway.
fn is_margin(c: char) -> bool {
    c.is_whitespace() || is_smuggled(c)
}
