//! Walking a policy and the functions that it calls, with what each variable is.

use std::collections::BTreeSet;

use rhai::{AST, Expr, FnCallExpr, Position, Stmt};
use smol_str::SmolStr;
use switchboard_grammar::codes;

use super::chain::{Step, chain};
use super::kinds::Kind;
use super::{Found, Policy, body, told};
use crate::catalog::{Fact, Hook};
use crate::program::{Need, Reads};
use crate::schema::{EventKind, FieldKey};
use crate::script::views::{EventName, event_name, join, undeclared};
use crate::ty::{Scalar, Type};

/// Calls of own functions that are followed one into the other, and all together.
const MAX_FOLLOWED: usize = 200;

/// Looks through a policy: what is wrong, and which fields it looks at.
pub(super) fn walk(ast: &AST, policy: &Policy<'_>) -> (Vec<Found>, Reads) {
    let mut walk = Walk {
        ast,
        hook: policy.hook,
        kinds: policy.slots.kinds().collect(),
        needs: policy.needs,
        found: Vec::new(),
        reads: BTreeSet::new(),
        all: false,
        seen: Vec::new(),
        variables: Vec::new(),
    };
    walk.function(policy.function, vec![Kind::Event(SmolStr::default()), Kind::Proposal, Kind::Facts]);
    let mut found: Vec<Found> = Vec::new();
    for one in walk.found {
        // A helper that is called twice is looked through twice.
        if !found.iter().any(|known| known.position == one.position && known.text == one.text) {
            found.push(one);
        }
    }
    let reads = if walk.all { Reads::All } else { Reads::These(walk.reads.into_iter().collect()) };
    (found, reads)
}

pub(super) struct Walk<'a> {
    ast: &'a AST,
    pub(super) hook: Hook,
    kinds: Vec<EventKind>,
    needs: &'a [Need],
    pub(super) found: Vec<Found>,
    reads: BTreeSet<FieldKey>,
    /// Whether the event got out of sight.
    all: bool,
    /// Functions that were looked through, with what they were given.
    seen: Vec<(SmolStr, Vec<Kind>)>,
    pub(super) variables: Vec<(SmolStr, Kind)>,
}

impl<'a> Walk<'a> {
    /// Looks through an own function; false when there is none of this name.
    fn function(&mut self, name: &str, given: Vec<Kind>) -> bool {
        let mut all = self.ast.iter_fn_def();
        let function = all.find(|known| known.name == name && known.params.len() == given.len());
        let Some(function) = function else { return false };
        let known = (SmolStr::new(name), given);
        if self.seen.contains(&known) {
            return true;
        }
        if self.seen.len() >= MAX_FOLLOWED {
            self.all = true;
            return true;
        }
        let outer = std::mem::take(&mut self.variables);
        self.variables = function.params.iter().map(SmolStr::new).zip(known.1.iter().cloned()).collect();
        self.seen.push(known);
        self.block(&body(self.ast, name, function.params.len()));
        self.variables = outer;
        true
    }

    /// Looks through a block; what its last line is. Its variables end with it.
    fn block(&mut self, statements: &[Stmt]) -> Kind {
        let depth = self.variables.len();
        let mut last = Kind::Unknown;
        for statement in statements {
            last = self.statement(statement);
        }
        self.variables.truncate(depth);
        last
    }

    fn statement(&mut self, statement: &Stmt) -> Kind {
        match statement {
            Stmt::Expr(expr) => return self.expr(expr),
            Stmt::FnCall(call, position) => return self.call(call, *position),
            Stmt::Block(inner) => return self.block(inner.as_ref().as_ref()),
            Stmt::Var(parts, _, _) => {
                let kind = self.expr(&parts.1);
                self.variables.push((SmolStr::new(parts.0.name.as_str()), kind));
            }
            Stmt::Assignment(parts) => {
                let value = self.expr(&parts.1.rhs);
                self.assign(&parts.1.lhs, &parts.1.rhs, &value);
            }
            Stmt::If(flow, _) => {
                self.expr(&flow.expr);
                let body = self.block(flow.body.as_ref());
                let branch = self.block(flow.branch.as_ref());
                return if body == branch { body } else { Kind::Unknown };
            }
            Stmt::While(flow, _) | Stmt::Do(flow, _, _) => {
                self.expr(&flow.expr);
                self.block(flow.body.as_ref());
            }
            Stmt::TryCatch(flow, _) => {
                self.block(flow.body.as_ref());
                self.block(flow.branch.as_ref());
            }
            Stmt::For(parts, _) => {
                let (name, counter, flow) = &**parts;
                let kind = match self.expr(&flow.expr) {
                    Kind::Records(spec, _) => Kind::Record(spec),
                    Kind::Value(ty) if ty.list => Kind::Value(ty.element()),
                    _ => Kind::Unknown,
                };
                self.variables.push((SmolStr::new(name.name.as_str()), kind));
                if let Some(counter) = counter {
                    self.variables.push((SmolStr::new(counter.name.as_str()), Kind::Unknown));
                }
                self.block(flow.body.as_ref());
                let kept = self.variables.len() - 1 - usize::from(counter.is_some());
                self.variables.truncate(kept);
            }
            Stmt::Switch(parts, _) => {
                let (of, cases) = &**parts;
                self.expr(of);
                for case in &cases.expressions {
                    self.expr(&case.lhs);
                    self.expr(&case.rhs);
                }
            }
            Stmt::Return(Some(expr), ..) | Stmt::BreakLoop(Some(expr), ..) => {
                let kind = self.expr(expr);
                // What a function gives is not followed, so a part of the event that it gives is out of sight.
                self.escapes(&kind);
            }
            _ => {}
        }
        Kind::Unknown
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Kind {
        match expr {
            Expr::Variable(variable, ..) => self.variable(variable.1.as_str()),
            Expr::Dot(..) | Expr::Index(..) => self.chain(expr),
            Expr::FnCall(call, position) | Expr::MethodCall(call, position) => self.call(call, *position),
            Expr::Stmt(block) => self.block(block.as_ref().as_ref()),
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => {
                for part in parts {
                    let kind = self.expr(part);
                    self.escapes(&kind);
                }
                Kind::Unknown
            }
            Expr::Map(entries, _) => {
                for (_, value) in &entries.0 {
                    let kind = self.expr(value);
                    self.escapes(&kind);
                }
                Kind::Unknown
            }
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                for part in parts.iter() {
                    self.expr(part);
                }
                Kind::Value(Type::of(Scalar::YesNo))
            }
            Expr::Coalesce(parts, _) => {
                let kinds: Vec<Kind> = parts.iter().map(|part| self.expr(part)).collect();
                kinds.iter().for_each(|kind| self.escapes(kind));
                Kind::Unknown
            }
            _ => Kind::Unknown,
        }
    }

    fn variable(&self, name: &str) -> Kind {
        let found = self.variables.iter().rev().find(|(known, _)| known == name);
        found.map_or(Kind::Unknown, |(_, kind)| kind.clone())
    }

    fn chain(&mut self, expr: &Expr) -> Kind {
        let Some((root, steps)) = chain(expr) else { return Kind::Unknown };
        let mut kind = self.expr(root);
        for step in steps {
            kind = self.step(&kind, &step);
        }
        kind
    }

    pub(super) fn step(&mut self, of: &Kind, step: &Step<'_>) -> Kind {
        match step {
            Step::Property(name, position) => self.property(of, name, *position),
            Step::Method(call, position) => self.method(of, call, *position),
            Step::Index(index) => {
                self.expr(index);
                match (of, index) {
                    (Kind::Records(spec, _), _) => Kind::Record(spec),
                    (Kind::Value(ty), _) if ty.list => Kind::Value(ty.element()),
                    (of, Expr::StringConstant(name, position)) if of.is_given() => {
                        self.property(of, name.as_str(), *position)
                    }
                    (of, _) => {
                        self.escapes(of);
                        Kind::Unknown
                    }
                }
            }
            Step::Other(expr) => {
                self.escapes(of);
                self.expr(expr)
            }
        }
    }

    /// What `.name` of something is; tells when it is nothing.
    fn property(&mut self, of: &Kind, name: &str, position: Position) -> Kind {
        match of {
            Kind::Event(prefix) => self.event_property(prefix, name, position),
            Kind::Facts if name == "now" => Kind::Value(Type::of(Scalar::Moment)),
            Kind::Facts => match Fact::of_script(name) {
                Some(fact) => {
                    if !self.needs.iter().any(|need| need.fact == fact) {
                        let text = undeclared(fact);
                        self.found.push(Found::new(&codes::UNKNOWN_SCRIPT_FIELD, position, text));
                    }
                    Kind::of_fact(fact)
                }
                None => {
                    self.found.push(told::no_fact(name, position));
                    Kind::Unknown
                }
            },
            Kind::Proposal => {
                let spec = self.hook.spec();
                match spec.properties.iter().find(|property| property.name == name) {
                    Some(property) => Kind::Value(property.ty),
                    None if spec.codes => Kind::Unknown,
                    None => {
                        self.found.push(told::no_proposal_name(spec, name, position, false));
                        Kind::Unknown
                    }
                }
            }
            Kind::Record(spec) if name == "custom" && spec.custom => Kind::Codes,
            Kind::Record(spec) => match spec.fields.iter().find(|field| field.name == name) {
                Some(field) => Kind::Value(field.ty),
                None => {
                    self.found.push(told::no_record_name(spec, name, position));
                    Kind::Unknown
                }
            },
            Kind::Records(spec, list) => {
                if spec.names().any(|known| known == name) {
                    self.found.push(told::of_a_list(list, name, position));
                }
                Kind::Unknown
            }
            Kind::Codes | Kind::Value(_) | Kind::Unknown => Kind::Unknown,
        }
    }

    fn event_property(&mut self, prefix: &SmolStr, name: &str, position: Position) -> Kind {
        if prefix.is_empty() && name == "kind" {
            return Kind::Value(Type::of(Scalar::Text));
        }
        let path = join(prefix, name);
        let mut of = None;
        for kind in &self.kinds {
            match event_name(*kind, &path) {
                Some(EventName::Field(key)) => {
                    let found = crate::catalog::schema().field(*kind, key.id);
                    of = of.or(found.map(|field| Kind::Value(field.ty())));
                    self.reads.insert(key);
                }
                Some(EventName::Part) => of = of.or(Some(Kind::Event(path.clone()))),
                None => {}
            }
        }
        of.unwrap_or_else(|| {
            self.found.push(told::no_event_name(&self.kinds, &path, position));
            Kind::Unknown
        })
    }

    fn method(&mut self, of: &Kind, call: &FnCallExpr, position: Position) -> Kind {
        let given: Vec<Kind> = call.args.iter().map(|argument| self.expr(argument)).collect();
        if matches!(of, Kind::Proposal) {
            let spec = self.hook.spec();
            if let Some(method) = spec.method(call.name.as_str()) {
                if method.parameters.len() != call.args.len() {
                    self.found.push(told::wrong_count(method, call.args.len(), position));
                }
                for (at, argument) in call.args.iter().enumerate() {
                    self.found.extend(told::wrong_argument(method, at, argument));
                }
                return Kind::Unknown;
            }
        }
        // `helper(event)` may be written `event.helper()`.
        let all: Vec<Kind> = std::iter::once(of.clone()).chain(given.iter().cloned()).collect();
        let own = self.function(call.name.as_str(), all) || self.function(call.name.as_str(), given.clone());
        if !own {
            if matches!(of, Kind::Proposal) && !matches!(call.name.as_str(), "type_of" | "is_shared") {
                let spec = self.hook.spec();
                self.found.push(told::no_proposal_name(spec, call.name.as_str(), position, true));
            }
            given.iter().for_each(|kind| self.escapes(kind));
            self.escapes(of);
        }
        match (of, call.name.as_str()) {
            (Kind::Records(..), "filter" | "take" | "skip") => of.clone(),
            _ => Kind::Unknown,
        }
    }

    fn call(&mut self, call: &FnCallExpr, position: Position) -> Kind {
        let given: Vec<Kind> = call.args.iter().map(|argument| self.expr(argument)).collect();
        if matches!(call.name.as_str(), "==" | "!=" | "<" | ">" | "<=" | ">=") {
            self.compare(call, &given);
        }
        if call.op_token.is_some() {
            return Kind::Value(Type::of(Scalar::Any));
        }
        let count = given.len();
        if !self.function(call.name.as_str(), given.clone()) {
            given.iter().for_each(|kind| self.escapes(kind));
            if matches!(given.first(), Some(Kind::Proposal)) {
                // `create_order(proposal)` is a way to write `proposal.create_order()`.
                let spec = self.hook.spec();
                if let Some(method) = spec.method(call.name.as_str())
                    && method.parameters.len() + 1 != count
                {
                    self.found.push(told::wrong_count(method, count - 1, position));
                }
            }
        }
        Kind::Unknown
    }

    /// A part of the event that goes where it is not followed may be read there.
    pub(super) fn escapes(&mut self, kind: &Kind) {
        self.all |= matches!(kind, Kind::Event(_));
    }
}
