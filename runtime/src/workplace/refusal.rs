//! Why an operator gets no page, or no data, in words for the operator.

use switchboard_grammar::diagnostic::Text;

use crate::store::StoreError;

/// Why something is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It cannot be told who asks.
    #[error("the request does not say who asks")]
    Unreadable,
    /// The module is switched off in RetailCRM.
    #[error("the module is switched off in RetailCRM")]
    SwitchedOff,
    /// The people of both sides were never listed.
    #[error("employees and users are not listed yet")]
    NotListed,
    /// The user is no synchronised employee, or says to have another e-mail than his own.
    #[error("the user is not synchronised with an employee of UIS")]
    NotSynchronised,
    /// Too many requests of this user in a minute.
    #[error("too many requests of this user")]
    TooOften,
    /// Too many tickets wait to be used.
    #[error("too many tickets are out")]
    Full,
    /// The ticket was used, is too old, or never was.
    #[error("the ticket is used or too old")]
    Ticket,
    /// The token is too old, or never was.
    #[error("the session is over")]
    Session,
    /// There is no such conversation among those of this operator.
    #[error("there is no such conversation of this operator")]
    Unknown,
    /// The store does not answer.
    #[error("store does not answer")]
    Store(#[from] StoreError),
    /// The system has no randomness.
    #[error("the system has no randomness")]
    NoRandomness,
}

impl Refusal {
    /// Its name in answers, logs and figures.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::SwitchedOff => "switched_off",
            Self::NotListed => "not_listed",
            Self::NotSynchronised => "not_synchronised",
            Self::TooOften => "too_often",
            Self::Full => "full",
            Self::Ticket => "ticket",
            Self::Session => "session",
            Self::Unknown => "unknown",
            Self::Store(_) => "store",
            Self::NoRandomness => "no_randomness",
        }
    }

    /// What the operator reads.
    pub fn text(&self) -> Text {
        let (en, ru) = match self {
            Self::Unreadable => ("RetailCRM did not say who you are.", "RetailCRM не сообщила, кто вы."),
            Self::SwitchedOff => {
                ("The UIS module is switched off in RetailCRM.", "Модуль UIS выключен в RetailCRM.")
            }
            Self::NotListed => (
                "The lists of employees are still being read. Try again in a minute.",
                "Списки сотрудников ещё читаются. Попробуйте через минуту.",
            ),
            Self::NotSynchronised => (
                "You are not matched with an employee of UIS. The e-mail in RetailCRM and in UIS must be the same; ask your administrator.",
                "Вы не сопоставлены с сотрудником UIS. E-mail в RetailCRM и в UIS должен совпадать; обратитесь к администратору.",
            ),
            Self::TooOften => {
                ("Too many requests. Wait a minute.", "Слишком много запросов. Подождите минуту.")
            }
            Self::Full | Self::Store(_) | Self::NoRandomness => {
                ("The server is busy. Try again in a minute.", "Сервер занят. Попробуйте через минуту.")
            }
            Self::Ticket => (
                "This page can be opened only once by its address. Open it again from the menu of RetailCRM.",
                "По этому адресу страница открывается только один раз. Откройте её снова из меню RetailCRM.",
            ),
            Self::Session => (
                "The page was open for too long. Reload the page of RetailCRM.",
                "Страница открыта слишком долго. Обновите страницу RetailCRM.",
            ),
            Self::Unknown => {
                ("This conversation is not in your list any more.", "Этого обращения уже нет в вашем списке.")
            }
        };
        Text::new(en, ru)
    }
}
