//! What may stand at a place in the file of a test.

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent,
    MarkupKind, TextEdit,
};
use switchboard_engine::schema::Docs;
use switchboard_engine::ty::{Scalar, Type};

use super::items::Items;
use crate::test_names::{Entry, Holds, entries, entry_at, present, spot};

/// A test that is yet to be written.
const WHOLE: &str = "{\n  \"about\": \"$1\",\n  \"event\": {\"kind\": \"$2\"$0}\n}\n";

impl Items<'_> {
    /// Names, or the values of a name.
    pub(super) fn test(&mut self, offset: u32) {
        let text = self.here.document.text();
        if text.trim().is_empty() {
            return self.value("{\"event\": {…}}", WHOLE, None);
        }
        let spot = spot(text, offset);
        self.range = self.here.document.range(spot.span);
        if spot.is_name {
            let here = spot.span.text(text).trim_matches('"');
            let present = present(text, &spot.path);
            let is_free = |entry: &Entry| entry.name == here || !present.contains(&entry.name);
            for entry in entries(text, &spot.path).into_iter().filter(is_free) {
                let behind = if spot.has_value { String::new() } else { format!(": {}", gap(&entry)) };
                let name = format!("\"{}\"", entry.name);
                let insert = format!("{name}{behind}");
                self.json(&entry.name, &name, insert, CompletionItemKind::FIELD, entry.ru, entry.doc);
            }
            return;
        }
        let in_list = spot.path.last().is_some_and(|last| last.starts_with('['));
        let Some(entry) = entry_at(text, &spot.path) else { return };
        match entry.holds {
            Holds::Object => {}
            Holds::OneOf(words) => self.words_of(words),
            Holds::Words(words) if in_list => self.words_of(words),
            Holds::Words(_) => self.value("[]", "[$0]", None),
            Holds::Value(ty) if ty.list && !in_list => self.value("[]", "[$0]", None),
            Holds::Value(ty) => self.values_of(&entry, ty),
        }
    }

    fn words_of(&mut self, words: &[&str]) {
        for word in words {
            let quoted = format!("\"{word}\"");
            self.value(&quoted, &quoted, None);
        }
    }

    fn values_of(&mut self, entry: &Entry, ty: Type) {
        match ty.scalar {
            Scalar::YesNo => ["true", "false"].into_iter().for_each(|word| self.value(word, word, None)),
            Scalar::Enum(of) => {
                for item in of.items {
                    let quoted = format!("\"{}\"", item.en);
                    self.json(
                        &quoted,
                        &quoted,
                        quoted.clone(),
                        CompletionItemKind::ENUM_MEMBER,
                        item.ru,
                        Some(item.doc),
                    );
                }
            }
            Scalar::Reference(kind) => {
                for name in self.known(kind) {
                    let quoted = serde_json::Value::from(name).to_string();
                    self.value(&quoted, &escaped(&quoted), None);
                }
            }
            _ => {}
        }
        if !entry.example.is_empty() && !ty.list && !matches!(ty.scalar, Scalar::YesNo | Scalar::Enum(_)) {
            self.value(entry.example, &escaped(entry.example), None);
        }
    }

    fn value(&mut self, label: &str, insert: &str, doc: Option<Docs>) {
        self.json(label, label, insert.to_owned(), CompletionItemKind::VALUE, "", doc);
    }

    /// An item; it is found by what stands in the file, quotes and all, and by its name in the other language.
    fn json(
        &mut self,
        label: &str,
        written: &str,
        insert: String,
        kind: CompletionItemKind,
        other: &str,
        doc: Option<Docs>,
    ) {
        let documentation = doc.map(|doc| {
            let value = self.speaks.pick(doc.en, doc.ru).to_owned();
            Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
        });
        self.found.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            detail: (!other.is_empty()).then(|| other.to_owned()),
            documentation,
            filter_text: Some(if other.is_empty() {
                written.to_owned()
            } else {
                format!("{written} {other}")
            }),
            sort_text: Some(format!("{:04}", self.found.len())),
            insert_text_format: Some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(self.range, insert))),
            ..CompletionItem::default()
        });
    }
}

/// What is put behind a new name: brackets or quotes with the cursor in them.
fn gap(entry: &Entry) -> &'static str {
    match entry.holds {
        Holds::Object => "{$0}",
        Holds::Words(_) => "[$0]",
        Holds::OneOf(_) => "\"$0\"",
        Holds::Value(ty) if ty.list => "[$0]",
        Holds::Value(ty) => match ty.scalar {
            Scalar::Number | Scalar::YesNo | Scalar::Duration | Scalar::Any => "$0",
            _ => "\"$0\"",
        },
    }
}

/// A text as snippets write it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
