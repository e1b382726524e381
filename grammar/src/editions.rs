//! Editions of the language, in one table, and the way of a file from one to the next.
//!
//! A program reads its newest edition and the one before. What an edition changed is undone nowhere: a step rewrites a
//! text of one edition as a text of the next, and `rules migrate` takes as many steps as there are. Today there is one
//! edition, so there is no step.

use crate::diagnostic::Diagnostic;
use crate::parse::parse;

/// An edition of the language.
#[derive(Clone, Copy, Debug)]
pub struct Edition {
    /// Its number, as in `rules 1`.
    pub number: u32,
    /// Rewrites a text without errors as one of the next edition; `None` for the newest.
    pub to_next: Option<fn(&str) -> String>,
}

/// Every edition that is read, the oldest first: the newest and, once there is one, the one before.
pub static ALL: &[Edition] = &[Edition { number: 1, to_next: None }];

/// What becomes of a text that is to be of the newest edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Migration {
    /// It is already.
    Newest,
    /// It was of an older one.
    Migrated {
        /// Which.
        from: u32,
        /// The text in the newest edition.
        text: String,
    },
    /// It has errors, so nobody can say what it means.
    Broken(Vec<Diagnostic>),
}

/// The number of the newest edition.
#[must_use]
pub fn newest() -> u32 {
    newest_of(ALL)
}

/// Whether texts of an edition are read.
#[must_use]
pub fn is_read(number: u32) -> bool {
    ALL.iter().any(|edition| edition.number == number)
}

/// Brings a text to the newest edition.
#[must_use]
pub fn migrate(text: &str) -> Migration {
    migrate_through(ALL, text)
}

fn newest_of(editions: &[Edition]) -> u32 {
    editions.iter().map(|edition| edition.number).max().unwrap_or_default()
}

fn migrate_through(editions: &[Edition], text: &str) -> Migration {
    let parsed = parse(text);
    let Some(header) = parsed.file.header.as_ref().filter(|_| !parsed.has_errors()) else {
        return Migration::Broken(parsed.diagnostics);
    };
    let (from, newest) = (header.edition, newest_of(editions));
    let mut number = from;
    let mut text = text.to_owned();
    while let Some(step) =
        editions.iter().find(|edition| edition.number == number).and_then(|one| one.to_next)
    {
        text = step(&text);
        number += 1;
    }
    if from == newest { Migration::Newest } else { Migration::Migrated { from, text } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_only_the_newest_has_no_step() {
        for pair in ALL.windows(2) {
            assert_eq!(pair[0].number + 1, pair[1].number);
        }
        for edition in ALL {
            assert_eq!(edition.to_next.is_none(), edition.number == newest());
        }
        assert!(ALL.len() <= 2, "the newest and the one before");
    }

    #[test]
    fn what_is_of_the_newest_edition_stays() {
        assert_eq!(migrate("rules 1\n\nfilter for calls\n  else accept\n"), Migration::Newest);
        assert_eq!(migrate("правила 1\n"), Migration::Newest);
    }

    #[test]
    fn what_has_errors_is_left_alone() {
        assert!(matches!(migrate("rules 7\n"), Migration::Broken(_)));
        assert!(matches!(migrate("filter for calls\n  else accept\n"), Migration::Broken(_)));
    }

    #[test]
    fn an_older_text_takes_every_step() {
        let editions = [
            Edition { number: 1, to_next: Some(|text| text.replacen("rules 1", "rules 2", 1)) },
            Edition { number: 2, to_next: Some(|text| text.replacen("rules 2", "rules 3", 1)) },
            Edition { number: 3, to_next: None },
        ];
        let migrated = migrate_through(&editions, "rules 1\n\nfilter for calls\n  else accept\n");
        let text = "rules 3\n\nfilter for calls\n  else accept\n".to_owned();
        assert_eq!(migrated, Migration::Migrated { from: 1, text });
    }
}
