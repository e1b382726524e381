//! JSON as people write it by hand: nothing may be told twice, and every name and value has its place.

mod places;
mod strict;
mod wrong;

pub use places::{Form, Member, Node, places};
pub use strict::strict_json;
pub use wrong::json_error;
