//! What a `.rhai` file offers, declared.

use super::events::Events;
use super::fields::FieldsTarget;
use super::file::Line;
use super::name::{Name, Path, Word};
use super::template::TextLiteral;
use crate::span::Span;

/// `script "x.rhai"` and its declarations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The keyword.
    pub word: Word,
    /// The file of the bundle; `None` only where the header is broken.
    pub path: Option<TextLiteral>,
    /// What it offers.
    pub lines: Vec<Line<ScriptLine>>,
}

/// One declaration; the first field of each is the line's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptLine {
    /// `function f(a: text?, b: text) gives text`.
    Function {
        /// The word `function`.
        word: Word,
        /// Its name.
        name: Name,
        /// What it is given.
        parameters: Vec<Parameter>,
        /// The word `gives`.
        gives_word: Word,
        /// What it gives.
        gives: TypeRef,
    },
    /// `policy entities for incoming calls needs crm.open_orders`.
    Policy {
        /// The word `policy`.
        word: Word,
        /// Which hook.
        hook: Hook,
        /// For which events.
        events: Events,
        /// The word `by` and the function of the script, when it has not the hook's name.
        by: Option<(Word, Name)>,
        /// The word `needs`, when there is one.
        needs_word: Option<Word>,
        /// The facts that it needs.
        needs: Vec<Need>,
    },
    /// `on failure: use tables`.
    OnFailure {
        /// The words `on failure`.
        word: Word,
        /// What happens to the event.
        mode: FailureMode,
        /// Its word.
        mode_word: Word,
    },
}

/// Which part of a decision a policy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// By its name: `entities`.
    Named(Name),
    /// `fields of client`, `fields of order`.
    Fields {
        /// The words `fields of`.
        word: Word,
        /// Whose.
        target: FieldsTarget,
        /// Its word.
        target_word: Word,
    },
}

/// A fact that a policy needs: `crm.last_orders(5)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// All of it.
    pub span: Span,
    /// Which fact.
    pub fact: Path,
    /// How many, where it is a list: the number as written.
    pub count: Option<Name>,
}

impl Hook {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Hook::Named(name) => name.span,
            Hook::Fields { word, target_word, .. } => word.span.cover(target_word.span),
        }
    }
}

/// What happens to an event whose script failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureMode {
    /// The tables' decision stands.
    UseTables,
    /// It waits for a person.
    Park,
}

/// `source: text?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Name and type.
    pub span: Span,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeRef,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// The whole of it.
    pub span: Span,
    /// `list of` in front.
    pub list: Option<Word>,
    /// The type, of the elements if it is a list.
    pub kind: TypeKind,
    /// `?` after: may be missing.
    pub optional: bool,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// `text`.
    Text(Word),
    /// `number`.
    Number(Word),
    /// `yes/no`.
    YesNo(Word),
    /// `phone`.
    Phone(Word),
    /// `duration`.
    Duration(Word),
    /// `moment`.
    Moment(Word),
    /// `date`.
    Date(Word),
    /// `time`.
    Time(Word),
    /// A type of the schema: `employee`, `store`.
    Named(Name),
}
