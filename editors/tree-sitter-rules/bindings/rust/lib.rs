//! The language of rules for tree-sitter.

use tree_sitter_language::LanguageFn;

#[cfg(not(no_parser))]
unsafe extern "C" {
    fn tree_sitter_rules() -> *const ();
}

/// The grammar of rules, in English and Russian.
#[cfg(not(no_parser))]
// SAFETY: the function is the one that tree-sitter generated, and takes nothing.
pub const LANGUAGE: Option<LanguageFn> = Some(unsafe { LanguageFn::from_raw(tree_sitter_rules) });

/// There is no parser yet.
#[cfg(no_parser)]
pub const LANGUAGE: Option<LanguageFn> = None;
