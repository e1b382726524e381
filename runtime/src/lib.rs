//! The server between UIS and RetailCRM.
