//! One call decided by rules in a string: what an embedder writes first.

use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::event::{Event, EventError};
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

const RULES: &str = r#"rules 1

table entities for incoming calls
  | contact || create        | responsible                         |
  |---------||---------------|-------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru" |
  | else    || nothing       | -                                   |
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let loaded = load(&BundleSource::single(RULES), &LoadOptions::default());
    let bundle = loaded.bundle.ok_or("the rules have errors: see `loaded.diagnostics`")?;
    let call = serde_json::json!({"kind": "call", "direction": "incoming", "contact": "first"});
    let event = Event::from_json(&call).map_err(|errors| EventError::all(&errors).en)?;
    let now: Moment = "2026-03-02T12:00:00+03:00".parse()?;
    let decision = bundle.decide(&event, &Facts::none(), now);
    serde_json::to_writer_pretty(std::io::stdout(), &decision.to_json(Lang::En))?;
    Ok(())
}
