//! Changes of customers.

use crate::retailcrm::history::history;
use crate::retailcrm::list::F;
use crate::retailcrm::route::{LIST, Route, get};

pub(super) const ROUTES: &[Route] =
    &[get("/api/v5/customers/history", "customer_read", LIST, |call| history(call, "customer", FILTERS))];

const FILTERS: &[(&str, F)] = &[
    ("sinceId", F::Int),
    ("customerId", F::Int),
    ("customerExternalId", F::Text),
    ("startDate", F::Moment),
    ("endDate", F::Moment),
];
