//! The reference of all settings: one row each, from which the documentation is made.
//!
//! `load` reads the settings; a test holds that what it asks for and what stands here are the same.

use std::fmt::Write as _;

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::config::address_book::AddressBook;
use crate::config::deals::Deals;
use crate::config::forwarding::Forwarding;
use crate::config::limits::Limits;
use crate::config::marketplace::Marketplace;
use crate::config::reports::Reports;
use crate::config::settings_calls::{click_to_call, module};
use crate::config::settings_crm::retailcrm;
use crate::config::shadow::Shadow;
use crate::config::workplace::Workplace;

/// One setting.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setting {
    /// Its key inside its section.
    pub key: &'static str,
    /// What is written there.
    pub kind: Text,
    /// What holds when it is not there; `None` when nothing does.
    pub default: Option<String>,
    /// The least and the greatest value.
    pub range: Option<(String, String)>,
    /// Whether it must be there.
    pub required: bool,
    /// What it does.
    pub doc: Text,
}

/// One section.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Section {
    /// Its header, such as `[server]`.
    pub header: &'static str,
    /// What it is about.
    pub doc: Text,
    /// Its settings.
    pub settings: Vec<Setting>,
}

const ADDRESS: (&str, &str) = ("address and port", "адрес и порт");
pub(super) const PATH: (&str, &str) = ("path, relative to this file", "путь относительно этого файла");
pub(super) const TEXT: (&str, &str) = ("text", "текст");
pub(super) const FLAG: (&str, &str) = ("`true` or `false`", "`true` или `false`");
pub(super) const NETWORKS: (&str, &str) = ("list of addresses and networks", "список адресов и сетей");
pub(super) const SECRET: (&str, &str) = (
    "secret: text, `{ env = \"NAME\" }` or `{ file = \"path\" }`",
    "секрет: текст, `{ env = \"NAME\" }` или `{ file = \"путь\" }`",
);
pub(super) const URL: (&str, &str) = ("address", "адрес");
pub(super) const ZONE: (&str, &str) =
    ("zone such as `\"Europe/Moscow\"`", "пояс, например `\"Europe/Moscow\"`");
pub(super) const TIME: (&str, &str) = ("time such as `\"3 s\"`", "время, например `\"3 s\"`");

/// All sections in the order of a file.
pub fn reference() -> Vec<Section> {
    vec![
        server(),
        limits(),
        log(),
        security(),
        marketplace(),
        credentials(),
        credentials_retailcrm(),
        credentials_uis(),
        account(),
        popup(),
        retailcrm(),
        module(),
        uis(),
        AddressBook::section(),
        click_to_call(),
        forwarding(),
        deals(),
        Workplace::section(),
    ]
}

pub(super) fn row(
    key: &'static str,
    kind: (&str, &str),
    default: Option<&str>,
    en: &str,
    ru: &str,
) -> Setting {
    Setting {
        key,
        kind: Text::new(kind.0, kind.1),
        default: default.map(str::to_owned),
        range: None,
        required: false,
        doc: Text::new(en, ru),
    }
}

/// A row of a number with bounds.
pub(super) fn bounded_row(
    key: &'static str,
    kind: (&str, &str),
    default: String,
    range: (String, String),
    en: &str,
    ru: &str,
) -> Setting {
    Setting { default: Some(default), range: Some(range), ..row(key, kind, None, en, ru) }
}

pub(super) fn required(key: &'static str, kind: (&str, &str), en: &str, ru: &str) -> Setting {
    Setting { required: true, ..row(key, kind, None, en, ru) }
}

pub(super) fn section(header: &'static str, en: &str, ru: &str, settings: Vec<Setting>) -> Section {
    Section { header, doc: Text::new(en, ru), settings }
}

fn server() -> Section {
    section(
        "[server]",
        "Addresses and the data folder.",
        "Адреса и папка данных.",
        vec![
            row(
                "listen",
                ADDRESS,
                Some(&format!("\"{}\"", super::load::LISTEN)),
                "Where notifications arrive.",
                "Куда приходят уведомления.",
            ),
            row(
                "console_listen",
                ADDRESS,
                Some(&format!("\"{}\"", super::load::CONSOLE_LISTEN)),
                "Where the console, detailed health and metrics are; loopback unless `security.remote_console`.",
                "Где консоль, подробное здоровье и метрики; только свой компьютер, если нет `security.remote_console`.",
            ),
            row(
                "data",
                PATH,
                Some(&format!("\"{}\"", super::load::DATA)),
                "The folder of the store; made when it is not there.",
                "Папка хранилища; создаётся, если её нет.",
            ),
            row(
                "trusted_proxies",
                NETWORKS,
                Some("[]"),
                "Proxies whose `X-Forwarded-For` is believed.",
                "Прокси, чьему `X-Forwarded-For` верят.",
            ),
        ],
    )
}

fn limits() -> Section {
    section(
        "[limits]",
        "Every bound of the server. The defaults suit a shop with a thousand calls a day and one with a hundred thousand.",
        "Все границы сервера. Значения по умолчанию годятся и для тысячи звонков в день, и для ста тысяч.",
        Limits::settings(),
    )
}

fn log() -> Section {
    section(
        "[log]",
        "The log goes to standard error. Telephone numbers are masked in it; bodies and keys are never in it.",
        "Журнал пишется в стандартный поток ошибок. Номера в нём скрыты; тел и ключей в нём не бывает.",
        vec![
            row(
                "format",
                ("`\"human\"` or `\"json\"`", "`\"human\"` или `\"json\"`"),
                Some("\"human\""),
                "Lines for people or objects for machines.",
                "Строки для людей или объекты для машин.",
            ),
            row(
                "level",
                TEXT,
                Some(&format!("\"{}\"", super::load::LEVEL)),
                "A level (`error`, `warn`, `info`, `debug`, `trace`) or directives such as `info,switchboard_runtime=debug`.",
                "Уровень (`error`, `warn`, `info`, `debug`, `trace`) или указания вида `info,switchboard_runtime=debug`.",
            ),
        ],
    )
}

fn security() -> Section {
    let domains = format!("{:?}", super::load::CRM_DOMAINS);
    section(
        "[security]",
        "Whom the server may call and who may look at it.",
        "К кому сервер может обращаться и кто может на него смотреть.",
        vec![
            row(
                "allowed_crm_domains",
                ("list of domains", "список доменов"),
                Some(&domains),
                "A RetailCRM address must be one of these domains or lie below one.",
                "Адрес RetailCRM должен быть одним из этих доменов или лежать под ним.",
            ),
            row(
                "allow_loopback",
                FLAG,
                Some("false"),
                "Lets accounts name loopback addresses, over plain HTTP and with a port: for the emulator and for tests.",
                "Разрешает аккаунтам адреса своего компьютера, по простому HTTP и с портом: для эмулятора и проверок.",
            ),
            row(
                "remote_console",
                FLAG,
                Some("false"),
                "Lets the console listen on an address that is not loopback. It then shows numbers masked and changes nothing.",
                "Разрешает консоли слушать не только свой компьютер. Номера тогда скрыты, а изменения невозможны.",
            ),
        ],
    )
}

fn marketplace() -> Section {
    section(
        "[marketplace]",
        "Shops that connect themselves from the marketplace of RetailCRM. With it there may be no account at first.",
        "Магазины, которые подключаются сами из маркетплейса RetailCRM. С ним аккаунтов вначале может не быть.",
        Marketplace::settings(),
    )
}

fn credentials() -> Section {
    section(
        "[[credentials]]",
        "Keys that several accounts use, written once. Repeat the section for each; at least one of the two below it.",
        "Ключи, которыми пользуются несколько аккаунтов, записанные один раз. Раздел повторяется; под ним хотя бы один из двух.",
        vec![required(
            "name",
            TEXT,
            "The name by which accounts refer to them.",
            "Имя, по которому на них ссылаются аккаунты.",
        )],
    )
}

fn credentials_retailcrm() -> Section {
    section(
        "[credentials.retailcrm]",
        "Address and key of a RetailCRM.",
        "Адрес и ключ RetailCRM.",
        vec![
            required("url", URL, "As in `[account.retailcrm]`.", "Как в `[account.retailcrm]`."),
            required("key", SECRET, "The API key.", "Ключ API."),
        ],
    )
}

fn credentials_uis() -> Section {
    section(
        "[credentials.uis]",
        "Addresses and key of a UIS.",
        "Адреса и ключ UIS.",
        vec![
            required("data_api", URL, "As in `[account.uis]`.", "Как в `[account.uis]`."),
            row("call_api", URL, None, "As in `[account.uis]`.", "Как в `[account.uis]`."),
            required("token", SECRET, "The access token.", "Ключ доступа."),
        ],
    )
}

pub(super) fn named_credentials(instead_of: (&str, &str)) -> Setting {
    row(
        "credentials",
        TEXT,
        None,
        &format!("The name of `[[credentials]]`, {}.", instead_of.0),
        &format!("Имя `[[credentials]]` {}.", instead_of.1),
    )
}

fn account() -> Section {
    let [shadow, shadow_sample] = Shadow::rows();
    section(
        "[[account]]",
        "One shop. Repeat the section for each.",
        "Один магазин. Раздел повторяется для каждого.",
        vec![
            required(
                "name",
                TEXT,
                "Its name in addresses, logs and metrics: small Latin letters, digits, `-` and `_`.",
                "Имя в адресах, журнале и метриках: строчные латинские буквы, цифры, `-` и `_`.",
            ),
            required("bundle", PATH, "The folder with its rules.", "Папка с его правилами."),
            shadow,
            shadow_sample,
            required(
                "hook_secret",
                (
                    "secret, or a list of two while it is being changed",
                    "секрет или список из двух на время замены",
                ),
                "The unguessable part of the notification address: at least 22 letters, digits, `-`, `_`, `.` or `~`.",
                "Неугадываемая часть адреса уведомлений: не короче 22 букв, цифр, `-`, `_`, `.` или `~`.",
            ),
            row(
                "body_key",
                SECRET,
                None,
                "The `key` that the templates send as well. A notification without it is kept, shown and not acted on.",
                "`key`, который шаблоны шлют дополнительно. Уведомление без него хранится и видно, но не действует.",
            ),
            row(
                "allow_from",
                NETWORKS,
                Some("[]"),
                "From where notifications may come; empty means from anywhere.",
                "Откуда могут приходить уведомления; пусто значит отовсюду.",
            ),
            row(
                "settle",
                TIME,
                Some("\"3 s\""),
                "How long after the last word about an ended call to wait before deciding; up to `\"10 min\"`.",
                "Сколько после последней вести о завершённом звонке ждать перед решением; до `\"10 min\"`.",
            ),
            row(
                "record_wait",
                TIME,
                Some("\"10 min\""),
                "How long to wait for the recording of a call with talk before the call is uploaded without it; up to `\"24 h\"`.",
                "Сколько ждать запись разговора, прежде чем звонок будет передан без неё; до `\"24 h\"`.",
            ),
            row(
                "late_records",
                ("`\"note\"` or `\"upload\"`", "`\"note\"` или `\"upload\"`"),
                Some("\"note\""),
                "What becomes of a recording that arrives after the upload: a note at the client, or one more upload of a call without one.",
                "Что делать с записью, пришедшей после передачи звонка: заметка у клиента или ещё одна передача звонка без записи.",
            ),
            row(
                "open_wait",
                TIME,
                Some("\"4 h\""),
                "After how much silence a call whose end was never reported is taken to have ended; up to `\"48 h\"`.",
                "После какой тишины звонок, о конце которого не сообщили, считается завершённым; до `\"48 h\"`.",
            ),
            row(
                "employees",
                ("list of e-mails", "список адресов почты"),
                Some("[]"),
                "Employees of UIS who take part, by e-mail. With no groups either: all of them, new ones too.",
                "Сотрудники UIS, которые участвуют, по почте. Если и групп нет: все, и новые тоже.",
            ),
            row(
                "employee_groups",
                ("list of names", "список названий"),
                Some("[]"),
                "Groups of UIS whose employees take part, new ones too.",
                "Группы UIS, сотрудники которых участвуют, и новые тоже.",
            ),
            row(
                "timezone",
                ZONE,
                None,
                "The zone of the times in notifications. Asked of UIS when not set; without UIS it is `\"Europe/Moscow\"`.",
                "Пояс времени в уведомлениях. Если не указан, спрашивается у UIS; без UIS это `\"Europe/Moscow\"`.",
            ),
        ],
    )
}

fn popup() -> Section {
    section(
        "[account.popup]",
        "When who rings sees the client's card in RetailCRM; the section may be left out.",
        "Когда тот, кому звонят, видит карточку клиента в RetailCRM; раздел можно не писать.",
        vec![
            row("incoming", FLAG, Some("true"), "For incoming calls.", "Для входящих звонков."),
            row("outgoing", FLAG, Some("true"), "For outgoing calls.", "Для исходящих звонков."),
            row(
                "max_age",
                TIME,
                Some("\"15 s\""),
                "How old a ring may be when its pop-up is sent; an older one is not shown, and counted. From `\"1 s\"` to `\"10 min\"`.",
                "Насколько старым может быть вызов при показе карточки; о более старом она не показывается, это считается. От `\"1 s\"` до `\"10 min\"`.",
            ),
            row(
                "sweep",
                TIME,
                Some("\"10 min\""),
                "After how much silence the pop-up of a call that only rings is taken off, its end not having been reported; while there is talk it is `open_wait`. Up to `\"24 h\"`.",
                "После какой тишины убирается карточка звонка без разговора, о конце которого не сообщили; при разговоре это `open_wait`. До `\"24 h\"`.",
            ),
        ],
    )
}

fn uis() -> Section {
    let mut section = section(
        "[account.uis]",
        "The telephony of the account above; without it employees are known by what notifications say.",
        "Телефония этого аккаунта; без неё о сотрудниках известно лишь из уведомлений.",
        vec![
            required(
                "data_api",
                URL,
                "Base address of the Data API, such as `\"https://dataapi.uiscom.ru/v2.0\"`.",
                "Адрес Data API, например `\"https://dataapi.uiscom.ru/v2.0\"`.",
            ),
            row(
                "call_api",
                URL,
                None,
                "Base address of the Call API, such as `\"https://callapi.uiscom.ru/v4.0\"`.",
                "Адрес Call API, например `\"https://callapi.uiscom.ru/v4.0\"`.",
            ),
            required("token", SECRET, "The access token.", "Ключ доступа."),
            named_credentials((
                "in place of `data_api`, `call_api` and `token`",
                "вместо `data_api`, `call_api` и `token`",
            )),
            row(
                "call_token",
                SECRET,
                None,
                "The access token of the Call API, when it is another one.",
                "Ключ доступа Call API, если он другой.",
            ),
            row(
                "chat_token",
                SECRET,
                None,
                "What callbacks of the Chat API show (`Bearer`), when an adapter was registered with this server's address; without it they are not taken.",
                "Что предъявляют вызовы Chat API (`Bearer`), если адаптер зарегистрирован с адресом этого сервера; без него они не принимаются.",
            ),
        ],
    );
    section.settings.extend(Reports::settings(FLAG));
    section
}

fn forwarding() -> Section {
    section(
        "[account.forwarding]",
        "How incoming calls are put through to the client's manager, when the rules say so.",
        "Как входящие звонки переводятся на менеджера клиента, когда так говорят правила.",
        Forwarding::settings(),
    )
}

fn deals() -> Section {
    section(
        "[account.deals]",
        "How orders of RetailCRM become deals in UIS, beyond what `transfer orders` in the rules says.",
        "Как заказы RetailCRM становятся сделками в UIS, помимо сказанного в разделе правил `передача заказов`.",
        Deals::settings(),
    )
}

/// Writes the reference as a page of Markdown.
pub fn page(lang: Lang) -> String {
    let mut page = String::new();
    for section in reference() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(page, "### `{}`\n\n{}\n", section.header, section.doc.get(lang));
        let (setting, written, default, what) = lang.pick(
            ("setting", "written as", "default and range", "what it does"),
            ("настройка", "как пишется", "по умолчанию, границы", "что делает"),
        );
        let _ = writeln!(page, "| {setting} | {written} | {default} | {what} |\n| --- | --- | --- | --- |");
        for row in section.settings {
            let mut default = match (&row.default, row.required) {
                (Some(default), _) => format!("`{default}`"),
                (None, true) => lang.pick("required", "обязательна").to_owned(),
                (None, false) => lang.pick("none", "нет").to_owned(),
            };
            if let Some((least, most)) = &row.range {
                let _ = write!(default, "; `{least}` … `{most}`");
            }
            let _ = writeln!(
                page,
                "| `{}` | {} | {default} | {} |",
                row.key,
                row.kind.get(lang),
                row.doc.get(lang)
            );
        }
        page.push('\n');
    }
    page.trim_end().to_owned() + "\n"
}
