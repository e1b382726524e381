//! What a script may use, and how it is declared.

use std::fmt;

use smol_str::SmolStr;

use crate::ty::Type;

/// Everything that a script may use up. The defaults are the same in every build.
///
/// Sizes bound single values; how many of them a call can keep is bounded by its operations, for making and
/// keeping one takes three or more. A script that does nothing but fill memory comes to some 75 MiB with the
/// defaults; ordinary ones use a few KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptLimits {
    /// Operations of one call, those of functions that it passes to others included.
    pub operations: u64,
    /// Calls inside one another.
    pub call_levels: usize,
    /// Expressions inside one another, in a file.
    pub expression_depth: usize,
    /// Expressions inside one another, in a function.
    pub function_expression_depth: usize,
    /// Bytes of a string, and of all strings in one array or map. A call whose arguments are longer gets as much
    /// more as they have.
    pub string_bytes: usize,
    /// Elements of an array, nested ones included.
    pub array_elements: usize,
    /// Entries of a map, nested ones included.
    pub map_entries: usize,
    /// Variables of one function call.
    pub variables: usize,
    /// Functions of a file.
    pub functions: usize,
    /// Bytes of a file.
    pub source_bytes: usize,
}

impl ScriptLimits {
    /// The limits that hold unless the host says otherwise.
    pub const DEFAULT: ScriptLimits = ScriptLimits {
        operations: 100_000,
        call_levels: 24,
        expression_depth: 64,
        function_expression_depth: 32,
        string_bytes: 8 * 1_024,
        array_elements: 512,
        map_entries: 128,
        variables: 64,
        functions: 256,
        source_bytes: 256 * 1_024,
    };
}

impl Default for ScriptLimits {
    fn default() -> ScriptLimits {
        ScriptLimits::DEFAULT
    }
}

/// Where script time comes from: the host's clock, of which this crate has none.
pub trait Timer: Send + Sync + fmt::Debug {
    /// Starts the time of one call.
    fn start(&self) -> Box<dyn Deadline>;
}

/// The time of one call.
pub trait Deadline: Send + Sync {
    /// Whether it is over. Asked every few operations, so it has to be cheap.
    fn is_over(&self) -> bool;
}

/// A function as rules declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its name, in the script too.
    pub name: SmolStr,
    /// Its parameters.
    pub parameters: Vec<(SmolStr, Type)>,
    /// What it gives.
    pub gives: Type,
}
