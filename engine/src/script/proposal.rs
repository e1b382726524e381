//! `proposal`: the part of a decision that a policy looks at and changes.
//!
//! Plain values in the order of the hook's properties, fields of the CRM by code beside them. What a script may read,
//! write and call stands in [`crate::catalog::HOOKS`]; everything else is refused in words.

use rhai::Dynamic;
use smol_str::SmolStr;
use switchboard_grammar::diagnostic::Text;

use super::convert::{from_dynamic, to_dynamic};
use super::refusal::unknown;
use crate::catalog::{Act, Hook, Method};
use crate::decide::FieldWrite;
use crate::ty::{Scalar, Type};
use crate::value::Value;

/// Fields that a proposal may hold.
pub(crate) const MAX_CODES: usize = 200;
/// Characters of the code of a field.
const MAX_CODE_CHARS: usize = 255;

/// What the tables decided of one part, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Proposal {
    pub(crate) hook: Hook,
    /// By the place of their property.
    pub(crate) values: Vec<Value>,
    /// Fields by code, in their order.
    pub(crate) codes: Vec<FieldWrite>,
    /// The client's manager, for those methods that name him.
    pub(crate) manager: Value,
}

const ANY: Type = Type::of(Scalar::Any).optional();

impl Proposal {
    /// A proposal of a hook; values in the order of its properties.
    pub(crate) const fn new(hook: Hook, values: Vec<Value>, manager: Value) -> Proposal {
        Proposal { hook, values, codes: Vec::new(), manager }
    }

    /// The value of a property by name; missing for one that there is not.
    pub(crate) fn value(&self, name: &str) -> &Value {
        let place = self.hook.spec().place(name);
        place.and_then(|place| self.values.get(place)).unwrap_or(&crate::value::MISSING)
    }

    pub(crate) fn put(&mut self, name: &str, value: Value) {
        if let Some(kept) = self.hook.spec().place(name).and_then(|place| self.values.get_mut(place)) {
            *kept = value;
        }
    }

    /// What a script reads under a name.
    pub(super) fn read(&self, name: &str) -> Result<Dynamic, Text> {
        let spec = self.hook.spec();
        if let Some(place) = spec.place(name) {
            return Ok(self.values.get(place).map_or(Dynamic::UNIT, to_dynamic));
        }
        if spec.codes {
            let found = self.codes.iter().find(|field| field.code == name);
            return Ok(found.map_or(Dynamic::UNIT, |field| to_dynamic(&field.value)));
        }
        Err(self.unknown(name))
    }

    /// What a script writes under a name.
    pub(super) fn write(&mut self, name: &str, given: &Dynamic) -> Result<(), Text> {
        let spec = self.hook.spec();
        let Some(property) = spec.properties.iter().find(|property| property.name == name) else {
            return if spec.codes { self.set(name, given, false) } else { Err(self.unknown(name)) };
        };
        if !property.writable {
            return Err(Text::new(
                format!("`{name}` of a proposal is only there to be read"),
                format!("`{name}` в предложении можно только читать"),
            ));
        }
        let value = from_dynamic(given, property.ty).ok_or_else(|| takes(name, property.ty, given))?;
        let creates = name == "creates_order" && value == Value::Bool(true);
        self.put(name, value);
        if creates {
            self.put("attached_to", Value::Missing);
        }
        Ok(())
    }

    /// What a script does by a method.
    pub(super) fn act(&mut self, method: &'static Method, given: &[Dynamic]) -> Result<(), Text> {
        let mut taken = Vec::with_capacity(given.len());
        for ((name, ty), given) in method.parameters.iter().zip(given) {
            let value = from_dynamic(given, *ty).or_else(|| list(given).filter(|_| *ty == ANY));
            taken.push(value.ok_or_else(|| takes(&format!("{}({name})", method.name), *ty, given))?);
        }
        let mut taken = taken.into_iter();
        let mut next = || taken.next().unwrap_or_default();
        match method.act {
            Act::CreateClient => self.put("creates_client", Value::Bool(true)),
            Act::CreateOrder => {
                self.put("creates_order", Value::Bool(true));
                self.put("attached_to", Value::Missing);
            }
            Act::CreateNothing => {
                self.put("creates_client", Value::Bool(false));
                self.put("creates_order", Value::Bool(false));
                self.put("attached_to", Value::Missing);
            }
            Act::AttachTo => {
                self.put("attached_to", next());
                self.put("creates_order", Value::Bool(false));
            }
            Act::KeepManager => {
                if !self.manager.is_missing() {
                    self.put("responsible", self.manager.clone());
                }
            }
            Act::SetField | Act::SetFieldAlways => {
                let code = next();
                let value = given.get(1).cloned().unwrap_or(Dynamic::UNIT);
                self.set(code.as_str().unwrap_or_default(), &value, method.act == Act::SetFieldAlways)?;
            }
            Act::DropField => {
                let code = next();
                self.codes.retain(|field| Some(field.code.as_str()) != code.as_str());
            }
            Act::Skip => self.put("skipped", Value::Bool(true)),
            Act::ToEmployee => self.forward("employee", next()),
            Act::ToNumber => self.forward("number", next()),
            Act::ToBranch => self.forward("branch", next()),
            Act::ToManager => self.forward("employee", self.manager.clone()),
            Act::ToNobody => self.forward("employee", Value::Missing),
        }
        Ok(())
    }

    fn forward(&mut self, to: &str, value: Value) {
        self.values.fill(Value::Missing);
        self.put(to, value);
    }

    fn set(&mut self, code: &str, given: &Dynamic, always: bool) -> Result<(), Text> {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if code.is_empty() || code.chars().count() > MAX_CODE_CHARS || !code.chars().all(fits) {
            return Err(Text::new(
                format!("`{code}` is no code of a field"),
                format!("`{code}` не похоже на код поля"),
            ));
        }
        let value = match from_dynamic(given, ANY) {
            Some(value) => value,
            None => list(given).ok_or_else(|| takes(code, ANY, given))?,
        };
        let many = self.codes.len();
        match self.codes.iter_mut().find(|field| field.code == code) {
            Some(field) => {
                field.value = value;
                field.always |= always;
            }
            None if many >= MAX_CODES => {
                return Err(Text::new(
                    format!("a proposal holds at most {MAX_CODES} fields"),
                    format!("в предложении не больше {MAX_CODES} полей"),
                ));
            }
            None => self.codes.push(FieldWrite { code: SmolStr::new(code), value, always }),
        }
        Ok(())
    }

    fn unknown(&self, name: &str) -> Text {
        let spec = self.hook.spec();
        let known = spec.properties.iter().map(|property| property.name);
        unknown(name, "this proposal", "этого предложения", known)
    }
}

/// A field may take several values.
fn list(given: &Dynamic) -> Option<Value> {
    from_dynamic(given, Type::list_of(Scalar::Text).optional())
}

fn takes(name: &str, ty: Type, given: &Dynamic) -> Text {
    let found = super::views::kind(given);
    Text::new(
        format!("`{name}` takes {}, and this is {}", ty.to_en(), found.en),
        format!("`{name}` принимает: {}; а здесь {}", ty.to_ru(), found.ru),
    )
}
