//! Why a shop was not connected, for the user who sees it in RetailCRM.

use switchboard_grammar::diagnostic::Text;

use crate::accounts::EditError;
use crate::checkup::Level;
use crate::crm::{AddressError, CrmError};
use crate::observe::mask_text;
use crate::store::StoreError;

/// Why a shop was not connected. The settings are as they were, except after [`Refusal::Module`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request is not a registration.
    #[error("the request is not a registration")]
    Unreadable,
    /// It does not prove that RetailCRM sent it.
    #[error("the token does not prove the key")]
    NotProved,
    /// The address may not be called.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Too many registrations are under way.
    #[error("too many registrations are under way")]
    Busy,
    /// There are as many accounts as there may be.
    #[error("there are as many accounts as there may be")]
    Full,
    /// The shop is in the settings already, with a key that somebody else looks after.
    #[error("account `{account}` has this address and a key of its own")]
    Elsewhere {
        /// The account.
        account: String,
    },
    /// No name is left for an account of this address.
    #[error("no name is left for this address")]
    NoName,
    /// RetailCRM does not take the key, or does not answer.
    #[error("RetailCRM: {0}")]
    Crm(#[from] CrmError),
    /// The key lacks scopes.
    #[error("the key lacks {}", scopes.join(", "))]
    Scopes {
        /// Which.
        scopes: Vec<&'static str>,
    },
    /// The key sees no shop.
    #[error("the key sees no shop")]
    NoSite,
    /// The settings could not be changed.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The account is there, and its module could not be registered.
    #[error("the module was not registered: {why}")]
    Module {
        /// What RetailCRM said.
        why: String,
    },
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    /// The name in figures.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotProved => "not_proved",
            Self::Address(_) => "address",
            Self::Busy => "busy",
            Self::Full => "full",
            Self::Elsewhere { .. } => "elsewhere",
            Self::NoName => "no_name",
            Self::Crm(_) => "crm",
            Self::Scopes { .. } => "scopes",
            Self::NoSite => "no_site",
            Self::Edit(_) => "settings",
            Self::Module { .. } => "module",
            Self::Store(_) => "store",
        }
    }

    /// The same for the user. Nothing of the settings is in it, nor what only the server's people need to know.
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable => Text::new(
                "the request is not a registration: `register` with token, apiKey and systemUrl is expected",
                "запрос не похож на регистрацию: ожидается `register` с token, apiKey и systemUrl",
            ),
            Self::NotProved => Text::new(
                "the request is not signed with the secret of this module",
                "запрос не подписан секретом этого модуля",
            ),
            Self::Address(_) => Text::new(
                "the address of the account is not one that this service may call",
                "адрес аккаунта не из тех, к которым сервису можно обращаться",
            ),
            Self::Busy => Text::new(
                "too many accounts are being connected just now; try again in a minute",
                "сейчас подключается слишком много аккаунтов; повторите через минуту",
            ),
            Self::Full => Text::new(
                "this service takes no further accounts; ask its operator",
                "сервис больше не принимает аккаунтов; обратитесь к его владельцу",
            ),
            Self::Elsewhere { .. } => Text::new(
                "this account is connected already, with a key that the operator of the service entered; ask him to change it",
                "этот аккаунт уже подключён с ключом, который ввёл владелец сервиса; попросите его сменить ключ",
            ),
            Self::NoName => Text::new(
                "no name is left for this account; ask the operator of the service",
                "для этого аккаунта не осталось имени; обратитесь к владельцу сервиса",
            ),
            Self::Crm(error) => {
                let error = mask_text(&error.to_string());
                Text::new(
                    format!("RetailCRM could not be asked with the new key: {error}"),
                    format!("не удалось обратиться к RetailCRM с новым ключом: {error}"),
                )
            }
            Self::Scopes { scopes } => {
                let scopes = scopes.join(", ");
                Text::new(
                    format!("the key lacks scopes: {scopes}"),
                    format!("ключу не хватает прав: {scopes}"),
                )
            }
            Self::NoSite => Text::new("the key sees no shop", "ключу не виден ни один магазин"),
            Self::Edit(EditError::Found { report }) => {
                let errors = report.findings.iter().filter(|finding| finding.level == Level::Error);
                let (mut en, mut ru) = (Vec::new(), Vec::new());
                for finding in errors {
                    en.push(mask_text(&finding.what.en));
                    ru.push(mask_text(&finding.what.ru));
                }
                Text::new(
                    format!("the check found errors: {}", en.join("; ")),
                    format!("проверка нашла ошибки: {}", ru.join("; ")),
                )
            }
            Self::Edit(_) | Self::Store(_) => Text::new(
                "the service could not keep the account; try again, or ask its operator",
                "сервис не смог сохранить аккаунт; повторите или обратитесь к его владельцу",
            ),
            Self::Module { why } => Text::new(
                format!("the account is connected, but RetailCRM did not take the module: {why}"),
                format!("аккаунт подключён, но RetailCRM не приняла модуль: {why}"),
            ),
        }
    }
}
