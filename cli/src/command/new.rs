//! `rules new`: a starter bundle and settings in a folder of one's own.
//!
//! Takes a folder that is not there yet or is empty; writes a bundle and settings, and says what to do next. Overwrites nothing.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use switchboard_grammar::lang::Lang;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// What is written, by language: path inside the folder, text.
const FILES: [(Lang, [(&str, &str); 14]); 2] = [
    (
        Lang::En,
        [
            ("bundle/main.rules", include_str!("../../starter/en/main.rules")),
            ("switchboard.toml", include_str!("../../starter/en/switchboard.toml")),
            ("bundle/tests/answered.json", include_str!("../../starter/en/tests/answered.json")),
            ("bundle/tests/answered.snap", include_str!("../../starter/en/tests/answered.snap")),
            ("bundle/tests/missed.json", include_str!("../../starter/en/tests/missed.json")),
            ("bundle/tests/missed.snap", include_str!("../../starter/en/tests/missed.snap")),
            ("bundle/tests/one-second.json", include_str!("../../starter/en/tests/one-second.json")),
            ("bundle/tests/one-second.snap", include_str!("../../starter/en/tests/one-second.snap")),
            ("bundle/tests/repeat.json", include_str!("../../starter/en/tests/repeat.json")),
            ("bundle/tests/repeat.snap", include_str!("../../starter/en/tests/repeat.snap")),
            (
                "bundle/tests/repeat-answered.json",
                include_str!("../../starter/en/tests/repeat-answered.json"),
            ),
            (
                "bundle/tests/repeat-answered.snap",
                include_str!("../../starter/en/tests/repeat-answered.snap"),
            ),
            ("bundle/tests/spam.json", include_str!("../../starter/en/tests/spam.json")),
            ("bundle/tests/spam.snap", include_str!("../../starter/en/tests/spam.snap")),
        ],
    ),
    (
        Lang::Ru,
        [
            ("bundle/main.rules", include_str!("../../starter/ru/main.rules")),
            ("switchboard.toml", include_str!("../../starter/ru/switchboard.toml")),
            ("bundle/tests/отвечен.json", include_str!("../../starter/ru/tests/отвечен.json")),
            ("bundle/tests/отвечен.snap", include_str!("../../starter/ru/tests/отвечен.snap")),
            ("bundle/tests/пропущен.json", include_str!("../../starter/ru/tests/пропущен.json")),
            ("bundle/tests/пропущен.snap", include_str!("../../starter/ru/tests/пропущен.snap")),
            ("bundle/tests/повторный.json", include_str!("../../starter/ru/tests/повторный.json")),
            ("bundle/tests/повторный.snap", include_str!("../../starter/ru/tests/повторный.snap")),
            (
                "bundle/tests/повторный-отвечен.json",
                include_str!("../../starter/ru/tests/повторный-отвечен.json"),
            ),
            (
                "bundle/tests/повторный-отвечен.snap",
                include_str!("../../starter/ru/tests/повторный-отвечен.snap"),
            ),
            ("bundle/tests/секунда.json", include_str!("../../starter/ru/tests/секунда.json")),
            ("bundle/tests/секунда.snap", include_str!("../../starter/ru/tests/секунда.snap")),
            ("bundle/tests/спам.json", include_str!("../../starter/ru/tests/спам.json")),
            ("bundle/tests/спам.snap", include_str!("../../starter/ru/tests/спам.snap")),
        ],
    ),
];

/// Arguments of `rules new`.
#[derive(Debug, clap::Args)]
pub(crate) struct NewArgs {
    /// A folder that is not there yet, or is empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Writes the starter.
///
/// # Errors
/// When the folder holds something already or cannot be written.
pub(crate) fn run(args: &NewArgs, output: &mut Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let folder = &args.folder;
    if !is_free(folder)? {
        return Err(Failure::input(
            format!("`{}` is not empty; name a folder that is not there yet", folder.display()),
            format!("папка `{}` не пуста; назовите папку, которой ещё нет", folder.display()),
        ));
    }
    for (_, files) in FILES.iter().filter(|(language, _)| *language == lang) {
        for (name, text) in files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(Failure::write(parent))?;
            }
            fs::write(&path, text).map_err(Failure::write(&path))?;
        }
    }
    let named = folder.display();
    let (bundle, settings) = (word(&folder.join("bundle")), word(&folder.join("switchboard.toml")));
    let text = match lang {
        Lang::En => format!(
            "Wrote `{named}`: rules in `bundle/main.rules`, their tests in `bundle/tests`, settings in `switchboard.toml`.\n\
             Next:\n  rules check {bundle}\n  rules test {bundle}\n  rules preview {bundle}\n  rules serve --config {settings}\n"
        ),
        Lang::Ru => format!(
            "Готово: `{named}`, правила в `bundle/main.rules`, их тесты в `bundle/tests`, настройки в `switchboard.toml`.\n\
             Дальше:\n  rules check {bundle}\n  rules test {bundle}\n  rules preview {bundle}\n  rules serve --config {settings}\n"
        ),
    };
    output.out().write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

/// A path as one word of a shell.
fn word(path: &Path) -> String {
    let shown = path.display().to_string();
    if shown.contains(char::is_whitespace) { format!("\"{shown}\"") } else { shown }
}

/// Whether nothing would be overwritten.
pub(super) fn is_free(folder: &Path) -> Result<bool, Failure> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::Read { path: folder.to_path_buf(), source: error }),
    }
}
