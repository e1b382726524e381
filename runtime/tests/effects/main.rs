//! Effects and workers from the outside: against a simulated world with virtual time, and against the emulator.

mod rules;
mod sim;
