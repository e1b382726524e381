//! Checked rules: what `check` makes and `decide` walks.
//!
//! Names have become numbers, literals values, lists sets. For each slot there is a plan with only what concerns
//! its events. A program is never changed and holds nothing of the parser; it is `Send` and `Sync`.

mod expr;
mod functions;
mod notes;
mod outside;
mod plan;
pub(crate) mod point;
mod policy;
mod reads;
mod section;
mod slot;
mod table;

pub(crate) use expr::{Call, Check, Cond, Expr, Part, Relation, Template, Test};
pub(crate) use functions::{Function, Functions};
pub(crate) use notes::Notes;
pub(crate) use outside::called_outside_the_filter;
pub use plan::TaskInfo;
pub(crate) use plan::{
    Due, FieldRule, Filter, FilterLine, ForwardColumns, Guard, KnownSettings, LocalId, Note, Plan, Program,
    RefId, ScheduleId, Spans, Target, TaskRule, Title, Transfer,
};
pub use policy::Need;
pub(crate) use policy::{PolicyRule, Reads, together};
pub(crate) use reads::reads;
pub(crate) use section::{Place, SectionInfo};
pub use slot::{Slot, Slots};
pub(crate) use table::{Hit, Input, Row, Table};
