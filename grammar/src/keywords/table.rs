//! The rows of the keyword table.
//!
//! One line a keyword: grammar name, group, English spellings, Russian spellings, then aliases and foreign
//! spellings where there are any.
//!
//! To add a keyword: a row here, then `RENEW=1 cargo test -p switchboard-grammar keywords` writes `keywords.pest`,
//! then its arm in `symbols`.

use super::Entry;
use super::Group::{Connective, Constant, Day, Event, Operator, Property, Section, Type, Unit};

/// Declares the enum and its table in one go, so that neither can lack a row of the other.
macro_rules! keywords {
    ($($keyword:ident $name:literal $group:ident
        [$($en:literal),+] [$($ru:literal),+]
        $(alias [$($alias:literal => $form:literal),+])?
        $(foreign [$($foreign:literal),+])?;)*
    ) => {
        /// A keyword of the language, whatever language it is written in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Keyword {
            $(#[doc = concat!("`", $name, "` in the grammar.")] $keyword,)*
        }

        impl Keyword {
            /// Every keyword with its spellings.
            pub const TABLE: &'static [Entry] = &[$(Entry {
                keyword: Keyword::$keyword,
                name: $name,
                group: $group,
                en: &[$($en),+],
                ru: &[$($ru),+],
                aliases: &[$($(($alias, $form)),+)?],
                foreign: &[$($($foreign),+)?],
            }),*];

            /// The row of this keyword.
            #[must_use]
            pub const fn entry(self) -> &'static Entry {
                match self {
                    $(Keyword::$keyword => {
                        const ROW: &Entry = &Entry {
                            keyword: Keyword::$keyword,
                            name: $name,
                            group: $group,
                            en: &[$($en),+],
                            ru: &[$($ru),+],
                            aliases: &[$($(($alias, $form)),+)?],
                            foreign: &[$($($foreign),+)?],
                        };
                        ROW
                    })*
                }
            }
        }
    };
}

keywords! {
    // Joining.
    Or "or" Connective ["or"] ["или"] foreign ["||"];
    And "and" Connective ["and"] ["и"] foreign ["&&", "&"];
    Not "not" Connective ["not"] ["не"] foreign ["!"];
    Else "else" Connective ["else"] ["иначе"] foreign ["??", "otherwise"];
    When "when" Connective ["when"] ["когда"] foreign ["if", "если", "при условии"];

    // Asking. The negated ones are words of their own: the opposite is exact.
    IsMissing "is_missing" Operator ["is missing"]
        ["пусто", "пуст", "пуста", "пусты", "это пусто"]
        alias ["is not present" => "is missing", "не указано" => "пусто", "не указан" => "пуст",
            "не указана" => "пуста", "не указаны" => "пусты"]
        foreign ["is null", "= null", "== null", "=== null", "is empty", "это null"];
    IsPresent "is_present" Operator ["is present"]
        ["указан", "указана", "указано", "указаны"]
        alias ["is not missing" => "is present", "не пусто" => "указано", "не пуст" => "указан",
            "не пуста" => "указана", "не пусты" => "указаны", "это не пусто" => "указано"]
        foreign ["is not null", "!= null", "!== null", "<> null", "is not empty", "не null", "это не null"];
    NotIn "not_in" Operator ["not in"] ["не в"] foreign ["is not in", "это не в", "not one of"];
    In "in" Operator ["in"] ["в"] foreign ["is in", "это в", "is one of", "one of"];
    NotContains "not_contains" Operator ["not contains"] ["не содержит", "не содержат"]
        foreign ["does not contain", "doesn't contain", "not contain"];
    Contains "contains" Operator ["contains"] ["содержит", "содержат"] foreign ["contain", "includes"];
    NotStartsWith "not_starts_with" Operator ["not starts with"] ["не начинается с", "не начинаются с"]
        foreign ["does not start with", "doesn't start with", "not start with"];
    StartsWith "starts_with" Operator ["starts with"] ["начинается с", "начинаются с"]
        foreign ["start with", "начинается на", "начинаются на"];
    NotEndsWith "not_ends_with" Operator ["not ends with"] ["не заканчивается на", "не заканчиваются на"]
        foreign ["does not end with", "doesn't end with", "not end with"];
    EndsWith "ends_with" Operator ["ends with"] ["заканчивается на", "заканчиваются на"]
        foreign ["end with", "оканчивается на", "кончается на"];
    NotLike "not_like" Operator ["not like"] ["не похож на", "не похожа на", "не похоже на", "не похожи на"]
        foreign ["is not like"];
    Like "like" Operator ["like"] ["похож на", "похожа на", "похоже на", "похожи на"]
        foreign ["is like", "matches"];
    IsNot "is_not" Operator ["is not"] ["не", "это не"] foreign ["!==", "!=", "<>", "≠", "not", "не равно", "не равен", "не равна"];
    Is "is" Operator ["is"] ["это"] foreign ["===", "==", "=", "equals", "равно", "равен", "равна"];
    AtLeast "at_least" Operator [">="] [">="] foreign ["=>", "≥", "at least", "не меньше", "не менее"];
    AtMost "at_most" Operator ["<="] ["<="] foreign ["=<", "≤", "at most", "не больше", "не более"];
    Over "over" Operator [">"] [">"] foreign ["greater than", "more than", "больше", "более", "больше чем"];
    Under "under" Operator ["<"] ["<"] foreign ["less than", "меньше", "менее", "меньше чем"];
    Exactly "exactly" Operator ["exactly"] ["ровно"] foreign ["точно", "в точности"];

    // In a table's cell, where `is` is understood.
    Missing "missing" Operator ["missing"] ["пусто", "пуст", "пуста", "пусты"]
        foreign ["null", "nil", "undefined", "empty"];
    Present "present" Operator ["present"] ["указан", "указана", "указано", "указаны"];

    // Values that are words.
    Yes "yes" Constant ["yes"] ["да"] foreign ["true", "истина"];
    No "no" Constant ["no"] ["нет"] foreign ["false", "ложь"];
    Default "default" Constant ["default"] ["по умолчанию"];

    // Sections.
    Rules "rules" Section ["rules"] ["правила"];
    Include "include" Section ["include"] ["включить"] foreign ["import", "подключить"];
    Filter "filter" Section ["filter"] ["фильтр"];
    Settings "settings" Section ["settings"] ["настройки"];
    Table "table" Section ["table"] ["таблица"];
    Task "task" Section ["task"] ["задача"];
    FieldsOf "fields_of" Section ["fields of"] ["поля", "полей"];
    Transfer "transfer" Section ["transfer orders"] ["передача заказов"] foreign ["передавать заказы"];
    List "list" Section ["list"] ["список"];
    Script "script" Section ["script"] ["скрипт"];
    Schedule "schedule" Section ["schedule"] ["расписание"];

    // What happened.
    For "for" Event ["for"] ["для"];
    Missed "missed" Event ["missed"] ["пропущенных", "пропущенные"];
    Failed "failed" Event ["failed"] ["неудачных", "неудачные"];
    Answered "answered" Event ["answered"] ["принятых", "принятые"];
    IncomingCalls "incoming_calls" Event ["incoming calls"] ["входящих звонков", "входящие звонки"];
    OutgoingCalls "outgoing_calls" Event ["outgoing calls"] ["исходящих звонков", "исходящие звонки"];
    Calls "calls" Event ["calls"] ["звонков", "звонки"];
    Chats "chats" Event ["chats"] ["чатов", "чаты"];
    Requests "requests" Event ["requests"] ["заявок", "заявки"];
    Orders "orders" Event ["orders"] ["заказов", "заказы"];

    // Lines and headers.
    Accept "accept" Property ["accept"] ["принимать"] foreign ["allow", "принять"];
    Reject "reject" Property ["reject"] ["отклонять"] foreign ["deny", "отклонить"];
    FirstMatch "first_match" Property ["first match"] ["первое совпадение"];
    OnlyMatch "only_match" Property ["only match"] ["единственное совпадение"];
    AllMatches "all_matches" Property ["all matches"] ["все совпадения"];
    Title "title" Property ["title"] ["заголовок"];
    Assign "assign" Property ["assign"] ["ответственный"];
    Due "due" Property ["due"] ["срок"];
    Note "note" Property ["note"] ["заметка"];
    Cancel "cancel" Property ["cancel when reached"] ["отменять когда дозвонились"]
        foreign ["отменить когда дозвонились"];
    Template "template" Property ["template"] ["шаблон"];
    After "after" Property ["after"] ["после"];
    Working "working" Property ["working"] ["рабочих", "рабочий", "рабочего", "рабочая", "рабочие"];
    By "by" Property ["by"] ["по"];
    Client "client" Property ["client"] ["клиента"];
    Order "order" Property ["order"] ["заказа"];
    From "from" Property ["from"] ["из"];
    Always "always" Property ["always"] ["всегда"];
    Column "column" Property ["column"] ["колонка"];
    OnlyWhen "only_when" Property ["only when"] ["только когда"] foreign ["only if", "только если"];
    Funnel "funnel" Property ["funnel"] ["воронка"];
    Amount "amount" Property ["amount"] ["сумма"];
    Pass "pass" Property ["pass"] ["передавать"];
    Won "won" Property ["won"] ["выиграна"];
    Lost "lost" Property ["lost"] ["проиграна"];
    Function "function" Property ["function"] ["функция"] foreign ["fn"];
    Gives "gives" Property ["gives"] ["даёт", "дает"] foreign ["->", "=>", "returns"];
    Policy "policy" Property ["policy"] ["политика"];
    Needs "needs" Property ["needs"] ["нужны"];
    OnFailure "on_failure" Property ["on failure"] ["при сбое"] foreign ["on script failure"];
    UseTables "use_tables" Property ["use tables"] ["решают таблицы"];
    Park "park" Property ["park"] ["отложить"];

    // Types.
    TypeText "type_text" Type ["text"] ["текст", "текстов"] foreign ["string", "строка"];
    TypeNumber "type_number" Type ["number"] ["число", "чисел"] foreign ["decimal", "int"];
    TypeYesNo "type_yes_no" Type ["yes/no"] ["да/нет"] foreign ["bool", "boolean"];
    TypePhone "type_phone" Type ["phone"] ["телефон", "телефонов"];
    TypeDuration "type_duration" Type ["duration"] ["длительность", "длительностей"];
    TypeMoment "type_moment" Type ["moment"] ["момент", "моментов"] foreign ["datetime"];
    TypeDate "type_date" Type ["date"] ["дата", "дат"];
    TypeTime "type_time" Type ["time"] ["время"];
    ListOf "list_of" Type ["list of"] ["список"];

    // Units of time: the short form first, then singular and plural.
    Second "second" Unit ["s", "sec", "second", "seconds"] ["с", "сек", "секунда", "секунды", "секунд"]
        foreign ["secs"];
    Minute "minute" Unit ["min", "minute", "minutes"] ["мин", "минута", "минуты", "минут"]
        foreign ["mins", "m", "м"];
    Hour "hour" Unit ["h", "hour", "hours"] ["ч", "час", "часа", "часов"] foreign ["hrs", "hr"];
    DayUnit "day" Unit ["d", "day", "days"] ["д", "день", "дня", "дней"] foreign ["дн"];
    Week "week" Unit ["w", "week", "weeks"] ["нед", "неделя", "недели", "недель"];

    // Days of the week.
    Mon "mon" Day ["mon", "monday"] ["пн", "понедельник"];
    Tue "tue" Day ["tue", "tuesday"] ["вт", "вторник"];
    Wed "wed" Day ["wed", "wednesday"] ["ср", "среда"];
    Thu "thu" Day ["thu", "thursday"] ["чт", "четверг"];
    Fri "fri" Day ["fri", "friday"] ["пт", "пятница"];
    Sat "sat" Day ["sat", "saturday"] ["сб", "суббота"];
    Sun "sun" Day ["sun", "sunday"] ["вс", "воскресенье"];
    Closed "closed" Day ["closed"] ["закрыто"] foreign ["выходной", "off"];
}
