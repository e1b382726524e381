//! Coverage as one page: a table of numbers, then every file with its lines coloured.
//!
//! The page holds all it needs, loads nothing and runs nothing. A line is green when what stands on it counted, with the
//! number of tests before it, red when it never did, grey when no event reaches it. Within a line the cells and tests are
//! marked that never made the difference, and a note says which way.

mod file;

use std::fmt::Write as _;

use switchboard_grammar::lang::Lang;

use super::summary::{named, percent};
use super::{Covered, together};
use crate::report::xml_escaped;
use file::file;

const STYLE: &str = include_str!("html/page.css");

/// The page for all bundles, in one language.
pub(crate) fn html(all: &[&Covered], lang: Lang) -> String {
    let title = lang.pick("What the tests of the rules reach", "Что проходят тесты правил");
    let mut body = String::new();
    // Writing to a string cannot fail, so results are dropped.
    let _ = writeln!(body, "<h1>{title}</h1>");
    overview(&mut body, all, lang);
    let _ = writeln!(body, "<p class=\"legend\">{}</p>", legend(lang));
    for (number, covered) in all.iter().enumerate() {
        if all.len() > 1 {
            let name = xml_escaped(&covered.root.display().to_string());
            let _ = writeln!(body, "<h2>{name}</h2>");
        }
        for (id, _) in covered.sources.iter() {
            file(&mut body, covered, id, &anchor(number, id.0), lang);
        }
    }
    let code = lang.code();
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn anchor(bundle: usize, file: u32) -> String {
    format!("f{bundle}-{file}")
}

/// The numbers of each bundle, and of all together when there are several.
fn overview(out: &mut String, all: &[&Covered], lang: Lang) {
    let totals = together(all.iter().copied());
    let names = named(totals, lang);
    let bundle = lang.pick("rules", "правила");
    let _ = write!(out, "<table class=\"numbers\">\n<thead><tr><th>{bundle}</th>");
    for (name, _) in &names {
        let _ = write!(out, "<th>{name}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (number, covered) in all.iter().enumerate() {
        let name = xml_escaped(&covered.root.display().to_string());
        let first = covered.sources.iter().next().map_or(0, |(id, _)| id.0);
        let link = format!("<a href=\"#{}\">{name}</a>", anchor(number, first));
        row(out, &link, &named(covered.coverage.totals(), lang), lang);
    }
    if all.len() > 1 {
        row(out, lang.pick("all", "все"), &names, lang);
    }
    out.push_str("</tbody>\n</table>\n");
}

fn row(out: &mut String, name: &str, totals: &[(String, switchboard_engine::cover::Total)], lang: Lang) {
    let _ = write!(out, "<tr><th>{name}</th>");
    for (_, total) in totals {
        if total.all == 0 {
            out.push_str("<td class=\"none\">–</td>");
            continue;
        }
        let class = match total.thousandths() {
            Some(1000) => "full",
            Some(800..) => "most",
            _ => "few",
        };
        let (reached, of, percent) = (total.reached, total.all, percent(*total, lang));
        let _ = write!(
            out,
            "<td class=\"{class}\"><meter min=\"0\" max=\"{of}\" value=\"{reached}\"></meter> {percent} % \
             <small>{reached}/{of}</small></td>"
        );
    }
    out.push_str("</tr>\n");
}

fn legend(lang: Lang) -> String {
    let (hit, miss, dead, mark) = match lang {
        Lang::En => (
            "reached, with the number of tests",
            "never reached",
            "no event reaches it, which is proved",
            "never made the difference",
        ),
        Lang::Ru => (
            "пройдено, с числом тестов",
            "не пройдено ни разу",
            "сюда не попадёт ни одно событие, это доказано",
            "ни разу не решало исход",
        ),
    };
    format!(
        "<span class=\"hit\">{hit}</span> <span class=\"miss\">{miss}</span> <span class=\"dead\">{dead}</span> \
         <mark>{mark}</mark>"
    )
}
