//! The reference of the settings of the CRM of an account.

use crate::config::settings::{
    SECRET, Section, Setting, TEXT, URL, ZONE, named_credentials, required, row, section,
};
use crate::config::value::{Count, Value};

pub(super) fn retailcrm() -> Section {
    section(
        "[account.retailcrm]",
        "The CRM of the account above.",
        "CRM этого аккаунта.",
        vec![
            required(
                "url",
                URL,
                "`name.retailcrm.ru`, with or without `https://`; no port and no path.",
                "`name.retailcrm.ru`, с `https://` или без; без порта и пути.",
            ),
            required("key", SECRET, "The API key.", "Ключ API."),
            named_credentials(("in place of `url` and `key`", "вместо `url` и `key`")),
            required(
                "site",
                TEXT,
                "The code of the shop that entities are made in.",
                "Код магазина, в котором создаются записи.",
            ),
            row(
                "timezone",
                ZONE,
                None,
                "The zone of the CRM's times; asked of the CRM when not set.",
                "Пояс времени CRM; если не указан, спрашивается у CRM.",
            ),
            row(
                "chat_transcript",
                ("`\"none\"`, `\"note\"` or `\"file\"`", "`\"none\"`, `\"note\"` или `\"file\"`"),
                Some("\"none\""),
                "What becomes of what was written in a chat when it is over: nothing, a note in the client's card, or a text file that hangs on the client and the order.",
                "Что делать с перепиской, когда чат завершён: ничего, заметку в карточке клиента или текстовый файл, прикреплённый к клиенту и заказу.",
            ),
            Setting {
                range: Some((Count(200).show(), Count(60_000).show())),
                ..row(
                    "chat_transcript_letters",
                    Count::EXPECTED,
                    Some(&Count(10_000).show()),
                    "The longest such note, in letters; of a longer conversation the end is kept.",
                    "Наибольшая длина такой заметки в символах; от более длинной переписки остаётся конец.",
                )
            },
            Setting {
                range: Some((Count(200).show(), Count(500_000).show())),
                ..row(
                    "chat_transcript_file_letters",
                    Count::EXPECTED,
                    Some(&Count(200_000).show()),
                    "The longest such file, in letters; of a longer conversation the end is kept.",
                    "Наибольшая длина такого файла в символах; от более длинной переписки остаётся конец.",
                )
            },
        ],
    )
}
