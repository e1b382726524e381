//! The crate from outside: files in, trees, diagnostics and formatted files out.

mod broken;
mod fixes;
mod formatting;
mod hostile;
mod support;
mod translation;
mod tree;
mod valid;
mod variations;
