//! The rows that belong to one question, in whichever form is added to a set faster.

use super::RowSet;

/// Rows of a table, in order.
#[derive(Clone, Debug)]
pub(super) enum Postings {
    /// Few of them: their numbers.
    Few(Box<[u32]>),
    /// Many of them: a bit for each row of the table.
    Many(RowSet),
}

impl Postings {
    /// From one row in so many on, adding whole words is less work than adding rows one by one, and takes less memory.
    const ROWS_A_POSTING: usize = 32;

    /// Some rows of a table with so many.
    pub(super) fn new(rows: Vec<u32>, of: usize) -> Postings {
        if rows.len() < of / Postings::ROWS_A_POSTING {
            return Postings::Few(rows.into());
        }
        let mut set = RowSet::empty(of);
        rows.into_iter().for_each(|row| set.insert(row));
        Postings::Many(set)
    }

    /// Adds them to a set.
    pub(super) fn add_to(&self, set: &mut RowSet) {
        match self {
            Postings::Few(rows) => rows.iter().for_each(|row| set.insert(*row)),
            Postings::Many(rows) => set.insert_all(rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_add_the_same_rows() {
        for rows in [vec![], vec![3], vec![0, 64, 65, 99], (0..100).collect()] {
            let mut few = RowSet::empty(100);
            Postings::Few(rows.clone().into()).add_to(&mut few);
            let mut chosen = RowSet::empty(100);
            Postings::new(rows.clone(), 100).add_to(&mut chosen);
            assert_eq!(few, chosen);
            assert_eq!(few.iter().collect::<Vec<_>>(), rows);
        }
    }
}
