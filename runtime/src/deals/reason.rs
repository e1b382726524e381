//! Why an order is not in UIS as it is, for people.

use serde::{Deserialize, Serialize};
use switchboard_grammar::diagnostic::Text;

use crate::store::record::Json;
use crate::uis::UisError;

/// Why an order waits or was put aside. No phone and no name is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// RetailCRM does not have it.
    NotFound,
    /// It lacks what every deal needs, or holds what the rules cannot read.
    Unreadable {
        /// What is wrong.
        what: String,
    },
    /// UIS refuses a row of it.
    Refused {
        /// The vendor's name of the error.
        mnemonic: String,
        /// The field.
        field: String,
    },
    /// UIS refuses something that it names.
    PartyRefused {
        /// `contact`, `employee`, `field`, `funnel`, `stage`.
        what: String,
        /// The vendor's name of the error.
        mnemonic: String,
        /// The field.
        field: String,
    },
    /// The funnel has as many stages as UIS allows.
    TooManyStages,
    /// The order was made from a communication, and which one is not written down yet.
    AwaitsMaker,
    /// The outcome of an upload is not known yet.
    Unknown,
    /// The clock has to move on before UIS can tell two changes apart.
    SameSecond,
    /// The rules have no section `transfer orders`.
    NoTransfer,
    /// The order does not fit `only when` any more, and its deal was left as it was.
    LeftAsItWas,
}

impl Reason {
    /// What UIS says of a row.
    pub(super) fn refused(error: &UisError) -> Self {
        let (mnemonic, field) = said(error);
        Self::Refused { mnemonic, field }
    }

    /// What UIS says of something that a row names.
    pub(super) fn party(what: &str, error: &UisError) -> Self {
        let (mnemonic, field) = said(error);
        Self::PartyRefused { what: what.to_owned(), mnemonic, field }
    }

    /// As it is kept.
    pub(super) fn to_json(&self) -> Json {
        // Texts always have a JSON form.
        Json::from_text(serde_json::to_string(self).unwrap_or_default())
    }

    /// The reason in words.
    pub fn text(&self) -> Text {
        let shown = |field: &str| if field.is_empty() { String::new() } else { format!(" ({field})") };
        match self {
            Self::NotFound => Text::new("RetailCRM does not have this order", "в RetailCRM нет этого заказа"),
            Self::Unreadable { what } => Text::new(
                format!("the order cannot be read: {what}"),
                format!("заказ не удаётся прочитать: {what}"),
            ),
            Self::Refused { mnemonic, field } => Text::new(
                format!("UIS refuses it: {mnemonic}{}", shown(field)),
                format!("UIS его не принимает: {mnemonic}{}", shown(field)),
            ),
            Self::PartyRefused { what, mnemonic, field } => {
                let ru = match what.as_str() {
                    "contact" => "контакт",
                    "employee" => "сотрудника",
                    "field" => "поле",
                    "funnel" => "воронку",
                    _ => "этап",
                };
                Text::new(
                    format!("UIS refuses the {what} of it: {mnemonic}{}", shown(field)),
                    format!("UIS не принимает его {ru}: {mnemonic}{}", shown(field)),
                )
            }
            Self::TooManyStages => Text::new(
                "the funnel has as many stages as UIS allows; make stages of groups",
                "в воронке столько этапов, сколько допускает UIS; сделайте этапами группы статусов",
            ),
            Self::AwaitsMaker => Text::new(
                "waits until it is written down from which call it was made",
                "ждёт, пока запишется, из какого звонка он создан",
            ),
            Self::Unknown => Text::new(
                "the answer of UIS was lost; it is asked what it has",
                "ответ UIS потерян; у неё спрашивают, что дошло",
            ),
            Self::SameSecond => Text::new("waits for the next second", "ждёт следующей секунды"),
            Self::LeftAsItWas => Text::new(
                "the order does not fit `only when` any more; its deal was left as it was",
                "заказ больше не подходит под `только когда`; сделка оставлена какой была",
            ),
            Self::NoTransfer => Text::new(
                "the rules have no section `transfer orders`",
                "в правилах нет раздела `передача заказов`",
            ),
        }
    }
}

fn said(error: &UisError) -> (String, String) {
    let field = match error {
        UisError::Misuse { field, .. } => field.clone(),
        _ => String::new(),
    };
    (error.mnemonic().unwrap_or_else(|| error.name()).to_owned(), field)
}
