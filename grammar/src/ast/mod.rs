//! The tree: a file as it is written.
//!
//! Plain data with its own spans; no lifetime of the text, no type of the parser. What the author wrote is kept as
//! far as the formatter needs it (comments, inflected words, brackets, spellings of literals); what it means is
//! decided one floor up. Two trees that say the same are told by [`same_tree`].

mod comment;
mod condition;
mod events;
mod fields;
mod file;
mod filter;
mod list;
mod literal;
mod name;
mod outline;
mod schedule;
mod script;
mod settings;
mod table;
mod task;
mod template;
mod transfer;
mod value;
mod visit;

pub use self::comment::{Comment, CommentKind, Suppression};
pub use self::condition::{Condition, ConditionKind, Item, Operand, Operation, Operator, Test};
pub use self::events::{EventKind, EventTarget, Events, Outcome};
pub use self::fields::{FieldLine, FieldsSection, FieldsTarget};
pub use self::file::{File, Header, Include, Line, Section, SectionKind};
pub use self::filter::{Filter, FilterLine, Guard, Verdict};
pub use self::list::{List, ListFile};
pub use self::literal::{
    Clock, Date, Duration, DurationPart, Literal, LiteralKind, Moment, Number, Phone, Unit, YesNo,
};
pub use self::name::{Name, Path, Word};
pub use self::outline::{outline, same_tree};
pub use self::schedule::{Day, Days, Hours, Interval, Schedule, ScheduleLine};
pub use self::script::{FailureMode, Hook, Need, Parameter, Script, ScriptLine, TypeKind, TypeRef};
pub use self::settings::{Setting, Settings};
pub use self::table::{
    Alternative, Cell, CellKind, CellTest, Column, Head, HitPolicy, ResultCell, Row, Table,
};
pub use self::task::{Due, DueAmount, DueKind, Note, Task, TaskLine};
pub use self::template::{Hole, Part, TemplateFilter, TextLiteral};
pub use self::transfer::{Transfer, TransferLine};
pub use self::value::{Call, Value, ValueKind};
pub use self::visit::{Visitor, walk_condition, walk_file, walk_section, walk_text, walk_value};
