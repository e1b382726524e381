//! The form as data: what is ticked, chosen and filled in, nothing of how rules are written.
//!
//! Every value is in its normal form: texts without blanks around them, phones in E.164, enum values under their
//! English names, groups of conditions without needless brackets. `read` sees to that, so two forms that mean the
//! same by these rules are equal.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::condition::{Condition, Parameter};
use super::kind::Person;

/// The version of the JSON that is read and written.
pub(crate) const VERSION: u32 = 1;
/// The most hours until a task is due: a year.
pub(crate) const MAX_HOURS: u32 = 8_760;
/// The most entries of any list or object of the file.
pub(crate) const MAX_ENTRIES: usize = 1_000;
/// The longest text in characters; RetailCRM's fields of text hold no more.
pub(crate) const MAX_CHARS: usize = 255;
/// How deep conditions may be nested.
pub(crate) const MAX_DEPTH: usize = 16;

/// The whole form. A part that is absent is switched off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Settings {
    /// Calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) telephony: Option<Telephony>,
    /// Requests, forms left on a site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) requests: Option<Written>,
    /// Chats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) chats: Option<Written>,
    /// Orders into the reports of UIS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deals: Option<Deals>,
}

/// The part about calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Telephony {
    /// Which calls are passed; absent when all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<CallFilter>,
    /// The number that is shown at a click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) click_to_call: Option<ClickToCall>,
    /// What incoming calls create.
    pub(crate) incoming: Incoming,
    /// What outgoing calls create.
    pub(crate) outgoing: Entities,
    /// The tasks of calls that reached nobody.
    #[serde(skip_serializing_if = "CallTasks::is_empty")]
    pub(crate) tasks: CallTasks,
    /// Which store calls belong to.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) stores: NumberStores,
    /// Who is responsible beside what `incoming` and `outgoing` say.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) responsible: CallResponsible,
    /// Fields of client and order.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) fields: Fields,
}

/// The filter of calls; with neither condition everything passes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct CallFilter {
    /// Which incoming calls are passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) incoming: Option<Condition>,
    /// Which outgoing calls are passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outgoing: Option<Condition>,
}

/// The number that is shown when an employee calls by a click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ClickToCall {
    /// A virtual number.
    pub(crate) number: String,
    /// Also for employees who have a rule of their own.
    pub(crate) always_show: bool,
}

/// What incoming calls create, and where they go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Incoming {
    /// What is created.
    #[serde(flatten)]
    pub(crate) entities: Entities,
    /// Whether a call goes to the client's manager.
    pub(crate) forward_to_manager: bool,
}

/// What a first and a repeated communication create.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Entities {
    /// There is no such client yet.
    pub(crate) first: Created,
    /// There is one.
    pub(crate) repeat: Created,
}

/// What is created, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Created {
    /// Client before order; none for nothing.
    pub(crate) create: Vec<Entity>,
    /// Who is responsible: the first of these that there is, then by the filters, then the default.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) responsible: Vec<Person>,
}

/// Something that is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Entity {
    /// The client.
    Client,
    /// An order.
    Order,
}

/// The tasks of calls that reached nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct CallTasks {
    /// Of missed incoming calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) missed_incoming: Option<Task>,
    /// Of failed outgoing calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed_outgoing: Option<Task>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Task {
    /// The template of its title; the built-in one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// Who gets it: the first of these that there is, then by the filters, then the default.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) assignee: Vec<Person>,
    /// Due so many hours after the end, 1 to [`MAX_HOURS`].
    pub(crate) hours: u32,
}

/// Stores by virtual number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct NumberStores {
    /// The store of all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    /// Number and store.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) by_virtual_number: BTreeMap<String, String>,
}

/// Stores by site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct SiteStores {
    /// The store of all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    /// Domain and store.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) by_site: BTreeMap<String, String>,
}

/// Who is responsible for calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct CallResponsible {
    /// Incoming ones.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) incoming: Responsible,
    /// Outgoing ones; the form has no filters here.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) outgoing: Responsible,
}

/// Who is responsible when nobody else is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Responsible {
    /// An employee for particular sites, campaigns and so on; the first that fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) filters: Vec<ResponsibleFilter>,
    /// The employee for all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
}

/// An employee for particular communications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ResponsibleFilter {
    /// All of these hold; each by one of its values. Never empty.
    pub(crate) when: BTreeMap<Parameter, Vec<String>>,
    /// The employee.
    pub(crate) employee: String,
}

/// Fields of client and order that are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Fields {
    /// Of the client.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) client: Vec<Field>,
    /// Of the order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) order: Vec<Field>,
}

/// A field that is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Field {
    /// Its code in RetailCRM.
    pub(crate) field: String,
    /// What is written, by the English name of a field of communications.
    pub(crate) from: String,
    /// Also when client or order are there already.
    pub(crate) always: bool,
}

/// The part about requests, or the one about chats.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Written {
    /// Which are passed; absent when all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filter: Option<WrittenFilter>,
    /// What is created.
    #[serde(flatten)]
    pub(crate) entities: Entities,
    /// What only chats have; `None` for requests.
    #[serde(flatten)]
    pub(crate) chat: Option<Chat>,
    /// Which store they belong to.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) stores: SiteStores,
    /// Who is responsible beside what `first` and `repeat` say.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) responsible: Responsible,
    /// Fields of client and order.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) fields: Fields,
}

/// A filter that is switched on; without a condition everything passes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct WrittenFilter(pub(crate) Option<Condition>);

/// What only chats have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Chat {
    /// The stage at which client and order are created.
    pub(crate) create_at: String,
    /// Whether chats without a phone and an e-mail are passed.
    pub(crate) without_contacts: bool,
    /// The task of a missed chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) missed_task: Option<Task>,
}

/// The part about orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Deals {
    /// Codes of custom fields of orders that go along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<String>,
    /// One funnel, or one for each store.
    pub(crate) funnel: Funnel,
    /// Whether the sum holds delivery.
    pub(crate) with_delivery: bool,
}

/// Which funnel deals go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Funnel {
    /// One for all.
    Single,
    /// One for each store.
    PerStore,
}

impl Settings {
    /// As JSON, the version first, with a line break at the end.
    pub(crate) fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct File<'s> {
            version: u32,
            #[serde(flatten)]
            settings: &'s Settings,
        }
        let file = File { version: VERSION, settings: self };
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl CallTasks {
    const fn is_empty(&self) -> bool {
        self.missed_incoming.is_none() && self.failed_outgoing.is_none()
    }
}

impl Default for Chat {
    fn default() -> Self {
        Self { create_at: "contact_left".to_owned(), without_contacts: false, missed_task: None }
    }
}

impl Serialize for WrittenFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(condition) => condition.serialize(serializer),
            None => serializer.collect_map(std::iter::empty::<(&str, &str)>()),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
