//! Tests of bundles: loading, checking, deciding.

mod decisions;
mod explain;
mod fixes;
mod lints;
mod loading;
mod meaning;
mod mistakes;
mod names;
mod performance;
mod scripts;
mod support;
mod tables;
mod totality;
