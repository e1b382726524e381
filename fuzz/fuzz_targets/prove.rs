//! The prover on any small tables, held against trying every event: see `engine/tests/rules/small.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../engine/tests/rules/small.rs"]
mod small;

fuzz_target!(|data: &[u8]| small::check(data));
