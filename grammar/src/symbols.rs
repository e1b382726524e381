//! What each symbol of the grammar is, for people.
//!
//! One exhaustive match, so that a new grammar rule cannot be forgotten: a keyword from the table, or words in both
//! languages. Messages use it for what should have come where the parser stopped; the parser's own list of what it
//! tried is never shown.

use crate::keywords::Keyword;
use crate::pairs::Symbol;
use crate::statement::Statement;

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A word of the keyword table.
    Keyword(Keyword),
    /// Something else, in English and Russian.
    Words(&'static str, &'static str),
}

/// The keyword that a symbol stands for.
pub(crate) fn keyword(symbol: Symbol) -> Option<Keyword> {
    match meaning(symbol) {
        Meaning::Keyword(keyword) => Some(keyword),
        Meaning::Words(..) => None,
    }
}

/// What a symbol is.
pub(crate) fn meaning(symbol: Symbol) -> Meaning {
    use Meaning::Words;
    match symbol {
        Symbol::EOI => Words("the end of the line", "конец строки"),
        Symbol::WHITESPACE | Symbol::blank | Symbol::blanks | Symbol::phone_gap => Words("a blank", "пробел"),
        Symbol::wordy => Words("a letter", "буква"),
        Symbol::digit => Words("a digit", "цифра"),
        Symbol::name | Symbol::segment | Symbol::path => Words("a name", "имя"),
        Symbol::code => Words("a field code", "код поля"),
        Symbol::text | Symbol::alien => Words("a text in quotes", "текст в кавычках"),
        Symbol::plain => Words("text", "текст"),
        Symbol::hole => Words("`{{ … }}`", "`{{ … }}`"),
        Symbol::refine => Words("a template filter", "фильтр шаблона"),
        Symbol::literal
        | Symbol::value
        | Symbol::primary
        | Symbol::item
        | Symbol::alternative
        | Symbol::cell_test => Words("a value", "значение"),
        Symbol::moment => Words("a date and time", "дата и время"),
        Symbol::date => Words("a date", "дата"),
        Symbol::time => Words("a time", "время"),
        Symbol::phone => Words("a phone number", "номер телефона"),
        Symbol::duration | Symbol::part | Symbol::wait => Words("a duration", "длительность"),
        Symbol::amount | Symbol::number => Words("a number", "число"),
        Symbol::unit => Words("a unit of time", "единица времени"),
        Symbol::yes_no => Words("`yes` or `no`", "`да` или `нет`"),
        Symbol::named => Words("a name", "имя"),
        Symbol::arguments => Words("values in brackets", "значения в скобках"),
        Symbol::group => Words("an opening bracket", "открывающая скобка"),
        Symbol::condition => Words("a condition", "условие"),
        Symbol::test => Words("a test", "проверка"),
        Symbol::asked => Words("a comparison", "сравнение"),
        Symbol::items => Words("values in brackets", "значения в скобках"),
        Symbol::any | Symbol::dash => Words("`-`", "`-`"),
        Symbol::cell
        | Symbol::column_cell
        | Symbol::result_head
        | Symbol::input_cell
        | Symbol::else_cell
        | Symbol::result_cell => Words("a cell", "ячейка"),
        Symbol::events | Symbol::target => Words("events", "события"),
        Symbol::due => Words("a due time", "срок"),
        Symbol::parameter => Words("a parameter", "параметр"),
        Symbol::type_ref => Words("a type", "тип"),
        Symbol::optional => Words("`?`", "`?`"),
        Symbol::hook => Words("a hook", "точка вызова"),
        Symbol::need => Words("a fact", "факт"),
        Symbol::days => Words("days", "дни"),
        Symbol::day => Words("a day", "день"),
        Symbol::interval => Words("hours such as `09:00-18:00`", "часы вида `09:00-18:00`"),
        Symbol::include_head
        | Symbol::filter_head
        | Symbol::settings_head
        | Symbol::table_head
        | Symbol::task_head
        | Symbol::fields_head
        | Symbol::transfer_head
        | Symbol::list_head
        | Symbol::script_head
        | Symbol::schedule_head => Words("a section header", "заголовок раздела"),
        Symbol::filter_line
        | Symbol::settings_line
        | Symbol::task_line
        | Symbol::fields_line
        | Symbol::transfer_line
        | Symbol::list_line
        | Symbol::function_line
        | Symbol::policy_line
        | Symbol::failure_line
        | Symbol::schedule_line => Words("a line", "строка"),
        Symbol::reserved => Words("a keyword", "ключевое слово"),
        Symbol::k_or => Meaning::Keyword(Keyword::Or),
        Symbol::k_and => Meaning::Keyword(Keyword::And),
        Symbol::k_not => Meaning::Keyword(Keyword::Not),
        Symbol::k_else => Meaning::Keyword(Keyword::Else),
        Symbol::k_when => Meaning::Keyword(Keyword::When),
        Symbol::k_is_missing => Meaning::Keyword(Keyword::IsMissing),
        Symbol::k_is_present => Meaning::Keyword(Keyword::IsPresent),
        Symbol::k_not_in => Meaning::Keyword(Keyword::NotIn),
        Symbol::k_in => Meaning::Keyword(Keyword::In),
        Symbol::k_not_contains => Meaning::Keyword(Keyword::NotContains),
        Symbol::k_contains => Meaning::Keyword(Keyword::Contains),
        Symbol::k_not_starts_with => Meaning::Keyword(Keyword::NotStartsWith),
        Symbol::k_starts_with => Meaning::Keyword(Keyword::StartsWith),
        Symbol::k_not_ends_with => Meaning::Keyword(Keyword::NotEndsWith),
        Symbol::k_ends_with => Meaning::Keyword(Keyword::EndsWith),
        Symbol::k_not_like => Meaning::Keyword(Keyword::NotLike),
        Symbol::k_like => Meaning::Keyword(Keyword::Like),
        Symbol::k_is_not => Meaning::Keyword(Keyword::IsNot),
        Symbol::k_is => Meaning::Keyword(Keyword::Is),
        Symbol::k_at_least => Meaning::Keyword(Keyword::AtLeast),
        Symbol::k_at_most => Meaning::Keyword(Keyword::AtMost),
        Symbol::k_over => Meaning::Keyword(Keyword::Over),
        Symbol::k_under => Meaning::Keyword(Keyword::Under),
        Symbol::k_exactly => Meaning::Keyword(Keyword::Exactly),
        Symbol::k_missing => Meaning::Keyword(Keyword::Missing),
        Symbol::k_present => Meaning::Keyword(Keyword::Present),
        Symbol::k_yes => Meaning::Keyword(Keyword::Yes),
        Symbol::k_no => Meaning::Keyword(Keyword::No),
        Symbol::k_default => Meaning::Keyword(Keyword::Default),
        Symbol::k_rules => Meaning::Keyword(Keyword::Rules),
        Symbol::k_include => Meaning::Keyword(Keyword::Include),
        Symbol::k_filter => Meaning::Keyword(Keyword::Filter),
        Symbol::k_settings => Meaning::Keyword(Keyword::Settings),
        Symbol::k_table => Meaning::Keyword(Keyword::Table),
        Symbol::k_task => Meaning::Keyword(Keyword::Task),
        Symbol::k_fields_of => Meaning::Keyword(Keyword::FieldsOf),
        Symbol::k_transfer => Meaning::Keyword(Keyword::Transfer),
        Symbol::k_list => Meaning::Keyword(Keyword::List),
        Symbol::k_script => Meaning::Keyword(Keyword::Script),
        Symbol::k_schedule => Meaning::Keyword(Keyword::Schedule),
        Symbol::k_for => Meaning::Keyword(Keyword::For),
        Symbol::k_missed => Meaning::Keyword(Keyword::Missed),
        Symbol::k_failed => Meaning::Keyword(Keyword::Failed),
        Symbol::k_answered => Meaning::Keyword(Keyword::Answered),
        Symbol::k_incoming_calls => Meaning::Keyword(Keyword::IncomingCalls),
        Symbol::k_outgoing_calls => Meaning::Keyword(Keyword::OutgoingCalls),
        Symbol::k_calls => Meaning::Keyword(Keyword::Calls),
        Symbol::k_chats => Meaning::Keyword(Keyword::Chats),
        Symbol::k_requests => Meaning::Keyword(Keyword::Requests),
        Symbol::k_orders => Meaning::Keyword(Keyword::Orders),
        Symbol::k_accept => Meaning::Keyword(Keyword::Accept),
        Symbol::k_reject => Meaning::Keyword(Keyword::Reject),
        Symbol::k_first_match => Meaning::Keyword(Keyword::FirstMatch),
        Symbol::k_only_match => Meaning::Keyword(Keyword::OnlyMatch),
        Symbol::k_all_matches => Meaning::Keyword(Keyword::AllMatches),
        Symbol::k_title => Meaning::Keyword(Keyword::Title),
        Symbol::k_assign => Meaning::Keyword(Keyword::Assign),
        Symbol::k_due => Meaning::Keyword(Keyword::Due),
        Symbol::k_note => Meaning::Keyword(Keyword::Note),
        Symbol::k_cancel => Meaning::Keyword(Keyword::Cancel),
        Symbol::k_template => Meaning::Keyword(Keyword::Template),
        Symbol::k_after => Meaning::Keyword(Keyword::After),
        Symbol::k_working => Meaning::Keyword(Keyword::Working),
        Symbol::k_by => Meaning::Keyword(Keyword::By),
        Symbol::k_client => Meaning::Keyword(Keyword::Client),
        Symbol::k_order => Meaning::Keyword(Keyword::Order),
        Symbol::k_from => Meaning::Keyword(Keyword::From),
        Symbol::k_always => Meaning::Keyword(Keyword::Always),
        Symbol::k_column => Meaning::Keyword(Keyword::Column),
        Symbol::k_only_when => Meaning::Keyword(Keyword::OnlyWhen),
        Symbol::k_funnel => Meaning::Keyword(Keyword::Funnel),
        Symbol::k_amount => Meaning::Keyword(Keyword::Amount),
        Symbol::k_pass => Meaning::Keyword(Keyword::Pass),
        Symbol::k_won => Meaning::Keyword(Keyword::Won),
        Symbol::k_lost => Meaning::Keyword(Keyword::Lost),
        Symbol::k_function => Meaning::Keyword(Keyword::Function),
        Symbol::k_gives => Meaning::Keyword(Keyword::Gives),
        Symbol::k_policy => Meaning::Keyword(Keyword::Policy),
        Symbol::k_needs => Meaning::Keyword(Keyword::Needs),
        Symbol::k_on_failure => Meaning::Keyword(Keyword::OnFailure),
        Symbol::k_use_tables => Meaning::Keyword(Keyword::UseTables),
        Symbol::k_park => Meaning::Keyword(Keyword::Park),
        Symbol::k_type_text => Meaning::Keyword(Keyword::TypeText),
        Symbol::k_type_number => Meaning::Keyword(Keyword::TypeNumber),
        Symbol::k_type_yes_no => Meaning::Keyword(Keyword::TypeYesNo),
        Symbol::k_type_phone => Meaning::Keyword(Keyword::TypePhone),
        Symbol::k_type_duration => Meaning::Keyword(Keyword::TypeDuration),
        Symbol::k_type_moment => Meaning::Keyword(Keyword::TypeMoment),
        Symbol::k_type_date => Meaning::Keyword(Keyword::TypeDate),
        Symbol::k_type_time => Meaning::Keyword(Keyword::TypeTime),
        Symbol::k_list_of => Meaning::Keyword(Keyword::ListOf),
        Symbol::k_second => Meaning::Keyword(Keyword::Second),
        Symbol::k_minute => Meaning::Keyword(Keyword::Minute),
        Symbol::k_hour => Meaning::Keyword(Keyword::Hour),
        Symbol::k_day => Meaning::Keyword(Keyword::DayUnit),
        Symbol::k_week => Meaning::Keyword(Keyword::Week),
        Symbol::k_mon => Meaning::Keyword(Keyword::Mon),
        Symbol::k_tue => Meaning::Keyword(Keyword::Tue),
        Symbol::k_wed => Meaning::Keyword(Keyword::Wed),
        Symbol::k_thu => Meaning::Keyword(Keyword::Thu),
        Symbol::k_fri => Meaning::Keyword(Keyword::Fri),
        Symbol::k_sat => Meaning::Keyword(Keyword::Sat),
        Symbol::k_sun => Meaning::Keyword(Keyword::Sun),
        Symbol::k_closed => Meaning::Keyword(Keyword::Closed),
    }
}

impl Statement {
    /// The grammar rule of a line of this kind.
    pub(crate) const fn symbol(self) -> Symbol {
        match self {
            Self::IncludeHead => Symbol::include_head,
            Self::FilterHead => Symbol::filter_head,
            Self::SettingsHead => Symbol::settings_head,
            Self::TableHead => Symbol::table_head,
            Self::TaskHead => Symbol::task_head,
            Self::FieldsHead => Symbol::fields_head,
            Self::TransferHead => Symbol::transfer_head,
            Self::ListHead => Symbol::list_head,
            Self::ScriptHead => Symbol::script_head,
            Self::ScheduleHead => Symbol::schedule_head,
            Self::FilterLine => Symbol::filter_line,
            Self::SettingsLine => Symbol::settings_line,
            Self::ColumnCell => Symbol::column_cell,
            Self::ResultHead => Symbol::result_head,
            Self::InputCell => Symbol::input_cell,
            Self::ElseCell => Symbol::else_cell,
            Self::ResultCell => Symbol::result_cell,
            Self::TaskLine => Symbol::task_line,
            Self::FieldsLine => Symbol::fields_line,
            Self::TransferLine => Symbol::transfer_line,
            Self::ListLine => Symbol::list_line,
            Self::FunctionLine => Symbol::function_line,
            Self::PolicyLine => Symbol::policy_line,
            Self::FailureLine => Symbol::failure_line,
            Self::ScheduleLine => Symbol::schedule_line,
        }
    }
}
