//! What an administrator pastes into UIS for chats and requests.
//!
//! That UIS notifies of them is known, which placeholders it has for them is not published (UIS reference, sections 3.3 and
//! 3.4). The bodies hold only names that somebody has seen with something written; what else is read, and likely to
//! exist, is listed beside them for whoever sees the list in the office of UIS.

use switchboard_grammar::diagnostic::Text;

use crate::source::uis::template::{Event, Need, Template};
use crate::source::uis::written::WrittenCode;

/// Names that were seen in notifications of texts.
const SEEN: &[&str] = &[
    "notification_time",
    "communication_id",
    "communication_type",
    "visitor_id",
    "visitor_phone_number",
    "visitor_country",
    "site_domain_name",
    "campaign_name",
    "search_query",
];

/// Names that a chat is likely to have.
const OF_CHATS: &[&str] = &[
    "chat_id",
    "chat_channel_type",
    "chat_channel_name",
    "visitor_name",
    "visitor_email",
    "employee_id",
    "employee_full_name",
    "tag_names",
    "source_name",
    "utm_source",
    "utm_medium",
    "utm_campaign",
];

/// Names that a request is likely to have.
const OF_REQUESTS: &[&str] = &[
    "form_name",
    "form_type",
    "text",
    "visitor_name",
    "visitor_email",
    "tag_names",
    "source_name",
    "utm_source",
    "utm_medium",
    "utm_campaign",
];

/// The templates of chats and requests, the most important first.
pub const WRITTEN_TEMPLATES: &[Template] = &[
    of(WrittenCode::Request, OF_REQUESTS),
    of(WrittenCode::ChatStart, OF_CHATS),
    of(WrittenCode::ChatEnd, OF_CHATS),
    of(WrittenCode::ChatLost, OF_CHATS),
];

const fn of(code: WrittenCode, likely: &'static [&'static str]) -> Template {
    Template { event: Event::Written(code), need: Need::Useful, names: SEEN, likely }
}

/// What whoever pastes them has to know.
pub fn written_about() -> Text {
    Text::new(
        "UIS does not publish which placeholders notifications of chats and requests have. Compare the names with the list \
         in the form of the notification: take out what is not there, add what is there of the names below the body. A \
         name that UIS did not fill in counts as nothing. With a UIS key these notifications only have the reports read \
         sooner, and `communication_id` is enough.",
        "Какие подстановки есть в уведомлениях о чатах и заявках, UIS не публикует. Сравните имена со списком в форме \
         уведомления: чего там нет – уберите, что там есть из имён под телом – добавьте. Имя, вместо которого UIS ничего \
         не подставил, считается пустым. Если у аккаунта есть ключ UIS, эти уведомления лишь ускоряют чтение отчётов, и \
         достаточно `communication_id`.",
    )
}
