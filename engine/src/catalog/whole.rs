//! The tables put together: one schema of everything, built when it is first asked for.

use std::sync::LazyLock;

use super::{calls, chats, common, orders, requests, settings};
use crate::schema::{EventKind, KindTables, Schema};

/// The schema of everything.
pub fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::build(TABLES));
    &SCHEMA
}

const TABLES: [KindTables; EventKind::ALL.len()] = [
    KindTables {
        kind: EventKind::Call,
        fields: &[&calls::FIELDS, &common::FIELDS],
        settings: &settings::CALLS,
    },
    KindTables {
        kind: EventKind::Chat,
        fields: &[&chats::FIELDS, &common::FIELDS],
        settings: &settings::CHATS,
    },
    KindTables {
        kind: EventKind::Request,
        fields: &[&requests::FIELDS, &common::FIELDS],
        settings: &settings::REQUESTS,
    },
    KindTables { kind: EventKind::Order, fields: &[&orders::FIELDS], settings: &settings::ORDERS },
];
