//! Many areas, few of which concern a query: found by the classes of one field.

use std::collections::HashMap;

use super::area::{Area, Var};

/// Classes of a cell up to which an area is listed under each of them.
const LISTED: u32 = 8;

/// Areas by what they ask of each field.
pub(crate) struct Index<'a> {
    areas: Vec<&'a Area>,
    columns: HashMap<Var, Column>,
}

#[derive(Default)]
struct Column {
    by_class: HashMap<u32, Vec<u32>>,
    /// Areas that allow anything or much here.
    wide: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Areas in the order in which they count.
    pub(crate) fn new(areas: Vec<&'a Area>) -> Index<'a> {
        let mut columns: HashMap<Var, Column> = HashMap::new();
        for area in &areas {
            for (var, _) in area.cells() {
                columns.entry(*var).or_default();
            }
        }
        for (var, column) in &mut columns {
            for (area, number) in areas.iter().zip(0u32..) {
                match area.get(*var) {
                    Some(set) if set.len() <= LISTED => {
                        set.iter().for_each(|class| column.by_class.entry(class).or_default().push(number));
                    }
                    Some(_) | None => column.wide.push(number),
                }
            }
        }
        Index { areas, columns }
    }

    /// The areas among the first `before` that may meet a query, and how many were looked at.
    pub(crate) fn near(&self, query: &Area, before: usize) -> (Vec<&'a Area>, usize) {
        let (numbers, looked_at) = self.numbers(query, before);
        (numbers.into_iter().filter_map(|number| self.areas.get(number).copied()).collect(), looked_at)
    }

    /// The same, by their numbers in order.
    pub(crate) fn numbers(&self, query: &Area, before: usize) -> (Vec<usize>, usize) {
        let meets = |number: &usize| self.areas.get(*number).is_some_and(|area| area.meets(query));
        let mut best: Option<Vec<u32>> = None;
        for (var, set) in query.cells().iter().filter(|(_, set)| set.len() <= LISTED) {
            let Some(column) = self.columns.get(var) else { continue };
            let listed = || set.iter().filter_map(|class| column.by_class.get(&class));
            let count = listed().map(Vec::len).sum::<usize>() + column.wide.len();
            if best.as_ref().is_none_or(|best| count < best.len()) {
                best = Some(listed().flatten().chain(&column.wide).copied().collect());
            }
        }
        let Some(mut numbers) = best else {
            return ((0..before.min(self.areas.len())).filter(meets).collect(), before);
        };
        numbers.sort_unstable();
        numbers.dedup();
        let looked_at = numbers.len();
        let near = numbers.into_iter().map(|number| number as usize).take_while(|number| *number < before);
        (near.filter(meets).collect(), looked_at)
    }
}
