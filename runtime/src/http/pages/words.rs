//! The words of the pages, in both languages, in one table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use switchboard_grammar::lang::Lang;

/// Words by name.
pub(super) type Words = BTreeMap<&'static str, &'static str>;

/// The words of a language.
pub(super) fn of(lang: Lang) -> &'static Words {
    static WORDS: LazyLock<[Words; 2]> = LazyLock::new(|| {
        let pick = |lang: Lang| TABLE.iter().map(|(name, en, ru)| (*name, lang.pick(*en, *ru))).collect();
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

/// Name, English, Russian.
const TABLE: &[(&str, &str, &str)] = &[
    // Every page.
    ("overview", "Overview", "Обзор"),
    ("calls", "Calls", "Звонки"),
    ("unparsed", "Not understood", "Непонятое"),
    ("parked", "Put aside", "Отложенное"),
    ("forwarded", "Put through", "Переводы"),
    ("employees", "Employees", "Сотрудники"),
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
    ("open_calls", "Calls going on", "Звонков идёт"),
    ("ending_calls", "Calls ended, not decided", "Звонков завершено, без решения"),
    ("decided_calls", "Calls waiting for a recording", "Звонков ждёт записи разговора"),
    ("ready_effects", "Effects to be done", "Действий предстоит"),
    ("unknown_effects", "Effects whose outcome is unknown", "Действий с неизвестным исходом"),
    ("dead_effects", "Effects given up", "Действий не удалось"),
    ("parked_events", "Notifications given up", "Уведомлений отложено"),
    ("unparsed_events", "Not understood", "Уведомлений не понято"),
    // Calls.
    ("search", "Find", "Найти"),
    ("search_hint", "phone, call, client or order number", "телефон, номер звонка, клиента или заказа"),
    ("all_accounts", "all accounts", "все аккаунты"),
    ("not_found", "Nothing was found for", "Ничего не найдено по запросу"),
    ("call", "Call", "Звонок"),
    ("contact", "Client", "Клиент"),
    ("result", "Outcome", "Исход"),
    ("phase", "State", "Состояние"),
    ("incoming", "incoming", "входящий"),
    ("outgoing", "outgoing", "исходящий"),
    ("hidden_number", "number hidden", "номер скрыт"),
    ("no_number", "no number", "номера нет"),
    ("missed", "missed", "пропущен"),
    ("reached_nobody", "reached nobody", "не дозвонились"),
    ("talked", "talked", "разговор"),
    ("phase_open", "going on", "идёт"),
    ("phase_ending", "ended, being settled", "завершён, уточняется"),
    ("phase_decided", "decided, work left", "решён, есть дела"),
    ("phase_closed", "closed", "закрыт"),
    // One call.
    ("back", "All calls", "Все звонки"),
    ("summary", "What happened", "Что произошло"),
    ("began", "Began", "Начался"),
    ("ended", "Ended", "Завершился"),
    ("not_ended", "its end was not reported", "о конце не сообщили"),
    ("wait", "Waited", "Ожидание"),
    ("talk", "Talked", "Разговор"),
    ("total", "In all", "Всего"),
    ("virtual_number", "Number of the shop", "Номер магазина"),
    ("scenario", "Scenario", "Сценарий"),
    ("rung", "Rung", "Вызывались"),
    ("answered", "Talked with", "Говорили"),
    ("caller", "Called by", "Звонил"),
    ("recordings", "Recordings", "Записи"),
    ("tags", "Tags", "Теги"),
    ("due", "Next look", "Следующая проверка"),
    ("notifications", "Notifications as received", "Уведомления, как пришли"),
    ("received", "Received", "Получено"),
    ("raw", "As it came", "Как пришло"),
    ("raw_masked", "As it came, numbers hidden", "Как пришло, номера скрыты"),
    ("cut", "cut", "обрезано"),
    ("not_merged", "The notifications have not been merged yet.", "Уведомления ещё не объединены."),
    ("decisions", "Decisions", "Решения"),
    ("no_decisions", "Nothing has been decided yet.", "Решения ещё нет."),
    ("accepted", "Passed by the filter", "Пропущен фильтром"),
    ("rejected", "Kept out by the filter", "Отклонён фильтром"),
    ("create", "To create", "Создать"),
    ("responsible", "Responsible", "Ответственный"),
    ("store", "Store", "Магазин"),
    ("tasks", "Tasks", "Задачи"),
    ("task_due", "due", "срок"),
    ("fields", "Fields", "Поля"),
    ("why", "Why", "Почему"),
    ("near", "Nearly", "Почти подошло"),
    ("row", "row", "строка"),
    ("line", "line", "строка файла"),
    ("given_event", "The call as the rules saw it", "Звонок, каким его видели правила"),
    ("given_facts", "What the CRM knew", "Что знала CRM"),
    ("decision_json", "The decision as it is kept", "Решение, как оно хранится"),
    ("effects", "What was done", "Что сделано"),
    ("no_effects", "Nothing was to be done.", "Делать было нечего."),
    ("attempts", "tries", "попыток"),
    ("next_try", "next", "следующая"),
    ("skipped", "Nothing to be done", "Делать ничего не пришлось"),
    ("request", "What was to be done", "Что нужно сделать"),
    ("answer", "What was answered", "Что ответили"),
    ("create_client", "client", "клиент"),
    ("create_nothing", "nothing", "ничего"),
    ("create_order", "order", "заказ"),
    ("stage_end", "when the call ended", "по завершении звонка"),
    ("kind_ensure_client", "Client", "Клиент"),
    ("kind_ensure_order", "Order", "Заказ"),
    ("kind_ensure_task", "Task", "Задача"),
    ("kind_write_fields", "Fields", "Поля"),
    ("kind_complete_task", "Task done, client reached", "Задача закрыта: дозвонились"),
    ("kind_note_records", "Note with recordings", "Заметка с записями"),
    ("kind_set_manager", "Manager in the address book of UIS", "Менеджер в адресной книге UIS"),
    ("kind_upload_call", "Call in the history", "Звонок в истории"),
    ("effect_ready", "to be done", "предстоит"),
    ("effect_in_flight", "being done", "выполняется"),
    ("effect_unknown", "outcome unknown", "исход неизвестен"),
    ("effect_done", "done", "сделано"),
    ("effect_held", "waits for another", "ждёт другого"),
    ("effect_dead", "given up", "не удалось"),
    ("event_available", "waiting", "ждёт"),
    ("event_done", "merged", "учтено"),
    ("event_unparsed", "not understood", "не понято"),
    ("event_parked", "given up", "отложено"),
    // Not understood, put aside.
    (
        "unparsed_about",
        "These notifications are kept and were answered 200, but nothing came of them. As a rule a template in UIS needs mending.",
        "Эти уведомления сохранены, на них ответили 200, но дальше они не пошли. Обычно нужно поправить шаблон в UIS.",
    ),
    ("reason", "What is wrong", "Что не так"),
    ("event", "Event", "Событие"),
    ("size", "Size", "Размер"),
    ("bytes", "bytes", "байт"),
    ("empty", "empty", "пусто"),
    ("now_understood", "It would be understood today.", "Сегодня было бы понято."),
    (
        "parked_about",
        "What was given up after many tries, or at once because the CRM refused it. Once the cause is mended, have it tried again.",
        "То, что не удалось после многих попыток или было отвергнуто CRM. Когда причина устранена, попробуйте снова.",
    ),
    ("parked_effects", "Effects", "Действия"),
    ("parked_notifications", "Notifications", "Уведомления"),
    ("error", "What went wrong", "Что случилось"),
    ("retry", "Try again", "Повторить"),
    // Put through.
    (
        "forwarded_about",
        "What UIS was told when it asked whom to put a call through to; the last answers since the start.",
        "Что сказано UIS на вопрос, кому перевести звонок; последние ответы со времени запуска.",
    ),
    ("clients_remembered", "Clients remembered", "Клиентов помнится"),
    ("told", "Answer", "Ответ"),
    ("employee", "Employee", "Сотрудник"),
    ("knowledge", "Known from", "Откуда известно"),
    ("took", "Took", "Заняло"),
    ("forward_phones", "put through", "переведён"),
    ("forward_branch", "branch of the rules", "ветка из правил"),
    ("forward_no_manager", "no manager", "менеджера нет"),
    ("forward_not_synchronised", "manager not synchronised", "менеджер не синхронизирован"),
    ("forward_no_phone", "manager without a number", "у менеджера нет номера"),
    ("forward_silent", "RetailCRM was silent", "RetailCRM не ответила"),
    ("forward_off", "not by the rules", "правила не переводят"),
    ("knowledge_memory", "memory", "память"),
    ("knowledge_asked", "RetailCRM", "RetailCRM"),
    ("knowledge_stale", "old memory", "старая память"),
    ("knowledge_nothing", "nothing known", "ничего не известно"),
    ("knowledge_not_needed", "not needed", "не требовалось"),
    // Employees.
    (
        "employees_about",
        "Employees of UIS and users of RetailCRM are matched by e-mail. Who is not matched counts as missing in the rules.",
        "Сотрудники UIS и пользователи RetailCRM сопоставляются по почте. Кто не сопоставлен, того в правилах нет.",
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
    ("email", "E-mail", "Почта"),
    ("in_uis", "In UIS", "В UIS"),
    ("in_crm", "In RetailCRM", "В RetailCRM"),
    ("extension", "Internal", "Внутренний"),
    ("phones", "Numbers", "Номера"),
    // What to paste into UIS.
    (
        "setup_about",
        "One notification for each event: method POST, this address, this body. HOST is the address of the server from outside.",
        "По одному уведомлению на событие: метод POST, этот адрес, это тело. HOST – адрес сервера снаружи.",
    ),
    (
        "setup_secret",
        "Secrets are hidden; they are shown together with personal data.",
        "Секреты скрыты; они показываются вместе с личными данными.",
    ),
    (
        "setup_manager",
        "Interactive call processing: calls to the client's manager",
        "Интерактивная обработка вызова: звонки на менеджера клиента",
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
        assert_eq!(of(Lang::En).len(), TABLE.len());
        assert!(TABLE.iter().all(|(_, en, ru)| !en.is_empty() && !ru.is_empty()));
        assert_eq!(or_name(Lang::Ru, "effect", "dead"), "не удалось");
        assert_eq!(or_name(Lang::Ru, "effect", "new_state"), "new_state");
    }
}
