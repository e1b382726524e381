//! The shortcuts of a comparison against the long way: both find the same.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use switchboard_grammar::lang::Lang;

use super::slot::{Shortcuts, compared};
use crate::bundle::{Bundle, BundleSource, LoadOptions, load};
use crate::prove::{Comparison, ProofLimits};

const CONTACT: &[&str] = &["-", "first", "repeat"];
const SITE: &[&str] = &["-", "\"a.ru\"", "\"b.ru\"", "not \"a.ru\"", "like \"*.ru\""];
const TALK: &[&str] = &["-", "< 10 s", ">= 10 s", "> 30 s"];
const CREATE: &[&str] = &["client", "order", "client, order", "nothing"];
const WHO: &[&str] = &["\"x@x.ru\"", "\"y@x.ru\"", "client.manager", "who", "who else \"x@x.ru\"", "-"];
const LINES: &[&str] = &["contact is first", "site is \"a.ru\" or talk_time > 30 s", "missed"];

type Row = (usize, usize, usize, usize, usize);

#[derive(Clone, Debug)]
struct Made {
    entities: Vec<Row>,
    who: Vec<Row>,
    filter: Vec<(bool, usize)>,
    field: usize,
}

fn made() -> impl Strategy<Value = Made> {
    let row = (0..CONTACT.len(), 0..SITE.len(), 0..TALK.len(), 0..CREATE.len(), 0..WHO.len());
    (
        prop::collection::vec(row.clone(), 0..7),
        prop::collection::vec(row, 0..4),
        prop::collection::vec((any::<bool>(), 0..LINES.len()), 0..3),
        0..3usize,
    )
        .prop_map(|(entities, who, filter, field)| Made { entities, who, filter, field })
}

/// What is done to a version to get the next.
#[derive(Clone, Debug)]
enum Edit {
    Row(usize, Row),
    Swap(usize),
    Remove(usize),
    Who(usize, Row),
    Line(usize),
    Field(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let row = (0..CONTACT.len(), 0..SITE.len(), 0..TALK.len(), 0..CREATE.len(), 0..WHO.len());
    prop_oneof![
        (0..7usize, row.clone()).prop_map(|(at, row)| Edit::Row(at, row)),
        (0..7usize).prop_map(Edit::Swap),
        (0..7usize).prop_map(Edit::Remove),
        (0..4usize, row).prop_map(|(at, row)| Edit::Who(at, row)),
        (0..LINES.len()).prop_map(Edit::Line),
        (0..3usize).prop_map(Edit::Field),
    ]
}

impl Made {
    fn edited(mut self, edit: &Edit) -> Made {
        let rows = self.entities.len();
        match edit {
            Edit::Row(at, row) if *at < rows => self.entities[*at] = *row,
            Edit::Swap(at) if at + 1 < rows => self.entities.swap(*at, at + 1),
            Edit::Remove(at) if *at < rows => drop(self.entities.remove(*at)),
            Edit::Who(at, row) if *at < self.who.len() => self.who[*at] = *row,
            Edit::Line(line) => self.filter.push((true, *line)),
            Edit::Field(field) => self.field = *field,
            _ => {}
        }
        self
    }

    fn bundle(&self) -> Arc<Bundle> {
        let mut text = String::from(
            "rules 1\n\nsettings for incoming calls\n  default_responsible: \"d@x.ru\"\n\nfilter for incoming calls\n",
        );
        for (accept, line) in &self.filter {
            writeln!(text, "  {} when {}", if *accept { "accept" } else { "reject" }, LINES[*line]).unwrap();
        }
        text.push_str(
            "  else reject\n\ntable entities for incoming calls\n  | contact | site | talk_time || create | responsible |\n",
        );
        for (contact, site, talk, create, who) in &self.entities {
            let cells = [CONTACT[*contact], SITE[*site], TALK[*talk]].join(" | ");
            writeln!(text, "  | {cells} || {} | {} |", CREATE[*create], WHO[*who]).unwrap();
        }
        text.push_str("  | else || nothing | - |\n\n");
        text.push_str("table who for incoming calls\n  | contact | site || employee |\n");
        for (contact, site, _, _, who) in &self.who {
            writeln!(text, "  | {} | {} || \"w{who}@x.ru\" |", CONTACT[*contact], SITE[*site]).unwrap();
        }
        text.push_str("  | else || client.manager |\n\nfields of client for calls\n");
        let field = ["uis_site from site", "uis_site from site, always", "uis_site from site else \"?\""];
        writeln!(text, "  {}", field[self.field]).unwrap();
        let loaded = load(&BundleSource::single(text.as_str()), &LoadOptions::default());
        loaded.bundle.unwrap_or_else(|| panic!("{text}\n{:?}", loaded.diagnostics))
    }
}

fn told(comparison: &Comparison) -> String {
    let mut out = String::new();
    for change in &comparison.changes {
        let (region, old, new) = (&change.region, &change.old, &change.new);
        let example = change.example.as_ref().map(|example| example.words.get(Lang::En));
        writeln!(out, "{} {} {old:?} {new:?} {example:?}", change.part.en, region.en).unwrap();
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 300, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn shortcuts_find_what_the_long_way_finds(old in made(), edits in prop::collection::vec(edit(), 0..3)) {
        let new = edits.iter().fold(old.clone(), |made, edit| made.edited(edit));
        let (old, new) = (old.bundle(), new.bundle());
        let look = |alike, settled| {
            compared(&old, &new, &ProofLimits::default(), Shortcuts { alike, settled })
        };
        let long = look(false, false);
        for (alike, settled) in [(true, true), (true, false), (false, true)] {
            let short = look(alike, settled);
            prop_assert_eq!(told(&short), told(&long));
            prop_assert!(short.undecided.len() <= long.undecided.len());
            prop_assert_eq!(short.more, long.more);
        }
    }
}
