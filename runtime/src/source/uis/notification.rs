//! What one notification says, by the names of UIS.
//!
//! One table makes the struct, the reading and the documentation. `yes` in a row means that the vendor or somebody
//! who runs against the platform is known to use the name in notifications (marks [D] and [S] of the reference, section
//! 3.4); `no` means that it is only likely to exist, so it is read but stands in none of our templates.

use std::fmt;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::source::uis::event::EventCode;
use crate::source::uis::pairs::Pairs;
use crate::source::uis::report::Reported;
use crate::source::uis::types::{Direction, LocalTime, Number};
use crate::source::uis::value::{Link, Reads};
use crate::source::uis::written::Prose;

/// One name that is read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FieldRow {
    /// The name.
    pub name: &'static str,
    /// Whether it is known to exist in notifications.
    pub is_confirmed: bool,
    /// Whether it holds a list.
    pub is_list: bool,
    /// What it holds, in English and in Russian.
    pub kind: (&'static str, &'static str),
    en: &'static str,
    ru: &'static str,
}

impl FieldRow {
    /// What it means.
    pub fn doc(&self) -> Text {
        Text::new(self.en, self.ru)
    }
}

/// Writes the names as a page of Markdown.
pub fn fields_page(lang: Lang) -> String {
    let (name, what, kind) = lang.pick(("name", "what it means", "kind"), ("имя", "что значит", "вид"));
    let mut page = format!("| {name} | {what} | {kind} |\n| --- | --- | --- |\n");
    for row in &FIELDS {
        let (en, ru) = row.kind;
        // Writing to a `String` cannot fail.
        let _ = writeln!(page, "| `{}` | {} | {} |", row.name, row.doc().get(lang), lang.pick(en, ru));
    }
    page
}

macro_rules! notification {
    ($($name:ident: $kind:ty, $confirmed:ident, $en:literal, $ru:literal;)*) => {
        /// One notification, understood.
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub struct Notification {
            /// What happened.
            pub event: EventCode,
            /// The session of the call.
            pub session: u64,
            /// Who took part, when a report tells; notifications name one employee at a time.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub reported: Option<Vec<Reported>>,
            /// How many recordings there are, when a report counts them; it names no links to them.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub records: Option<u32>,
            $(
                #[doc = $en]
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$kind>,
            )*
        }

        /// Every name that is read, by name.
        pub static FIELDS: [FieldRow; notification!(@count $($name)*)] = [$(FieldRow {
            name: stringify!($name),
            is_confirmed: notification!(@flag $confirmed),
            is_list: <$kind as Reads>::LIST,
            kind: <$kind as Reads>::KIND,
            en: $en,
            ru: $ru,
        },)*];

        impl Notification {
            /// A notification that says nothing but what happened to which call.
            pub fn new(event: EventCode, session: u64) -> Self {
                Self { event, session, reported: None, records: None, $($name: None,)* }
            }

            /// Takes every field that is absent here from another notification.
            pub(crate) fn fill_absent(&mut self, other: &Self) {
                $(
                    if self.$name.is_none() {
                        self.$name.clone_from(&other.$name);
                    }
                )*
            }

            /// Reads all fields; one whose value is something else stays absent and is named.
            pub(super) fn fill(&mut self, pairs: &Pairs) -> Vec<&'static str> {
                let mut misfits = Vec::new();
                $(
                    if let Some(node) = pairs.get(stringify!($name)) {
                        self.$name = <$kind as Reads>::read(node);
                        if self.$name.is_none() {
                            misfits.push(stringify!($name));
                        }
                    }
                )*
                misfits
            }
        }
    };
    (@count) => { 0 };
    (@count $first:ident $($rest:ident)*) => { 1 + notification!(@count $($rest)*) };
    (@flag yes) => { true };
    (@flag no) => { false };
}

// Sorted by name, because names are looked up by halving.
notification! {
    app_id: u64, yes, "UIS account.", "Аккаунт UIS.";
    attributes: Vec<String>, yes, "Attributes of the communication, such as `primary`.", "Признаки обращения, например `primary`.";
    call_session_id: u64, yes, "Session of the call; must be there.", "Сессия звонка; обязательна.";
    call_source: String, yes, "What made the call come about.", "Что породило звонок.";
    call_status: String, yes, "Outcome of the call.", "Исход звонка.";
    called_phone_number: Number, yes, "Number that was called.", "Набранный номер.";
    calling_phone_number: Number, yes, "Number that called.", "Звонивший номер.";
    campaign_name: String, yes, "Advertising campaign.", "Рекламная кампания.";
    channel: String, no, "Channel of traffic.", "Канал трафика.";
    chat_channel_name: String, no, "Name of the channel of the chat.", "Название канала чата.";
    chat_channel_type: String, no, "Kind of the channel of the chat.", "Вид канала чата.";
    chat_id: u64, no, "The chat.", "Чат.";
    communication_id: u64, yes, "The communication; for calls the same as the session.", "Обращение; у звонков то же, что сессия.";
    communication_number: u32, yes, "Which communication of this person it is.", "Которое это обращение человека.";
    communication_type: String, yes, "What the communication is: `call`, `chat`, `offline_message`.", "Что за обращение: `call`, `chat`, `offline_message`.";
    contact_full_name: String, yes, "Name of the contact in the address book.", "Имя контакта в адресной книге.";
    contact_id: u64, yes, "Contact in the address book.", "Контакт в адресной книге.";
    contact_phone_number: Number, yes, "Number of the client.", "Номер клиента.";
    cpn_region_name: String, yes, "Region of the client's number.", "Регион номера клиента.";
    direction: Direction, yes, "Which way the call goes.", "Направление звонка.";
    employee_email: String, yes, "E-mail of the employee.", "Почта сотрудника.";
    employee_full_name: String, yes, "Name of the employee.", "Имя сотрудника.";
    employee_id: u64, yes, "Employee concerned; at the end of a call the last one.", "Сотрудник; при завершении звонка последний.";
    employee_ids: Vec<u64>, yes, "Employees whose phones rang.", "Сотрудники, которым поступал вызов.";
    employee_phone_number: String, yes, "Number or login on which the employee was called.", "Номер или логин, на который звонили сотруднику.";
    entrance_page: String, no, "First page of the visit.", "Страница входа.";
    extension_phone_number: String, yes, "Internal number of the employee.", "Внутренний номер сотрудника.";
    external_id: String, yes, "What we called the call when we ordered it.", "Наш идентификатор заказанного звонка.";
    file_duration: u32, yes, "Length of the recording in seconds.", "Длина записи в секундах.";
    file_link: Link, yes, "Link to a recording.", "Ссылка на запись.";
    finish_reason: String, no, "Why the call ended.", "Почему звонок завершился.";
    form_name: String, no, "Name of the form of a request.", "Название формы заявки.";
    form_type: String, no, "Kind of the form of a request.", "Вид формы заявки.";
    full_record_file_link: Link, no, "Link to the recording of the whole call.", "Ссылка на запись всего звонка.";
    is_internal: bool, yes, "Whether employees called each other.", "Звонок между сотрудниками.";
    is_lost: bool, yes, "Whether no conversation took place.", "Разговор не состоялся.";
    is_transfer: bool, yes, "Whether the call was transferred.", "Звонок переводился.";
    last_talked_employee_id: u64, yes, "Employee who talked last.", "Кто говорил последним.";
    leg_id: u64, yes, "Leg of the call.", "Плечо звонка.";
    leg_ids: Vec<u64>, yes, "Legs of the call.", "Плечи звонка.";
    lost_reason: String, yes, "Why the call was lost.", "Почему звонок потерян.";
    noanswered_employee_full_names: Vec<String>, yes, "Employees who did not answer.", "Кто не ответил.";
    notification_mnemonic: String, yes, "Code of the kind of notification.", "Код вида уведомления.";
    notification_name: String, yes, "Name of the notification in the office.", "Название уведомления в кабинете.";
    notification_time: LocalTime, yes, "When it happened.", "Когда это случилось.";
    notification_timestamp: i64, yes, "When it happened, as Unix time.", "Когда это случилось, время Unix.";
    operator_rating: u32, yes, "The client's mark for the talk.", "Оценка разговора клиентом.";
    record_file_links: Vec<Link>, yes, "Links to all recordings.", "Ссылки на все записи.";
    referrer: String, no, "Address of the page with the link.", "Откуда перешёл посетитель.";
    scenario_id: u64, yes, "Scenario that began to process the call.", "Сценарий, начавший обработку.";
    scenario_name: String, yes, "Name of that scenario.", "Название этого сценария.";
    search_engine: String, yes, "Search engine.", "Поисковая система.";
    search_query: String, yes, "What the visitor searched for.", "Поисковый запрос.";
    segments: Vec<String>, no, "Segments of the visitor.", "Сегменты посетителя.";
    site_domain_name: String, yes, "Domain of the site.", "Домен сайта.";
    source_name: String, no, "Source of traffic.", "Источник трафика.";
    start_time: LocalTime, yes, "When the call began.", "Когда начался звонок.";
    tag_ids: Vec<u64>, yes, "Tags of the communication.", "Теги обращения.";
    tag_names: Vec<String>, yes, "Names of these tags.", "Названия этих тегов.";
    talk_time_duration: u32, yes, "Seconds of talk.", "Секунды разговора.";
    text: Prose, no, "What the visitor wrote.", "Что написал посетитель.";
    total_time_duration: u32, yes, "Seconds of the whole call.", "Секунды всего звонка.";
    tp_project: String, yes, "Product line of the vendor.", "Продуктовая линейка.";
    utm_campaign: String, no, "The mark utm_campaign.", "Метка utm_campaign.";
    utm_content: String, no, "The mark utm_content.", "Метка utm_content.";
    utm_medium: String, no, "The mark utm_medium.", "Метка utm_medium.";
    utm_source: String, no, "The mark utm_source.", "Метка utm_source.";
    utm_term: String, no, "The mark utm_term.", "Метка utm_term.";
    virtual_phone_number: Number, yes, "The shop's number that was called or shown.", "Виртуальный номер магазина.";
    visitor_browser_name: String, yes, "Browser of the visitor.", "Браузер посетителя.";
    visitor_city: String, no, "City of the visitor.", "Город посетителя.";
    visitor_country: String, yes, "Country of the visitor.", "Страна посетителя.";
    visitor_device: String, no, "Device of the visitor.", "Устройство посетителя.";
    visitor_email: String, no, "E-mail of the visitor.", "Почта посетителя.";
    visitor_id: u64, yes, "The visitor.", "Посетитель.";
    visitor_is_new: bool, yes, "Whether the visitor is a new one.", "Новый посетитель.";
    visitor_name: String, no, "Name of the visitor.", "Имя посетителя.";
    visitor_phone_number: Number, yes, "Phone that the visitor left.", "Телефон, оставленный посетителем.";
    visitor_region: String, no, "Region of the visitor.", "Регион посетителя.";
    wait_time_duration: u32, yes, "Seconds until the first talk, or until the client hung up.", "Секунды до разговора или отбоя.";
}

impl Notification {
    /// The link of a single recording.
    pub fn record_link(&self) -> Option<&str> {
        self.file_link.as_ref().map(|link| link.0.as_str())
    }

    /// The link of the recording of the whole call, whoever talked.
    pub fn whole_record_link(&self) -> Option<&str> {
        self.full_record_file_link.as_ref().map(|link| link.0.as_str())
    }

    /// The links of all recordings that are named.
    pub fn record_links(&self) -> impl Iterator<Item = &str> {
        let many = self.record_file_links.iter().flatten();
        self.file_link.iter().chain(many).chain(&self.full_record_file_link).map(|link| link.0.as_str())
    }
}

impl fmt::Debug for Notification {
    /// Says which, and nothing that a log must not hold.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Notification({} of call {})", self.event.as_str(), self.session)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(FIELDS.is_sorted_by(|left, right| left.name < right.name));
    }

    #[test]
    fn what_is_written_can_be_read_and_nothing_else_is_written() {
        let mut notification = Notification::new(EventCode::Ring, 5);
        assert_eq!(serde_json::to_string(&notification).unwrap(), r#"{"event":"ring","session":5}"#);
        notification.contact_phone_number = Some(Number::Phone("+79000000010".to_owned()));
        let json = serde_json::to_string(&notification).unwrap();
        assert_eq!(serde_json::from_str::<Notification>(&json).unwrap(), notification);
        assert!(!format!("{notification:?}").contains("9000000010"));
    }
}
