//! Mutants: a bundle with one thing changed, as a slip of the hand would change it.
//!
//! Whether tests notice is what shows how good they are. A mutant is an edit of a file's text, so what is shown of it is
//! what its author would have written, and it means what the checker makes of it. `plan` lists the mutants of a bundle
//! from its trees; `trial` checks each as a bundle, asks the tests' events about it, and has the prover compare what no
//! test told apart: either nothing can tell it apart, and the mutant is none, or there is an event that would.

mod cells;
mod conditions;
mod model;
mod pen;
mod plan;
mod sections;
mod trial;

pub use model::{Fate, Mutant, Operator, Survivor};
pub use plan::{mutants, sample};
pub use trial::{Case, Trial};
