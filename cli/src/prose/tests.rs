//! Everything of every example is told, in both languages: each section has its article, each line and row its item,
//! each written value and each name its place in the article of its section.

use std::fs;
use std::path::{Path, PathBuf};

use switchboard_engine::explain::explain;
use switchboard_grammar::ast::{
    self, Literal, LiteralKind, Part, Section, SectionKind, TextLiteral, Visitor, walk_section, walk_text,
};
use switchboard_grammar::codes;
use switchboard_grammar::lang::Lang;

use super::document::{Article, Document, Tree, numbered, prose};
use super::literals::decimal;
use super::names::field;
use super::phrases::spaced;
use super::render::{html, markdown, text};
use super::words::of_field;

/// What an article has to hold; of each entry, any one of the texts.
struct Needed {
    lang: Lang,
    texts: Vec<Vec<String>>,
}

impl Needed {
    fn one(&mut self, text: impl Into<String>) {
        self.texts.push(vec![text.into()]);
    }
}

impl Visitor for Needed {
    fn path(&mut self, path: &ast::Path) {
        let name = path.dotted();
        // Words of sets and of the language are told in words of their own; what nobody knows, as it is written.
        let Some((field, key)) = field(&name) else { return };
        let mut forms: Vec<String> = match field.name() {
            "missed" => ["was missed", "not missed", "пропущен"].map(str::to_owned).to_vec(),
            "contact" => ["client is", "клиент обратился"].map(str::to_owned).to_vec(),
            "direction" => ["the call is", "звонок входящий", "звонок исходящий"].map(str::to_owned).to_vec(),
            "transferred" => ["transferred", "перев"].map(str::to_owned).to_vec(),
            "order.paid" => ["paid", "оплачен"].map(str::to_owned).to_vec(),
            "client.manager" | "order.client.manager" => {
                ["has a manager", "has no manager", "есть менеджер", "нет менеджера"]
                    .map(str::to_owned)
                    .to_vec()
            }
            _ => Vec::new(),
        };
        let words = of_field(field.name()).expect("every field has words");
        for form in [self.lang.pick(words.en, words.ru), self.lang.pick(words.en, words.ru_of)] {
            let form = form.replace("{key}", key.unwrap_or_default());
            forms.push(form.split("{of}").next().unwrap_or_default().trim().to_owned());
        }
        if name.contains('_') {
            // What is passed on with a deal is told by its name in the CRM.
            forms.push(name);
        }
        self.texts.push(forms);
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Text(shown) => self.text(shown),
            LiteralKind::Number(number) => self.one(decimal(&number.text, self.lang)),
            LiteralKind::Phone(phone) => self.one(phone.written.as_str()),
            LiteralKind::Date(date) => self.one(date.year.to_string()),
            LiteralKind::Time(clock) => self.one(format!("{}:{:02}", clock.hour, clock.minute)),
            LiteralKind::Moment(moment) => self.one(moment.date.year.to_string()),
            LiteralKind::Duration(duration) => {
                duration.parts.iter().for_each(|part| self.one(decimal(&part.amount, self.lang)));
            }
            // `missed is no` is told as "not missed".
            LiteralKind::YesNo(_) => {}
        }
    }

    fn text(&mut self, shown: &TextLiteral) {
        for part in &shown.parts {
            if let Part::Text { text, .. } = part {
                self.one(text.trim());
            }
        }
        walk_text(self, shown);
    }

    fn hole(&mut self, hole: &ast::Hole) {
        self.value(&hole.value);
        for filter in &hole.filters {
            filter.arguments.iter().for_each(|argument| self.value(argument));
        }
    }
}

/// How many lines or rows a section has.
fn lines(section: &Section) -> usize {
    match &section.kind {
        SectionKind::Filter(filter) => filter.lines.len(),
        SectionKind::Settings(settings) => settings.lines.len(),
        SectionKind::Table(table) => table.rows.len(),
        SectionKind::Task(task) => task.lines.len(),
        SectionKind::Fields(fields) => fields.lines.len(),
        SectionKind::Transfer(transfer) => transfer.lines.len(),
        SectionKind::List(list) => list.lines.len(),
        SectionKind::Script(script) => script.lines.len(),
        SectionKind::Schedule(schedule) => schedule.lines.len(),
        SectionKind::Include(_) | SectionKind::Unknown => 0,
    }
}

/// Names that the author gave and that have to be told as they are.
fn own_names(section: &Section) -> Vec<String> {
    match &section.kind {
        SectionKind::Fields(fields) => {
            fields.lines.iter().map(|line| line.item.code.text.to_string()).collect()
        }
        SectionKind::List(list) => list.name.iter().map(|name| spaced(&name.text)).collect(),
        SectionKind::Schedule(schedule) => schedule.name.iter().map(|name| spaced(&name.text)).collect(),
        _ => Vec::new(),
    }
}

fn whole(article: &Article) -> String {
    let told = &article.told;
    let lines = std::iter::once(&told.title).chain(&told.intro).chain(&told.items);
    lines.map(String::as_str).chain(article.doc.as_deref()).collect::<Vec<_>>().join("\n")
}

fn articles(document: &Document) -> Vec<&Article> {
    document.chapters.iter().flat_map(|chapter| &chapter.articles).collect()
}

#[track_caller]
fn everything_is_told(name: &str, source: &str) {
    let parsed = switchboard_grammar::parse(source);
    assert!(!parsed.has_errors(), "{name}");
    let trees = [Tree { name, file: &parsed.file }];
    for lang in Lang::ALL {
        let document = prose(&trees, lang);
        let articles = articles(&document);
        let sections = numbered(&trees);
        let includes =
            parsed.file.sections.iter().filter(|section| matches!(section.kind, SectionKind::Include(_)));
        assert_eq!(sections.len() + includes.count(), parsed.file.sections.len(), "{name}");
        assert_eq!(articles.len(), sections.len(), "{name}: an article for each section");
        for (at, (article, (_, _, _, section))) in articles.iter().zip(&sections).enumerate() {
            assert_eq!(article.number, at + 1);
            let told = whole(article);
            assert_eq!(article.told.items.len(), lines(section), "{name}: {told}");
            let mut needed = Needed { lang, texts: Vec::new() };
            walk_section(&mut needed, section);
            needed.texts.extend(own_names(section).into_iter().map(|name| vec![name]));
            let lower = told.to_lowercase();
            for forms in &needed.texts {
                let is_there = forms.iter().any(|form| lower.contains(&form.to_lowercase()));
                assert!(is_there, "{name} ({}): none of {forms:?} in\n{told}", lang.code());
            }
            for item in &article.told.items {
                assert!(!item.contains("  ") && !item.contains("{of}") && !item.contains("{key}"), "{item}");
                assert!(item.ends_with(['.', '!', '?', '…', ':']), "{item}");
            }
        }
        for section in &parsed.file.sections {
            if let SectionKind::Include(include) = &section.kind {
                let path = include.path.plain().expect("a plain path");
                assert!(document.intro.iter().any(|said| said.contains(path)), "{name}: {path}");
            }
        }
        // Every form holds every item: as many numbers as there are lines.
        let items: usize = articles.iter().map(|article| article.told.items.len()).sum();
        assert_eq!(markdown(&document).matches("\n* **").count(), items, "{name}");
        assert_eq!(html(&document).matches("<li>").count(), items, "{name}");
        assert!(text(&document).lines().count() >= items + articles.len(), "{name}");
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

#[test]
fn of_every_example_file() {
    let mut files = 0;
    for folder in ["grammar/valid", "bundles/romashka-en", "bundles/romashka-ru", "demo/en", "demo/ru"] {
        for entry in fs::read_dir(fixtures().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "rules") {
                let source = fs::read_to_string(&path).expect("a file");
                everything_is_told(&path.display().to_string(), &source);
                files += 1;
            }
        }
    }
    assert!(files >= 10, "{files}");
}

/// The good examples of the pages of diagnostics.
#[test]
fn of_every_page_of_diagnostics() {
    let mut examples = 0;
    for code in codes::ALL {
        for lang in Lang::ALL {
            let page = explain(code, lang);
            for block in page.split("```rules good\n").skip(1) {
                let body = block.split("\n```").next().unwrap_or_default();
                let source = format!("{}\n\n{body}\n", lang.pick("rules 1", "правила 1"));
                everything_is_told(&format!("{} ({})", code.name, lang.code()), &source);
                examples += 1;
            }
        }
    }
    assert!(examples > 80, "{examples}");
}

/// Files with errors are never told, but what is left of them must not break the telling.
#[test]
fn of_any_file_something_is_told() {
    for name in ["everything.en.rules", "everything.ru.rules"] {
        let source = fs::read_to_string(fixtures().join("grammar/valid").join(name)).expect("a file");
        let lines: Vec<&str> = source.lines().collect();
        for gone in 0..lines.len() {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line);
            let parsed = switchboard_grammar::parse(&kept.collect::<Vec<_>>().join("\n"));
            for lang in Lang::ALL {
                let document = prose(&[Tree { name, file: &parsed.file }], lang);
                assert!(!document.chapters.is_empty());
            }
        }
    }
}

#[test]
fn marks_of_markdown_and_html_are_text() {
    let source = "rules 1\n\nlist x\n  \"<b>*a*</b> & [c](d)\"\n";
    let parsed = switchboard_grammar::parse(source);
    let document = prose(&[Tree { name: "main.rules", file: &parsed.file }], Lang::En);
    assert!(markdown(&document).contains(r"\<b\>\*a\*\</b\> \& \[c\](d)"), "{}", markdown(&document));
    assert!(html(&document).contains("&lt;b&gt;*a*&lt;/b&gt; &amp; [c](d)"), "{}", html(&document));
}
