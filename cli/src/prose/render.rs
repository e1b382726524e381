//! A document as text for the terminal, as Markdown, and as a page of HTML that stands alone.

use std::fmt::Write as _;

use super::document::{Article, Document};

/// Plain text. Writing to a string cannot fail, so results are dropped, here and below.
pub(crate) fn text(document: &Document) -> String {
    let mut out = format!("{}\n", document.title);
    for said in &document.intro {
        let _ = writeln!(out, "{said}");
    }
    for chapter in &document.chapters {
        let _ = write!(out, "\n{}\n", chapter.title.to_uppercase());
        for article in &chapter.articles {
            let number = article.number;
            let _ = write!(out, "\n{number}. {}\n", article.told.title);
            for said in sentences(article) {
                let _ = writeln!(out, "   {said}");
            }
            for (at, item) in (1..).zip(&article.told.items) {
                let _ = writeln!(out, "   {number}.{at}. {item}");
            }
        }
    }
    out
}

/// Markdown.
pub(crate) fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", marked(&document.title));
    if !document.intro.is_empty() {
        let _ = write!(out, "\n{}\n", marked(&document.intro.join(" ")));
    }
    for chapter in &document.chapters {
        let _ = write!(out, "\n## {}\n", marked(&chapter.title));
        for article in &chapter.articles {
            let number = article.number;
            let _ = write!(out, "\n### {number}. {}\n", marked(&article.told.title));
            for said in sentences(article) {
                let _ = write!(out, "\n{}\n", marked(said));
            }
            if !article.told.items.is_empty() {
                out.push('\n');
            }
            for (at, item) in (1..).zip(&article.told.items) {
                let _ = writeln!(out, "* **{number}.{at}.** {}", marked(item));
            }
        }
    }
    out
}

/// A page that needs nothing else, fit for printing.
pub(crate) fn html(document: &Document) -> String {
    let title = escaped(&document.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n",
        document.lang.code()
    );
    let _ = writeln!(out, "<p>{}</p>", escaped(&document.intro.join(" ")));
    for chapter in &document.chapters {
        let _ = writeln!(out, "<h2>{}</h2>", escaped(&chapter.title));
        for article in &chapter.articles {
            let number = article.number;
            let _ = writeln!(out, "<h3 id=\"s{number}\">{number}. {}</h3>", escaped(&article.told.title));
            for said in sentences(article) {
                let _ = writeln!(out, "<p>{}</p>", escaped(said));
            }
            if article.told.items.is_empty() {
                continue;
            }
            out.push_str("<ul>\n");
            for (at, item) in (1..).zip(&article.told.items) {
                let _ = writeln!(out, "<li><b>{number}.{at}.</b> {}</li>", escaped(item));
            }
            out.push_str("</ul>\n");
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// How the page looks.
const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:48em;margin:2em auto;padding:0 1em}\
h2{border-bottom:1px solid}ul{list-style:none;padding-left:1em}@media print{h3{break-after:avoid}}";

/// What stands in front of the items: the author's words first.
fn sentences(article: &Article) -> impl Iterator<Item = &str> {
    let doc = article.doc.iter().flat_map(|doc| doc.lines());
    doc.chain(article.told.intro.iter().map(String::as_str))
}

/// Text in which nothing is a mark of Markdown or HTML.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if "\\`*_[]<>#|&~".contains(ch) {
            out.push('\\');
        }
        out.push(ch);
    }
    out
}

/// Text in which nothing is a mark of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
