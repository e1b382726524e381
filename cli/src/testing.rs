//! Running the tests of bundles, and telling what came of them.
//!
//! `run` decides the fixtures of one bundle and holds each decision against its snapshot and its expectations; `review`
//! asks a person; `mutants` tells what the tests would not notice, `missing` which tests are missing; the others write what came of it for people, programs, build servers and code hosts.

mod github;
mod human;
mod json;
mod junit;
pub(crate) mod missing;
pub(crate) mod mutants;
mod review;
mod run;

pub(crate) use github::github;
pub(crate) use human::{human, summary};
pub(crate) use json::json;
pub(crate) use junit::junit;
pub(crate) use review::{Review, review};
pub(crate) use run::{Case, Counts, Tested, Verdict, run};
