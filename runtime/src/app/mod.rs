//! The server as a whole: started from its settings, kept up with them, stopped in good order.
//!
//! | file | what it does |
//! | --- | --- |
//! | `start` | starts and stops the server |
//! | `parts` | makes what works for one account |
//! | `set` | the accounts at work; goes over to others when the settings change |
//! | `wanting` | what the rules in force want of chats and requests |
//! | `outside` | the store and the way out, as the settings describe them |

mod outside;
mod parts;
mod set;
mod start;
mod wanting;

pub use outside::transport;
pub use start::{Addresses, Replace, Running, StartError, start};
