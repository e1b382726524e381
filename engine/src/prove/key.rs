//! Names for values and questions, by which equal ones are found.
//!
//! Two values with one name are the same for every event; what cannot be compared so gets a name of its own side.

use std::fmt::Write as _;

use super::scope::Scope;
use crate::lists::ValueList;
use crate::program::{Check, Expr, Part, Relation, Template, Test};
use crate::value::Value;

impl Scope<'_> {
    /// The name of a value.
    pub(crate) fn key(&self, expr: &Expr) -> String {
        let mut out = String::new();
        self.write(&mut out, expr);
        out
    }

    /// The name of a test.
    pub(crate) fn test_key(&self, test: &Test) -> String {
        let mut out = String::new();
        self.write_test(&mut out, test);
        out
    }

    fn write(&self, out: &mut String, expr: &Expr) {
        match expr {
            Expr::Const(value) => constant(out, value, false),
            Expr::Local(local) => {
                let _ = write!(out, "local {local}");
            }
            Expr::Field(key) => {
                let _ = write!(out, "field {} {:?}", key.id.index(), key.key);
            }
            Expr::Named(reference) => out.push_str(&self.symbol(*reference)),
            Expr::Call(call) => {
                let _ = write!(out, "call {} (", self.function(call.function));
                call.args.iter().for_each(|arg| self.item(out, arg));
                out.push(')');
            }
            Expr::Else(parts) => {
                out.push_str("else (");
                parts.iter().for_each(|part| self.item(out, part));
                out.push(')');
            }
            Expr::List(parts) => {
                out.push_str("list (");
                parts.iter().for_each(|part| self.item(out, part));
                out.push(')');
            }
            Expr::Template(template) => self.write_template(out, template),
        }
    }

    fn item(&self, out: &mut String, expr: &Expr) {
        self.write(out, expr);
        out.push('\u{1}');
    }

    fn write_template(&self, out: &mut String, template: &Template) {
        let _ = write!(out, "template {:?} (", template.lang);
        for part in &template.parts {
            match part {
                Part::Text(text) => {
                    let _ = write!(out, "{text:?}\u{1}");
                }
                Part::Hole { value, ty, filters } => {
                    self.write(out, value);
                    let _ = write!(out, " {ty:?} {filters:?}\u{1}");
                }
            }
        }
        out.push(')');
    }

    /// The name of a question.
    pub(crate) fn write_check(&self, out: &mut String, check: &Check) {
        let (word, parts): (&str, &[Check]) = match check {
            Check::Test(test) => {
                self.write_test(out, test);
                return;
            }
            Check::Not(inner) => ("not", std::slice::from_ref(inner)),
            Check::All(parts) => ("all", parts),
            Check::Any(parts) => ("any", parts),
        };
        out.push_str(word);
        out.push('(');
        for part in parts {
            self.write_check(out, part);
            out.push('\u{1}');
        }
        out.push(')');
    }

    fn write_test(&self, out: &mut String, test: &Test) {
        let with = |out: &mut String, word: &str, value: &Expr| {
            out.push_str(word);
            match value {
                // These compare folded texts, so two spellings are one question.
                Expr::Const(value) => constant(out, value, !word.starts_with("exactly")),
                other => self.write(out, other),
            }
        };
        match test {
            Test::Present => out.push_str("present"),
            Test::Is(value) => with(out, "is ", value),
            Test::Exactly(value) => with(out, "exactly ", value),
            Test::Among(value) => with(out, "among ", value),
            Test::Contains(value) => with(out, "contains ", value),
            Test::StartsWith(value) => with(out, "starts ", value),
            Test::EndsWith(value) => with(out, "ends ", value),
            Test::InSet(list) => {
                let _ = write!(out, "in list {}", digest(list));
            }
            Test::InSchedule(schedule) => out.push_str(&self.schedule(*schedule)),
            Test::Like(pattern) => {
                let _ = write!(out, "like {:?}", crate::value::pattern_steps(pattern.source()));
            }
            Test::Order(relation, value) => {
                let word = match relation {
                    Relation::Greater => "> ",
                    Relation::AtLeast => ">= ",
                    Relation::Less => "< ",
                    Relation::AtMost => "<= ",
                };
                with(out, word, value);
            }
        }
    }
}

/// A constant; folded where comparing folds.
fn constant(out: &mut String, value: &Value, folded: bool) {
    match value {
        Value::Text(text) if folded => {
            let _ = write!(out, "text {:?}", text.folded());
        }
        Value::Text(text) => {
            let _ = write!(out, "text {:?}", text.as_str());
        }
        Value::Number(number) => {
            let _ = write!(out, "number {}", number.normalize());
        }
        Value::List(values) => {
            out.push_str("values (");
            for value in values.iter() {
                constant(out, value, folded);
                out.push('\u{1}');
            }
            out.push(')');
        }
        other => {
            let _ = write!(out, "{other:?}");
        }
    }
}

/// A name for the values of a list.
fn digest(list: &ValueList) -> blake3::Hash {
    let mut entries: Vec<&str> = list.entries().iter().map(|entry| entry.text.as_str()).collect();
    entries.sort_unstable();
    entries.dedup();
    let mut hasher = blake3::Hasher::new();
    for entry in entries {
        hasher.update(entry.as_bytes()).update(b"\n");
    }
    hasher.finalize()
}
