//! What is wrong with an account's settings on the other side, for people.

use std::fmt;

use serde::{Deserialize, Serialize};
use switchboard_grammar::diagnostic::Text;

/// Something that somebody should mend in UIS or RetailCRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// Two active users of the CRM have one e-mail, so an employee with it matches neither.
    UsersShareEmail {
        /// The e-mail.
        email: String,
        /// The users.
        users: Vec<u64>,
    },
    /// Two employees of UIS have one e-mail; both are matched with the same user.
    EmployeesShareEmail {
        /// The e-mail.
        email: String,
        /// The employees.
        employees: Vec<u64>,
    },
    /// An employee of UIS has an e-mail that no active user of the CRM has.
    EmployeeWithoutUser {
        /// The employee.
        employee: u64,
        /// The e-mail.
        email: String,
    },
    /// An employee of UIS has no e-mail.
    EmployeeWithoutEmail {
        /// The employee.
        employee: u64,
    },
    /// The settings choose an employee whom UIS does not have.
    ChosenEmailUnknown {
        /// The e-mail.
        email: String,
    },
    /// The settings choose a group in which UIS has nobody.
    ChosenGroupUnknown {
        /// Its name.
        group: String,
    },
    /// The time zone of a side is not known; another one is used.
    ZoneUnknown {
        /// `UIS` or `RetailCRM`.
        side: String,
        /// What the side said, if anything.
        said: Option<String>,
        /// What is used.
        used: String,
    },
    /// The key lacks scopes.
    ScopesMissing {
        /// Which.
        scopes: Vec<String>,
    },
    /// The key does not see the shop of the settings.
    SiteUnknown {
        /// Its code.
        site: String,
    },
    /// A side could not be asked; what was known before stays in force.
    FetchFailed {
        /// `UIS` or `RetailCRM`.
        side: String,
        /// Why.
        reason: String,
    },
}

impl Problem {
    /// The problem in words.
    pub fn text(&self) -> Text {
        match self {
            Self::UsersShareEmail { email, users } => Text::new(
                format!(
                    "users {} of RetailCRM share the e-mail `{email}`; nobody is matched with it",
                    list(users)
                ),
                format!(
                    "у пользователей RetailCRM {} одна почта `{email}`; с ней никто не сопоставлен",
                    list(users)
                ),
            ),
            Self::EmployeesShareEmail { email, employees } => Text::new(
                format!("employees {} of UIS share the e-mail `{email}`", list(employees)),
                format!("у сотрудников UIS {} одна почта `{email}`", list(employees)),
            ),
            Self::EmployeeWithoutUser { employee, email } => Text::new(
                format!("employee {employee} of UIS: no active user of RetailCRM has the e-mail `{email}`"),
                format!(
                    "сотрудник UIS {employee}: ни у кого из активных пользователей RetailCRM нет почты `{email}`"
                ),
            ),
            Self::EmployeeWithoutEmail { employee } => Text::new(
                format!("employee {employee} of UIS has no e-mail and is matched with nobody"),
                format!("у сотрудника UIS {employee} нет почты, он ни с кем не сопоставлен"),
            ),
            Self::ChosenEmailUnknown { email } => Text::new(
                format!("the settings choose an employee with the e-mail `{email}`, whom UIS does not have"),
                format!("настройки выбирают сотрудника с почтой `{email}`, которого нет в UIS"),
            ),
            Self::ChosenGroupUnknown { group } => Text::new(
                format!("the settings choose the group `{group}`, in which UIS has no employee"),
                format!("настройки выбирают группу `{group}`, в которой в UIS нет сотрудников"),
            ),
            Self::ZoneUnknown { side, said, used } => {
                let said = said.as_deref().unwrap_or("–");
                Text::new(
                    format!("the time zone of {side} is not known (`{said}`); `{used}` is used"),
                    format!("часовой пояс {side} неизвестен (`{said}`); используется `{used}`"),
                )
            }
            Self::ScopesMissing { scopes } => Text::new(
                format!("the API key of RetailCRM lacks the scopes {}", scopes.join(", ")),
                format!("ключу API RetailCRM не хватает прав {}", scopes.join(", ")),
            ),
            Self::SiteUnknown { site } => Text::new(
                format!("RetailCRM has no shop `{site}` that the API key sees"),
                format!("в RetailCRM нет магазина `{site}`, доступного ключу API"),
            ),
            Self::FetchFailed { side, reason } => Text::new(
                format!("{side} could not be asked: {reason}"),
                format!("не удалось спросить {side}: {reason}"),
            ),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

fn list(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}
