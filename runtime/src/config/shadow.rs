//! `shadow` of an account: rules that are tried beside those in force.
//!
//! Struct, defaults, reading and rows of the reference stand together, so that a new setting is one place.

use std::path::{Path, PathBuf};

use crate::config::reader::Reader;
use crate::config::settings::{PATH, Setting, bounded_row, row};
use crate::config::value::{Count, Value as _};

/// Rules that are tried on the events of an account and never do anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shadow {
    /// The folder with the rules.
    pub bundle: PathBuf,
    /// How many of a hundred communications they are tried on.
    pub sample: u8,
}

const SAMPLE: (Count, Count, Count) = (Count(100), Count(1), Count(100));

impl Shadow {
    /// Reads the rows; `bundle` is the folder of the rules in force, and `base` is where relative paths start.
    pub(super) fn read(reader: &mut Reader<'_, '_>, base: &Path, bundle: Option<&Path>) -> Option<Self> {
        let sample = reader.bounded("shadow_sample", SAMPLE.0, SAMPLE.1, SAMPLE.2);
        let (text, span) = reader.text("shadow")?;
        let folder = base.join(text);
        if text.trim().is_empty() {
            reader.wrong("shadow", &span, "expected a folder", "ожидается папка");
            return None;
        }
        if Some(folder.as_path()) == bundle {
            reader.wrong(
                "shadow",
                &span,
                "is the folder of `bundle`; rules that are tried need a folder of their own",
                "это папка из `bundle`; теневым правилам нужна своя папка",
            );
            return None;
        }
        Some(Self { bundle: folder, sample: u8::try_from(sample.0).unwrap_or(u8::MAX) })
    }

    pub(super) fn rows() -> [Setting; 2] {
        [
            row(
                "shadow",
                PATH,
                None,
                "The folder with shadow rules: they decide the same events and do nothing.",
                "Папка с теневыми правилами: они решают те же события и ничего не делают.",
            ),
            bounded_row(
                "shadow_sample",
                Count::EXPECTED,
                SAMPLE.0.show(),
                (SAMPLE.1.show(), SAMPLE.2.show()),
                "How many of a hundred communications shadow rules are tried on.",
                "На скольких обращениях из ста пробуются теневые правила.",
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use switchboard_grammar::lang::Lang;

    use super::*;
    use crate::config::{Process, parse};

    fn read(lines: &str) -> Result<Option<Shadow>, String> {
        let text = format!(
            "[[account]]\nname = \"one\"\nbundle = \"r\"\nhook_secret = \"0123456789abcdef0123456789abcdef\"\n{lines}\n\
             [account.retailcrm]\nurl = \"one.retailcrm.ru\"\nkey = \"k\"\nsite = \"s\"\n"
        );
        let config = parse(&text, Path::new("/shop/s.toml"), &Process);
        config
            .map(|config| config.accounts.into_iter().find_map(|account| account.shadow))
            .map_err(|error| error.text(Lang::En))
    }

    #[test]
    fn a_folder_is_enough() {
        let shadow = |sample| Some(Shadow { bundle: PathBuf::from("/shop/new"), sample });
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read("shadow_sample = 5").unwrap(), None);
        assert_eq!(read("shadow = \"new\"").unwrap(), shadow(100));
        assert_eq!(read("shadow = \"new\"\nshadow_sample = 5").unwrap(), shadow(5));
    }

    #[test]
    fn what_cannot_be_tried_is_refused() {
        for (lines, why) in [
            ("shadow = \"r\"", "is the folder of `bundle`"),
            ("shadow = \" \"", "expected a folder"),
            ("shadow = 1", "expected a text"),
            ("shadow = \"new\"\nshadow_sample = 0", "must lie between 1 and 100"),
            ("shadow = \"new\"\nshadow_sample = 101", "must lie between 1 and 100"),
        ] {
            let told = read(lines).unwrap_err();
            assert!(told.contains(why), "{lines}: {told}");
        }
    }
}
