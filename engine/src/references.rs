//! What there is in the account: a snapshot to check references against.
//!
//! Filled by the caller from UIS and RetailCRM. A kind that was not read is not checked: nothing is known of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::fold;
use crate::ty::ReferenceKind;

/// Names of employees, stores, sites… by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    names: BTreeMap<ReferenceKind, Names>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Names {
    written: Vec<String>,
    folded: BTreeSet<String>,
}

impl References {
    /// Nothing known of any kind.
    pub fn new() -> References {
        References::default()
    }

    /// Sets all names of a kind; from now on others of this kind are reported.
    pub fn set(&mut self, kind: ReferenceKind, names: impl IntoIterator<Item = String>) {
        let written: Vec<String> = names.into_iter().collect();
        let folded = written.iter().map(|name| fold(name).into_owned()).collect();
        self.names.insert(kind, Names { written, folded });
    }

    /// Whether the account has it, compared as texts are; None when nothing is known of this kind.
    pub fn has(&self, kind: ReferenceKind, name: &str) -> Option<bool> {
        Some(self.names.get(&kind)?.folded.contains(fold(name).as_ref()))
    }

    /// The names of a kind.
    pub fn names(&self, kind: ReferenceKind) -> impl Iterator<Item = &str> {
        self.names.get(&kind).into_iter().flat_map(|names| names.written.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_was_not_read_is_unknown() {
        let mut references = References::new();
        references.set(ReferenceKind::Employee, ["Anna@romashka.ru".to_owned()]);
        assert_eq!(references.has(ReferenceKind::Employee, "anna@romashka.ru"), Some(true));
        assert_eq!(references.has(ReferenceKind::Employee, "olga@romashka.ru"), Some(false));
        assert_eq!(references.has(ReferenceKind::Store, "msk"), None);
    }
}
