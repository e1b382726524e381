//! What Rhai says about a script, in words for people and in both languages.
//!
//! Rhai's own English stands behind ours as a note only where ours says less.

use rhai::{EvalAltResult, LexError, ParseErrorType};
use switchboard_grammar::diagnostic::Text;

/// What is wrong with the writing of a script.
pub(super) fn syntax(error: &ParseErrorType) -> Text {
    let text = |en: String, ru: String| Text::new(en, ru);
    match error {
        ParseErrorType::UnexpectedEOF => Text::new("the script ends too early", "скрипт обрывается"),
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            Text::new("a string is not closed", "строка не закрыта кавычкой")
        }
        ParseErrorType::BadInput(LexError::StringTooLong(most)) => text(
            format!("a string or name is longer than {most} bytes"),
            format!("строка или имя длиннее {most} байт"),
        ),
        ParseErrorType::BadInput(LexError::MalformedNumber(number)) => {
            text(format!("`{number}` is no number"), format!("`{number}` — не число"))
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _))
        | ParseErrorType::BadInput(LexError::UnexpectedInput(symbol)) => {
            text(format!("`{symbol}` cannot stand here"), format!("`{symbol}` здесь стоять не может"))
        }
        ParseErrorType::MissingToken(token, _) => {
            text(format!("`{token}` is missing here"), format!("здесь не хватает `{token}`"))
        }
        ParseErrorType::VariableUndefined(name) => {
            text(format!("there is no variable `{name}`"), format!("переменной `{name}` нет"))
        }
        ParseErrorType::Reserved(word) => text(
            format!("`{word}` is a reserved word or is not available to scripts"),
            format!("слово `{word}` занято или скриптам недоступно"),
        ),
        ParseErrorType::AssignmentToConstant(name) => {
            text(format!("`{name}` is a constant"), format!("`{name}` — константа, её нельзя менять"))
        }
        ParseErrorType::FnDuplicatedDefinition(name, count) => text(
            format!("function `{name}` with {count} parameters is defined twice"),
            format!("функция `{name}` с числом параметров {count} определена дважды"),
        ),
        ParseErrorType::FnMissingName => Text::new("a function has no name", "у функции нет имени"),
        ParseErrorType::FnMissingParams(name) => text(
            format!("function `{name}` has no list of parameters"),
            format!("у функции `{name}` нет списка параметров"),
        ),
        ParseErrorType::FnDuplicatedParam(name, parameter) => text(
            format!("function `{name}` has two parameters `{parameter}`"),
            format!("у функции `{name}` два параметра `{parameter}`"),
        ),
        ParseErrorType::FnMissingBody(name) => {
            text(format!("function `{name}` has no body"), format!("у функции `{name}` нет тела"))
        }
        ParseErrorType::WrongFnDefinition => Text::new(
            "functions cannot be defined inside functions",
            "функции нельзя определять внутри функций",
        ),
        ParseErrorType::ExprTooDeep => {
            Text::new("expressions are nested too deep", "выражения вложены слишком глубоко")
        }
        ParseErrorType::TooManyFunctions => {
            Text::new("the script has too many functions", "в скрипте слишком много функций")
        }
        ParseErrorType::LiteralTooLarge(_, most) => text(
            format!("a value written here is larger than the limit of {most}"),
            format!("записанное здесь значение больше предела {most}"),
        ),
        ParseErrorType::LoopBreak => Text::new(
            "`break` and `continue` belong into a loop",
            "`break` и `continue` пишут только в цикле",
        ),
        ParseErrorType::DuplicatedProperty(name) => {
            text(format!("the map has two entries `{name}`"), format!("в словаре две записи `{name}`"))
        }
        ParseErrorType::ExprExpected(_) => {
            Text::new("an expression is missing here", "здесь не хватает выражения")
        }
        ParseErrorType::VariableExpected => {
            Text::new("a variable name is missing here", "здесь не хватает имени переменной")
        }
        ParseErrorType::UnknownOperator(sign) => {
            text(format!("`{sign}` is no operator of scripts"), format!("`{sign}` — не операция скриптов"))
        }
        _ => Text::new(UNREADABLE.0, UNREADABLE.1),
    }
}

/// What Rhai says beyond our words: what was probably meant, or its own English where we have no words.
pub(super) fn hint(error: &ParseErrorType) -> Option<Text> {
    match error {
        ParseErrorType::BadInput(LexError::ImproperSymbol(_, said)) if !said.is_empty() => {
            let meant = said.strip_prefix("Possibly a typo of '").and_then(|said| said.strip_suffix("'?"));
            Some(match meant {
                Some(meant) => Text::new(
                    format!("did you mean `{meant}`?"),
                    format!("возможно, имелось в виду `{meant}`?"),
                ),
                None => Text::same(format!("Rhai: {said}")),
            })
        }
        _ if syntax(error).en == UNREADABLE.0 => Some(Text::same(format!("Rhai: {error}"))),
        _ => None,
    }
}

/// What is said of everything that has no words of its own.
const UNREADABLE: (&str, &str) = ("the script cannot be read here", "здесь скрипт не удаётся прочитать");

/// What went wrong while a script ran, for what happens often; None where Rhai's own English has to do.
pub(super) fn running(error: &EvalAltResult) -> Option<Text> {
    let (en, ru) = match error {
        EvalAltResult::ErrorArrayBounds(count, index, _) => (
            format!("there is no [{index}] in a list of {count}"),
            format!("в списке нет [{index}], длина его {count}"),
        ),
        EvalAltResult::ErrorStringBounds(count, index, _) => (
            format!("there is no [{index}] in a text of {count} letters"),
            format!("в тексте нет [{index}], букв в нём {count}"),
        ),
        EvalAltResult::ErrorArithmetic(said, _) if said.starts_with("Division by zero") => {
            ("division by zero".to_owned(), "деление на ноль".to_owned())
        }
        EvalAltResult::ErrorArithmetic(..) => {
            ("a number is out of its range".to_owned(), "число вышло за свои пределы".to_owned())
        }
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let given = signature.split_once(" (").map_or("", |(_, given)| given);
            let is_missing = given.contains("()");
            let (en, ru) = if is_missing {
                ("; `()` is a missing value: write `a ?? b`", "; `()` – значения нет: напишите `a ?? b`")
            } else {
                ("", "")
            };
            (
                format!("there is no `{signature}` for such values{en}"),
                format!("для таких значений нет `{signature}`{ru}"),
            )
        }
        EvalAltResult::ErrorMismatchDataType(wanted, found, _) if !wanted.is_empty() => (
            format!("a `{wanted}` is needed here, and this is a `{found}`"),
            format!("здесь нужно `{wanted}`, а это `{found}`"),
        ),
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            (format!("there is no variable `{name}`"), format!("переменной `{name}` нет"))
        }
        EvalAltResult::ErrorPropertyNotFound(name, _) => {
            (format!("there is no property `{name}`"), format!("свойства `{name}` нет"))
        }
        EvalAltResult::ErrorFor(_) => {
            ("`for` needs a list or a range".to_owned(), "`for` перебирает список или диапазон".to_owned())
        }
        _ => return None,
    };
    Some(Text::new(en, ru))
}

/// The word that Rhai does not let stand, when it is one.
pub(super) fn refused_word(error: &ParseErrorType) -> Option<&str> {
    match error {
        ParseErrorType::Reserved(word)
        | ParseErrorType::BadInput(LexError::ImproperSymbol(word, _))
        | ParseErrorType::UnknownOperator(word) => Some(word),
        _ => None,
    }
}
