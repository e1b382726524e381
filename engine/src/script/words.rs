//! What Rhai says about a script, in words for people and in both languages.
//!
//! Rhai's own English stands behind ours as a note where ours says less.

use rhai::{LexError, ParseErrorType};
use switchboard_grammar::diagnostic::Text;

/// What is wrong with the writing of a script; None for the note when nothing is left out.
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
        _ => Text::new("the script cannot be read here", "здесь скрипт не удаётся прочитать"),
    }
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
