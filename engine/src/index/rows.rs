//! Sets of row numbers, as bits.
//!
//! A table with a thousand rows is sixteen words, so "which rows does this event match" is a handful of `and`s.
//! Every set of one table has the same length; an operation with a shorter one treats the rest as empty.

/// Which rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowSet {
    words: Vec<u64>,
}

const BITS: usize = u64::BITS as usize;

impl RowSet {
    /// No rows, with room for `rows` of them.
    pub(crate) fn empty(rows: usize) -> RowSet {
        RowSet { words: vec![0; rows.div_ceil(BITS)] }
    }

    /// The rows `0..rows`.
    pub(crate) fn full(rows: usize) -> RowSet {
        let mut set = RowSet { words: vec![u64::MAX; rows.div_ceil(BITS)] };
        if let Some(last) = set.words.last_mut()
            && !rows.is_multiple_of(BITS)
        {
            *last = (1 << (rows % BITS)) - 1;
        }
        set
    }

    /// Adds a row; one beyond the set's length is ignored.
    pub(crate) fn insert(&mut self, row: u32) {
        let row = row as usize;
        if let Some(word) = self.words.get_mut(row / BITS) {
            *word |= 1 << (row % BITS);
        }
    }

    /// Adds all rows of a set.
    pub(crate) fn insert_all(&mut self, rows: &RowSet) {
        for (word, rows) in self.words.iter_mut().zip(&rows.words) {
            *word |= rows;
        }
    }

    /// Makes it the same as `other`, keeping its memory.
    pub(crate) fn copy_from(&mut self, other: &RowSet) {
        self.words.clear();
        self.words.extend_from_slice(&other.words);
    }

    /// The first row.
    pub(crate) fn first(&self) -> Option<u32> {
        self.iter().next()
    }

    /// The rows in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().zip(0u32..).flat_map(|(word, at)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * u64::BITS + bit)
            })
        })
    }
}

/// Counts, for every row at once, in how many columns it missed: not at all, once, or more often.
#[derive(Clone, Debug)]
pub(crate) struct Misses {
    once: RowSet,
    more: RowSet,
    rows: usize,
}

impl Misses {
    /// No row has missed yet.
    pub(crate) fn new(rows: usize) -> Misses {
        Misses { once: RowSet::empty(rows), more: RowSet::empty(rows), rows }
    }

    /// Counts one column, given the rows that it lets through.
    pub(crate) fn column(&mut self, through: &RowSet) {
        let counts = self.once.words.iter_mut().zip(&mut self.more.words);
        for ((once, more), through) in counts.zip(&through.words) {
            let missed = !through;
            *more |= *once & missed;
            *once |= missed;
        }
    }

    /// The rows that every column let through.
    pub(crate) fn hits(&self) -> RowSet {
        let mut hits = RowSet::full(self.rows);
        for (hit, missed) in hits.words.iter_mut().zip(&self.once.words) {
            *hit &= !missed;
        }
        hits
    }

    /// The rows that exactly one column stopped.
    pub(crate) fn near(&self) -> RowSet {
        let mut near = RowSet::full(self.rows);
        for (near, (once, more)) in near.words.iter_mut().zip(self.once.words.iter().zip(&self.more.words)) {
            *near &= once & !more;
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(rows: usize, of: &[u32]) -> RowSet {
        let mut set = RowSet::empty(rows);
        of.iter().for_each(|row| set.insert(*row));
        set
    }

    #[test]
    fn bits_are_rows() {
        let rows = set(130, &[0, 63, 64, 129, 500]);
        assert_eq!(rows.iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(rows.first(), Some(0));
        assert_eq!(RowSet::empty(10).first(), None);
        assert_eq!(RowSet::full(70).iter().count(), 70);
    }

    #[test]
    fn misses_are_counted_for_all_rows_at_once() {
        let mut misses = Misses::new(70);
        misses.column(&set(70, &[0, 1, 2, 69]));
        misses.column(&set(70, &[0, 2, 3, 69]));
        assert_eq!(misses.hits().iter().collect::<Vec<_>>(), [0, 2, 69]);
        assert_eq!(misses.near().iter().collect::<Vec<_>>(), [1, 3]);
    }
}
