//! Why a click is no call, in words for whoever clicked.

use serde::{Deserialize, Serialize};
use switchboard_grammar::diagnostic::Text;

use super::wanted::NumberFrom;
use crate::uis::UisError;

/// What became of a click, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Why there is no call, or none that is known of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The employee that was to be rung.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<u64>,
    /// The virtual number that the client was to see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What named that number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_from: Option<NumberFrom>,
}

/// Why a click is no call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// It was too old when its turn came.
    Stale,
    /// The module is switched off in RetailCRM.
    Paused,
    /// Who clicked is no employee of UIS.
    Unsynchronised,
    /// Nothing is known of the employees yet.
    NotReady,
    /// What stands in the card is no telephone number.
    BadPhone,
    /// The settings do not allow such numbers.
    NotAllowed,
    /// No number to show is known.
    NoNumber,
    /// Too many calls in a minute.
    TooMany,
    /// UIS was not reached.
    Unreached,
    /// The points of UIS are used up.
    Limit,
    /// The client is in the black list of UIS.
    Blacklisted,
    /// UIS does not have the number that was to be shown.
    NumberUnknown,
    /// UIS does not have the employee.
    EmployeeUnknown,
    /// The employee has no active telephone in UIS.
    NoTelephone,
    /// The number that was to be called is one of the account's own.
    OwnNumber,
    /// UIS does not allow calls in this direction.
    DirectionForbidden,
    /// The account lacks a paid option of UIS.
    OptionMissing,
    /// UIS refuses the token or this server's address.
    AccessRefused,
    /// UIS refused for another reason.
    Refused {
        /// The vendor's name of the error.
        mnemonic: String,
    },
    /// No answer, or none that can be read: the telephone may ring all the same.
    Unknown,
}

impl Reason {
    /// What an error of UIS means.
    pub fn of(error: &UisError) -> Self {
        if error.may_have_happened() {
            return Self::Unknown;
        }
        match (error, error.mnemonic().unwrap_or_default()) {
            (UisError::LimitExceeded { .. }, _) => Self::Limit,
            (UisError::Refused { .. }, _) => Self::AccessRefused,
            (UisError::OptionMissing { .. }, _) => Self::OptionMissing,
            (UisError::NotSent(_), _) => Self::Unreached,
            (_, "contact_in_blacklist") => Self::Blacklisted,
            (_, "virtual_phone_number_not_found") => Self::NumberUnknown,
            (_, "employee_not_found") => Self::EmployeeUnknown,
            (_, "no_active_phone_number") => Self::NoTelephone,
            (_, "own_virtual_phone_number_not_allowed") => Self::OwnNumber,
            // The code of a direction that the security settings forbid; its mnemonic is not documented.
            (_, "-32002") => Self::DirectionForbidden,
            (_, mnemonic) => Self::Refused { mnemonic: mnemonic.to_owned() },
        }
    }

    /// A short stable name for metrics and logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Paused => "paused",
            Self::Unsynchronised => "unsynchronised",
            Self::NotReady => "not_ready",
            Self::BadPhone => "bad_phone",
            Self::NotAllowed => "not_allowed",
            Self::NoNumber => "no_number",
            Self::TooMany => "too_many",
            Self::Unreached => "unreached",
            Self::Limit => "limit",
            Self::Blacklisted => "blacklisted",
            Self::NumberUnknown => "number_unknown",
            Self::EmployeeUnknown => "employee_unknown",
            Self::NoTelephone => "no_telephone",
            Self::OwnNumber => "own_number",
            Self::DirectionForbidden => "direction_forbidden",
            Self::OptionMissing => "option_missing",
            Self::AccessRefused => "access_refused",
            Self::Refused { .. } => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// The reason in words.
    pub fn text(&self) -> Text {
        let (en, ru) = match self {
            Self::Stale => (
                "the click was too old to be dialled; click again",
                "клик устарел, номер не набран; нажмите ещё раз",
            ),
            Self::Paused => {
                ("the integration is switched off in RetailCRM", "интеграция выключена в RetailCRM")
            }
            Self::Unsynchronised => (
                "you are not matched with an employee of UIS: the e-mails in both systems must be equal",
                "вы не сопоставлены с сотрудником UIS: почта в обеих системах должна совпадать",
            ),
            Self::NotReady => (
                "the employees of UIS are not known yet; try again in a minute",
                "сотрудники UIS ещё не загружены; попробуйте через минуту",
            ),
            Self::BadPhone => {
                ("this is no telephone number with a country", "это не телефонный номер с кодом страны")
            }
            Self::NotAllowed => (
                "calls to such numbers are not allowed in the settings",
                "звонки на такие номера не разрешены в настройках",
            ),
            Self::NoNumber => (
                "no virtual number to call from: neither the rules nor the shop name one",
                "не с какого номера звонить: его не называют ни правила, ни магазин",
            ),
            Self::TooMany => ("too many calls in a minute", "слишком много звонков за минуту"),
            Self::Unreached => ("UIS cannot be reached; try again later", "UIS недоступен; попробуйте позже"),
            Self::Limit => ("the limit of requests to UIS is used up", "исчерпан лимит запросов к UIS"),
            Self::Blacklisted => {
                ("this number is in the black list of UIS", "этот номер в чёрном списке UIS")
            }
            Self::NumberUnknown => (
                "UIS does not have the virtual number that was to be shown",
                "в UIS нет виртуального номера, который следовало показать",
            ),
            Self::EmployeeUnknown => ("UIS does not have this employee", "в UIS нет этого сотрудника"),
            Self::NoTelephone => {
                ("you have no active telephone in UIS", "у вас нет активного телефона в UIS")
            }
            Self::OwnNumber => ("this is a number of the company itself", "это номер самой компании"),
            Self::DirectionForbidden => (
                "calls in this direction are forbidden in the security settings of UIS",
                "звонки по этому направлению запрещены настройками безопасности UIS",
            ),
            Self::OptionMissing => (
                "UIS needs a paid option for calls by a click",
                "для звонков по клику нужна платная опция UIS",
            ),
            Self::AccessRefused => (
                "UIS refuses access; tell your administrator",
                "UIS отказывает в доступе; сообщите администратору",
            ),
            Self::Refused { mnemonic } => {
                return Text::new(
                    format!("UIS refused the call: {mnemonic}"),
                    format!("UIS не начал звонок: {mnemonic}"),
                );
            }
            Self::Unknown => (
                "UIS did not answer whether the call has begun; if your telephone does not ring, click again",
                "UIS не ответил, начался ли звонок; если телефон не звонит, нажмите ещё раз",
            ),
        };
        Text::new(en, ru)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_call_api_have_their_words() {
        let misuse =
            |mnemonic: &str| UisError::Misuse { mnemonic: mnemonic.to_owned(), field: String::new() };
        for (mnemonic, name) in [
            ("contact_in_blacklist", "blacklisted"),
            ("virtual_phone_number_not_found", "number_unknown"),
            ("employee_not_found", "employee_unknown"),
            ("no_active_phone_number", "no_telephone"),
            ("own_virtual_phone_number_not_allowed", "own_number"),
            ("-32002", "direction_forbidden"),
            ("tts_text_exceeded", "refused"),
        ] {
            assert_eq!(Reason::of(&misuse(mnemonic)).name(), name, "{mnemonic}");
        }
        let outage = UisError::Outage { mnemonic: "internal_error".to_owned() };
        assert_eq!(Reason::of(&outage), Reason::Unknown, "it may have begun");
    }
}
