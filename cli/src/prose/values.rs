//! Values as nouns: "менеджер клиента, а если не указан – ответивший сотрудник".

use switchboard_engine::catalog::enums;
use switchboard_engine::schema::EnumType;
use switchboard_engine::ty::Type;
use switchboard_grammar::ast::{Call, Events, Value, ValueKind};
use switchboard_grammar::lang::Lang;

use super::events::{Noun, noun, slots};
use super::literals::{Case, literal};
use super::names::{Declared, canonical_table, field, item, setting, type_of};
use super::phrases::{inner_quoted, quoted, spaced};
use super::words::{Gender, of_field};

/// Whoever tells one section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) lang: Lang,
    pub(super) declared: &'a Declared<'a>,
    /// What the section is about.
    pub(super) noun: Noun,
    /// Its events.
    slots: u8,
    /// Whether what is told stands inside of quotes.
    nested: bool,
    /// Whether a table is told as "результат таблицы", which may stand anywhere, and not as "по таблице".
    as_noun: bool,
}

/// What a test asks about.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// Nominative.
    pub(super) text: String,
    /// Genitive.
    pub(super) of: String,
    pub(super) gender: Gender,
    pub(super) ty: Option<Type>,
    /// English name, when it is a field.
    pub(super) field: Option<&'static str>,
    /// Its whole name, for recognising it again.
    pub(super) key: String,
}

impl Subject {
    /// Whether it may be missing.
    pub(super) fn is_optional(&self) -> bool {
        self.ty.is_some_and(|ty| ty.optional)
    }

    fn unknown(text: String) -> Self {
        Self { of: text.clone(), key: text.clone(), text, gender: Gender::Masculine, ty: None, field: None }
    }
}

impl<'a> Teller<'a> {
    pub(super) fn new(lang: Lang, declared: &'a Declared<'a>, events: Option<&Events>) -> Self {
        let (noun, slots) = (noun(events), slots(events));
        Self { lang, declared, noun, slots, nested: false, as_noun: false }
    }

    /// The same inside of quotes.
    pub(super) const fn inside(self) -> Self {
        Self { nested: true, as_noun: true, ..self }
    }

    /// The same where values are told for themselves, and not as who or what is chosen.
    pub(super) const fn of_nouns(self) -> Self {
        Self { as_noun: true, ..self }
    }

    /// A text in the quotes that fit here.
    pub(super) fn quoted(&self, text: &str) -> String {
        if self.nested { inner_quoted(text, self.lang) } else { quoted(text, self.lang) }
    }

    /// A value as a noun in the nominative.
    pub(super) fn value(&self, value: &Value) -> String {
        self.value_of(value, None)
    }

    /// A value where words of a set may stand.
    pub(super) fn value_of(&self, value: &Value, set: Option<&'static EnumType>) -> String {
        match &value.kind {
            ValueKind::Literal(written) => literal(self, written, Case::Nominative),
            ValueKind::Path(path) => self.named(&path.dotted(), set),
            ValueKind::Call(call) => self.call(call),
            ValueKind::Else { options, .. } => self.chain(options, set),
            ValueKind::Default(_) => self.lang.pick("the built-in one", "стандартное значение").to_owned(),
        }
    }

    /// A value in the genitive, as it stands after "больше".
    pub(super) fn genitive(&self, value: &Value) -> String {
        match &value.kind {
            ValueKind::Literal(written) => literal(self, written, Case::Genitive),
            ValueKind::Path(_) => self.subject(value).of,
            _ => self.value(value),
        }
    }

    fn named(&self, name: &str, set: Option<&'static EnumType>) -> String {
        let lang = self.lang;
        if let Some((set, words)) = set.and_then(|set| Some((set, item(set, name, lang)?))) {
            // Several words are kept together by quotes; messengers have names.
            let is_phrase = words.contains(' ') && *set != enums::CHANNEL;
            return if is_phrase { self.quoted(&words) } else { words };
        }
        if let Some(numbers) = self.declared.tables.get(&canonical_table(name)) {
            let table = self.table(name, numbers);
            return match lang {
                Lang::En => format!("what {table} says"),
                Lang::Ru if self.as_noun => format!("результат {}", table.replacen("таблице", "таблицы", 1)),
                Lang::Ru => format!("по {table}"),
            };
        }
        let own = self.quoted(&spaced(name));
        if self.declared.lists.contains(name) {
            return lang.pick(format!("the list {own}"), format!("список {own}"));
        }
        if self.declared.schedules.contains(name) {
            return lang.pick(format!("the schedule {own}"), format!("расписание {own}"));
        }
        if field(name).is_some() {
            return self.field(name).text;
        }
        if let Some(setting) = setting(name, lang) {
            let given = self.given(name);
            return lang.pick(format!("the {}{given}", setting.name), format!("{}{given}", setting.name));
        }
        if self.declared.has_setting(name) {
            let given = self.given(name);
            return lang
                .pick(format!("the setting {own}{given}"), format!("значение настройки {own}{given}"));
        }
        own
    }

    /// "таблице «ответственный входящие» (раздел 5)", or in English "the table “…” (section 5)".
    fn table(&self, name: &str, numbers: &[usize]) -> String {
        let (lang, shown) = (self.lang, self.quoted(&spaced(name)));
        let place = self.place(numbers);
        lang.pick(format!("the table {shown}{place}"), format!("таблице {shown}{place}"))
    }

    /// " (раздел 5)", where there is only one.
    fn place(&self, numbers: &[usize]) -> String {
        match numbers {
            [only] => self.lang.pick(format!(" (section {only})"), format!(" (раздел {only})")),
            _ => String::new(),
        }
    }

    /// What a setting is, in brackets: its value where that is written out, else its place.
    fn given(&self, name: &str) -> String {
        let Some(given) = self.declared.setting(name, self.slots) else { return String::new() };
        match &given.value.kind {
            ValueKind::Literal(written) => format!(" ({})", literal(self, written, Case::Nominative)),
            _ => self.place(&[given.number]),
        }
    }

    fn call(&self, call: &Call) -> String {
        let name = call.name.dotted();
        let arguments: Vec<String> = call.arguments.iter().map(|value| self.value(value)).collect();
        let result = self.lang.pick("the result of the function", "результат функции");
        if arguments.is_empty() {
            return format!("{result} {name}");
        }
        format!("{result} {name} ({})", arguments.join("; "))
    }

    fn chain(&self, options: &[Value], set: Option<&'static EnumType>) -> String {
        let mut out = String::new();
        let mut before: Option<&Value> = None;
        for option in options {
            if let Some(before) = before {
                match self.lang {
                    Lang::En => out.push_str(", failing that "),
                    Lang::Ru => out.push_str(&format!(", а если {} – ", self.absent(before))),
                }
            }
            let nested = matches!(option.kind, ValueKind::Else { .. });
            let text = self.value_of(option, set);
            out.push_str(&if nested { format!("({text})") } else { text });
            before = Some(option);
        }
        out
    }

    /// What is said of a value that is not there: "не указан".
    fn absent(&self, value: &Value) -> String {
        let name = value.path().map(switchboard_grammar::ast::Path::dotted);
        match name {
            Some(name) if self.declared.tables.contains_key(&canonical_table(&name)) => {
                "таблица ничего не дала".to_owned()
            }
            Some(name) if field(&name).is_some() => self.field(&name).gender.not_given(self.lang),
            Some(_) => "это не задано".to_owned(),
            None => "этого нет".to_owned(),
        }
    }

    /// What a test asks about.
    pub(super) fn subject(&self, value: &Value) -> Subject {
        let lang = self.lang;
        match &value.kind {
            ValueKind::Path(path) => {
                let name = path.dotted();
                if let Some(numbers) = self.declared.tables.get(&canonical_table(&name)) {
                    let table = self.table(&name, numbers);
                    // "по таблице" is no subject; "результат таблицы" is.
                    let of = table.replacen("таблице", "таблицы", 1);
                    let text = lang.pick(format!("the result of {table}"), format!("результат {of}"));
                    let of = lang.pick(format!("the result of {table}"), format!("результата {of}"));
                    return Subject { of, key: name, ..Subject::unknown(text) };
                }
                if field(&name).is_some() {
                    return self.field(&name);
                }
                let ty = type_of(&name);
                Subject { ty, key: name.clone(), ..Subject::unknown(self.named(&name, None)) }
            }
            ValueKind::Else { options, .. } => {
                let Some(first) = options.first() else { return Subject::unknown(self.value(value)) };
                let first = self.subject(first);
                let last = options.last().and_then(|last| self.subject(last).ty);
                let ty = first.ty.map(|ty| Type { optional: last.is_some_and(|ty| ty.optional), ..ty });
                Subject { ty, field: None, ..self.in_brackets(first, options) }
            }
            _ => Subject::unknown(self.value(value)),
        }
    }

    /// A chain as a subject: the first with the rest behind it in brackets.
    fn in_brackets(&self, first: Subject, options: &[Value]) -> Subject {
        let mut rest = Vec::new();
        for (before, option) in options.iter().zip(options.iter().skip(1)) {
            let value = self.value(option);
            let absent = self.absent(before);
            rest.push(self.lang.pick(format!("failing that {value}"), format!("а если {absent} – {value}")));
        }
        let rest = rest.join(", ");
        Subject {
            text: format!("{} ({rest})", first.text),
            of: format!("{} ({rest})", first.of),
            key: format!("{} ({rest})", first.key),
            ..first
        }
    }

    fn field(&self, name: &str) -> Subject {
        let lang = self.lang;
        let Some((field, key)) = field(name) else { return Subject::unknown(name.to_owned()) };
        let Some(words) = of_field(field.name()) else {
            let shown = spaced(&lang.pick(field.name_with(key), field.ru_with(key)).replace('.', " "));
            let unknown = Subject::unknown(shown);
            return Subject {
                ty: Some(field.ty()),
                field: Some(field.name()),
                key: name.to_owned(),
                ..unknown
            };
        };
        let of = lang.pick(self.noun.en_of, self.noun.ru_of);
        let filled = |text: &str| text.replace("{of}", of).replace("{key}", key.unwrap_or_default());
        Subject {
            text: filled(lang.pick(words.en, words.ru)),
            of: filled(lang.pick(words.en, words.ru_of)),
            gender: words.gender,
            ty: Some(field.ty()),
            field: Some(field.name()),
            key: field.name_with(key),
        }
    }
}
