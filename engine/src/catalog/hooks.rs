//! Hooks: the parts of a decision that a policy may change, and what it may do with each.
//!
//! The shape of the table; its rows are in `hook_rows`. Reading and writing proposals in scripts, checking scripts against
//! them, and the documentation all walk it.

pub use super::hook_rows::HOOKS;
use crate::program::Slots;
use crate::schema::Docs;
use crate::ty::Type;

/// A part of a decision that policies may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hook {
    /// What is created, and whose it is.
    Entities,
    /// Whose it is.
    Responsible,
    /// The store.
    Store,
    /// Fields of the client.
    ClientFields,
    /// Fields of the order.
    OrderFields,
    /// Each task.
    Task,
    /// The deal of an order.
    Deal,
    /// Whom a call is put through to.
    Forward,
}

/// A row of the list of hooks.
#[derive(Debug)]
pub struct HookSpec {
    /// Which.
    pub hook: Hook,
    /// The name in English rules: `entities`; the two of fields are words of the grammar.
    pub name: &'static str,
    /// The name in Russian rules.
    pub ru: &'static str,
    /// Other Russian forms that are understood.
    pub ru_forms: &'static [&'static str],
    /// The function of the script when the policy names none.
    pub function: &'static str,
    /// Name of the type of `proposal` in scripts.
    pub type_name: &'static str,
    /// The events that have such a part.
    pub slots: Slots,
    /// Whether `missed`, `failed`, `answered` may stand before the events.
    pub outcomes: bool,
    /// Whether values can be put under codes of the CRM's fields: `proposal["code"] = 5`.
    pub codes: bool,
    /// What `proposal` shows.
    pub properties: &'static [Property],
    /// What can be done with it.
    pub methods: &'static [Method],
    /// What it is about.
    pub doc: Docs,
}

/// A property of a proposal.
#[derive(Debug)]
pub struct Property {
    /// English name, that of scripts.
    pub name: &'static str,
    /// Russian name, for the trace.
    pub ru: &'static str,
    /// Its type.
    pub ty: Type,
    /// Whether a policy may write it.
    pub writable: bool,
    /// What it is.
    pub doc: Docs,
}

/// A method of a proposal.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// What it takes: name and type of each.
    pub parameters: &'static [(&'static str, Type)],
    /// What it does.
    pub act: Act,
    /// What it does, in words.
    pub doc: Docs,
}

/// What a method does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A client is created too.
    CreateClient,
    /// An order is created too.
    CreateOrder,
    /// Nothing is created.
    CreateNothing,
    /// The communication goes to an order that there is.
    AttachTo,
    /// The client's manager is responsible.
    KeepManager,
    /// A field of the CRM gets a value while its client or order is being created.
    SetField,
    /// A field of the CRM gets a value in any case.
    SetFieldAlways,
    /// A field of the CRM is not written.
    DropField,
    /// The task or the deal falls away.
    Skip,
    /// The call goes to an employee.
    ToEmployee,
    /// The call goes to a number.
    ToNumber,
    /// The scenario goes on by a branch.
    ToBranch,
    /// The call goes to the client's manager.
    ToManager,
    /// The call goes to nobody.
    ToNobody,
}

impl Hook {
    /// Every hook, in the order of [`HOOKS`].
    pub const ALL: [Hook; 8] = [
        Hook::Entities,
        Hook::Responsible,
        Hook::Store,
        Hook::ClientFields,
        Hook::OrderFields,
        Hook::Task,
        Hook::Deal,
        Hook::Forward,
    ];

    /// Its row.
    pub fn spec(self) -> &'static HookSpec {
        let [entities, responsible, store, client, order, task, deal, forward] = &HOOKS;
        match self {
            Hook::Entities => entities,
            Hook::Responsible => responsible,
            Hook::Store => store,
            Hook::ClientFields => client,
            Hook::OrderFields => order,
            Hook::Task => task,
            Hook::Deal => deal,
            Hook::Forward => forward,
        }
    }

    /// The hook of a name in either language; those of fields are words of the grammar and not found here.
    pub fn find(name: &str) -> Option<Hook> {
        let of = |spec: &&HookSpec| spec.name == name || spec.ru == name || spec.ru_forms.contains(&name);
        HOOKS.iter().find(of).map(|spec| spec.hook)
    }
}

impl HookSpec {
    /// The place of a property.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.properties.iter().position(|property| property.name == name)
    }

    /// A method.
    pub fn method(&self, name: &str) -> Option<&'static Method> {
        self.methods.iter().find(|method| method.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hook_has_its_row() {
        for (hook, spec) in Hook::ALL.into_iter().zip(&HOOKS) {
            assert_eq!((spec.hook, hook.spec().name), (hook, spec.name));
            assert_eq!(Hook::find(spec.ru), Some(hook));
        }
    }
}
