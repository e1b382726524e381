//! Findings with the lines of the file and carets, and the sentence that closes a run.

use std::io::{self, Write};

use switchboard_grammar::lang::Lang;
use switchboard_grammar::render::Renderer;

use super::{Counts, Findings};
use crate::style;

/// Writes every finding in the language that `lang` gives for its file.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn human(
    out: &mut impl Write,
    findings: &Findings,
    color: bool,
    lang: impl Fn(&str) -> Lang,
) -> io::Result<()> {
    for diagnostic in &findings.diagnostics {
        let name = findings.sources.get(diagnostic.primary.file).map_or("", |source| source.name());
        let drawn = Renderer::new(lang(name)).colour(color).human(&findings.sources, diagnostic);
        writeln!(out, "{drawn}\n")?;
    }
    Ok(())
}

/// The sentence that closes a run: `2 files: 1 error, 3 warnings`.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn summary(out: &mut impl Write, counts: Counts, lang: Lang) -> io::Result<()> {
    let files = counted(counts.files, lang, ["file", "files"], ["файл", "файла", "файлов"]);
    let parts: Vec<String> = [
        (counts.errors, ["error", "errors"], ["ошибка", "ошибки", "ошибок"]),
        (counts.warnings, ["warning", "warnings"], ["предупреждение", "предупреждения", "предупреждений"]),
        (counts.infos, ["remark", "remarks"], ["замечание", "замечания", "замечаний"]),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, en, ru)| counted(count, lang, en, ru))
    .collect();
    if parts.is_empty() {
        let (good, clean) = (style::GOOD, lang.pick("nothing to report", "замечаний нет"));
        return writeln!(out, "{files}: {good}{clean}{good:#}");
    }
    writeln!(out, "{files}: {}", parts.join(", "))
}

/// A number with the form of the word that fits it.
pub(crate) fn counted(
    count: usize,
    lang: Lang,
    [one, many]: [&str; 2],
    [ru_one, ru_few, ru_many]: [&str; 3],
) -> String {
    let word = match lang {
        Lang::En => {
            if count == 1 {
                one
            } else {
                many
            }
        }
        Lang::Ru => match (count % 100, count % 10) {
            (11..=14, _) => ru_many,
            (_, 1) => ru_one,
            (_, 2..=4) => ru_few,
            _ => ru_many,
        },
    };
    format!("{count} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_words_follow_their_numbers() {
        let files = |count| counted(count, Lang::Ru, ["file", "files"], ["файл", "файла", "файлов"]);
        let forms: Vec<String> = [0, 1, 2, 5, 11, 12, 21, 22, 111].into_iter().map(files).collect();
        assert_eq!(
            forms,
            [
                "0 файлов",
                "1 файл",
                "2 файла",
                "5 файлов",
                "11 файлов",
                "12 файлов",
                "21 файл",
                "22 файла",
                "111 файлов"
            ]
        );
    }
}
