//! The .rules language: text to tree and back.
