//! Customers.

mod combine;
mod fields;
mod history;
mod list;
mod notes;
mod render;
mod upload;
mod write;

use fields::CUSTOMER;
pub(super) use render::{brief, custom_fields, money, render_many};
use write::create_in;

use super::route::Route;

/// All methods of customers.
pub(super) const ROUTES: &[&[Route]] =
    &[list::ROUTES, write::ROUTES, combine::ROUTES, upload::ROUTES, notes::ROUTES, history::ROUTES];
