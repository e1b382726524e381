//! Built-in task titles: what `title: default` stands for.
//!
//! They are template texts in the language itself, one for each language of a file, checked like any other.

use crate::schema::{Direction, EventKind};

/// Longest title of a task in characters; RetailCRM's string fields hold no more.
pub const TITLE_MAX_CHARS: usize = 255;

/// A built-in title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// With English names, as it would stand between the quotes of an English file.
    pub en: &'static str,
    /// With Russian names, as it would stand between the quotes of a Russian file.
    pub ru: &'static str,
}

/// The built-in title of a task.
///
/// `missed` is whether the section says `missed` or `failed` (some true), `answered` (some false) or neither.
pub const fn default_title(kind: EventKind, direction: Option<Direction>, missed: Option<bool>) -> Title {
    match (kind, direction, missed) {
        (EventKind::Call, Some(Direction::Incoming) | None, Some(true)) => Title {
            en: r#"Call back {{ phone }}: {{ scenario else "no scenario" }}, {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"Перезвонить {{ телефон }}: {{ сценарий иначе "без сценария" }}, {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Call, Some(Direction::Outgoing), Some(true)) => Title {
            en: r#"Call {{ phone }} again: nobody answered {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"Позвонить {{ телефон }} ещё раз: не ответили {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Call, Some(Direction::Outgoing), _) => Title {
            en: r#"After the call to {{ phone }}, {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"После звонка на {{ телефон }}, {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Call, _, _) => Title {
            en: r#"After the call from {{ phone }}, {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"После звонка с {{ телефон }}, {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Chat, _, Some(true)) => Title {
            en: r#"Answer in {{ channel }}: {{ name else phone else "a guest" }}, {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"Ответить в {{ канал }}: {{ имя иначе телефон иначе "гость" }}, {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Chat, _, _) => Title {
            en: r#"Chat in {{ channel }}: {{ name else phone else "a guest" }}, {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"Чат в {{ канал }}: {{ имя иначе телефон иначе "гость" }}, {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Request, _, _) => Title {
            en: r#"Request {{ form_name else "from the site" }}: {{ name else phone else "a guest" }}, {{ started | date "DD.MM HH:mm" }}"#,
            ru: r#"Заявка {{ название_формы иначе "с сайта" }}: {{ имя иначе телефон иначе "гость" }}, {{ начат | date "DD.MM HH:mm" }}"#,
        },
        (EventKind::Order, _, _) => {
            Title { en: r"Order {{ order.number }}", ru: r"Заказ {{ заказ.номер }}" }
        }
    }
}
