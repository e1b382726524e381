//! Calling a function of a script: values in, one value or a failure out, nothing kept.
//!
//! What a call runs in is got by `idle`. A failure is data: what happens to the event then is
//! for the bundle to say.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, Position};
use switchboard_grammar::diagnostic::Text;

use super::compile::Script;
use super::convert::{from_dynamic, to_dynamic};
use super::host::ScriptHost;
use super::limits::Signature;
use super::meter::{Meter, Spent};
use super::refusal::Refusal;
use super::words::running;
use crate::ty::Type;
use crate::value::Value;

/// Which limit a script ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Too many operations.
    Operations,
    /// Too many operations of all calls of the decision.
    Together,
    /// Too much time.
    Time,
    /// Too much memory.
    Memory,
    /// Calls nested too deep.
    Calls,
    /// A string, array or map became too large.
    Size,
    /// Too many variables.
    Variables,
}

/// Why a call gave no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptFailure {
    /// It ran into a limit.
    #[error("script `{function}` ran into the limit of {}{}", limit.en(), at(*line))]
    Limit {
        /// The function that was called.
        function: String,
        /// Which limit.
        limit: Limit,
        /// The line of the script, from 1.
        line: Option<usize>,
    },
    /// It stopped with an error of its own.
    #[error("script `{function}` failed{}: {message}", at(*line))]
    Error {
        /// The function that was called.
        function: String,
        /// Rhai's words, cut to [`ScriptFailure::MAX_MESSAGE_CHARS`].
        message: String,
        /// The line of the script, from 1.
        line: Option<usize>,
    },
    /// It gave a value of another type than was declared.
    #[error("script `{function}` gave {found} instead of {wanted}")]
    WrongType {
        /// The function that was called.
        function: String,
        /// What it gave.
        found: String,
        /// What was declared.
        wanted: Type,
    },
    /// It asked for what cannot be.
    #[error("script `{function}` failed{}: {}", at(*line), text.en)]
    Refused {
        /// The function that was called.
        function: String,
        /// What it asked for.
        text: Text,
        /// The line of the script, from 1.
        line: Option<usize>,
    },
    /// A policy that did not give back its proposal.
    #[error("policy `{function}` gave {} instead of its proposal", found.en)]
    NoProposal {
        /// The function that was called.
        function: String,
        /// What it gave.
        found: Text,
    },
    /// It made the interpreter panic, which is our mistake; the event goes on without it.
    #[error("script `{function}` broke the interpreter")]
    Panic {
        /// The function that was called.
        function: String,
    },
}

impl ScriptFailure {
    /// How much of an error's text is kept: scripts may throw whole visitor texts.
    pub const MAX_MESSAGE_CHARS: usize = 200;

    /// Which function failed and how, without its line and its own words, which may hold what a client wrote: equal for
    /// equal failures of many events.
    pub fn kind(&self) -> Text {
        match self {
            ScriptFailure::Limit { function, limit, .. } => Text::new(
                format!("script `{function}` ran into the limit of {}", limit.en()),
                format!("скрипт `{function}` упёрся в предел: {}", limit.ru()),
            ),
            ScriptFailure::Error { function, .. } | ScriptFailure::Refused { function, .. } => Text::new(
                format!("script `{function}` failed"),
                format!("скрипт `{function}` завершился ошибкой"),
            ),
            ScriptFailure::WrongType { function, .. } => Text::new(
                format!("script `{function}` gave a value of a wrong type"),
                format!("скрипт `{function}` вернул значение не того типа"),
            ),
            ScriptFailure::NoProposal { function, .. } => Text::new(
                format!("policy `{function}` did not give its proposal back"),
                format!("политика `{function}` не вернула предложение"),
            ),
            ScriptFailure::Panic { .. } => self.text(),
        }
    }

    /// The failure in both languages.
    pub fn text(&self) -> Text {
        let ru = match self {
            ScriptFailure::Limit { function, limit, line } => {
                format!("скрипт `{function}` упёрся в предел: {}{}", limit.ru(), ru_at(*line))
            }
            ScriptFailure::Error { function, message, line } => {
                format!("скрипт `{function}` завершился ошибкой{}: {message}", ru_at(*line))
            }
            ScriptFailure::WrongType { function, found, wanted } => {
                format!("скрипт `{function}` вернул {found}, а нужно: {}", wanted.to_ru())
            }
            ScriptFailure::Refused { function, text, line } => {
                format!("скрипт `{function}` завершился ошибкой{}: {}", ru_at(*line), text.ru)
            }
            ScriptFailure::NoProposal { function, found } => {
                format!("политика `{function}` вернула не предложение, а {}", found.ru)
            }
            ScriptFailure::Panic { function } => format!("скрипт `{function}` сломал интерпретатор"),
        };
        Text::new(self.to_string(), ru)
    }
}

impl Limit {
    const fn en(self) -> &'static str {
        match self {
            Limit::Operations => "operations",
            Limit::Together => "operations of all scripts of a decision",
            Limit::Time => "time",
            Limit::Memory => "memory",
            Limit::Calls => "nested calls",
            Limit::Size => "size of a value",
            Limit::Variables => "variables",
        }
    }

    const fn ru(self) -> &'static str {
        match self {
            Limit::Operations => "число операций",
            Limit::Together => "число операций всех скриптов одного решения",
            Limit::Time => "время",
            Limit::Memory => "память",
            Limit::Calls => "вложенность вызовов",
            Limit::Size => "размер значения",
            Limit::Variables => "число переменных",
        }
    }
}

fn at(line: Option<usize>) -> String {
    line.map(|line| format!(" in line {line}")).unwrap_or_default()
}

fn ru_at(line: Option<usize>) -> String {
    line.map(|line| format!(", строка {line}")).unwrap_or_default()
}

impl ScriptHost {
    /// Calls a function that was held against its declaration by [`Script::check`], as the only one of its decision.
    ///
    /// # Errors
    ///
    /// [`ScriptFailure`]; the same call gives the same failure, save for those of time and memory.
    pub fn call(
        &self,
        script: &Script,
        signature: &Signature,
        arguments: &[Value],
    ) -> Result<Value, ScriptFailure> {
        self.call_within(&Arc::default(), script, signature, arguments).0
    }

    /// The same as one of several calls of a decision, and what it logged.
    ///
    /// # Errors
    ///
    /// [`ScriptFailure`].
    pub(crate) fn call_within(
        &self,
        spent: &Arc<Spent>,
        script: &Script,
        signature: &Signature,
        arguments: &[Value],
    ) -> (Result<Value, ScriptFailure>, Vec<String>) {
        let argument_bytes = arguments.iter().map(text_bytes).sum();
        let arguments: Vec<Dynamic> = arguments.iter().map(to_dynamic).collect();
        self.run(spent, script, &signature.name, argument_bytes, arguments, |engine, value| {
            from_dynamic(&value, signature.gives).ok_or_else(|| ScriptFailure::WrongType {
                function: signature.name.to_string(),
                found: engine.map_type_name(value.type_name()).to_owned(),
                wanted: signature.gives,
            })
        })
    }
}

/// What came of a call: a value, or why there is none.
pub(super) fn outcome(
    ran: std::thread::Result<Result<Dynamic, Box<EvalAltResult>>>,
    meter: &Meter,
    function: impl Fn() -> String,
) -> Result<Dynamic, ScriptFailure> {
    let ran = ran.map_err(|_| ScriptFailure::Panic { function: function() })?;
    // A native function may have swallowed the order to stop, so the meter has the last word.
    let line = ran.as_ref().err().and_then(|error| place(error).line());
    if let Some(limit) = meter.stopped() {
        return Err(ScriptFailure::Limit { function: function(), limit, line });
    }
    ran.map_err(|error| failure(function(), &error, line))
}

/// The bytes of text in an argument.
fn text_bytes(argument: &Value) -> usize {
    argument.elements().iter().filter_map(Value::as_str).map(str::len).sum()
}

/// The innermost place that an error names.
fn place(error: &EvalAltResult) -> Position {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, outer) => {
            let inner = place(inner);
            if inner.is_none() { *outer } else { inner }
        }
        other => other.position(),
    }
}

fn failure(function: String, error: &EvalAltResult, line: Option<usize>) -> ScriptFailure {
    let limit = match error.unwrap_inner() {
        EvalAltResult::ErrorTooManyOperations(_) => Some(Limit::Operations),
        EvalAltResult::ErrorStackOverflow(_) => Some(Limit::Calls),
        EvalAltResult::ErrorDataTooLarge(_, _) => Some(Limit::Size),
        EvalAltResult::ErrorTooManyVariables(_) => Some(Limit::Variables),
        _ => None,
    };
    if let Some(limit) = limit {
        return ScriptFailure::Limit { function, limit, line };
    }
    let mut message = match error.unwrap_inner() {
        EvalAltResult::ErrorRuntime(thrown, _) => match thrown.clone().try_cast::<Refusal>() {
            Some(Refusal(text)) => return ScriptFailure::Refused { function, text, line },
            None => thrown.to_string(),
        },
        other => match running(other) {
            Some(text) => return ScriptFailure::Refused { function, text, line },
            None => other.to_string(),
        },
    };
    if let Some((end, _)) = message.char_indices().nth(ScriptFailure::MAX_MESSAGE_CHARS) {
        message.truncate(end);
        message.push('…');
    }
    ScriptFailure::Error { function, message, line }
}
