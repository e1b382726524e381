//! Rules over communications: check, evaluate, explain; no I/O.

pub mod bundle;
pub mod calendar;
pub mod catalog;
pub mod compare;
pub mod cover;
pub mod decide;
pub mod decimal;
pub mod event;
pub mod explain;
pub mod facts;
pub mod filters;
pub mod fixture;
pub mod json;
pub mod limits;
pub mod lists;
pub mod moment;
pub mod mutate;
pub mod note;
pub mod outside;
pub mod phone;
pub mod prove;
pub mod references;
pub mod sample;
pub mod schema;
pub mod script;
pub mod suggest;
pub mod text;
pub mod ty;
pub mod value;

mod check;
mod index;
mod lint;
mod program;
