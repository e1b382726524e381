//! Shops that connect themselves: the simple connection from the marketplace of RetailCRM.
//!
//! Goes in: what RetailCRM asks and registers (reference, section 4.4). Comes out: an account in the settings that is served,
//! and its module registered; or why not, in words for the user. RetailCRM asks what the module needs, makes a key, and sends
//! it with the address of the shop and a proof. Doing it again changes nothing; a new key takes the place of the old one.
//!
//! | file | what it does |
//! | --- | --- |
//! | `proof` | whether RetailCRM sent it |
//! | `asked` | what was sent |
//! | `refusal` | why a shop was not connected |
//! | `connect` | connects a shop |
//!
//! Leaves to others: requests (`http`), the settings (`accounts`), the registration of the module (`module`).

mod asked;
mod connect;
mod proof;
mod refusal;

pub use asked::{CONFIG_PATH, REGISTER_PATH, configuration};
pub use connect::{Connected, Connecting, connect};
pub use refusal::Refusal;
