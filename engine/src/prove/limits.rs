//! How much a proof may cost, and what is said when that was not enough.
//!
//! The worst case of every question here is exponential, so each is counted: a step is one look at a row, a part of a
//! diagram, or a state of an automaton. Out of steps the answer is *undecided*, never a guess.

use std::cell::Cell;

/// What proofs may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofLimits {
    /// Steps of all lints of one load together. A million is a few hundredths of a second. With none
    /// at all nothing is looked into, and nothing is told as undecided.
    pub lint_steps: u64,
    /// Steps of a comparison of two bundles.
    pub diff_steps: u64,
    /// Classes into which one field may fall.
    pub classes: usize,
    /// Steps for working out which patterns on one field go together; beyond it each pattern is taken by itself.
    pub pattern_steps: u64,
    /// Boxes into which one row or condition may fall.
    pub pieces: usize,
    /// Regions that a comparison shows of one part of the decision; what is beyond is counted.
    pub regions: usize,
}

impl Default for ProofLimits {
    fn default() -> ProofLimits {
        ProofLimits {
            lint_steps: 40_000_000,
            diff_steps: 400_000_000,
            classes: 50_000,
            pattern_steps: 2_000_000,
            pieces: 256,
            regions: 50,
        }
    }
}

/// The budget was not enough; nothing is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Undecided;

/// Counts steps.
#[derive(Debug)]
pub(crate) struct Meter {
    left: Cell<u64>,
}

impl Meter {
    /// So many steps.
    pub(crate) const fn new(steps: u64) -> Meter {
        Meter { left: Cell::new(steps) }
    }

    /// Uses some up.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), Undecided> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        match self.left.get().checked_sub(steps) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.left.set(0);
                Err(Undecided)
            }
        }
    }

    /// How many are left.
    pub(crate) fn left(&self) -> u64 {
        self.left.get()
    }

    /// A meter of its own for one of `shares` equal questions, at most a quarter of what is left when there are few:
    /// one hard question must not leave nothing for the others.
    pub(crate) fn share(&self, shares: usize) -> Meter {
        let shares = u64::try_from(shares.max(4)).unwrap_or(u64::MAX);
        Meter::new(self.left.get() / shares)
    }

    /// Takes back what a share did not need.
    pub(crate) fn settle(&self, share: &Meter, given: u64) {
        let used = given.saturating_sub(share.left());
        self.left.set(self.left.get().saturating_sub(used));
    }
}
