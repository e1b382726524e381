//! Decision diagrams: conditions over several fields at once.
//!
//! A node asks for the class of one field and goes on by sets of classes; fields are asked in the order of their
//! numbers, nodes are shared and parts with one continuation are joined. So two conditions that say the same are one
//! number, "never" is [`Diagrams::NO`] and "always" is [`Diagrams::YES`].

use std::collections::HashMap;

use super::area::{Area, Var};
use super::limits::{Meter, Undecided};
use super::set::Set;

/// The number of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node(u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Fork {
    var: Var,
    /// In order of their first classes; together all classes, none twice, no two with one continuation.
    parts: Box<[(Set, Node)]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Join {
    And,
    Or,
}

/// Conditions, each kept once.
pub(crate) struct Diagrams<'m> {
    forks: Vec<Fork>,
    known: HashMap<Fork, Node>,
    joined: HashMap<(Join, Node, Node), Node>,
    opposites: HashMap<Node, Node>,
    meter: &'m Meter,
}

impl<'m> Diagrams<'m> {
    /// The condition that never holds.
    pub(crate) const NO: Node = Node(0);
    /// The condition that always holds.
    pub(crate) const YES: Node = Node(1);
    const FIRST: u32 = 2;

    /// No conditions yet.
    pub(crate) fn new(meter: &'m Meter) -> Diagrams<'m> {
        Diagrams {
            forks: Vec::new(),
            known: HashMap::new(),
            joined: HashMap::new(),
            opposites: HashMap::new(),
            meter,
        }
    }

    /// The meter that counts the steps.
    pub(crate) const fn meter(&self) -> &'m Meter {
        self.meter
    }

    /// One of the two constant conditions.
    pub(crate) const fn constant(holds: bool) -> Node {
        if holds { Self::YES } else { Self::NO }
    }

    /// Whether a field, of `size` classes, is in a set.
    pub(crate) fn literal(&mut self, var: Var, set: &Set, size: u32) -> Node {
        self.fork(var, vec![(set.clone(), Self::YES), (set.complement(size), Self::NO)])
    }

    /// Both.
    pub(crate) fn and(&mut self, a: Node, b: Node) -> Result<Node, Undecided> {
        self.join(Join::And, a, b)
    }

    /// Either.
    pub(crate) fn or(&mut self, a: Node, b: Node) -> Result<Node, Undecided> {
        self.join(Join::Or, a, b)
    }

    /// The opposite.
    pub(crate) fn not(&mut self, node: Node) -> Result<Node, Undecided> {
        if node == Self::NO {
            return Ok(Self::YES);
        }
        if node == Self::YES {
            return Ok(Self::NO);
        }
        if let Some(known) = self.opposites.get(&node) {
            return Ok(*known);
        }
        let Some(fork) = self.at(node) else { return Ok(Self::NO) };
        self.meter.spend(fork.parts.len())?;
        let mut parts = Vec::with_capacity(fork.parts.len());
        for (set, next) in &fork.parts {
            parts.push((set.clone(), self.not(*next)?));
        }
        let opposite = self.fork(fork.var, parts);
        self.opposites.insert(node, opposite);
        self.opposites.insert(opposite, node);
        Ok(opposite)
    }

    /// The condition that holds in an area.
    pub(crate) fn area(&mut self, area: &Area, sizes: &[u32]) -> Result<Node, Undecided> {
        let mut node = Self::YES;
        for (var, set) in area.cells().iter().rev() {
            self.meter.spend(1)?;
            let size = sizes.get(*var as usize).copied().unwrap_or(0);
            node = self.fork(*var, vec![(set.clone(), node), (set.complement(size), Self::NO)]);
        }
        Ok(node)
    }

    /// The disjoint areas in which a condition holds, at most `most` of them.
    pub(crate) fn areas(&self, node: Node, most: usize) -> Result<Vec<Area>, Undecided> {
        let mut found = Vec::new();
        self.walk(node, &Area::everything(), most, &mut found)?;
        Ok(found)
    }

    /// Some of the areas in which a condition holds, as many as `most`.
    pub(crate) fn some_areas(&self, node: Node, most: usize) -> Vec<Area> {
        let mut found = Vec::new();
        self.first(node, &Area::everything(), most, &mut found);
        found
    }

    fn first(&self, node: Node, above: &Area, most: usize, found: &mut Vec<Area>) {
        if node == Self::NO || found.len() >= most {
            return;
        }
        let Some(fork) = self.at(node) else {
            found.push(above.clone());
            return;
        };
        for (set, next) in &fork.parts {
            self.first(*next, &above.with(fork.var, set.clone()), most, found);
        }
    }

    fn walk(&self, node: Node, above: &Area, most: usize, found: &mut Vec<Area>) -> Result<(), Undecided> {
        if node == Self::NO {
            return Ok(());
        }
        let Some(fork) = self.at(node) else {
            if found.len() >= most {
                return Err(Undecided);
            }
            found.push(above.clone());
            return Ok(());
        };
        self.meter.spend(fork.parts.len())?;
        for (set, next) in &fork.parts {
            if *next != Self::NO {
                self.walk(*next, &above.with(fork.var, set.clone()), most, found)?;
            }
        }
        Ok(())
    }

    fn at(&self, node: Node) -> Option<Fork> {
        self.forks.get(node.0.checked_sub(Self::FIRST)? as usize).cloned()
    }

    fn fork(&mut self, var: Var, parts: Vec<(Set, Node)>) -> Node {
        let mut joined: Vec<(Set, Node)> = Vec::with_capacity(parts.len());
        for (set, next) in parts {
            if set.is_empty() {
                continue;
            }
            match joined.iter_mut().find(|(_, known)| *known == next) {
                Some((known, _)) => *known = known.or(&set),
                None => joined.push((set, next)),
            }
        }
        if let [(_, only)] = joined.as_slice() {
            return *only;
        }
        joined.sort_by_key(|(set, _)| set.first());
        let fork = Fork { var, parts: joined.into() };
        if let Some(known) = self.known.get(&fork) {
            return *known;
        }
        let node = Node(u32::try_from(self.forks.len()).unwrap_or(u32::MAX).saturating_add(Self::FIRST));
        self.forks.push(fork.clone());
        self.known.insert(fork, node);
        node
    }

    fn join(&mut self, how: Join, a: Node, b: Node) -> Result<Node, Undecided> {
        let (strong, weak) = match how {
            Join::And => (Self::NO, Self::YES),
            Join::Or => (Self::YES, Self::NO),
        };
        if a == b || b == weak || a == strong {
            return Ok(a);
        }
        if a == weak || b == strong {
            return Ok(b);
        }
        let key = (how, a.min(b), a.max(b));
        if let Some(known) = self.joined.get(&key) {
            return Ok(*known);
        }
        let (Some(left), Some(right)) = (self.at(a), self.at(b)) else { return Ok(strong) };
        let var = left.var.min(right.var);
        let mut parts = Vec::new();
        match left.var.cmp(&right.var) {
            std::cmp::Ordering::Less => {
                self.meter.spend(left.parts.len())?;
                for (set, next) in &left.parts {
                    parts.push((set.clone(), self.join(how, *next, b)?));
                }
            }
            std::cmp::Ordering::Greater => {
                self.meter.spend(right.parts.len())?;
                for (set, next) in &right.parts {
                    parts.push((set.clone(), self.join(how, a, *next)?));
                }
            }
            std::cmp::Ordering::Equal => {
                self.meter.spend(left.parts.len() * right.parts.len())?;
                for (set, next) in &left.parts {
                    for (other, beside) in &right.parts {
                        let both = set.and(other);
                        if !both.is_empty() {
                            parts.push((both, self.join(how, *next, *beside)?));
                        }
                    }
                }
            }
        }
        let node = self.fork(var, parts);
        self.joined.insert(key, node);
        Ok(node)
    }
}
