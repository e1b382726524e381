//! The words of the pages, in both languages, in one table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::http::pages::{words_calls, words_deals, words_shadow, words_workplace};
use switchboard_grammar::lang::Lang;

/// Words by name.
pub(super) type Words = BTreeMap<&'static str, &'static str>;

/// The words of a language.
pub(super) fn of(lang: Lang) -> &'static Words {
    static WORDS: LazyLock<[Words; 2]> = LazyLock::new(|| {
        let pick = |lang: Lang| all().map(|(name, en, ru)| (*name, lang.pick(*en, *ru))).collect();
        Lang::ALL.map(pick)
    });
    let [en, ru] = &*WORDS;
    lang.pick(en, ru)
}

/// A word by a name that is put together; the name itself when there is none.
pub(super) fn or_name(lang: Lang, prefix: &str, name: &str) -> String {
    let word = of(lang).get(format!("{prefix}_{name}").as_str()).copied();
    word.unwrap_or(name).to_owned()
}

/// All words.
fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    TABLE
        .iter()
        .chain(words_calls::TABLE)
        .chain(words_deals::TABLE)
        .chain(words_shadow::TABLE)
        .chain(words_workplace::TABLE)
}

/// Name, English, Russian.
const TABLE: &[(&str, &str, &str)] = &[
    // Every page.
    ("overview", "Overview", "Обзор"),
    ("calls", "Communications", "Обращения"),
    ("unparsed", "Not understood", "Непонятое"),
    ("parked", "Put aside", "Отложенное"),
    ("forwarded", "Put through", "Переводы"),
    ("employees", "Employees", "Сотрудники"),
    ("names", "Names in rules", "Имена в правилах"),
    ("setup", "UIS set-up", "Настройка UIS"),
    ("language", "По-русски", "In English"),
    ("unmask", "Show personal data", "Показать личные данные"),
    ("mask", "Hide personal data", "Скрыть личные данные"),
    (
        "masked_always",
        "Personal data is hidden: the console is open to other machines.",
        "Личные данные скрыты: консоль открыта другим машинам.",
    ),
    ("none", "none", "нет"),
    ("nothing", "Nothing here.", "Здесь пусто."),
    ("next", "Older", "Раньше"),
    ("yes", "yes", "да"),
    ("no", "no", "нет"),
    ("account", "Account", "Аккаунт"),
    ("time", "Time", "Время"),
    ("details", "Details", "Подробно"),
    // Overview.
    ("rules", "Rules in force", "Действующие правила"),
    ("no_rules", "No rules are in force: nothing is decided.", "Правил нет: решения не принимаются."),
    ("since", "since", "с"),
    ("stale", "The rules on disk are not in force.", "Правила на диске не действуют."),
    ("problems", "What is wrong with them", "Что в них не так"),
    ("remarks", "Remarks", "Замечания"),
    ("accounts", "Accounts", "Аккаунты"),
    ("account_not_done", "Nothing was changed.", "Ничего не изменено."),
    ("level_fine", "fine", "в порядке"),
    ("level_warning", "warning", "внимание"),
    ("level_error", "error", "ошибка"),
    ("shop", "Shop", "Магазин"),
    ("account_module", "Module", "Модуль"),
    ("rules_folder", "Folder of rules", "Папка правил"),
    ("check", "Check", "Проверить"),
    ("remove", "Remove", "Убрать"),
    (
        "remove_about",
        "The account is taken out of the settings. What was accepted for it is kept and waits.",
        "Аккаунт исчезнет из настроек. Принятое для него хранится и ждёт.",
    ),
    ("account_new", "A new account", "Новый аккаунт"),
    (
        "account_name",
        "Name: small Latin letters, digits, - and _",
        "Имя: строчные латинские буквы, цифры, - и _",
    ),
    (
        "account_url",
        "Address of RetailCRM, such as name.retailcrm.ru",
        "Адрес RetailCRM, например name.retailcrm.ru",
    ),
    ("account_key", "API key of RetailCRM", "Ключ API RetailCRM"),
    ("account_site", "Code of the shop", "Код магазина"),
    (
        "account_bundle",
        "Folder of rules, below the folder of the settings",
        "Папка правил внутри папки настроек",
    ),
    ("account_data_api", "Data API of UIS; the usual one when empty", "Data API UIS; пусто – обычный адрес"),
    ("account_call_api", "Call API of UIS, for calls by a click", "Call API UIS, для звонков по клику"),
    ("account_uis_token", "Key of UIS; without one there is no UIS", "Ключ UIS; без него UIS нет"),
    (
        "account_public_url",
        "Address of this server from outside; registers the module",
        "Внешний адрес этого сервера; регистрирует модуль",
    ),
    (
        "account_secrets",
        "Keys are kept in files that only this server reads, and are not shown again. The secret of the notification addresses is made by the server.",
        "Ключи хранятся в файлах, которые читает только этот сервер, и больше не показываются. Секрет адресов уведомлений сервер создаёт сам.",
    ),
    ("add", "Check and add", "Проверить и добавить"),
    ("add_unchecked", "Add without a check", "Добавить без проверки"),
    (
        "account_no_file",
        "The server was not started from a file of settings, so its accounts cannot be changed here.",
        "Сервер запущен не из файла настроек, поэтому менять аккаунты здесь нельзя.",
    ),
    ("settings_stale", "The settings on disk are not in force.", "Настройки на диске не действуют."),
    (
        "settings_restart",
        "Changed settings of these sections need a restart",
        "Изменённые настройки этих разделов требуют перезапуска",
    ),
    (
        "account_left",
        "not in the settings any more; what was accepted for it is kept and waits until it is there again.",
        "аккаунта больше нет в настройках; принятое для него хранится и ждёт, пока он там не появится.",
    ),
    ("left_waiting", "notifications and calls", "уведомлений и звонков"),
    ("left_effects", "effects", "действий"),
    ("left_put_aside", "put aside", "отложено"),
    ("active", "working", "работает"),
    ("stopped", "Stopped", "Остановлен"),
    ("waiting_events", "Notifications waiting", "Уведомлений ждёт обработки"),
    ("oldest", "the oldest for", "старейшее ждёт"),
    ("reports_until", "Reports of UIS are read up to", "Отчёты UIS прочитаны до"),
    ("reports_found", "calls that nobody had told of", "звонков, о которых не сообщили"),
    ("reports_failed", "notifications that did not arrive", "уведомлений не дошло"),
    ("reports_error", "Reports of UIS cannot be read", "Отчёты UIS не читаются"),
    ("open_calls", "Communications going on", "Обращений идёт"),
    ("ending_calls", "Communications ended, not decided", "Обращений завершено, без решения"),
    (
        "decided_calls",
        "Decided: calls that wait for a recording, chats that go on",
        "Решено: звонки ждут записи, чаты идут",
    ),
    ("ready_effects", "Effects to be done", "Действий предстоит"),
    ("unknown_effects", "Effects whose outcome is unknown", "Действий с неизвестным исходом"),
    ("dead_effects", "Effects given up", "Действий не удалось"),
    ("parked_events", "Notifications given up", "Уведомлений отложено"),
    ("unparsed_events", "Not understood", "Уведомлений не понято"),
    // Employees.
    (
        "employees_about",
        "Employees of UIS and users of RetailCRM are matched by e-mail. Who is not matched counts as missing in the rules.",
        "Сотрудники UIS и пользователи RetailCRM сопоставляются по почте. Кто не сопоставлен, того для правил нет.",
    ),
    ("listed", "listed", "получено"),
    ("people", "people:", "человек:"),
    ("never_listed", "never listed", "ещё не получено"),
    ("no_uis", "no key in the settings", "в настройках нет ключа"),
    ("last_try", "Last try", "Последняя попытка"),
    ("take_part", "Take part", "Участвуют"),
    ("synchronised", "Synchronised", "Синхронизированы"),
    ("synchronise", "Synchronise now", "Синхронизировать"),
    ("problems_people", "What is wrong", "Что не так"),
    ("name_hint", "name of an employee", "имя сотрудника"),
    ("all_employees", "all employees", "все сотрудники"),
    ("name", "Name", "Имя"),
    ("state", "State", "Состояние"),
    ("people_synchronised", "synchronised", "синхронизирован"),
    ("people_no_user", "no user of RetailCRM", "нет пользователя RetailCRM"),
    ("people_not_chosen", "does not take part", "не участвует"),
    ("shown_first", "The first", "Показаны первые"),
    ("of", "of", "из"),
    ("narrow", "Search by name for the others.", "Остальных ищите по имени."),
    ("email", "E-mail", "Почта"),
    ("in_uis", "In UIS", "В UIS"),
    ("in_crm", "In RetailCRM", "В RetailCRM"),
    ("extension", "Internal", "Внутренний"),
    ("phones", "Numbers", "Номера"),
    // Names in rules.
    (
        "names_about",
        "Employees, shops, numbers, scenarios and the like that the rules name, against what the account has. A name that is not there stops nothing: the rules work, but a row that asks for it never fits, and RetailCRM refuses a client, an order or a task that is to get it.",
        "Сотрудники, магазины, номера, сценарии и прочее, что названо в правилах, сверяется с тем, что есть в аккаунте. Неизвестное имя ничего не останавливает: правила работают, но строка, где о нём спрашивают, никогда не подойдёт, а клиента, заказ или задачу с ним RetailCRM не примет.",
    ),
    ("names_read", "What the account has was read", "Что есть в аккаунте, прочитано"),
    (
        "names_left_out",
        "Could not be read and is not checked",
        "Не удалось прочитать, поэтому не проверяется",
    ),
    ("names_fine", "Every name in the rules is there.", "Все имена из правил есть в аккаунте."),
    ("names_unknown", "What the account has is not known yet.", "Что есть в аккаунте, пока не известно."),
    (
        "unknown_names",
        "Names in the rules that the account does not have",
        "Имён в правилах, которых нет в аккаунте",
    ),
    // What to paste into UIS.
    (
        "setup_about",
        "One notification for each event: method POST, this address, this body.",
        "По одному уведомлению на событие: метод POST, этот адрес, это тело.",
    ),
    ("setup_host", "HOST is the address of the server from outside.", "HOST – адрес сервера снаружи."),
    (
        "setup_secret",
        "Secrets are hidden; they are shown together with personal data.",
        "Секреты скрыты; они показываются вместе с личными данными.",
    ),
    ("setup_written", "Chats and requests", "Чаты и заявки"),
    ("setup_likely", "Add what UIS has of these:", "Добавьте, что из этого есть в UIS:"),
    ("setup_others", "Not notifications", "Кроме уведомлений"),
    (
        "setup_manager",
        "Interactive call processing: calls to the client's manager",
        "Интерактивная обработка вызова: звонки на менеджера клиента",
    ),
    (
        "setup_trigger",
        "Trigger in RetailCRM: orders as deals in UIS",
        "Триггер в RetailCRM: заказы как сделки в UIS",
    ),
    // The module in the CRM, and clicks.
    ("module", "Click to call", "Звонки по клику"),
    ("module_none", "No account has a module.", "Ни у одного аккаунта нет модуля."),
    ("module_registered", "Registered", "Зарегистрирован"),
    ("module_never", "not yet", "ещё нет"),
    ("module_codes", "Extensions", "Добавочных"),
    ("module_phones", "Numbers of shops", "Номеров магазинов"),
    ("module_unknown_users", "Users that the CRM does not know", "Неизвестные CRM пользователи"),
    ("module_unknown_sites", "Shops that the CRM does not know", "Неизвестные CRM магазины"),
    ("module_trouble", "Not registered as it should be", "Не зарегистрирован как следует"),
    (
        "module_off",
        "The integration is switched off in RetailCRM: nothing is sent until it is switched on there.",
        "Интеграция выключена в RetailCRM: пока её там не включат, ничего не отправляется.",
    ),
    (
        "module_moved",
        "RetailCRM says that the account is now at another address. Change `url` in the settings if that is right:",
        "RetailCRM сообщает новый адрес аккаунта. Если это верно, измените `url` в настройках:",
    ),
    (
        "module_moved_refused",
        "RetailCRM told a new address of the account that may not be called:",
        "RetailCRM сообщила адрес аккаунта, к которому обращаться нельзя:",
    ),
    ("module_statuses", "Statuses of users", "Статусы пользователей"),
    ("clicks", "Clicks", "Клики"),
    ("click_who", "Who", "Кто"),
    ("click_extension", "ext.", "доб."),
    ("click_user", "user", "пользователь"),
    ("click_number", "Number shown", "Показан номер"),
    ("click_waiting", "waiting", "ждёт"),
    ("click_dialling", "being dialled", "набирается"),
    ("click_started", "call was begun", "звонок начат"),
    ("click_refused", "no call", "звонка нет"),
    ("click_unknown", "not known", "неизвестно"),
    ("notice_due", "to be told", "предстоит сообщить"),
    ("notice_sent", "the user was told", "сообщено"),
    ("notice_failed", "the user was not told", "не сообщено"),
    // Failures.
    ("failure", "No page", "Страницы нет"),
    ("failure_unknown", "Nothing is known of it.", "Об этом ничего не известно."),
    (
        "failure_form",
        "The page was too old. Go back, load it again and repeat.",
        "Страница устарела. Вернитесь, обновите её и повторите.",
    ),
    (
        "failure_store",
        "The store does not answer; the log says why.",
        "Хранилище не отвечает; причина в журнале.",
    ),
    (
        "failure_page",
        "The page could not be made; the log says why.",
        "Страницу не удалось построить; причина в журнале.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_nothing_is_left_empty() {
        assert_eq!(of(Lang::En).len(), all().count());
        assert!(all().all(|(_, en, ru)| !en.is_empty() && !ru.is_empty()));
        assert_eq!(or_name(Lang::Ru, "effect", "dead"), "не удалось");
        assert_eq!(or_name(Lang::Ru, "effect", "new_state"), "new_state");
    }
}
