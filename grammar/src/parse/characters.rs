//! Characters that nobody sees: marks that turn the direction of writing around.

use super::Parser;
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, Label, Safety, Text};
use crate::span::Span;

impl Parser<'_> {
    /// Reports every bidirectional control character, in texts and comments too: what is seen would not be what is
    /// read.
    pub(super) fn characters(&mut self) {
        if self.text.is_ascii() {
            return;
        }
        for (at, ch) in self.text.char_indices().filter(|(_, ch)| is_bidi_control(*ch)) {
            if self.sink.is_full() {
                return;
            }
            let span = Span::of(at..at + ch.len_utf8());
            let code = u32::from(ch);
            let message = Text::new(
                format!("an invisible character (U+{code:04X}) reorders what you see here"),
                format!("невидимый символ (U+{code:04X}) меняет порядок букв на экране"),
            );
            let title = Text::new("remove it", "удалите его");
            self.sink.report(
                Diagnostic::new(
                    &codes::BIDI_CONTROL,
                    message,
                    Label::new(self.file, span, Text::new("it is here", "он здесь")),
                )
                .fix(Fix::replace(Safety::Safe, title, self.file, span, "")),
            );
        }
    }
}

/// Whether a character sets or resets the direction of the text around it.
pub(super) const fn is_bidi_control(ch: char) -> bool {
    matches!(ch, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
