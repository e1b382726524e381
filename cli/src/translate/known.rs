//! What known things are called in either language, from the engine's tables.

use switchboard_engine::catalog::{self, Fact, Hook, result_column, result_table};
use switchboard_engine::filters;
use switchboard_engine::schema::{EnumType, EventKind};
use switchboard_engine::ty::Scalar;
use switchboard_grammar::lang::Lang;

use super::places::Place;

/// Values of `funnel:` and `amount:`, English and Russian; the engine keeps them to itself.
const TRANSFER: [(&str, &str); 4] = [
    ("per_store", "по_магазинам"),
    ("single", "одна"),
    ("total_with_delivery", "с_доставкой"),
    ("total_without_delivery", "без_доставки"),
];

/// The name in `lang`; `None` when it is nobody's that is known.
pub(super) fn translated(name: &str, place: &Place, lang: Lang) -> Option<String> {
    match place {
        Place::Own => None,
        Place::Filter => {
            let (filter, _) = filters::find(name)?;
            Some(lang.pick(filter.name, filter.ru).to_owned())
        }
        Place::Table => table(name, lang),
        Place::Column => {
            let column = result_column(name)?;
            Some(lang.pick(column.name, column.ru).to_owned())
        }
        Place::Setting => setting(name, lang),
        Place::Beside(other) => {
            set_of(other).and_then(|set| item(set, name, lang)).or_else(|| value(name, lang))
        }
        Place::Transfer => {
            let (en, ru) = TRANSFER.iter().find(|(en, ru)| *en == name || *ru == name)?;
            Some(lang.pick(*en, *ru).to_owned())
        }
        Place::Hook => {
            let spec = Hook::find(name)?.spec();
            Some(lang.pick(spec.name, spec.ru).to_owned())
        }
        Place::Fact => {
            let spec = Fact::find(name)?.spec();
            Some(lang.pick(spec.name, spec.ru).to_owned())
        }
        Place::Value => value(name, lang),
    }
}

/// A field, a setting or a table.
fn value(name: &str, lang: Lang) -> Option<String> {
    field(name, lang).or_else(|| setting(name, lang)).or_else(|| table(name, lang))
}

fn field(name: &str, lang: Lang) -> Option<String> {
    // What is a name of one field may be the original of another: `channel` is that of chats, and what UIS calls the
    // channel of traffic. The name proper goes first, whichever kind has it.
    let found = EventKind::ALL
        .into_iter()
        .filter_map(|kind| catalog::schema().find_field(kind, name))
        .min_by_key(|found| found.spelling)?;
    Some(match lang {
        Lang::En => found.field.name_with(found.key),
        Lang::Ru => found.field.ru_with(found.key),
    })
}

fn setting(name: &str, lang: Lang) -> Option<String> {
    let found = EventKind::ALL.into_iter().find_map(|kind| catalog::schema().find_setting(kind, name))?;
    Some(lang.pick(found.setting.spec.name, found.setting.spec.ru).to_owned())
}

fn table(name: &str, lang: Lang) -> Option<String> {
    let table = result_table(name)?;
    Some(lang.pick(table.name, table.ru).to_owned())
}

/// The set of values that a field, setting or column has.
fn set_of(name: &str) -> Option<&'static EnumType> {
    let schema = catalog::schema();
    let fields =
        EventKind::ALL.into_iter().filter_map(|kind| Some(schema.find_field(kind, name)?.field.ty()));
    let settings =
        EventKind::ALL.into_iter().filter_map(|kind| Some(schema.find_setting(kind, name)?.setting.spec.ty));
    let columns = result_column(name).map(|column| column.ty);
    fields.chain(settings).chain(columns).find_map(|ty| match ty.scalar {
        Scalar::Enum(set) => Some(set),
        _ => None,
    })
}

fn item(set: &'static EnumType, name: &str, lang: Lang) -> Option<String> {
    let (value, _) = set.find(name)?;
    Some(lang.pick(value.item().en, value.item().ru).to_owned())
}
