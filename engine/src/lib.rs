//! Rules over communications: check, evaluate, explain; no I/O.
