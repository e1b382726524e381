//! Rules in an editor: a language server over any transport.
//!
//! Speaks the Language Server Protocol 3.17 over messages that the caller brings (`rules lsp` takes standard input and
//! output, tests take a channel). Knows grammar and engine and nothing of the server that decides; reads the files of the
//! bundles that the editor opens, and writes none but the snapshot of a test that somebody accepts.
//!
//! The way of a change: `document` puts it into the text and reads the sections around it; requests are answered from the
//! sections (`names`) and from what the last check said. `check` loads the whole bundle on a thread of its own, a little
//! after the last change, and `trials` runs its tests on another; `state` knows what is open and what is to be checked, and
//! puts together what is found in each file.

mod block;
mod bundle;
mod capabilities;
mod check;
mod coverage;
mod diagnostics;
mod disk;
mod dispatch;
mod document;
mod feature;
mod find;
mod hits;
mod lines;
mod names;
mod paint;
mod place;
mod preview;
mod script;
mod sections;
mod server;
mod settings;
mod state;
mod test_names;
mod trials;
mod waiting;

pub use lsp_server::Connection;
pub use server::{ServeError, serve};
