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
