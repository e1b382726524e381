//! `rules fields`: what rules may ask for.
//!
//! Walks the engine's schema; knows no field by name.

use std::io::Write as _;

use clap::ValueEnum;
use serde_json::{Value, json};
use switchboard_engine::catalog::{FACTS, FactSpec, FieldRow, SettingRow, Shape, field_rows, setting_rows};
use switchboard_engine::schema::{EnumValue, EventKind, Origin};
use switchboard_engine::ty::Type;
use switchboard_grammar::lang::Lang;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::style;
use crate::table::Table;

/// Arguments of `rules fields`.
#[derive(Debug, clap::Args)]
pub(crate) struct FieldsArgs {
    /// Whose fields [default: all]
    #[arg(value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    /// The settings instead of the fields
    #[arg(long)]
    settings: bool,
    /// The facts that policies may need instead of the fields
    #[arg(long, conflicts_with_all = ["settings", "kind"])]
    facts: bool,
    /// Everything that policies may use, as definitions for an editor of Rhai
    #[arg(long, conflicts_with_all = ["settings", "kind", "facts", "format"])]
    rhai: bool,
    /// How they are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,
}

/// A kind of event as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Calls,
    Chats,
    Requests,
    Orders,
}

/// How fields are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Md,
}

impl From<Kind> for EventKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Calls => Self::Call,
            Kind::Chats => Self::Chat,
            Kind::Requests => Self::Request,
            Kind::Orders => Self::Order,
        }
    }
}

/// Lists fields.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn run(args: &FieldsArgs, output: &mut Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    if args.rhai {
        write!(output.out(), "{}", switchboard_engine::script::definitions(lang))?;
        return Ok(Exit::Clean);
    }
    if args.facts {
        return facts(args.format, lang, output);
    }
    let kinds: Vec<EventKind> = args.kind.map_or_else(|| EventKind::ALL.to_vec(), |kind| vec![kind.into()]);
    match args.format {
        Format::Json => {
            let all: serde_json::Map<String, Value> = kinds
                .iter()
                .map(|kind| (kind.plural_en().to_owned(), json_of(*kind, args.settings)))
                .collect();
            writeln!(output.out(), "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
        }
        Format::Table | Format::Md => {
            for (number, kind) in kinds.iter().enumerate() {
                if number > 0 {
                    writeln!(output.out())?;
                }
                let title = title(*kind, lang);
                let table = if args.settings { settings_of(*kind, lang) } else { table_of(*kind, lang) };
                if args.format == Format::Md {
                    writeln!(output.out(), "## {title}\n")?;
                    table.write_markdown(output.out())?;
                } else {
                    let bold = style::NAME;
                    writeln!(output.out(), "{bold}{title}{bold:#}\n")?;
                    table.write(output.out())?;
                }
            }
        }
    }
    Ok(Exit::Clean)
}

/// Lists the facts that policies may need.
fn facts(format: Format, lang: Lang, output: &mut Output) -> Result<Exit, Failure> {
    if format == Format::Json {
        let all: Vec<Value> = FACTS.iter().map(fact_json).collect();
        writeln!(output.out(), "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
        return Ok(Exit::Clean);
    }
    let mut table = Table::new(lang.pick(
        ["name", "Russian", "how many", "what it is", "what for"],
        ["имя", "по-английски", "сколько", "что это", "для чего"],
    ));
    for spec in &FACTS {
        let count = spec.counts.map_or_else(String::new, |(usual, most)| {
            lang.pick(format!("{usual}, up to {most}"), format!("{usual}, до {most}"))
        });
        let mut slots = lang.pick(spec.slots.to_en(), spec.slots.to_ru());
        if spec.while_waiting {
            slots.push_str(lang.pick("; `forward`", "; `переадресация`"));
        }
        table.row(match lang {
            Lang::En => [spec.name, spec.ru, &count, spec.doc.en, &slots].map(str::to_owned),
            Lang::Ru => [spec.ru, spec.name, &count, spec.doc.ru, &slots].map(str::to_owned),
        });
    }
    match format {
        Format::Md => table.write_markdown(output.out())?,
        Format::Table | Format::Json => table.write(output.out())?,
    }
    let waiting = lang.pick(
        "`forward` decides while the client is on the line, from what comes with the answer who calls; orders would be one more request to wait for.",
        "`переадресация` решает, пока клиент на линии, по тому, что пришло с ответом, кто звонит; заказы – это ещё один запрос, которого пришлось бы ждать.",
    );
    writeln!(output.out(), "\n{waiting}")?;
    Ok(Exit::Clean)
}

fn fact_json(spec: &FactSpec) -> Value {
    let (shape, record) = match spec.shape {
        Shape::One(record) => ("record", Some(record)),
        Shape::Many(record) => ("list", Some(record)),
        Shape::Codes => ("codes", None),
    };
    json!({
        "name": spec.name,
        "ru": spec.ru,
        "in_scripts": spec.script_name(),
        "shape": shape,
        "fields": record.map(|record| record.names().collect::<Vec<_>>()),
        "for_forward": spec.while_waiting,
        "usual": spec.counts.map(|(usual, _)| usual),
        "most": spec.counts.map(|(_, most)| most),
        "for": spec.slots.iter().map(|slot| slot.en()).collect::<Vec<_>>(),
        "doc": {"en": spec.doc.en, "ru": spec.doc.ru},
    })
}

fn title(kind: EventKind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (EventKind::Call, Lang::En) => "Calls",
        (EventKind::Call, Lang::Ru) => "Звонки",
        (EventKind::Chat, Lang::En) => "Chats",
        (EventKind::Chat, Lang::Ru) => "Чаты",
        (EventKind::Request, Lang::En) => "Requests",
        (EventKind::Request, Lang::Ru) => "Заявки",
        (EventKind::Order, Lang::En) => "Orders",
        (EventKind::Order, Lang::Ru) => "Заказы",
    }
}

fn table_of(kind: EventKind, lang: Lang) -> Table {
    let mut table = Table::new(lang.pick(
        ["name", "Russian", "type", "what it is", "in UIS"],
        ["имя", "по-английски", "тип", "что это", "в UIS"],
    ));
    for row in field_rows(kind) {
        let originals = row.originals.join(", ");
        let ty = type_name(row.ty, &row.values, lang);
        table.row(match lang {
            Lang::En => [row.name, row.ru, &ty, row.doc.en, &originals].map(str::to_owned),
            Lang::Ru => [row.ru, row.name, &ty, row.doc.ru, &originals].map(str::to_owned),
        });
    }
    table
}

fn settings_of(kind: EventKind, lang: Lang) -> Table {
    let mut table = Table::new(lang.pick(
        ["name", "Russian", "type", "what it does", "for example"],
        ["имя", "по-английски", "тип", "что делает", "например"],
    ));
    for row in setting_rows(kind) {
        let ty = type_name(row.ty, &row.values, lang);
        table.row(match lang {
            Lang::En => [row.name, row.ru, &ty, row.doc.en, row.example].map(str::to_owned),
            Lang::Ru => [row.ru, row.name, &ty, row.doc.ru, row.example].map(str::to_owned),
        });
    }
    table
}

/// `text?`, `list of text`, `first | repeat`.
fn type_name(ty: Type, values: &[EnumValue], lang: Lang) -> String {
    let scalar = if (1..=MAX_NAMED_VALUES).contains(&values.len()) {
        let names: Vec<&str> =
            values.iter().map(|value| lang.pick(value.item().en, value.item().ru)).collect();
        names.join(" | ")
    } else {
        lang.pick(ty.scalar.en(), ty.scalar.ru()).to_owned()
    };
    let list = if ty.list { lang.pick("list of ", "список: ") } else { "" };
    let optional = if ty.optional { "?" } else { "" };
    format!("{list}{scalar}{optional}")
}

/// Sets of values up to this size are written out in the table; JSON has them all.
const MAX_NAMED_VALUES: usize = 4;

fn json_of(kind: EventKind, settings: bool) -> Value {
    let values_of = |values: &[EnumValue]| -> Vec<Value> {
        values.iter().map(|value| json!({"en": value.item().en, "ru": value.item().ru})).collect()
    };
    if settings {
        let setting = |row: &SettingRow| {
            json!({
                "name": row.name,
                "ru": row.ru,
                "type": row.ty.scalar.en(),
                "values": values_of(&row.values),
                "doc": {"en": row.doc.en, "ru": row.doc.ru},
                "example": row.example,
            })
        };
        return Value::Array(setting_rows(kind).iter().map(setting).collect());
    }
    let field = |row: &FieldRow| {
        json!({
            "name": row.name,
            "ru": row.ru,
            "also": row.ru_forms,
            "uis": row.originals,
            "type": row.ty.scalar.en(),
            "list": row.ty.list,
            "may_be_missing": row.ty.optional,
            "values": values_of(&row.values),
            "max_chars": row.max_chars,
            "from": match row.origin { Origin::Event => "event", Origin::Facts => "facts" },
            "doc": {"en": row.doc.en, "ru": row.doc.ru},
            "example": serde_json::from_str::<Value>(row.example).ok(),
        })
    };
    Value::Array(field_rows(kind).iter().map(field).collect())
}
