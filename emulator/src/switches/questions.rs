//! The list of open questions: what the page shows and the docs list. One entry for each field of
//! [`Switches`](super::Switches), in the same order; a test holds the two together.

/// An open question and its possible answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    /// Name of the switch.
    pub name: &'static str,
    /// `retailcrm` or `uis`.
    pub system: &'static str,
    /// The question in English.
    pub en: &'static str,
    /// The question in Russian.
    pub ru: &'static str,
    /// Possible answers as JSON text; empty when any number or text will do.
    pub choices: &'static [Choice],
}

/// One possible answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    /// The value of the switch, as JSON.
    pub json: &'static str,
    /// The answer in English.
    pub en: &'static str,
    /// The answer in Russian.
    pub ru: &'static str,
}

const fn crm(name: &'static str, en: &'static str, ru: &'static str, choices: &'static [Choice]) -> Question {
    Question { name, system: "retailcrm", en, ru, choices }
}

const fn uis(name: &'static str, en: &'static str, ru: &'static str, choices: &'static [Choice]) -> Question {
    Question { name, system: "uis", en, ru, choices }
}

const fn choice(json: &'static str, en: &'static str, ru: &'static str) -> Choice {
    Choice { json, en, ru }
}

const YES_NO: &[Choice] = &[choice("true", "yes", "да"), choice("false", "no", "нет")];
const REFUSED_IGNORED: &[Choice] = &[
    choice("\"refused\"", "refused with 400", "отказ 400"),
    choice("\"ignored\"", "ignored", "не замечается"),
];

/// Every open question.
pub const QUESTIONS: &[Question] = &[
    crm(
        "duplicate_answer",
        "What a second create with a known externalId is told",
        "Что отвечает второе создание с тем же externalId",
        &[
            choice("\"listed\"", "“… already exists.” under errors", "«… already exists.» в errors"),
            choice("\"message\"", "“… already exists.” as errorMsg", "«… already exists.» в errorMsg"),
            choice("\"russian\"", "in Russian, under errors", "по-русски, в errors"),
            choice(
                "\"opaque\"",
                "“Errors in the entity format” only",
                "только «Errors in the entity format»",
            ),
        ],
    ),
    crm(
        "external_id_scope",
        "Where an externalId is unique",
        "В каких пределах уникален externalId",
        &[choice("\"site\"", "a shop", "магазин"), choice("\"account\"", "the account", "аккаунт")],
    ),
    crm(
        "task_text_search",
        "What filter[text] of tasks searches",
        "Где ищет filter[text] задач",
        &[
            choice("\"text\"", "the title", "в заголовке"),
            choice("\"text_and_commentary\"", "title and commentary", "в заголовке и комментарии"),
        ],
    ),
    crm(
        "index_delay_ms",
        "After how many ms a new record is found by lists",
        "Через сколько мс новая запись находится в списках",
        &[],
    ),
    crm(
        "order_read_delay_ms",
        "For how many ms a new order is 404 by identifier",
        "Сколько мс новый заказ не читается по идентификатору",
        &[],
    ),
    crm(
        "repeated_call",
        "What an upload of a known call does",
        "Что делает повторная загрузка звонка",
        &[
            choice("\"ignored\"", "nothing", "ничего"),
            choice("\"record_added\"", "adds a missing recordUrl", "дополняет запись разговора"),
        ],
    ),
    crm(
        "history_late_ms",
        "How many ms later than it is numbered a row of the history of orders may show",
        "На сколько мс позже своего номера может появиться строка истории заказов",
        &[],
    ),
    crm(
        "history_late_percent",
        "Of how many rows of that history in a hundred that is so",
        "У скольких строк этой истории из ста так",
        &[],
    ),
    crm(
        "key_missing_status",
        "Status when no key is sent",
        "Код ответа, когда нет ключа",
        &[choice("400", "400", "400"), choice("403", "403", "403")],
    ),
    crm(
        "telephony_off_status",
        "Status of “Telephony not enabled”",
        "Код ответа «Telephony not enabled»",
        &[choice("400", "400", "400"), choice("200", "200", "200")],
    ),
    crm("unknown_filter", "A filter with an unknown name", "Фильтр с неизвестным именем", REFUSED_IGNORED),
    crm(
        "unknown_part",
        "A form part with an unknown name",
        "Часть формы с неизвестным именем",
        REFUSED_IGNORED,
    ),
    crm("filter_phone", "filter[phone] of customers works", "filter[phone] клиентов работает", YES_NO),
    crm(
        "phone_search",
        "How filter[name] compares phones",
        "Как filter[name] сравнивает телефоны",
        &[
            choice("\"loose\"", "by the last 7 digits", "по последним 7 цифрам"),
            choice("\"substring\"", "by a run of digits", "по подстроке цифр"),
            choice("\"raw\"", "by the text as stored", "по тексту, как он записан"),
        ],
    ),
    crm(
        "phones_on_edit",
        "What phones of an edit do",
        "Что делают phones при изменении",
        &[
            choice("\"added\"", "are added", "добавляются"),
            choice("\"replaced\"", "replace the list", "заменяют список"),
        ],
    ),
    crm(
        "errors_shape",
        "Shape of errors",
        "Вид errors",
        &[
            choice("\"object\"", "field: text", "поле: текст"),
            choice("\"list\"", "a list of texts", "список текстов"),
            choice("\"absent\"", "absent", "нет"),
        ],
    ),
    crm(
        "unknown_account",
        "What an unknown account is told on GET",
        "Что отвечает несуществующий аккаунт на GET",
        &[
            choice("\"json\"", "404, JSON", "404, JSON"),
            choice("\"html\"", "404, HTML page", "404, страница HTML"),
        ],
    ),
    crm(
        "empty_maps",
        "How an empty map is written",
        "Как записан пустой словарь",
        &[choice("\"list\"", "[]", "[]"), choice("\"object\"", "{}", "{}")],
    ),
    crm(
        "ids_as_strings",
        "Telephony ids come as strings",
        "Идентификаторы телефонии приходят строками",
        YES_NO,
    ),
    crm("limiter", "Requests above the limit are refused", "Запросы сверх лимита отклоняются", YES_NO),
    crm(
        "limit_scope",
        "Whom the limit counts",
        "Кого считает лимит",
        &[
            choice("\"key\"", "each key", "каждый ключ"),
            choice("\"address\"", "each address", "каждый адрес"),
        ],
    ),
    crm("retry_after", "A 503 carries Retry-After", "Ответ 503 содержит Retry-After", YES_NO),
    crm("limit_message", "Words of the 503", "Текст ответа 503", &[]),
    crm("limit_per_second", "Requests a second", "Запросов в секунду", &[]),
    crm("telephony_limit_per_second", "Requests a second, /telephony", "Запросов в секунду, /telephony", &[]),
    crm("storage_paid", "The account has paid for storage", "Хранилище оплачено", YES_NO),
    crm(
        "trigger_retries",
        "Repeats of a failed trigger request",
        "Повторов неудачного запроса триггера",
        &[],
    ),
    uis(
        "empty_arrays",
        "How an empty array is written",
        "Как записан пустой массив",
        &[choice("\"list\"", "[]", "[]"), choice("\"null\"", "null", "null")],
    ),
    uis("success_as_string", "success is the string \"true\"", "success — строка \"true\"", YES_NO),
    uis(
        "account_metadata",
        "Name of the metadata of get.account",
        "Имя метаданных get.account",
        &[
            choice("\"meta_data\"", "meta_data", "meta_data"),
            choice("\"metadata\"", "metadata", "metadata"),
            choice("\"absent\"", "absent", "нет"),
        ],
    ),
    uis(
        "limits_shape",
        "Which limits are reported",
        "Какие лимиты сообщаются",
        &[
            choice("\"day_and_minute\"", "day and minute", "день и минута"),
            choice("\"hour\"", "hour", "час"),
            choice("\"empty\"", "none", "никакие"),
        ],
    ),
    uis("null_error_id", "id of an error is null", "id ошибки — null", YES_NO),
    uis("points_per_minute", "Points a minute", "Баллов в минуту", &[]),
    uis("points_per_day", "Points a day", "Баллов в сутки", &[]),
    uis(
        "report_delay_ms",
        "After how many ms a call appears in the reports",
        "Через сколько мс звонок появляется в отчётах",
        &[],
    ),
    uis(
        "report_id_filter",
        "The report of calls may be filtered by id",
        "Отчёт о звонках фильтруется по id",
        YES_NO,
    ),
    uis(
        "deals_processing_ms",
        "For how many ms uploaded deals are in processing",
        "Сколько мс обрабатываются загруженные сделки",
        &[],
    ),
    uis(
        "deals_refused_percent",
        "Of how many deals in a hundred every row is refused",
        "У скольких сделок из ста отвергается каждая строка",
        &[],
    ),
    uis(
        "deals_check_communications",
        "Whether the communication that a deal names must be known",
        "Должно ли быть известно обращение, которое называет сделка",
        YES_NO,
    ),
    uis("visitor_phone_as_number", "A visitor's phone is a number", "Телефон посетителя — число", YES_NO),
    uis("notification_retries", "Repeats of a failed notification", "Повторов неудачного уведомления", &[]),
    uis("notification_retry_ms", "Pause before a repeat, ms", "Пауза перед повтором, мс", &[]),
];
