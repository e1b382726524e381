//! `secret-in-rules`: a key or password in a file that is copied, shown and reviewed.
//!
//! Looks at texts and at the names of settings. A key is told by its shape: thirty-two or more letters and digits
//! well mixed, or words that stand before one (`Bearer …`, `apiKey=…`). Addresses are left alone unless a key is
//! named in them.

use switchboard_grammar::ast::{self, Part, TextLiteral, Visitor};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::source::FileId;

use super::Rules;
use crate::text::fold;

/// The shortest run of letters and digits that counts as a key (RetailCRM's have 32).
const KEY_CHARS: usize = 32;
/// The fewest digits, and the fewest letters, of a key.
const KEY_MIX: usize = 6;

/// What stands before a secret.
const MARKS: [&str; 9] = [
    "bearer ",
    "basic ",
    "apikey=",
    "api_key=",
    "access_token=",
    "token=",
    "password=",
    "пароль:",
    "-----begin ",
];

/// Parts of names of settings that hold secrets.
const NAMES: [&str; 8] = ["password", "secret", "api_key", "apikey", "token", "пароль", "секрет", "ключ_api"];

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for placed in &rules.checker.sections {
        Search { file: placed.file, found: &mut found }.section(placed.section);
    }
    found
}

struct Search<'f> {
    file: FileId,
    found: &'f mut Vec<Diagnostic>,
}

impl Visitor for Search<'_> {
    fn section(&mut self, section: &ast::Section) {
        if let ast::SectionKind::Settings(settings) = &section.kind {
            for line in &settings.lines {
                let name = fold(&line.item.name.text);
                let is_text = |value: &ast::Value| {
                    matches!(value.literal().map(|literal| &literal.kind), Some(ast::LiteralKind::Text(_)))
                };
                if NAMES.iter().any(|secret| name.contains(secret)) && is_text(&line.item.value) {
                    self.report(line.item.value.outer_span());
                    return;
                }
            }
        }
        ast::walk_section(self, section);
    }

    fn text(&mut self, text: &TextLiteral) {
        let secret = text.parts.iter().any(|part| match part {
            Part::Text { text, .. } => holds_secret(text),
            Part::Hole(_) => false,
        });
        if secret {
            self.report(text.span);
        }
        ast::walk_text(self, text);
    }
}

impl Search<'_> {
    fn report(&mut self, span: switchboard_grammar::span::Span) {
        self.found.push(
            Diagnostic::new(
                &codes::SECRET_IN_RULES,
                Text::new("this looks like a key or password", "похоже на ключ или пароль"),
                Label::new(
                    self.file,
                    span,
                    Text::new("rules are copied and shown to people", "правила копируют и показывают людям"),
                ),
            )
            .note(Text::new(
                "keys belong into the settings of the server; if this is no key, say so: \
                 `# rules: allow secret-in-rules – what it is`",
                "ключам место в настройках сервера; если это не ключ, так и напишите: \
                 `# rules: allow secret-in-rules – что это`",
            )),
        );
    }
}

fn holds_secret(text: &str) -> bool {
    let folded = text.to_lowercase();
    if MARKS.iter().any(|mark| folded.contains(mark) && folded.len() > mark.len() + 8) {
        return true;
    }
    // An address may hold long identifiers that open nothing.
    if folded.contains("://") {
        return false;
    }
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_key)
}

fn is_key(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.len() - digits;
    word.len() >= KEY_CHARS && digits >= KEY_MIX && letters >= KEY_MIX
}

#[cfg(test)]
mod tests {
    use super::holds_secret;

    #[test]
    fn keys_and_what_only_looks_so() {
        for secret in [
            "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
            "Bearer 0123456789",
            "https://shop.retailcrm.ru/api/v5/orders?apiKey=0123456789",
        ] {
            assert!(holds_secret(secret), "{secret}");
        }
        for fine in [
            "Перезвонить клиенту",
            "anna@romashka.ru",
            "https://media.uiscom.ru/998700001/3f0a1b2c3d4e5f6a7b8c9d0e1f2a3b4c",
            "token",
            "12345678901234567890123456789012345",
            "dostavkabuketovpomoskveimoskovskojoblasti",
        ] {
            assert!(!holds_secret(fine), "{fine}");
        }
    }
}
