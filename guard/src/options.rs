//! How bundles are loaded where nobody says otherwise.

use std::sync::Arc;

use switchboard_engine::bundle::LoadOptions;

use crate::memory::Memory;
use crate::time::Budget;

/// How a program loads bundles that has no settings of its own: the usual limits of scripts, held in time and memory.
pub fn load_options() -> LoadOptions {
    let mut options = LoadOptions::default();
    options.timer = Some(Arc::new(Budget::DEFAULT));
    options.gauge = Some(Arc::new(Memory));
    options
}
