//! The pages of diagnostics: every bad example gives exactly its diagnostic, every good one none.

use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::explain::explain;
use switchboard_engine::references::References;
use switchboard_engine::ty::ReferenceKind;
use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use super::support::said;

/// A fenced block of a page: what stands behind the fence, and the text.
struct Block<'p> {
    info: Vec<&'p str>,
    text: String,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => {
                blocks.extend(open.take());
            }
            (Some(info), None) => {
                open = Some(Block { info: info.split_whitespace().collect(), text: String::new() });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn loaded(blocks: &[Block<'_>], kind: &str, lang: Lang, account: bool) -> Option<Loaded> {
    let rules =
        blocks.iter().find(|block| block.info.first() == Some(&"rules") && block.info.contains(&kind))?;
    let header =
        if rules.info.contains(&"bare") { "" } else { lang.pick("rules 1\n\n", "правила 1\n\n") };
    let mut source = BundleSource::single(format!("{header}{}", rules.text));
    for block in blocks.iter().filter(|block| block.info.first() != Some(&"rules")) {
        source.add(block.info[1], block.text.as_str()).unwrap();
    }
    let mut options = LoadOptions::default();
    if account {
        let mut references = References::new();
        references.set(ReferenceKind::Employee, ["anna@romashka.ru".to_owned()]);
        options.references = Some(references);
    }
    Some(load(&source, &options))
}

fn check(code: &'static Code, lang: Lang, faults: &mut Vec<String>) {
    let blocks = blocks(explain(code, lang));
    // References are only checked when the account is known.
    let account = *code == codes::UNKNOWN_REFERENCE;
    let Some(bad) = loaded(&blocks, "bad", lang, account) else {
        if !["not-utf8", "too-large"].contains(&code.name) {
            faults.push(format!("{} ({}): no bad example", code.name, lang.code()));
        }
        return;
    };
    let grave = |loaded: &Loaded| {
        let names = loaded.diagnostics.iter().filter(|found| found.severity > Severity::Info);
        names.map(|found| found.code.name).collect::<Vec<_>>()
    };
    let own = bad.diagnostics.iter().filter(|found| found.code == code).count();
    if own != 1 || grave(&bad).iter().any(|name| *name != code.name) {
        faults.push(format!("{} ({}), bad:\n{}", code.name, lang.code(), said(&bad, Lang::En)));
    }
    let good = loaded(&blocks, "good", lang, account).unwrap();
    if !grave(&good).is_empty() || good.diagnostics.iter().any(|found| found.code == code) {
        faults.push(format!("{} ({}), good:\n{}", code.name, lang.code(), said(&good, Lang::En)));
    }
}

#[test]
fn examples_show_what_they_say() {
    let mut faults = Vec::new();
    for code in codes::ALL {
        for lang in Lang::ALL {
            check(code, lang, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} pages:\n\n{}", faults.len(), faults.join("\n\n=====\n\n"));
}
