//! How long the scripts of one decision may run.

use std::time::{Duration, Instant};

use switchboard_engine::script::{Deadline, Timer};

/// So much time for all scripts of a decision together, from when the first of them is called.
#[derive(Clone, Copy, Debug)]
pub struct Budget(pub Duration);

impl Budget {
    /// What a decision has unless the program says otherwise.
    pub const DEFAULT: Budget = Budget(Duration::from_millis(250));
}

impl Timer for Budget {
    fn start(&self) -> Box<dyn Deadline> {
        Box::new(Until { started: Instant::now(), most: self.0 })
    }
}

struct Until {
    started: Instant,
    most: Duration,
}

impl Deadline for Until {
    fn is_over(&self) -> bool {
        self.started.elapsed() >= self.most
    }
}
