//! Where a test of a condition makes the difference: where turning its answer round would turn the condition round.
//!
//! The same as `cover/atoms` finds for one event, for all events at once.

use super::diagram::{Diagrams, Node};
use super::limits::Undecided;
use super::walk::{Logic, Walker};
use crate::program::Cond;

/// Where a test makes the difference.
pub(crate) struct Decisive {
    /// With yes.
    pub(crate) held: Node,
    /// With no.
    pub(crate) failed: Node,
}

impl<L: Logic> Walker<'_, '_, L> {
    /// For each test of a condition that is asked where `under` holds.
    pub(crate) fn decisive(&mut self, condition: &Cond, under: Node) -> Result<Vec<Decisive>, Undecided> {
        let mut nodes = Vec::new();
        for test in condition.tests() {
            nodes.push(self.cond(test)?);
        }
        let mut found = Vec::with_capacity(nodes.len());
        for (at, test) in nodes.iter().enumerate() {
            let yes = self.with(condition, &nodes, at, true)?;
            let no = self.with(condition, &nodes, at, false)?;
            let (not_yes, not_no) = (self.logic.not(yes)?, self.logic.not(no)?);
            let (one, other) = (self.logic.and(yes, not_no)?, self.logic.and(no, not_yes)?);
            let decides = self.logic.or(one, other)?;
            let decides = self.logic.and(decides, under)?;
            let not = self.logic.not(*test)?;
            let (held, failed) = (self.logic.and(decides, *test)?, self.logic.and(decides, not)?);
            found.push(Decisive { held, failed });
        }
        Ok(found)
    }

    /// A condition with the answer of one test given.
    fn with(&mut self, condition: &Cond, nodes: &[Node], at: usize, answer: bool) -> Result<Node, Undecided> {
        let mut nodes = nodes.to_vec();
        if let Some(node) = nodes.get_mut(at) {
            *node = Diagrams::constant(answer);
        }
        self.joined(condition, &mut nodes.into_iter())
    }

    /// A condition of which each test is a node.
    fn joined(&mut self, condition: &Cond, nodes: &mut dyn Iterator<Item = Node>) -> Result<Node, Undecided> {
        match condition {
            Cond::Truth(_) | Cond::Ask { .. } => nodes.next().ok_or(Undecided),
            Cond::Not(inner) => {
                let inner = self.joined(inner, nodes)?;
                self.logic.not(inner)
            }
            Cond::All(parts) => {
                let mut all = Diagrams::YES;
                for part in parts {
                    let part = self.joined(part, nodes)?;
                    all = self.logic.and(all, part)?;
                }
                Ok(all)
            }
            Cond::Any(parts) => {
                let mut any = Diagrams::NO;
                for part in parts {
                    let part = self.joined(part, nodes)?;
                    any = self.logic.or(any, part)?;
                }
                Ok(any)
            }
        }
    }
}
