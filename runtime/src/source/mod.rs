//! Where events come from. One module a source; each turns what it is sent into the store's terms.

pub mod retailcrm;
pub mod uis;
