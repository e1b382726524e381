//! Pages exist in both languages and their links lead somewhere.

use std::path::Path;

use super::tree::{files_ending, none, root, text};

#[test]
fn every_page_has_its_twin_in_the_other_language() {
    let mut alone = Vec::new();
    for page in files_ending("docs", ".md") {
        let twin = match page.strip_prefix("docs/ru/") {
            Some(inside) => format!("docs/{inside}"),
            None => page.replacen("docs/", "docs/ru/", 1),
        };
        if !root().join(&twin).is_file() {
            alone.push(format!("{page} without {twin}"));
        }
    }
    if !root().join("README.ru.md").is_file() {
        alone.push("README.md without README.ru.md".to_owned());
    }
    none("people read Russian or English; both are told the same:", &alone);
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut broken = Vec::new();
    for page in files_ending("", ".md") {
        let folder = Path::new(&page).parent().unwrap_or(Path::new("")).to_path_buf();
        for link in links(&text(&page)) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !root().join(&folder).join(target).exists() {
                broken.push(format!("{page}: {link}"));
            }
        }
    }
    none("a link leads to a file of the tree:", &broken);
}

/// Targets of `[text](target)` outside code blocks.
fn links(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }
        if in_code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for (at, _) in prose.match_indices("](") {
            let rest = &prose[at + 2..];
            if let Some(end) = rest.find(')') {
                found.push(rest[..end].to_owned());
            }
        }
    }
    found
}

#[test]
fn links_are_read_outside_code_only() {
    let page = "see [a](b.md) and `[c](d.md)`\n```\n[e](f.md)\n```\n[g](h.md#i)";
    assert_eq!(links(page), ["b.md", "h.md#i"]);
}
