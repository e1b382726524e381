//! Data API v2.0, one file a resource.

mod account;
mod calls;
mod contacts;
mod deal_parties;
mod deals;
mod dictionaries;
mod employees;
mod funnels;
mod numbers;
mod office;
mod tags;
mod texts;

use super::method::Method;

pub(super) use deals::is_unlucky;

/// All methods.
pub(super) const METHODS: &[&[Method]] = &[
    account::METHODS,
    employees::METHODS,
    numbers::METHODS,
    dictionaries::METHODS,
    calls::METHODS,
    texts::METHODS,
    office::METHODS,
    tags::METHODS,
    contacts::METHODS,
    funnels::METHODS,
    deal_parties::METHODS,
    deals::METHODS,
];
