//! Keywords: read in the file's language, reported when they are of another.

use super::Reader;
use crate::ast::Word;
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, Label, Safety, Text};
use crate::keywords::{Keyword, Reading};
use crate::lang::Lang;
use crate::pairs::Node;
use crate::span::Span;
use crate::symbols;

impl Reader<'_> {
    /// The keyword of this node; `None` when it is none.
    pub(super) fn word(&mut self, node: &Node<'_>) -> Option<Word> {
        let keyword = symbols::keyword(node.as_rule())?;
        let span = self.span(node);
        let written = node.as_str();
        let Reading { form, native } = keyword.read(written, self.lang);
        let word = Word { span, keyword, form };
        self.sink.words.push(word);
        if !native {
            let replacement = padded(node, form);
            let found = foreign(self.file, self.lang, word, written, replacement);
            let other = matches!(manner(keyword, written, self.lang), Manner::OtherLanguage);
            let first = other && self.sink.meets_other_language();
            self.sink.report(if first { found.note(whole_file(self.lang.other())) } else { found });
        }
        Some(word)
    }

    /// The first of these nodes as a keyword, when there is one.
    pub(super) fn next_word<'n>(&mut self, nodes: &mut impl Iterator<Item = Node<'n>>) -> Option<Word> {
        let node = nodes.next()?;
        self.word(&node)
    }
}

/// What replaces a word, with blanks where it would touch a neighbour: `a==b` becomes `a is b`.
fn padded(node: &Node<'_>, form: &str) -> String {
    let line = node.get_input();
    let touches = |ch: Option<char>| ch.is_some_and(|ch| !ch.is_whitespace() && ch != '(' && ch != ')');
    let before = line.get(..node.as_span().start()).and_then(|text| text.chars().next_back());
    let after = line.get(node.as_span().end()..).and_then(|text| text.chars().next());
    let left = if touches(before) { " " } else { "" };
    let right = if touches(after) && after != Some(':') && after != Some(',') { " " } else { "" };
    format!("{left}{form}{right}")
}

/// The report on a word of another language.
fn foreign(
    file: crate::source::FileId,
    lang: Lang,
    word: Word,
    written: &str,
    replacement: String,
) -> Diagnostic {
    let form = word.form;
    let (message, label) = match manner(word.keyword, written, lang) {
        Manner::OtherLanguage => lang.pick(
            (
                Text::new(
                    format!("`{written}` is a Russian keyword in an English file"),
                    format!("`{written}` – русское слово в английском файле"),
                ),
                write(form),
            ),
            (
                Text::new(
                    format!("`{written}` is an English keyword in a Russian file"),
                    format!("`{written}` – английское слово в русском файле"),
                ),
                write(form),
            ),
        ),
        Manner::WrongCase => (
            Text::new(
                format!("keywords are written in small letters, not `{written}`"),
                format!("ключевые слова пишутся строчными буквами, а не `{written}`"),
            ),
            write(form),
        ),
        Manner::Other => (
            Text::new(
                format!("`{written}` is written `{form}` here"),
                format!("вместо `{written}` здесь пишут `{form}`"),
            ),
            write(form),
        ),
    };
    Diagnostic::new(&codes::FOREIGN_SPELLING, message, Label::new(file, word.span, label.clone()))
        .fix(Fix::replace(Safety::Safe, label, file, word.span, replacement))
}

/// Said once: perhaps only the header is wrong.
fn whole_file(lang: Lang) -> Text {
    let header = format!("{} 1", Keyword::Rules.spelling(lang));
    let (en, ru) = lang.pick(("English", "английском"), ("Russian", "русском"));
    Text::new(
        format!("if the whole file is in {en}, its first line should be `{header}`"),
        format!("если весь файл на {ru}, его первой строкой должно быть `{header}`"),
    )
}

/// "write `and`".
fn write(form: &str) -> Text {
    Text::new(format!("write `{form}`"), format!("напишите `{form}`"))
}

/// In which manner a spelling is foreign.
enum Manner {
    OtherLanguage,
    WrongCase,
    Other,
}

fn manner(keyword: Keyword, written: &str, lang: Lang) -> Manner {
    if keyword.read(written, lang.other()).native {
        return Manner::OtherLanguage;
    }
    let lower = written.to_lowercase();
    if keyword.read(&lower, lang).native {
        Manner::WrongCase
    } else if keyword.read(&lower, lang.other()).native {
        Manner::OtherLanguage
    } else {
        Manner::Other
    }
}

/// Both words of a pair of spans.
pub(super) fn cover(first: Span, last: Option<Span>) -> Span {
    last.map_or(first, |last| first.cover(last))
}
