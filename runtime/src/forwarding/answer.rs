//! What UIS is told, and why.
//!
//! UIS obeys `{"phones": [...]}` and `{"returned_code": N}`; each alone is a documented combination (UIS reference,
//! section 4.2; the vendor's page on interactive call processing, read in spring 2026). Nobody to put through to is a
//! code and never an empty answer, so that the scenario has a branch for it.

use serde_json::{Value, json};

use crate::config::{Codes, Dial};
use crate::directory::Reach;

/// Digits of a telephone number with its country; what has fewer is a login of a SIP line.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 10..=15;

/// What UIS is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To put the call through to these numbers, in this order.
    Phones(Vec<String>),
    /// To go on by the branch that the rules name.
    Branch(u16),
    /// To go on by the branch for calls that are put through to nobody.
    Nobody {
        /// Why.
        reason: Reason,
        /// The code of the settings for it.
        code: u32,
    },
}

/// Why a call is put through to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The client has no manager, or nobody knows the number.
    NoManager,
    /// The manager is no employee of UIS who takes part.
    NotSynchronised,
    /// The manager has no number in UIS.
    NoPhone,
    /// RetailCRM did not say in time, and nothing is remembered; or too little is known of the account yet.
    Silent,
    /// The rules do not put this call through.
    Off,
}

impl Reason {
    /// Its name in figures, the log and the words of the console.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoManager => "no_manager",
            Self::NotSynchronised => "not_synchronised",
            Self::NoPhone => "no_phone",
            Self::Silent => "silent",
            Self::Off => "off",
        }
    }
}

impl Answer {
    /// Nobody, with the code that the settings have for the reason.
    pub(super) fn nobody(reason: Reason, codes: &Codes) -> Self {
        let code = match reason {
            Reason::NoManager => codes.no_manager,
            Reason::NotSynchronised => codes.not_synchronised,
            Reason::NoPhone => codes.no_phone,
            Reason::Silent => codes.silent,
            Reason::Off => codes.off,
        };
        Self::Nobody { reason, code }
    }

    /// The numbers of an employee.
    pub(super) fn employee(reach: &Reach, dial: Dial, codes: &Codes) -> Self {
        let phones = || reach.phones.iter().filter(|phone| is_telephone(phone)).cloned().collect();
        let extension = || reach.extension.iter().cloned().collect();
        let [first, second]: [Vec<String>; 2] = match dial {
            Dial::Extension => [extension(), phones()],
            Dial::Phones => [phones(), extension()],
        };
        match (first.is_empty(), second.is_empty()) {
            (false, _) => Self::Phones(first),
            (true, false) => Self::Phones(second),
            (true, true) => Self::nobody(Reason::NoPhone, codes),
        }
    }

    /// A number that the rules name.
    pub(super) fn number(written: &str, codes: &Codes) -> Self {
        let number: String = written.chars().filter(char::is_ascii_digit).collect();
        if number.is_empty() { Self::nobody(Reason::NoPhone, codes) } else { Self::Phones(vec![number]) }
    }

    /// As UIS reads it.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Phones(phones) => json!({ "phones": phones }),
            Self::Branch(code) => json!({ "returned_code": code }),
            Self::Nobody { code, .. } => json!({ "returned_code": code }),
        }
    }

    /// Its name in figures: `phones`, `branch`, or why there is nobody.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Phones(_) => "phones",
            Self::Branch(_) => "branch",
            Self::Nobody { reason, .. } => reason.as_str(),
        }
    }
}

/// Real answers held telephone numbers and internal ones; that a login of a SIP line would do is promised nowhere.
fn is_telephone(phone: &str) -> bool {
    PHONE_DIGITS.contains(&phone.len()) && phone.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Forwarding;

    fn reach(extension: Option<&str>, phones: &[&str]) -> Reach {
        Reach {
            employee: 1,
            extension: extension.map(str::to_owned),
            phones: phones.iter().map(|phone| (*phone).to_owned()).collect(),
        }
    }

    #[track_caller]
    fn check(reach: &Reach, dial: Dial, expected: Value) {
        assert_eq!(Answer::employee(reach, dial, &Forwarding::default().codes).to_json(), expected);
    }

    #[test]
    fn an_employee_is_called_where_the_settings_say_or_else_on_what_there_is() {
        let both = reach(Some("102"), &["79000000020", "0160102", "79000000021"]);
        check(&both, Dial::Extension, json!({"phones": ["102"]}));
        check(&both, Dial::Phones, json!({"phones": ["79000000020", "79000000021"]}));
        check(&reach(None, &["79000000020"]), Dial::Extension, json!({"phones": ["79000000020"]}));
        check(&reach(Some("102"), &["0160102"]), Dial::Phones, json!({"phones": ["102"]}));
        check(&reach(None, &["0160102"]), Dial::Phones, json!({"returned_code": 1}));
        check(&reach(None, &[]), Dial::Extension, json!({"returned_code": 1}));
    }

    #[test]
    fn a_number_of_the_rules_is_told_as_digits() {
        let codes = Forwarding::default().codes;
        assert_eq!(Answer::number("600", &codes).to_json(), json!({"phones": ["600"]}));
        assert_eq!(Answer::number("+7 495 123-45-67", &codes).to_json(), json!({"phones": ["74951234567"]}));
        assert_eq!(Answer::number("group", &codes).outcome(), "no_phone");
    }

    #[test]
    fn each_reason_has_its_code() {
        let codes = Codes { no_manager: 1, not_synchronised: 2, no_phone: 3, silent: 4, off: 5 };
        let all = [Reason::NoManager, Reason::NotSynchronised, Reason::NoPhone, Reason::Silent, Reason::Off];
        for (reason, code) in all.into_iter().zip(1..) {
            assert_eq!(Answer::nobody(reason, &codes).to_json(), json!({"returned_code": code}));
        }
        assert_eq!(Answer::Branch(7).to_json(), json!({"returned_code": 7}));
    }
}
