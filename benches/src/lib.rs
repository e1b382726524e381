//! Benches live beside this file, one a subject.
