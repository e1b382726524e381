//! The words of the operator workplace.

/// Name, English, Russian.
pub(super) const TABLE: &[(&str, &str, &str)] = &[
    ("workplace", "UIS workplace", "Рабочее место UIS"),
    ("workplace_conversations", "My conversations", "Мои обращения"),
    ("workplace_empty", "You have no conversations just now.", "Сейчас у вас нет обращений."),
    (
        "workplace_separately",
        "The workplace does not open here, or asks you to sign in again and again?",
        "Рабочее место здесь не открывается или снова и снова просит войти?",
    ),
    ("workplace_in_a_window", "Open it in a window of its own", "Открыть в отдельном окне"),
    (
        "workplace_offline",
        "No connection to the server. What is shown may be old.",
        "Нет связи с сервером. Показанное могло устареть.",
    ),
    ("workplace_somebody", "Nameless", "Без имени"),
    ("workplace_client", "Client", "Клиент"),
    (
        "workplace_no_client",
        "There is no such client in RetailCRM yet.",
        "В RetailCRM такого клиента пока нет.",
    ),
    ("workplace_no_answer", "RetailCRM does not answer just now.", "RetailCRM сейчас не отвечает."),
    (
        "workplace_old_card",
        "RetailCRM does not answer just now; this is what it said last.",
        "RetailCRM сейчас не отвечает; это последнее, что от неё известно.",
    ),
    ("workplace_phones", "Phones", "Телефоны"),
    ("workplace_email", "E-mail", "E-mail"),
    ("workplace_manager", "Manager", "Менеджер"),
    ("workplace_orders", "Orders", "Заказы"),
    ("workplace_no_orders", "There are no orders.", "Заказов нет."),
    ("workplace_order", "Order", "Заказ"),
    ("workplace_paid", "paid", "оплачен"),
    ("workplace_all_orders", "Orders in all", "Всего заказов"),
    ("workplace_rules", "What the rules did", "Что сделали правила"),
    ("workplace_waiting", "The rules have not decided yet.", "Правила ещё не приняли решение."),
];
