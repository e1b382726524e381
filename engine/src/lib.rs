//! Rules over communications: check, evaluate, explain; no I/O.
//!
//! Three steps: the bytes of a folder of rules become a [`Bundle`](bundle::Bundle), or a list of what is wrong with them
//! ([`bundle::load`]); JSON becomes an [`Event`](event::Event), and what is known of the client [`Facts`](facts::Facts);
//! the bundle [decides](bundle::Bundle::decide). Nothing is read from disks, clocks or the environment, so the caller
//! hands in the present moment, and the same arguments give the same bytes.
//!
//! Names of languages, diagnostics and their drawing come from `switchboard-grammar`. Scripts are always limited in
//! operations and sizes; to limit them in time and memory as well, set `timer` and `gauge` of
//! [`LoadOptions`](bundle::LoadOptions) to what `switchboard-guard` has for programs.
//!
//! ```
//! use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
//! use switchboard_engine::event::{Event, EventError};
//! use switchboard_engine::facts::Facts;
//! use switchboard_engine::moment::Moment;
//! use switchboard_grammar::lang::Lang;
//! use switchboard_grammar::render::Renderer;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut source = BundleSource::new();
//! source.add("main.rules", "rules 1\n\nfilter for calls\n  reject when phone in spam\n  else accept\n\nlist spam from \"spam.csv\"\n")?;
//! source.add("spam.csv", "+7 900 000-00-99\n")?;
//!
//! let loaded = load(&source, &LoadOptions::default());
//! for found in &loaded.diagnostics {
//!     eprintln!("{}", Renderer::new(Lang::En).human(&loaded.sources, found));
//! }
//! let bundle = loaded.bundle.ok_or("the rules have errors")?;
//!
//! let call = serde_json::json!({"kind": "call", "direction": "incoming", "phone": "+79000000099"});
//! let event = Event::from_json(&call).map_err(|errors| EventError::all(&errors).en)?;
//! let now: Moment = "2026-03-02T12:00:00+03:00".parse()?;
//! let decision = bundle.decide(&event, &Facts::none(), now);
//! assert!(!decision.accepted);
//! println!("{}", decision.to_json(Lang::En));
//! # Ok(())
//! # }
//! ```

pub mod bundle;
pub mod calendar;
pub mod catalog;
pub mod compare;
pub mod cover;
pub mod decide;
pub mod decimal;
pub mod event;
pub mod explain;
pub mod facts;
pub mod filters;
pub mod fixture;
pub mod json;
pub mod limits;
pub mod lists;
pub mod moment;
pub mod mutate;
pub mod note;
pub mod outside;
pub mod phone;
pub mod prove;
pub mod references;
pub mod sample;
pub mod schema;
pub mod script;
pub mod suggest;
pub mod text;
pub mod ty;
pub mod value;

mod check;
mod index;
mod lint;
mod program;
