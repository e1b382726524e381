//! What a bundle says about one event.
//!
//! A [`Decision`] is plain data: what to create, whose it is, which tasks and fields, and the [`Trace`] that
//! says which row or line gave each part. Its JSON form is in `json`; doing what it says is the runtime's work.

use smol_str::SmolStr;

use super::Trace;
use crate::decimal::Decimal;
use crate::moment::Moment;
use crate::value::Value;

/// The answer for one event. Same event, facts, time and bundle: same decision, byte for byte.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Whether the filter lets the event through. When not, everything but the trace is empty.
    pub accepted: bool,
    /// What to create, the client before the order, none twice.
    pub create: Vec<Entity>,
    /// Whose the created things are: an employee's e-mail.
    pub responsible: Option<SmolStr>,
    /// The store that they belong to, by its code.
    pub store: Option<SmolStr>,
    /// The number of the order that the communication goes to instead of a new one: only policies say so.
    pub attach_to: Option<SmolStr>,
    /// Tasks to set, in the order of the file.
    pub tasks: Vec<Task>,
    /// Fields to write.
    pub fields: Fields,
    /// The employee to whom the call should be put through at once.
    pub forward_to: Option<SmolStr>,
    /// The deal that UIS should know of; only for orders.
    pub deal: Option<Deal>,
    /// Whether the event should wait for a person: a script failed, and the bundle says `on failure: park`.
    /// Everything else stands as the tables say.
    pub park: bool,
    /// Which rows and lines said so.
    pub trace: Trace,
}

/// What can be created in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// A client.
    Client,
    /// An order.
    Order,
}

/// One task to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// A name that stays the same between runs and edits elsewhere in the bundle: the section's header in
    /// English, and its number among sections with an equal header. Effects are keyed by it.
    pub name: SmolStr,
    /// The title: one line, without control characters, at most [`Task::MAX_TITLE_CHARS`] long.
    pub title: String,
    /// The long text.
    pub note: Option<String>,
    /// Whose task it is: an employee's e-mail.
    pub assign: Option<SmolStr>,
    /// When it is due, at the offset of the moment it is counted from.
    pub due: Option<Moment>,
    /// Whether it may be closed unseen once the contact has been reached.
    pub cancel_when_reached: bool,
    /// Whether the title did not fit and was cut.
    pub title_cut: bool,
}

/// Fields to write, by entity, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// Fields of the client.
    pub client: Vec<FieldWrite>,
    /// Fields of the order.
    pub order: Vec<FieldWrite>,
}

/// One field of the CRM and what to write there.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldWrite {
    /// The field's code in the CRM.
    pub code: SmolStr,
    /// What to write. Missing when nothing is known: then nothing is written, and the JSON form leaves it out.
    pub value: Value,
    /// Whether to write it to an existing client or order too, not only while one is being created.
    pub always: bool,
}

/// An order as UIS reports should show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Deal {
    /// Which funnel it goes to.
    pub funnel: Funnel,
    /// The sum, as the bundle counts it.
    pub amount: Option<Decimal>,
    /// How it ended, if it did.
    pub outcome: Outcome,
    /// Custom fields of the order to pass on, by code; those that are missing are left out.
    pub pass: Vec<(SmolStr, Value)>,
}

/// The funnel of a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Funnel {
    /// The one funnel for all.
    Default,
    /// The funnel of the order's store; None when the order names none.
    Store(Option<SmolStr>),
}

/// How a deal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It has not.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

impl Decision {
    /// A decision that does nothing.
    pub(crate) fn nothing(accepted: bool, trace: Trace) -> Decision {
        Decision {
            accepted,
            create: Vec::new(),
            responsible: None,
            store: None,
            attach_to: None,
            tasks: Vec::new(),
            fields: Fields::default(),
            forward_to: None,
            deal: None,
            park: false,
            trace,
        }
    }

    /// Whether something is created, or the communication goes to an order that there is.
    pub fn does_something(&self) -> bool {
        !self.create.is_empty() || self.attach_to.is_some()
    }

    /// Whether an entity is to be created.
    pub fn creates(&self, entity: Entity) -> bool {
        self.create.contains(&entity)
    }
}

impl Entity {
    /// Both, in the order in which they are created.
    pub const ALL: [Entity; 2] = [Entity::Client, Entity::Order];

    /// The name in decisions: `client`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Entity::Client => "client",
            Entity::Order => "order",
        }
    }
}

impl Task {
    /// The longest title that RetailCRM keeps whole; longer ones are cut.
    pub const MAX_TITLE_CHARS: usize = crate::catalog::TITLE_MAX_CHARS;
}

impl Fields {
    /// The fields of one entity.
    pub fn of(&self, entity: Entity) -> &[FieldWrite] {
        match entity {
            Entity::Client => &self.client,
            Entity::Order => &self.order,
        }
    }
}

impl Outcome {
    /// The name in decisions: `open`, `won`, `lost`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::Open => "open",
            Outcome::Won => "won",
            Outcome::Lost => "lost",
        }
    }
}
