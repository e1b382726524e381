//! Why a text is no JSON, in both languages.
//!
//! The reader of JSON speaks English only; what people get wrong often is said here in their words.

use switchboard_grammar::diagnostic::Text;

/// Why a text is no JSON, with its place: lines from 1, columns from 1 in bytes.
pub fn json_error(error: &serde_json::Error) -> Text {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        return Text::new(
            "the text ends too early, something is not closed",
            "текст обрывается, что-то в нём не закрыто",
        );
    }
    let ru = match what {
        "expected value" => "здесь должно быть значение".to_owned(),
        "expected ident" => "здесь должно быть `true`, `false` или `null`".to_owned(),
        "key must be a string" => "имя пишется в кавычках".to_owned(),
        "trailing comma" => "лишняя запятая".to_owned(),
        "trailing characters" => "после конца стоит лишнее".to_owned(),
        "invalid number" => "так числа не пишутся".to_owned(),
        "number out of range" => "слишком большое число".to_owned(),
        "invalid escape" => "после `\\` в тексте стоит не то".to_owned(),
        "recursion limit exceeded" => "скобки вложены слишком глубоко".to_owned(),
        _ if what.starts_with("control character") => {
            "в тексте в кавычках перенос строки или другой управляющий знак".to_owned()
        }
        _ => match (what.strip_prefix("expected "), what.strip_suffix(" is there twice")) {
            (Some(signs), _) if signs.starts_with('`') => {
                format!("здесь должно быть {}", signs.replace(" or ", " или "))
            }
            (_, Some(name)) => format!("{name} указано дважды"),
            _ => what.to_owned(),
        },
    };
    let (line, column) = (error.line(), error.column());
    if line == 0 {
        return Text::new(what, ru);
    }
    Text::new(
        format!("{what}, line {line}, column {column}"),
        format!("{ru}, строка {line}, столбец {column}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        json_error(&serde_json::from_str::<serde_json::Value>(text).unwrap_err()).ru
    }

    #[test]
    fn mistakes_in_json_are_told_in_russian() {
        let all = [
            "{\"a\": }",
            "{a: 1}",
            "{\"a\": 1,}",
            "{} {}",
            "{\"a\" 1}",
            "{\"a\": 1 \"b\": 2}",
            "[1 2]",
            "nul",
            "tru1",
            "{\"a\": 01}",
            "\"\\x\"",
            "\"a\nb\"",
            "1e999",
            "{\"a\": 1",
            "",
        ];
        let all: Vec<String> = all.into_iter().map(told).collect();
        for told in &all {
            assert!(!told.contains("expected") && !told.contains(" at "), "{told}");
        }
        insta::assert_snapshot!(all.join("\n"));
    }
}
