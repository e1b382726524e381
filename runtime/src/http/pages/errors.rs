//! What went wrong, in the language of the reader.
//!
//! Errors are kept and logged in English, as the program says them; what the vendors say stands inside in their own words.
//! Here the sentences of the program are found again and said in Russian. A sentence that is not known is shown as it is:
//! nothing is lost that way. Tests hold the table against every error of both clients.

use switchboard_grammar::lang::Lang;

/// The deepest nesting of one sentence in another.
const MAX_DEPTH: usize = 4;

/// Sentences in English and Russian; `{}` stands for what differs, which may be a sentence of its own. The first that fits
/// counts.
const SENTENCES: &[(&str, &str)] = &[
    // RetailCRM.
    ("RetailCRM was not reached: {}", "до RetailCRM не достучаться: {}"),
    (
        "RetailCRM has been failing; the next look is in {} s",
        "RetailCRM отвечает ошибками; следующая попытка через {} с",
    ),
    ("not sent: there was too little time left", "не отправлено: не хватало времени"),
    ("RetailCRM asks to slow down ({})", "RetailCRM просит обращаться реже ({})"),
    ("RetailCRM gave no whole answer: {}", "RetailCRM не ответила до конца: {}"),
    ("RetailCRM is out of order ({})", "RetailCRM не работает ({})"),
    ("the answer of RetailCRM cannot be read ({}): {}", "ответ RetailCRM не читается ({}): {}"),
    ("RetailCRM refuses the API key: {}", "RetailCRM не принимает API-ключ: {}"),
    ("no RetailCRM account at this address: {}", "по этому адресу нет аккаунта RetailCRM: {}"),
    (
        "the address answers with a web page, not with the API ({})",
        "по этому адресу отвечает веб-страница, а не API ({})",
    ),
    ("the API key may not do this: {}", "API-ключу это не разрешено: {}"),
    ("telephony is not enabled in RetailCRM: {}", "телефония в RetailCRM не включена: {}"),
    ("no such record in RetailCRM", "в RetailCRM нет такой записи"),
    ("the record was merged into {}", "запись объединена с {}"),
    ("the record exists already: {}", "такая запись уже есть: {}"),
    ("RetailCRM refuses the content: {}", "RetailCRM не принимает содержимое: {}"),
    ("some rows were refused: {}", "часть строк не принята: {}"),
    ("RetailCRM does not understand the request: {}", "RetailCRM не понимает запрос: {}"),
    // UIS.
    ("UIS was not reached: {}", "до UIS не достучаться: {}"),
    ("UIS gave no whole answer: {}", "UIS не ответила до конца: {}"),
    ("the answer of UIS cannot be read ({}): {}", "ответ UIS не читается ({}): {}"),
    ("the limit of UIS is used up; it resets in {} s", "лимит UIS исчерпан; он возобновится через {} с"),
    ("UIS refuses access: {}", "UIS не пускает: {}"),
    ("UIS needs a paid option for this: {}", "для этого в UIS нужна платная опция: {}"),
    ("UIS does not understand the question: {}", "UIS не понимает вопрос: {}"),
    ("there was no time left to ask UIS", "на вопрос к UIS не хватило времени"),
    ("UIS is out of order: {}", "UIS не работает: {}"),
    // Both.
    ("the address is refused: {}", "к этому адресу обращаться нельзя: {}"),
    ("the host name was not resolved", "имя сервера не найдено"),
    ("the connection failed", "соединиться не удалось"),
    ("no answer in time", "ответа не дождались"),
    ("the connection was closed before an answer", "соединение закрыто до ответа"),
    ("the answer broke off", "ответ оборвался"),
    ("the answer is larger than {} bytes", "ответ больше {} байт"),
    // Lanes and lists.
    ("given up: {}", "больше не пробуем: {}"),
    ("needs `{}`, which was given up", "нужно `{}`, а это не удалось"),
    ("needs `{}`, which does not exist", "нужно `{}`, а этого нет"),
    ("its needs cannot be read: {}", "не читается, что для этого нужно: {}"),
    ("no active user of RetailCRM has the e-mail {}", "у активных пользователей RetailCRM нет почты {}"),
    (
        "RetailCRM took the edit, and the task is not complete; complete it by hand",
        "RetailCRM приняла изменение, но задача не закрыта; закройте её вручную",
    ),
    ("not enough is known of the account yet: {}", "об аккаунте пока мало известно: {}"),
    ("RetailCRM has not been asked yet", "RetailCRM ещё не опрошена"),
    ("UIS has not been asked yet", "UIS ещё не опрошена"),
    // The module.
    (
        "UIS has not listed its employees yet, so their extensions are not known",
        "UIS ещё не передала сотрудников, поэтому их добавочные неизвестны",
    ),
    (
        "no rules are in force, so the numbers of the shops are not known",
        "действующих правил нет, поэтому номера магазинов неизвестны",
    ),
    (
        "no shop has a number any more; what is registered stays, because an empty list would wipe it",
        "ни у одного магазина больше нет номера; зарегистрированное остаётся, потому что пустой список стёр бы его",
    ),
];

/// An error in a language.
pub(super) fn said(error: &str, lang: Lang) -> String {
    match lang {
        Lang::En => error.to_owned(),
        Lang::Ru => russian(error, 0).unwrap_or_else(|| error.to_owned()),
    }
}

fn russian(error: &str, depth: usize) -> Option<String> {
    if depth >= MAX_DEPTH {
        return None;
    }
    let (holes, ru) = SENTENCES.iter().find_map(|(en, ru)| Some((holes(en, error)?, ru)))?;
    let mut holes = holes.into_iter();
    let mut pieces = ru.split("{}");
    let mut said = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let hole = holes.next().unwrap_or_default();
        said.push_str(&russian(hole, depth + 1).unwrap_or_else(|| hole.to_owned()));
        said.push_str(piece);
    }
    Some(said)
}

/// What stands in the holes of a sentence, when it is that one.
fn holes<'e>(sentence: &str, error: &'e str) -> Option<Vec<&'e str>> {
    let (first, after) = match sentence.split_once("{}") {
        None => return (sentence == error).then(Vec::new),
        Some(parts) => parts,
    };
    let mut rest = error.strip_prefix(first)?;
    let mut holes = Vec::new();
    let mut pieces = after.split("{}").peekable();
    while let Some(piece) = pieces.next() {
        // The last piece ends the sentence, so its hole is as long as can be.
        let at = if pieces.peek().is_none() {
            rest.len().checked_sub(piece.len()).filter(|_| rest.ends_with(piece))?
        } else {
            rest.find(piece)?
        };
        let (hole, tail) = rest.split_at_checked(at)?;
        holes.push(hole);
        rest = tail.get(piece.len()..)?;
    }
    Some(holes)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::crm::{CrmError, FieldError, Refusal};
    use crate::outbound::{NotSent, Unanswered};
    use crate::uis::UisError;

    /// What RetailCRM says, in its own words.
    fn refusal() -> Refusal {
        let field = FieldError { field: "site".to_owned(), text: "нет такого".to_owned() };
        Refusal { status: 400, message: "Ошибка".to_owned(), fields: vec![field] }
    }

    #[track_caller]
    fn check(error: &impl ToString, russian: &str) {
        assert_eq!(said(&error.to_string(), Lang::Ru), russian);
        assert_eq!(said(&error.to_string(), Lang::En), error.to_string());
    }

    /// Does not compile when there is an error that the tests below do not know.
    const fn known(crm: &CrmError, uis: &UisError) {
        match crm {
            CrmError::NotSent(_)
            | CrmError::Paused { .. }
            | CrmError::TooLate
            | CrmError::RateLimited { .. } => {}
            CrmError::Unanswered(_) | CrmError::Outage { .. } | CrmError::Unreadable { .. } => {}
            CrmError::BadKey(_) | CrmError::NoAccount(_) | CrmError::NotAnApi { .. } => {}
            CrmError::AccessDenied(_) | CrmError::TelephonyOff(_) | CrmError::NotFound => {}
            CrmError::Merged { .. } | CrmError::AlreadyExists(_) | CrmError::Refused(_) => {}
            CrmError::Partial(_) | CrmError::Misuse(_) => {}
        }
        match uis {
            UisError::NotSent(_) | UisError::Unanswered(_) | UisError::Unreadable { .. } => {}
            UisError::LimitExceeded { .. } | UisError::Refused { .. } | UisError::OptionMissing { .. } => {}
            UisError::Misuse { .. } | UisError::TooLate | UisError::Outage { .. } => {}
        }
    }

    #[test]
    fn every_error_of_retailcrm_is_said_in_russian() {
        known(&CrmError::NotFound, &UisError::TooLate);
        let wait = Duration::from_secs(7);
        for (error, russian) in [
            (CrmError::NotSent(NotSent::Unconnected), "до RetailCRM не достучаться: соединиться не удалось"),
            (CrmError::Paused { wait }, "RetailCRM отвечает ошибками; следующая попытка через 7 с"),
            (CrmError::TooLate, "не отправлено: не хватало времени"),
            (CrmError::RateLimited { status: 503 }, "RetailCRM просит обращаться реже (503)"),
            (
                CrmError::Unanswered(Unanswered::TimedOut),
                "RetailCRM не ответила до конца: ответа не дождались",
            ),
            (CrmError::Outage { status: 502 }, "RetailCRM не работает (502)"),
            (
                CrmError::Unreadable { status: 200, reason: "id".to_owned() },
                "ответ RetailCRM не читается (200): id",
            ),
            (CrmError::BadKey(refusal()), "RetailCRM не принимает API-ключ: 400 `Ошибка`; site: нет такого"),
            (
                CrmError::NoAccount(refusal()),
                "по этому адресу нет аккаунта RetailCRM: 400 `Ошибка`; site: нет такого",
            ),
            (CrmError::NotAnApi { status: 200 }, "по этому адресу отвечает веб-страница, а не API (200)"),
            (CrmError::AccessDenied(refusal()), "API-ключу это не разрешено: 400 `Ошибка`; site: нет такого"),
            (
                CrmError::TelephonyOff(refusal()),
                "телефония в RetailCRM не включена: 400 `Ошибка`; site: нет такого",
            ),
            (CrmError::NotFound, "в RetailCRM нет такой записи"),
            (CrmError::Merged { into: 8, site: None }, "запись объединена с 8"),
            (CrmError::AlreadyExists(refusal()), "такая запись уже есть: 400 `Ошибка`; site: нет такого"),
            (
                CrmError::Refused(refusal()),
                "RetailCRM не принимает содержимое: 400 `Ошибка`; site: нет такого",
            ),
            (CrmError::Partial(refusal()), "часть строк не принята: 400 `Ошибка`; site: нет такого"),
            (CrmError::Misuse(refusal()), "RetailCRM не понимает запрос: 400 `Ошибка`; site: нет такого"),
        ] {
            check(&error, russian);
        }
    }

    #[test]
    fn every_error_of_uis_and_of_the_way_there_is_said_in_russian() {
        let mnemonic = || "x_y".to_owned();
        for (error, russian) in [
            (UisError::NotSent(NotSent::Unresolved), "до UIS не достучаться: имя сервера не найдено"),
            (
                UisError::NotSent(NotSent::Refused { reason: "x".to_owned() }),
                "до UIS не достучаться: к этому адресу обращаться нельзя: x",
            ),
            (
                UisError::Unanswered(Unanswered::Closed),
                "UIS не ответила до конца: соединение закрыто до ответа",
            ),
            (UisError::Unanswered(Unanswered::Truncated), "UIS не ответила до конца: ответ оборвался"),
            (
                UisError::Unanswered(Unanswered::TooLarge { limit_bytes: 9 }),
                "UIS не ответила до конца: ответ больше 9 байт",
            ),
            (UisError::Unreadable { status: 200, reason: "x".to_owned() }, "ответ UIS не читается (200): x"),
            (
                UisError::LimitExceeded { wait: Duration::from_secs(3) },
                "лимит UIS исчерпан; он возобновится через 3 с",
            ),
            (UisError::Refused { mnemonic: mnemonic() }, "UIS не пускает: x_y"),
            (UisError::OptionMissing { mnemonic: mnemonic() }, "для этого в UIS нужна платная опция: x_y"),
            (
                UisError::Misuse { mnemonic: mnemonic(), field: "limit".to_owned() },
                "UIS не понимает вопрос: x_y limit",
            ),
            (UisError::TooLate, "на вопрос к UIS не хватило времени"),
            (UisError::Outage { mnemonic: mnemonic() }, "UIS не работает: x_y"),
        ] {
            check(&error, russian);
        }
    }

    #[test]
    fn a_sentence_in_a_sentence_is_found_and_what_is_not_known_stays() {
        let error = "given up: RetailCRM was not reached: the connection failed";
        check(&error, "больше не пробуем: до RetailCRM не достучаться: соединиться не удалось");
        check(&"needs `client:call:1`, which was given up", "нужно `client:call:1`, а это не удалось");
        check(&"something else: RetailCRM", "something else: RetailCRM");
        check(&"", "");
        check(&"given up: ", "больше не пробуем: ");
        let deep = "given up: ".repeat(9);
        assert!(said(&deep, Lang::Ru).starts_with("больше не пробуем: "));
    }

    #[test]
    fn both_sides_of_a_sentence_have_the_same_holes_and_none_hides_another() {
        for (at, (en, ru)) in SENTENCES.iter().enumerate() {
            let count = |text: &str| text.matches("{}").count();
            assert_eq!(count(en), count(ru), "{en}");
            let example = en.replace("{}", "x");
            let first = SENTENCES.iter().position(|(other, _)| holes(other, &example).is_some());
            assert_eq!(first, Some(at), "{en}");
        }
    }
}
