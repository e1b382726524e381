//! The kinds of event that rules are written for.
//!
//! A closed set with its names; which fields a kind has is the catalogue's business.

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// A telephone call.
    Call,
    /// A conversation in text: site chat or messenger.
    Chat,
    /// A request left on a site (UIS "offline message").
    Request,
    /// An order in RetailCRM that changed.
    Order,
}

/// Which way a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// The client called.
    Incoming,
    /// An employee called.
    Outgoing,
}

impl EventKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [EventKind; 4] = [EventKind::Call, EventKind::Chat, EventKind::Request, EventKind::Order];

    /// The name in event files: `call`.
    pub const fn as_str(self) -> &'static str {
        match self {
            EventKind::Call => "call",
            EventKind::Chat => "chat",
            EventKind::Request => "request",
            EventKind::Order => "order",
        }
    }

    /// The name in section headers: `calls`.
    pub const fn plural_en(self) -> &'static str {
        match self {
            EventKind::Call => "calls",
            EventKind::Chat => "chats",
            EventKind::Request => "requests",
            EventKind::Order => "orders",
        }
    }

    /// The name in Russian section headers, which follow `для`: `звонков`.
    pub const fn plural_ru(self) -> &'static str {
        match self {
            EventKind::Call => "звонков",
            EventKind::Chat => "чатов",
            EventKind::Request => "заявок",
            EventKind::Order => "заказов",
        }
    }

    /// Reads any of the names: `call`, `calls`, `звонок`, `звонки`, `звонков`…
    pub fn from_name(name: &str) -> Option<EventKind> {
        match name {
            "call" | "calls" | "звонок" | "звонки" | "звонков" => Some(EventKind::Call),
            "chat" | "chats" | "чат" | "чаты" | "чатов" => Some(EventKind::Chat),
            "request" | "requests" | "заявка" | "заявки" | "заявок" => {
                Some(EventKind::Request)
            }
            "order" | "orders" | "заказ" | "заказы" | "заказов" => Some(EventKind::Order),
            _ => None,
        }
    }

    /// Whether it is a communication with a client, as opposed to an order.
    pub const fn is_communication(self) -> bool {
        !matches!(self, EventKind::Order)
    }

    /// Place in per-kind arrays.
    pub(crate) const fn index(self) -> usize {
        match self {
            EventKind::Call => 0,
            EventKind::Chat => 1,
            EventKind::Request => 2,
            EventKind::Order => 3,
        }
    }
}

impl Direction {
    /// Both directions.
    pub const ALL: [Direction; 2] = [Direction::Incoming, Direction::Outgoing];

    /// The name in event files and rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            Direction::Incoming => "incoming",
            Direction::Outgoing => "outgoing",
        }
    }

    /// The name in Russian section headers, which follow `для`: `входящих`.
    pub const fn plural_ru(self) -> &'static str {
        match self {
            Direction::Incoming => "входящих",
            Direction::Outgoing => "исходящих",
        }
    }
}
