//! Rules for tests.

use std::sync::{Arc, LazyLock};

use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_runtime::worker::Rules;

/// Rules that never change.
#[derive(Debug)]
pub(crate) struct Fixed(Arc<Bundle>);

impl Rules for Fixed {
    fn in_force(&self) -> Option<Arc<Bundle>> {
        Some(Arc::clone(&self.0))
    }
}

/// A client and an order for whoever calls first, an order for who calls again, a task for whoever was not reached.
const CALLS: &str = r#"rules 1

table entities for calls
  | contact || create        | responsible                       |
  |---------||---------------|-----------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru" |
  | repeat  || order         | client.manager else "anna@romashka.ru" |

task for missed incoming calls
  title:  "Перезвонить {{ phone else "?" }}"
  assign: client.manager else "olga@romashka.ru"
  due:    2 hours after finished

task for failed outgoing calls
  title:  default
  assign: "anna@romashka.ru"
  due:    4 hours after finished

fields of client for calls
  uis_campaign from campaign, always

fields of order for calls
  uis_record from record_url, always
"#;

/// The rules above, loaded once.
pub(crate) fn calls() -> Fixed {
    static LOADED: LazyLock<Arc<Bundle>> = LazyLock::new(|| {
        let loaded = load(&BundleSource::single(CALLS), &LoadOptions::default());
        loaded.bundle.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
    });
    Fixed(Arc::clone(&LOADED))
}
