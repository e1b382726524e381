//! The operator workplace in a frame of RetailCRM.
//!
//! | file | what it does |
//! | --- | --- |
//! | `routes` | addresses: the script, tickets, the page, what an open page asks for |
//! | `answer` | headers and refusals of all of them |
//! | `view` | conversations, clients and decisions as an operator reads them |
//!
//! Who may see what is decided in `crate::workplace`.

mod answer;
mod routes;
mod view;

pub(in crate::http) use routes::router;
