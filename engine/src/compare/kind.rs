//! The parts of a decision that can differ: one table with their stable names and their words.

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Whether the filter lets the event through.
    Accepted,
    /// Whether the event waits for a person, because a script failed.
    Park,
    /// Whether a client is created.
    Client,
    /// Whether an order is created.
    Order,
    /// The order that the communication goes to instead of a new one.
    AttachTo,
    /// Whose it is.
    Responsible,
    /// The store.
    Store,
    /// Whether a task is set.
    Task,
    /// The title of a task.
    TaskTitle,
    /// Whose task it is.
    TaskAssign,
    /// When a task is due.
    TaskDue,
    /// The long text of a task.
    TaskNote,
    /// Whether a task closes itself once the contact has been reached.
    TaskCancel,
    /// A field of the client.
    ClientField,
    /// A field of the order.
    OrderField,
    /// Whom the call is put through to.
    ForwardTo,
    /// Whether the order becomes a deal.
    Deal,
    /// The funnel of a deal.
    DealFunnel,
    /// The store whose funnel a deal goes to.
    DealStore,
    /// The sum of a deal.
    DealAmount,
    /// How a deal ended.
    DealOutcome,
    /// A field that a deal takes along.
    DealField,
}

/// Which values a part has, and so how far its changes are told apart when they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// Yes or no; the words of both, in English and Russian.
    YesNo { yes: (&'static str, &'static str), no: (&'static str, &'static str) },
    /// Few values, such as employees: each pair of them is counted by itself.
    Few { none: (&'static str, &'static str) },
    /// Any text: only that it differs is counted.
    Any,
    /// A moment: whether it is sooner or later is counted.
    Moment,
}

/// What stands in the table about a kind.
pub(super) struct Spec {
    pub(super) kind: Kind,
    /// The stable name.
    pub(super) key: &'static str,
    /// What people call it, in English and Russian; `{}` is where the name of the task or the field stands.
    pub(super) words: (&'static str, &'static str),
    pub(super) domain: Domain,
}

const NOBODY: Domain = Domain::Few { none: ("nobody", "никто") };
const NONE: Domain = Domain::Few { none: ("none", "нет") };

const fn yes_no(yes: (&'static str, &'static str), no: (&'static str, &'static str)) -> Domain {
    Domain::YesNo { yes, no }
}

const fn spec(kind: Kind, key: &'static str, en: &'static str, ru: &'static str, domain: Domain) -> Spec {
    Spec { kind, key, words: (en, ru), domain }
}

const CREATED: Domain = yes_no(("created", "создаётся"), ("not created", "не создаётся"));

pub(super) static SPECS: [Spec; 22] = [
    spec(
        Kind::Accepted,
        "accepted",
        "filter",
        "фильтр",
        yes_no(("lets through", "пропускает"), ("turns away", "отклоняет")),
    ),
    spec(Kind::Park, "park", "waits for a person", "ждёт человека", yes_no(("yes", "да"), ("no", "нет"))),
    spec(Kind::Client, "client", "client", "клиент", CREATED),
    spec(Kind::Order, "order", "order", "заказ", CREATED),
    spec(Kind::AttachTo, "attach_to", "goes to the order", "попадает в заказ", Domain::Any),
    spec(Kind::Responsible, "responsible", "responsible", "ответственный", NOBODY),
    spec(Kind::Store, "store", "store", "магазин", NONE),
    spec(
        Kind::Task,
        "task",
        "task `{}`",
        "задача `{}`",
        yes_no(("set", "ставится"), ("not set", "не ставится")),
    ),
    spec(Kind::TaskTitle, "task.title", "title of the task `{}`", "заголовок задачи `{}`", Domain::Any),
    spec(Kind::TaskAssign, "task.assign", "assignee of the task `{}`", "ответственный задачи `{}`", NOBODY),
    spec(Kind::TaskDue, "task.due", "due date of the task `{}`", "срок задачи `{}`", Domain::Moment),
    spec(Kind::TaskNote, "task.note", "note of the task `{}`", "заметка задачи `{}`", Domain::Any),
    spec(
        Kind::TaskCancel,
        "task.cancel",
        "task `{}` closes itself once the client is reached",
        "задача `{}` закрывается сама, когда с клиентом поговорили",
        yes_no(("yes", "да"), ("no", "нет")),
    ),
    spec(Kind::ClientField, "client.field", "client's field `{}`", "поле клиента `{}`", Domain::Any),
    spec(Kind::OrderField, "order.field", "order's field `{}`", "поле заказа `{}`", Domain::Any),
    spec(
        Kind::ForwardTo,
        "forward_to",
        "the call is put through to",
        "звонок переводится",
        Domain::Few { none: ("nobody", "никому") },
    ),
    spec(
        Kind::Deal,
        "deal",
        "deal",
        "сделка",
        yes_no(("passed on", "передаётся"), ("not passed on", "не передаётся")),
    ),
    spec(Kind::DealFunnel, "deal.funnel", "funnel of the deal", "воронка сделки", NONE),
    spec(Kind::DealStore, "deal.store", "store of the deal", "магазин сделки", NONE),
    spec(Kind::DealAmount, "deal.amount", "sum of the deal", "сумма сделки", Domain::Any),
    spec(Kind::DealOutcome, "deal.outcome", "stage of the deal", "состояние сделки", NONE),
    spec(Kind::DealField, "deal.field", "deal's field `{}`", "поле сделки `{}`", Domain::Any),
];

/// Where the table has nothing; a test holds that this never stands for a kind.
static LAST: Spec = spec(Kind::DealField, "", "", "", Domain::Any);

impl Kind {
    /// All kinds, in the order in which changes are told.
    pub fn all() -> impl Iterator<Item = Kind> {
        SPECS.iter().map(|spec| spec.kind)
    }

    /// The stable name: `task.title`.
    pub fn key(self) -> &'static str {
        self.spec().key
    }

    /// The kind of a stable name.
    pub fn of_key(key: &str) -> Option<Kind> {
        SPECS.iter().find(|spec| spec.key == key).map(|spec| spec.kind)
    }

    /// Whether its part has a name of its own: of a task, of a field.
    pub fn is_named(self) -> bool {
        self.spec().words.0.contains("{}")
    }

    pub(super) fn spec(self) -> &'static Spec {
        SPECS.get(self as usize).unwrap_or(&LAST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_kinds() {
        for spec in &SPECS {
            assert_eq!(spec.kind.spec().key, spec.key);
            assert_eq!(Kind::of_key(spec.key), Some(spec.kind));
            assert_eq!(spec.words.0.contains("{}"), spec.words.1.contains("{}"), "{}", spec.key);
        }
    }
}
