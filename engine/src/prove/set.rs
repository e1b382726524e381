//! Sets of classes of one field, as bits.
//!
//! Most cells of most tables ask for one value, so one class is kept as a number; everything else is a row of words
//! without trailing zeros. One set has one form: equal sets are equal in Rust and hash alike.

use std::sync::Arc;

const BITS: u32 = u64::BITS;

/// A set of classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Set {
    /// Exactly one class.
    One(u32),
    /// None, or several. Invariant: the last word is not zero, and not exactly one bit is set.
    Many(Arc<[u64]>),
}

impl Set {
    /// No class.
    pub(crate) fn empty() -> Set {
        Set::Many(Arc::from([]))
    }

    /// The classes `0..size`.
    pub(crate) fn full(size: u32) -> Set {
        (0..size).collect()
    }

    fn from_words(mut words: Vec<u64>) -> Set {
        while words.last() == Some(&0) {
            words.pop();
        }
        let mut bits = 0u32;
        for word in &words {
            bits += word.count_ones();
            if bits > 1 {
                break;
            }
        }
        match (bits, words.last()) {
            (1, Some(last)) => {
                let word = u32::try_from(words.len() - 1).unwrap_or(u32::MAX);
                Set::One(word.saturating_mul(BITS) + last.trailing_zeros())
            }
            _ => Set::Many(words.into()),
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Set::Many(words) if words.is_empty())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u32 {
        match self {
            Set::One(_) => 1,
            Set::Many(words) => words.iter().map(|word| word.count_ones()).sum(),
        }
    }

    /// Whether a class is among them.
    pub(crate) fn has(&self, class: u32) -> bool {
        match self {
            Set::One(own) => *own == class,
            Set::Many(words) => {
                words.get((class / BITS) as usize).is_some_and(|word| word & (1 << (class % BITS)) != 0)
            }
        }
    }

    /// Whether both have a class in common.
    pub(crate) fn meets(&self, other: &Set) -> bool {
        match (self, other) {
            (Set::One(one), set) | (set, Set::One(one)) => set.has(*one),
            (Set::Many(a), Set::Many(b)) => a.iter().zip(b.iter()).any(|(a, b)| a & b != 0),
        }
    }

    /// Whether all are in the other.
    pub(crate) fn within(&self, other: &Set) -> bool {
        match (self, other) {
            (Set::One(one), set) => set.has(*one),
            (Set::Many(a), Set::One(_)) => a.is_empty(),
            (Set::Many(a), Set::Many(b)) => {
                a.len() <= b.len() && a.iter().zip(b.iter()).all(|(a, b)| a & !b == 0)
            }
        }
    }

    /// Those of both.
    pub(crate) fn and(&self, other: &Set) -> Set {
        match (self, other) {
            (Set::One(one), set) | (set, Set::One(one)) => {
                if set.has(*one) {
                    Set::One(*one)
                } else {
                    Set::empty()
                }
            }
            (Set::Many(a), Set::Many(b)) => {
                Set::from_words(a.iter().zip(b.iter()).map(|(a, b)| a & b).collect())
            }
        }
    }

    /// Those of either.
    pub(crate) fn or(&self, other: &Set) -> Set {
        let (mut words, more) = (self.words(), other.words());
        if words.len() < more.len() {
            words.resize(more.len(), 0);
        }
        words.iter_mut().zip(&more).for_each(|(word, more)| *word |= more);
        Set::from_words(words)
    }

    /// Those that the other does not have.
    pub(crate) fn minus(&self, other: &Set) -> Set {
        match self {
            Set::One(one) => {
                if other.has(*one) {
                    Set::empty()
                } else {
                    self.clone()
                }
            }
            Set::Many(words) => {
                let mut words = words.to_vec();
                match other {
                    Set::One(one) => {
                        if let Some(word) = words.get_mut((one / BITS) as usize) {
                            *word &= !(1 << (one % BITS));
                        }
                    }
                    Set::Many(more) => {
                        words.iter_mut().zip(more.iter()).for_each(|(word, more)| *word &= !more);
                    }
                }
                Set::from_words(words)
            }
        }
    }

    /// All classes but these.
    pub(crate) fn complement(&self, size: u32) -> Set {
        Set::full(size).minus(self)
    }

    /// The first class.
    pub(crate) fn first(&self) -> Option<u32> {
        self.iter().next()
    }

    /// The classes in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let (one, words): (Option<u32>, &[u64]) = match self {
            Set::One(one) => (Some(*one), &[]),
            Set::Many(words) => (None, words),
        };
        let many = words.iter().zip(0u32..).flat_map(|(word, at)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * BITS + bit)
            })
        });
        one.into_iter().chain(many)
    }

    fn words(&self) -> Vec<u64> {
        match self {
            Set::One(one) => {
                let mut words = vec![0; (one / BITS) as usize + 1];
                if let Some(word) = words.last_mut() {
                    *word = 1 << (one % BITS);
                }
                words
            }
            Set::Many(words) => words.to_vec(),
        }
    }
}

impl FromIterator<u32> for Set {
    fn from_iter<I: IntoIterator<Item = u32>>(classes: I) -> Set {
        let mut words: Vec<u64> = Vec::new();
        for class in classes {
            let at = (class / BITS) as usize;
            if words.len() <= at {
                words.resize(at + 1, 0);
            }
            if let Some(word) = words.get_mut(at) {
                *word |= 1 << (class % BITS);
            }
        }
        Set::from_words(words)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sets_are_sets(a in prop::collection::btree_set(0u32..200, 0..8), b in prop::collection::btree_set(0u32..200, 0..8)) {
            let (x, y): (Set, Set) = (a.iter().copied().collect(), b.iter().copied().collect());
            let all = |set: &Set| set.iter().collect::<BTreeSet<u32>>();
            prop_assert_eq!(all(&x), a.clone());
            prop_assert_eq!(all(&x.and(&y)), a.intersection(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(all(&x.or(&y)), a.union(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(all(&x.minus(&y)), a.difference(&b).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(x.complement(200).len() as usize, 200 - a.len());
            prop_assert_eq!(x.meets(&y), !a.is_disjoint(&b));
            prop_assert_eq!(x.within(&y), a.is_subset(&b));
            prop_assert_eq!(x.is_empty(), a.is_empty());
            prop_assert_eq!(x.first(), a.first().copied());
            // One set, one form.
            prop_assert_eq!(x == y, a == b);
            prop_assert_eq!(&x.minus(&y).or(&x.and(&y)), &x);
        }
    }
}
