//! What a policy writes, and what it compares with values that are written out.

use rhai::{Expr, FnCallExpr};

use super::chain::{Step, chain};
use super::kinds::Kind;
use super::told;
use super::walk::Walk;
use crate::ty::Scalar;

impl Walk<'_> {
    /// Comparing an enum with a text that is none of its values, or anything with a value of another type: Rhai answers
    /// such a question with no, whatever the event is.
    pub(super) fn compare(&mut self, call: &FnCallExpr, given: &[Kind]) {
        let [left, right] = call.args.as_slice() else { return };
        let [of_left, of_right] = given else { return };
        for (kind, written) in [(of_left, right), (of_right, left)] {
            if let (Kind::Value(ty), Expr::StringConstant(text, position)) = (kind, written)
                && let Scalar::Enum(of) = ty.scalar
                && !of.open
                && !ty.list
                && of.by_en(text.as_str()).is_none()
            {
                self.found.push(told::no_value(of, text.as_str(), *position));
            } else if let Kind::Value(ty) = kind {
                self.found.extend(told::never_equal(*ty, written));
            }
        }
    }

    /// `left = right`.
    pub(super) fn assign(&mut self, left: &Expr, right: &Expr, value: &Kind) {
        if let Expr::Variable(variable, ..) = left {
            let name = variable.1.as_str();
            let known = self.variables.iter_mut().rev().find(|(known, _)| known == name);
            if let Some((_, kind)) = known
                && kind != value
            {
                let old = std::mem::replace(kind, Kind::Unknown);
                self.escapes(&old);
                self.escapes(value);
            }
            return;
        }
        self.escapes(value);
        let Some((root, mut steps)) = chain(left) else { return };
        let Some(last) = steps.pop() else { return };
        let mut of = self.expr(root);
        for step in &steps {
            of = self.step(&of, step);
        }
        let (name, position) = match last {
            Step::Property(name, position) => (name, position),
            Step::Index(Expr::StringConstant(name, position)) => (name.as_str(), *position),
            Step::Index(index) => {
                self.expr(index);
                return;
            }
            Step::Method(..) | Step::Other(_) => return,
        };
        match of {
            Kind::Proposal => {
                let spec = self.hook.spec();
                match spec.properties.iter().find(|property| property.name == name) {
                    Some(property) if !property.writable => self.found.push(told::only_read(name, position)),
                    Some(property) => self.found.extend(told::wrong_value(property, right)),
                    None if spec.codes => {}
                    None => self.found.push(told::no_proposal_name(spec, name, position, false)),
                }
            }
            Kind::Event(_) | Kind::Facts | Kind::Record(_) | Kind::Codes => {
                self.found.push(told::only_read(name, position));
            }
            Kind::Records(..) | Kind::Value(_) | Kind::Unknown => {}
        }
    }
}
