//! Random histories, on a store and on a model of it that is simple enough to be right.

mod history;
mod play;
mod state;
mod step;
mod worker;

use proptest::prelude::*;

use crate::rig::SqliteRig;
use step::Step;

/// How many histories are played; `PROPTEST_CASES` raises it.
const HISTORIES: u32 = 24;

fn histories() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { HISTORIES };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 400, ..usual }
}

proptest! {
    #![proptest_config(histories())]

    #[test]
    fn the_embedded_store_does_what_the_model_does(steps in proptest::collection::vec(Step::any(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(history::play(&SqliteRig::new(), &steps))?;
    }
}
