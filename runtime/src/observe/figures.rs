//! The recorder of all figures, and the text that Prometheus reads.

use std::sync::Mutex;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use switchboard_grammar::lang::Lang;

use crate::observe::table::{ALL, Kind};

/// Upper bounds of times, in seconds: from a commit on a good disk to a CRM that does not answer.
const SECONDS: [f64; 13] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Upper bounds of numbers of things.
const COUNTS: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0, 1000.0];

/// Reads what was counted. Clones read the same.
#[derive(Clone)]
pub struct Figures {
    handle: PrometheusHandle,
}

/// Why nothing is counted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FiguresError {
    /// The buckets of a histogram are not valid.
    #[error("figures cannot be set up")]
    Buckets {
        /// What is wrong with them.
        source: BuildError,
    },
    /// Another part of the process counts already.
    #[error("figures are counted by somebody else")]
    Taken,
}

/// The recorder of the process. There can be one; whoever comes second shares it.
static INSTALLED: Mutex<Option<Figures>> = Mutex::new(None);

impl Figures {
    /// Sets up the counting for the whole process, or returns what was set up before.
    ///
    /// # Errors
    ///
    /// [`FiguresError::Taken`] when the process counts in another way already.
    pub fn install() -> Result<Self, FiguresError> {
        let mut installed = INSTALLED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(figures) = &*installed {
            return Ok(figures.clone());
        }
        let buckets = |source| FiguresError::Buckets { source };
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .map_err(buckets)?
            .set_buckets_for_metric(Matcher::Suffix("_writes".to_owned()), &COUNTS)
            .map_err(buckets)?
            .build_recorder();
        let figures = Self { handle: recorder.handle() };
        metrics::set_global_recorder(recorder).map_err(|_| FiguresError::Taken)?;
        for metric in ALL {
            let doc = metric.doc().get(Lang::En).to_owned();
            match metric.kind {
                Kind::Counter => metrics::describe_counter!(metric.name, doc),
                Kind::Gauge => metrics::describe_gauge!(metric.name, doc),
                Kind::Histogram => metrics::describe_histogram!(metric.name, doc),
            }
        }
        *installed = Some(figures.clone());
        Ok(figures)
    }

    /// What was counted so far, as Prometheus reads it.
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

impl std::fmt::Debug for Figures {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Figures")
    }
}
