//! Areas, and the one question that most others come down to.
//!
//! An *area* is a set of classes for each field that it says something about: a box in the space of all events, as a
//! table's row is one. [`useful`] asks whether some of an area is outside of all rows. It drops the rows that miss the
//! area, is done when one covers it, cuts off at once what rows cut off along one field, and else takes the row that
//! leaves the fewest fields uncovered and splits the area into the disjoint pieces outside it.

use super::limits::{Meter, Undecided};
use super::set::Set;

/// The number of a field, or of a question that is taken as a yes/no of its own.
pub(crate) type Var = u32;

/// How deep the splitting may nest; bounds the stack.
const MAX_NESTING: usize = 400;

/// A box: everything whose fields are in these sets; fields that are not named may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Area {
    /// Sorted by variable, each once; no set is empty.
    cells: Vec<(Var, Set)>,
}

/// How an area lies to another.
enum Lie {
    Apart,
    Within,
    /// Uncovered in so many fields.
    Open(usize),
}

impl Area {
    /// Everything.
    pub(crate) fn everything() -> Area {
        Area::default()
    }

    /// What one field says.
    pub(crate) fn of(var: Var, set: Set) -> Option<Area> {
        (!set.is_empty()).then(|| Area { cells: vec![(var, set)] })
    }

    /// The set of a field; None when it may be anything.
    pub(crate) fn get(&self, var: Var) -> Option<&Set> {
        let place = self.cells.binary_search_by_key(&var, |(own, _)| *own).ok()?;
        self.cells.get(place).map(|(_, set)| set)
    }

    /// What is said, by field.
    pub(crate) fn cells(&self) -> &[(Var, Set)] {
        &self.cells
    }

    /// The same with another set for a field.
    pub(crate) fn with(&self, var: Var, set: Set) -> Area {
        let mut cells = self.cells.clone();
        match cells.binary_search_by_key(&var, |(own, _)| *own) {
            Ok(place) => {
                if let Some(cell) = cells.get_mut(place) {
                    cell.1 = set;
                }
            }
            Err(place) => cells.insert(place, (var, set)),
        }
        Area { cells }
    }

    /// The same without a word on a field.
    pub(crate) fn without(&self, var: Var) -> Area {
        Area { cells: self.cells.iter().filter(|(own, _)| *own != var).cloned().collect() }
    }

    /// Whether both have a point in common.
    pub(crate) fn meets(&self, other: &Area) -> bool {
        let mut mine = self.cells.iter().peekable();
        for (var, set) in &other.cells {
            while mine.next_if(|(own, _)| own < var).is_some() {}
            if let Some((_, own)) = mine.next_if(|(own, _)| own == var)
                && !own.meets(set)
            {
                return false;
            }
        }
        true
    }

    /// What both have in common; None when that is nothing.
    pub(crate) fn and(&self, other: &Area) -> Option<Area> {
        let mut cells = Vec::with_capacity(self.cells.len() + other.cells.len());
        let mut mine = self.cells.iter().peekable();
        for (var, set) in &other.cells {
            while let Some(cell) = mine.next_if(|(own, _)| own < var) {
                cells.push(cell.clone());
            }
            match mine.next_if(|(own, _)| own == var) {
                None => cells.push((*var, set.clone())),
                Some((_, own)) => {
                    let both = own.and(set);
                    if both.is_empty() {
                        return None;
                    }
                    cells.push((*var, both));
                }
            }
        }
        cells.extend(mine.cloned());
        Some(Area { cells })
    }

    /// Whether all of it is in the other.
    #[cfg(test)]
    fn within(&self, other: &Area, sizes: &[u32]) -> bool {
        matches!(self.lie(other, sizes), Lie::Within)
    }

    fn lie(&self, row: &Area, sizes: &[u32]) -> Lie {
        let mut open = 0;
        let mut mine = self.cells.iter().peekable();
        for (var, set) in &row.cells {
            while mine.next_if(|(own, _)| own < var).is_some() {}
            match mine.next_if(|(own, _)| own == var) {
                Some((_, own)) => {
                    if own.within(set) {
                        continue;
                    }
                    if !own.meets(set) {
                        return Lie::Apart;
                    }
                    open += 1;
                }
                None => {
                    if sizes.get(*var as usize).is_none_or(|size| set.len() != *size) {
                        open += 1;
                    }
                }
            }
        }
        if open == 0 { Lie::Within } else { Lie::Open(open) }
    }
}

/// A part of an area that no row covers; None when the rows cover all of it.
///
/// `sizes` holds how many classes each field has.
pub(crate) fn useful(
    area: &Area,
    rows: &[&Area],
    sizes: &[u32],
    meter: &Meter,
) -> Result<Option<Area>, Undecided> {
    search(area.clone(), rows.to_vec(), sizes, meter, 0)
}

fn search(
    mut area: Area,
    mut rows: Vec<&Area>,
    sizes: &[u32],
    meter: &Meter,
    nesting: usize,
) -> Result<Option<Area>, Undecided> {
    if nesting > MAX_NESTING {
        return Err(Undecided);
    }
    loop {
        meter.spend(rows.len() + 1)?;
        let mut kept: Vec<(usize, &Area)> = Vec::new();
        let mut cut = false;
        for row in rows {
            match area.lie(row, sizes) {
                Lie::Apart => {}
                Lie::Within => return Ok(None),
                Lie::Open(1) => {
                    let Some(rest) = outside_along_one(&area, row, sizes) else { return Ok(None) };
                    area = rest;
                    cut = true;
                }
                Lie::Open(open) => kept.push((open, row)),
            }
        }
        // What was cut off may have left rows apart, or open in one field only.
        if cut && !kept.is_empty() {
            rows = kept.into_iter().map(|(_, row)| row).collect();
            continue;
        }
        let Some(place) =
            (0..kept.len()).min_by_key(|at| kept.get(*at).map_or(usize::MAX, |(open, _)| *open))
        else {
            return Ok(Some(area));
        };
        let (_, row) = kept.remove(place);
        let rest: Vec<&Area> = kept.into_iter().map(|(_, row)| row).collect();
        for (var, set) in &row.cells {
            let own = own_set(&area, *var, sizes);
            let outside = own.minus(set);
            if outside.is_empty() {
                continue;
            }
            let piece = area.with(*var, outside);
            if let Some(found) = search(piece, rest.clone(), sizes, meter, nesting + 1)? {
                return Ok(Some(found));
            }
            area = area.with(*var, own.and(set));
        }
        return Ok(None);
    }
}

fn own_set(area: &Area, var: Var, sizes: &[u32]) -> Set {
    area.get(var).cloned().unwrap_or_else(|| Set::full(sizes.get(var as usize).copied().unwrap_or(0)))
}

/// What of an area is outside a row that leaves one field uncovered; None when that is nothing.
fn outside_along_one(area: &Area, row: &Area, sizes: &[u32]) -> Option<Area> {
    for (var, set) in &row.cells {
        let own = own_set(area, *var, sizes);
        let outside = own.minus(set);
        if !outside.is_empty() {
            return Some(area.with(*var, outside));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sizes of the fields of these tests.
    const SIZES: [u32; 4] = [2, 3, 3, 4];

    fn an_area() -> impl Strategy<Value = Area> {
        let sets: Vec<_> = SIZES.iter().map(|size| prop::option::weighted(0.6, 1u32..(1 << size))).collect();
        sets.prop_map(|sets| Area {
            cells: (0u32..)
                .zip(sets)
                .filter_map(|(var, bits)| {
                    bits.map(|bits| {
                        (var, (0..SIZES[var as usize]).filter(|at| bits & (1 << at) != 0).collect())
                    })
                })
                .collect(),
        })
    }

    fn points() -> impl Iterator<Item = [u32; 4]> {
        (0..SIZES.iter().product()).map(|number: u32| {
            let mut rest = number;
            SIZES.map(|size| {
                let class = rest % size;
                rest /= size;
                class
            })
        })
    }

    fn has(area: &Area, point: &[u32; 4]) -> bool {
        area.cells.iter().all(|(var, set)| set.has(point[*var as usize]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_useful_is_what_enumeration_finds(query in an_area(), rows in prop::collection::vec(an_area(), 0..9)) {
            let rows: Vec<&Area> = rows.iter().collect();
            let found = useful(&query, &rows, &SIZES, &Meter::new(1_000_000)).expect("enough steps");
            let free = |point: &[u32; 4]| has(&query, point) && !rows.iter().any(|row| has(row, point));
            match found {
                None => prop_assert!(!points().any(|point| free(&point))),
                Some(area) => {
                    let mut inside = points().filter(|point| has(&area, point)).peekable();
                    prop_assert!(inside.peek().is_some());
                    prop_assert!(inside.all(|point| free(&point)));
                }
            }
        }

        #[test]
        fn areas_meet_as_sets_do(a in an_area(), b in an_area()) {
            let both = points().filter(|point| has(&a, point) && has(&b, point)).count();
            prop_assert_eq!(a.meets(&b), both > 0);
            prop_assert_eq!(a.and(&b).map_or(0, |area| points().filter(|point| has(&area, point)).count()), both);
            prop_assert_eq!(a.within(&b, &SIZES), points().all(|point| !has(&a, &point) || has(&b, &point)));
        }
    }

    #[test]
    fn thousands_of_rows_along_one_field_need_no_stack() {
        let sizes = [20_001];
        let rows: Vec<Area> = (0..20_000).filter_map(|class| Area::of(0, Set::One(class))).collect();
        let rows: Vec<&Area> = rows.iter().collect();
        let found = useful(&Area::everything(), &rows, &sizes, &Meter::new(1_000_000));
        assert_eq!(found, Ok(Area::of(0, Set::One(20_000))));
    }

    #[test]
    fn out_of_steps_is_undecided() {
        let rows: Vec<Area> = (0..3).filter_map(|class| Area::of(0, Set::One(class))).collect();
        let rows: Vec<&Area> = rows.iter().collect();
        assert_eq!(useful(&Area::everything(), &rows, &[4], &Meter::new(3)), Err(Undecided));
    }
}
