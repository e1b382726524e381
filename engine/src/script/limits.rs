//! What a script may use, and how it is declared.

use std::fmt;

use smol_str::SmolStr;

use crate::ty::Type;

/// Everything that a script may use up. The defaults are the same in every build.
///
/// Sizes bound single values as Rhai sees them: it counts neither the names of a map's entries nor what is tied to a function
/// with `curry`, and looks at the innermost container only when one inside another grows. What bounds a call whatever it
/// does is [`ScriptLimits::memory_bytes`], where the host measures memory; see [`ScriptLimits::memory_bound`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptLimits {
    /// Operations of one call, those of functions that it passes to others included.
    pub operations: u64,
    /// Operations of all calls of one decision together.
    pub decision_operations: u64,
    /// Bytes that a call may hold when its next operation begins. Looked at where the host has a [`Gauge`].
    pub memory_bytes: usize,
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
        decision_operations: 1_000_000,
        memory_bytes: 16 * 1_024 * 1_024,
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

    /// Bytes that a call can never hold more than, whatever the script, where the host has a [`Gauge`]: what it may hold
    /// when an operation begins, once more because one operation can at most copy all of it, and what a single function
    /// of texts or lists takes for its own work. `argument_bytes` is how much text goes in.
    pub const fn memory_bound(&self, argument_bytes: usize) -> usize {
        let work =
            (self.string_bytes + argument_bytes) * ScriptLimits::WORK_PER_BYTE + ScriptLimits::ENGINE_BYTES;
        self.memory_bytes * 2 + work
    }

    /// Bytes that compiling a script can never hold more than: the text itself, its tree, and the text once more for each
    /// try after a mistake.
    pub const fn compile_bound(&self) -> usize {
        self.source_bytes * ScriptLimits::TREE_PER_BYTE + ScriptLimits::ENGINE_BYTES
    }

    /// Bytes of tree for a byte of source, at most.
    const TREE_PER_BYTE: usize = 256;

    /// Bytes of work for a byte of text: a text cut into letters is a list with an entry and a text of its own for each.
    const WORK_PER_BYTE: usize = 128;

    /// What the interpreter takes for itself.
    const ENGINE_BYTES: usize = 1_024 * 1_024;
}

impl Default for ScriptLimits {
    fn default() -> ScriptLimits {
        ScriptLimits::DEFAULT
    }
}

/// Where script time comes from: the host's clock, of which this crate has none.
pub trait Timer: Send + Sync + fmt::Debug {
    /// Starts the time of one decision, when its first script is called.
    fn start(&self) -> Box<dyn Deadline>;
}

/// Where script memory is measured: the host's allocator, of which this crate has none.
pub trait Gauge: Send + Sync + fmt::Debug {
    /// Bytes that the thread which asks holds; only differences count, so it may begin anywhere. Asked before every
    /// operation, so it has to be cheap.
    fn held(&self) -> i64;
}

/// The time of one decision.
pub trait Deadline: Send + Sync {
    /// Whether it is over. Asked every few operations, and before each one while a call holds much, so it has to be cheap.
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
