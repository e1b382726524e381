//! Orders.

mod fields;
mod list;
mod render;
mod totals;
mod upload;
mod write;

pub(super) use render::render;
pub(super) use totals::sum_up;
use write::create_in;

use super::route::Route;

/// All methods of orders.
pub(super) const ROUTES: &[&[Route]] = &[list::ROUTES, write::ROUTES, upload::ROUTES];
