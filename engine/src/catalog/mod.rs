//! The catalogue: the one room that knows calls, chats, requests, orders and RetailCRM.
//!
//! Rows only: fields and settings by kind of event, enums, the tables that the server reads, built-in titles.
//! [`schema()`] puts them together once.

mod calls;
mod chats;
mod common;
pub mod enums;
mod listing;
mod orders;
mod requests;
mod results;
mod row;
mod settings;
mod titles;

use std::sync::LazyLock;

pub use listing::{FieldRow, SettingRow, field_rows, setting_rows};
pub use results::{ENTITIES, ResultColumn, ResultTable, STORE, result_column, result_table};
pub use titles::{TITLE_MAX_CHARS, Title, default_title};

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
