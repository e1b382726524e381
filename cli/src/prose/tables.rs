//! Decision tables, a sentence for each row.

use switchboard_engine::catalog::result_column;
use switchboard_grammar::ast::{Head, HitPolicy, Name, Path, ResultCell, Row, Table};
use switchboard_grammar::lang::Lang;

use super::conditions::cell;
use super::document::Told;
use super::names::{canonical_table, set_of, type_of};
use super::phrases::{Phrase, and, listed, sentence, spaced};
use super::values::Teller;

/// A table.
pub(super) fn table(teller: &Teller<'_>, table: &Table) -> Told {
    let lang = teller.lang;
    let name = table.name.as_ref().map(|name| name.text.as_str()).unwrap_or_default();
    let title = match canonical_table(name).as_str() {
        "entities" => lang.pick("What is created, and who is responsible", "Что создаётся и кто отвечает"),
        "store" => lang.pick("Which store it belongs to", "К какому магазину относится обращение"),
        "forward" => lang.pick("Whom the call is put through to", "Кому переводится звонок"),
        "click_to_call" => lang.pick(
            "Which number the client sees when an employee calls by a click",
            "Какой номер видит клиент при звонке по клику",
        ),
        _ => "",
    };
    let shown = teller.quoted(&spaced(name));
    let title = match title {
        "" => lang.pick(format!("The table {shown}"), format!("Таблица {shown}")),
        known => known.to_owned(),
    };
    let intro = match table.hit {
        HitPolicy::First => lang.pick(
            "The rows are gone through from top to bottom; the first that fits is taken.",
            "Строки просматриваются сверху вниз, действует первая подходящая.",
        ),
        HitPolicy::Only => lang.pick(
            "Only one row can fit, so their order does not matter.",
            "Подойти может только одна строка, поэтому порядок строк не важен.",
        ),
        HitPolicy::All => lang.pick(
            "All rows that fit count; their results are put together.",
            "Действуют все подходящие строки, их результаты складываются.",
        ),
    };
    let Some(head) = &table.head else { return Told::new(title) };
    let rows = table.rows.iter().enumerate();
    let items = rows.map(|(at, line)| row(teller, &head.item, &line.item, at, table.hit)).collect();
    Told { intro: vec![intro.to_owned()], items, ..Told::new(title) }
}

fn row(teller: &Teller<'_>, head: &Head, row: &Row, at: usize, hit: HitPolicy) -> String {
    let lang = teller.lang;
    let conditions: Vec<Phrase> = head
        .inputs
        .iter()
        .zip(&row.inputs)
        .filter_map(|(column, asked)| cell(teller, &column.value, asked))
        .collect();
    let when = if row.otherwise.is_some() || (conditions.is_empty() && at > 0 && hit == HitPolicy::First) {
        lang.pick("in all other cases", "в остальных случаях").to_owned()
    } else if conditions.is_empty() {
        lang.pick("always", "всегда").to_owned()
    } else {
        let conditions = Phrase::all(conditions, lang).text;
        lang.pick(format!("if {conditions}"), format!("если {conditions}"))
    };
    let nothing = head.results.iter().zip(&row.results).any(|(column, cell)| creates_nothing(column, cell));
    let results: Vec<String> = head
        .results
        .iter()
        .zip(&row.results)
        .filter(|(_, cell)| !(nothing && cell.values.is_empty()))
        .map(|(column, cell)| result(teller, column, cell))
        .collect();
    sentence(&format!("{when}: {}", results.join("; ")))
}

/// Whether a cell says that nothing is created; then nobody need be told who is not responsible for it.
fn creates_nothing(column: &Name, cell: &ResultCell) -> bool {
    let set =
        set_of(result_column(&column.text).filter(|column| column.name == "create").map(|column| column.ty));
    let words = cell.values.iter().map(|value| value.path().map(Path::dotted).unwrap_or_default());
    set.is_some_and(|set| {
        words.map(|word| set.find(&word).map(|(value, _)| value.en())).eq([Some("nothing")])
    })
}

fn result(teller: &Teller<'_>, column: &Name, cell: &ResultCell) -> String {
    let lang = teller.lang;
    let known = result_column(&column.text).map_or(column.text.as_str(), |column| column.name);
    if known == "create" {
        return created(teller, cell);
    }
    let label = match known {
        "responsible" => lang.pick("responsible", "ответственный").to_owned(),
        "store" => lang.pick("store", "магазин").to_owned(),
        "employee" => lang.pick("employee", "сотрудник").to_owned(),
        "to_number" => lang.pick("to the number", "на номер").to_owned(),
        "return_code" => lang.pick("return code", "код возврата").to_owned(),
        "show_number" => lang.pick("shown number", "показывается номер").to_owned(),
        own => spaced(own),
    };
    if cell.values.is_empty() {
        return match known {
            "responsible" => lang.pick("nobody is named here", "ответственный здесь не назван").to_owned(),
            "store" => lang.pick("no store is named here", "магазин здесь не назван").to_owned(),
            "employee" => lang.pick("nobody is named here", "сотрудник здесь не назван").to_owned(),
            _ => lang.pick(format!("{label}: nothing"), format!("{label}: пусто")),
        };
    }
    let set = set_of(type_of(&column.text));
    let values: Vec<String> = cell.values.iter().map(|value| teller.value_of(value, set)).collect();
    lang.pick(format!("{label}: {}", values.join(", ")), format!("{label} – {}", values.join(", ")))
}

/// "создаются клиент и заказ".
fn created(teller: &Teller<'_>, cell: &ResultCell) -> String {
    let lang = teller.lang;
    let set = set_of(type_of("create"));
    let english = |name: &str| set.and_then(|set| set.find(name)).map(|(value, _)| value.en());
    let mut known = Vec::new();
    for value in &cell.values {
        match value.path().and_then(|path| english(&path.dotted())) {
            Some(name) => known.push(name),
            None => {
                let values: Vec<String> =
                    cell.values.iter().map(|value| teller.value_of(value, set)).collect();
                let values = values.join(", ");
                return lang.pick(format!("created: {values}"), format!("создаётся: {values}"));
            }
        }
    }
    let names: Vec<String> = known
        .iter()
        .filter(|name| **name != "nothing")
        .map(|name| match *name {
            "client" => lang.pick("a client", "клиент").to_owned(),
            "order" => lang.pick("an order", "заказ").to_owned(),
            other => other.to_owned(),
        })
        .collect();
    match (names.len(), lang) {
        (0, _) => lang.pick("nothing is created", "ничего не создаётся").to_owned(),
        (1, Lang::Ru) => format!("создаётся {}", names.concat()),
        (1, Lang::En) => format!("{} is created", names.concat()),
        (_, Lang::Ru) => format!("создаются {}", listed(&names, and(lang))),
        (_, Lang::En) => format!("{} are created", listed(&names, and(lang))),
    }
}
