//! The catalogue: the one room that knows calls, chats, requests, orders and RetailCRM.
//!
//! Rows only: fields and settings by kind of event, enums, the tables that the server reads, built-in titles.
//! [`schema()`] puts them together once.

mod calls;
mod chats;
mod common;
pub mod enums;
mod facts;
mod hook_rows;
mod hooks;
mod listing;
mod orders;
mod requests;
mod results;
mod row;
mod settings;
mod titles;
mod whole;

pub use facts::{FACTS, Fact, FactSpec, RecordSpec, Shape};
pub use hooks::{Act, HOOKS, Hook, HookSpec, Method, Property};
pub use listing::{FieldRow, SettingRow, field_rows, setting_rows};
pub use results::{
    CLICK_TO_CALL, ENTITIES, FORWARD, ResultColumn, ResultTable, STORE, result_column, result_table,
};
pub use titles::{TITLE_MAX_CHARS, Title, default_title};
pub use whole::schema;
